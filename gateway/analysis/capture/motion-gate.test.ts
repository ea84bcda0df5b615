import assert from "node:assert/strict";
import { test } from "vitest";
import { yuvBytes } from "../../../native/index.ts";
import { ClockDouble } from "../../runtime/clock-double.ts";
import type { Frame } from "./frame.ts";
import { frameOf } from "./testing/test-frame.ts";
import { blacken, maskedRuns } from "./mask.ts";
import { MotionGate } from "./motion-gate.ts";
import { Sampler } from "./sampler.ts";

const [widthPx, heightPx] = [320, 180];

/** A grey picture with a bright square at x, or none. */
function frameWith(squareX: number | null, capturedAtMs: number, width = widthPx): Frame {
  const pixels = new Uint8Array(yuvBytes(width, heightPx)).fill(90);
  for (let y = 60; squareX !== null && y < 100; y += 1) pixels.fill(230, y * width + squareX, y * width + squareX + 40);
  return frameOf({ capturedAtMs, widthPx: width, heightPx, pixels });
}

/** Feeds still frames every 200 ms and returns the times at which the gate was open. */
function openTimes(gate: MotionGate, fromMs: number, count: number, liveTracks = 0): number[] {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1)
    if (gate.admits(frameWith(null, fromMs + i * 200), liveTracks, fromMs + i * 200)) times.push(i * 200);
  return times;
}

test("a still picture is looked at once at the start and every two seconds", () => {
  const gate = new MotionGate();
  assert.deepEqual(openTimes(gate, 0, 26), [0, 2_000, 4_000]);
  assert.deepEqual(gate.admitted, { motion: 1, tracks: 0, time: 2 });
});

test("something that appears opens it at once", () => {
  const gate = new MotionGate();
  openTimes(gate, 0, 6);
  assert.ok(gate.admits(frameWith(100, 1_200), 0, 1_200));
  assert.equal(gate.admitted.motion, 2);
});

test("a live track keeps it open", () => assert.equal(openTimes(new MotionGate(), 0, 10, 1).length, 10));

test("a clock that was set back does not close it", () => {
  const gate = new MotionGate();
  openTimes(gate, 3_600_000, 3);
  assert.deepEqual(openTimes(gate, 0, 3), [0]);
});

test("a new size starts afresh", () => {
  const gate = new MotionGate();
  openTimes(gate, 0, 3);
  assert.ok(gate.admits(frameWith(null, 600, 160), 0, 600));
});

test("a sampler passes its rate, sheds a burst, and slows down when told", async () => {
  const clock = new ClockDouble(0);
  const sampler = new Sampler({ rate: 5, clock });
  const admitted = async (count: number, stepMs: number): Promise<number> => {
    let passed = 0;
    for (let i = 0; i < count; i += 1) {
      await clock.advance(stepMs);
      if (sampler.admits(frameWith(null, clock.nowMs()))) passed += 1;
    }
    return passed;
  };
  assert.equal(await admitted(50, 200), 50);
  assert.ok((await admitted(30, 1)) <= 2, "a burst");
  sampler.slowTo(0.5);
  await clock.advance(1_000);
  const half = await admitted(50, 200);
  assert.ok(half >= 25 && half <= 30, `${half} of 50 at half speed`);
  assert.equal(sampler.admits(frameWith(null, clock.nowMs() - 5_000)), false, "of yesterday");
});

test("a mask blackens what lies in it and nothing else", () => {
  const [across, down] = [8, 4];
  const square = [{ x: 0.25, y: 0.25 }, { x: 0.75, y: 0.25 }, { x: 0.75, y: 0.75 }, { x: 0.25, y: 0.75 }]; // prettier-ignore
  const pixels = new Uint8Array(yuvBytes(across, down)).fill(99);
  blacken(pixels, maskedRuns([square], across, down));
  const plane = (from: number, width: number, height: number, masked: number): readonly string[] =>
    Array.from({ length: height }, (_, y) =>
      Array.from({ length: width }, (_x, x) => (pixels[from + y * width + x] === masked ? "#" : ".")).join(""),
    );
  assert.deepEqual(plane(0, across, down, 16), ["........", "..####..", "..####..", "........"]);
  // A sample of colour that a masked pixel has a share in tells nothing either.
  for (const from of [across * down, across * down + 8]) assert.deepEqual(plane(from, 4, 2, 128), [".##.", ".##."]);
});
