import assert from "node:assert/strict";
import { test } from "vitest";
import { Watchdog } from "./watchdog.ts";

const limits = { startMs: 20_000, silenceMs: 8_000 };

/** Frames at these gaps; returns the frames in how many seconds that are told, and the time at which the dog barks, asked every 250 ms, or null. */
function barksAt(
  gapsMs: readonly number[],
  untilMs: number,
): readonly [frames: number, seconds: number, atMs: number] | null {
  const dog = new Watchdog(limits, 0);
  let dueMs = 0;
  let next = 0;
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 250) {
    for (let gapMs = gapsMs[next]; gapMs !== undefined && dueMs + gapMs <= nowMs; gapMs = gapsMs[next]) {
      dueMs += gapMs;
      next += 1;
      dog.frame(dueMs);
    }
    const stall = dog.stalled(nowMs);
    if (stall) return [stall.frames, Math.round(stall.overMs / 1_000), nowMs];
  }
  return null;
}

const steady = Array.from({ length: 50 }, () => 200);

for (const [name, gapsMs, untilMs, expectedMs] of [
  ["a steady camera never stalls", Array.from({ length: 400 }, () => 200), 78_000, null],
  ["silence is a stall", steady, 60_000, [0, 8, 18_250]],
  ["the first frame may take longer", [15_000, ...steady], 23_000, null],
  ["but not for ever", [], 60_000, [0, 20, 20_250]],
  ["one stale frame every 5 s fools nobody", [...steady, 5_000, 5_000, 5_000, 5_000, 5_000], 60_000, [3, 15, 25_000]],
  ["two hiccups are no stall", [...steady, 5_000, 5_000, ...steady], 29_000, null],
  ["a camera of one frame in 5 s is just slow", Array.from({ length: 20 }, () => 5_000), 100_000, null],
] as const) {
  test(name, () => assert.deepEqual(barksAt(gapsMs, untilMs), expectedMs));
}
