import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { afterHand, handMoved } from "./hand.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  vi.stubGlobal("requestAnimationFrame", (frame: () => void) => setTimeout(frame, 16));
});

afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A hand that moves every 20 ms for so long. */
function move(ms: number): void {
  for (let i = 0; i < ms / 20; i += 1) {
    handMoved();
    vi.advanceTimersByTime(20);
  }
}

test("at once while the hand rests; while it moves, after its pause, the newest of each key, in their order", () => {
  const done: string[] = [];
  vi.advanceTimersByTime(1_000);
  afterHand("status", () => done.push("at once"));
  expect(done).toEqual(["at once"]);
  handMoved();
  afterHand("status", () => done.push("old status"));
  afterHand("frame", () => done.push("frame"));
  afterHand("status", () => done.push("status"));
  move(60);
  expect(done).toEqual(["at once"]);
  vi.advanceTimersByTime(250);
  expect(done).toEqual(["at once", "status", "frame"]);
});

test("a hand that never pauses gives everything else a turn all the same, before a picture counts as old", () => {
  let turns = 0;
  vi.advanceTimersByTime(1_000);
  for (let at = 0; at < 12_000; at += 100) {
    move(100);
    afterHand("frame", () => (turns += 1));
  }
  expect(turns).toBeGreaterThanOrEqual(3);
  // Where a turn costs next to nothing there are up to five a second.
  expect(turns).toBeLessThanOrEqual(60);
});
