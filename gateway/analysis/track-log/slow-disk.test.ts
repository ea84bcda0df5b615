/** A disk that does not answer for minutes: a frame never waits, what did not get onto it is counted, the log goes on after. */
import { execFileSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { mkdtemp, open, readFile, rm, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClockDouble } from "../../runtime/clock-double.ts";
import { marchNoon, still, tracksAt } from "../zones/testing/story.ts";
import { scanFile } from "./block-format.ts";
import { entriesIn } from "./block-reader.ts";
import { listLogFiles } from "./log-files.ts";
import { TrackLog } from "./track-log.ts";

/** Node's file operations run on so many threads, unless UV_THREADPOOL_SIZE says otherwise. */
const diskThreads = Number(process.env["UV_THREADPOOL_SIZE"] ?? 4);
/** Enough for more than the blocks that may wait: 40 persons at each frame. */
const actors = Array.from({ length: 40 }, (_, i) =>
  still(i + 1, "person", { x: 0.02 * i, y: 0.4, width: 0.02, height: 0.1 }),
);
let folder = "";
let logFolder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "slow-disk-"));
  logFolder = join(folder, "tracks");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** From now on every file operation of this process waits, until what is returned is called: pipes without a writer hold all threads. */
function stickDisk(): () => Promise<void> {
  const pipes = Array.from({ length: diskThreads }, (_, i) => join(folder, `pipe-${i}`));
  execFileSync("mkfifo", pipes);
  const opening: Promise<FileHandle>[] = pipes.map((pipe) => open(pipe, "r"));
  return async () => {
    for (const pipe of pipes) closeSync(openSync(pipe, "w"));
    for (const handle of await Promise.all(opening)) await handle.close();
  };
}

test("a frame never waits for a disk that does not answer", async () => {
  const clock = new ClockDouble();
  const told: unknown[] = [];
  const options = { folder: logFolder, days: 7, maxBytes: 64e6, clock, onError: (error: unknown) => told.push(error) };
  const frames = 9_000; // Half an hour.
  {
    await using log = await TrackLog.open(options);
    log.start(marchNoon);
    const look = (i: number): void => {
      const nowMs = marchNoon + i * 200;
      void clock.advance(200);
      expect(log.keep({ tracks: tracksAt(actors, i / 5, marchNoon), scene: null }, nowMs).tracks).toHaveLength(40);
    };
    const answerAgain = stickDisk();
    for (let i = 0; i < frames - 100; i += 1) look(i);
    await answerAgain();
    for (let i = frames - 100; i < frames; i += 1) {
      look(i);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  let [kept, lost] = [0, 0];
  for (const { name } of await listLogFiles(logFolder))
    for (const body of scanFile(await readFile(join(logFolder, name))).bodies) {
      const reader = entriesIn(body);
      for (let entry = reader.next(); entry !== null; entry = reader.next()) {
        if (entry.kind === "frame") kept += 1;
        if (entry.kind === "gap") lost += entry.frames;
      }
    }
  expect(kept + lost).toBe(frames);
  expect(lost).toBeGreaterThan(1_000);
  expect(kept).toBeGreaterThan(100);
  expect(told).toEqual([]);
});
