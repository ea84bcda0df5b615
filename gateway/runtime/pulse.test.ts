/** One thread hangs: the other notices after thirty of its own beats, and only then. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ClockDouble } from "./clock-double.ts";
import { keepPulse, newPulse } from "./pulse.ts";

test("thirty beats of one's own without one of the other's, and not one less; a thread that never began is not missed", async () => {
  const clock = new ClockDouble();
  const pulse = newPulse();
  const lost: string[] = [];
  const stop = new AbortController();
  const going = keepPulse(pulse, "main", { clock, signal: stop.signal, onLost: (who) => lost.push(who) });
  await clock.advance(120_000);
  expect(lost).toEqual([]);
  Atomics.add(pulse, 1, 1);
  await clock.advance(30_000);
  expect(lost).toEqual([]);
  Atomics.add(pulse, 1, 1);
  await clock.advance(30_000);
  expect(lost).toEqual([]);
  await clock.advance(1_000);
  expect(lost).toEqual(["analysis"]);
  stop.abort();
  await going;
});

const here = new URL(".", import.meta.url).href;
const threads = (hangs: string): string => `
import { Worker, isMainThread, workerData } from "node:worker_threads";
import { keepPulse, newPulse } from "${here}pulse.ts";
import { systemClock as clock } from "${here}clock.ts";
const { signal } = new AbortController();
const me = isMainThread ? "main" : "analysis";
const pulse = isMainThread ? newPulse() : workerData;
if (isMainThread) new Worker(new URL(import.meta.url), { workerData: pulse });
void keepPulse(pulse, me, { clock, signal, everyMs: 20 });
setTimeout(() => { if (me === "${hangs}") { console.log("hangs"); for (;;); } }, 500);
if (isMainThread && "${hangs}" === "nobody") setTimeout(() => process.exit(7), 2_500);
`;

for (const [hangs, how] of [
  ["main", "SIGKILL"],
  ["analysis", "SIGKILL"],
  ["nobody", 7],
] as const)
  test(`a process in which ${hangs} hangs ends with ${how}`, { timeout: 60_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "pulse-"));
    try {
      const script = join(folder, "threads.mts");
      writeFileSync(script, threads(hangs));
      const child = spawn(process.execPath, [script], { stdio: ["ignore", "ignore", "pipe"] });
      let said = "";
      child.stderr.on("data", (data: Buffer) => (said += data.toString()));
      if (hangs === "nobody") {
        // Stopped as a whole for longer than anybody would be missed: nobody is to blame.
        setTimeout(() => child.kill("SIGSTOP"), 700);
        setTimeout(() => child.kill("SIGCONT"), 1_900);
      }
      const [code, signal] = (await once(child, "close")) as [number | null, string | null];
      expect(signal ?? code).toBe(how);
      expect(said.includes("hangs")).toBe(hangs !== "nobody");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
