/** Writes a track log for a minute where no byte can be written, and says what that leaves: run by `full-disk.test.ts`. */
import { readdirSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { ClockDouble } from "../../../runtime/clock-double.ts";
import { TrackLog } from "../track-log.ts";

const [folder = ""] = process.argv.slice(2);
const noonMs = Date.parse("2026-03-14T12:00:00+08:00");
const openFiles = (): number => readdirSync("/proc/self/fd").length;
const told: string[] = [];
const clock = new ClockDouble();
const log = await TrackLog.open({ folder, days: 7, maxBytes: 1e7, clock, onError: ({ code }) => told.push(code) });
const before = openFiles();
for (let i = 0; i < 10; i += 1) {
  log.keep({ tracks: [], scene: null }, noonMs + i * 6_000);
  log.lost(noonMs + i * 6_000);
  await setTimeout(10);
}
const leftOpen = openFiles() - before;
await log[Symbol.asyncDispose]();
process.stdout.write(JSON.stringify({ told, leftOpen, files: readdirSync(folder) }));
