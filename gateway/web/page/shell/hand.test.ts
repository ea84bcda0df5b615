import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { afterHand, handMoved } from "./hand.ts";

/** What each frame takes. */
let dearMs = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  dearMs = 0;
  vi.stubGlobal("requestAnimationFrame", (frame: FrameRequestCallback) =>
    setTimeout(() => frame(performance.now() - dearMs), 16),
  );
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

test("one dear turn keeps the next ones away, also when those cost little", () => {
  let turns = 0;
  vi.advanceTimersByTime(1_000);
  const drag = (ms: number): void => {
    for (let at = 0; at < ms; at += 100) {
      move(100);
      afterHand("frame", () => (turns += 1));
    }
  };
  dearMs = 100;
  while (turns === 0) drag(100);
  drag(100);
  dearMs = 0;
  turns = 0;
  drag(2_500);
  expect(turns).toBe(0);
  drag(9_500);
  expect(turns).toBeGreaterThanOrEqual(3);
  expect(turns).toBeLessThanOrEqual(7);
});
