/** What the gate believes about water, light and people who stand still. */
import { expect, test } from "vitest";
import { motionStateSize, motionStep, yuvBytes } from "../index.ts";
import { seeded, whole } from "../seeded.ts";

const [width, height] = [320, 180];
const stepMs = 200;

/** A grey level as it stands in a plane of luma. */
const limited = (grey: number): number => Math.round(16 + (grey * 219) / 255);

/** Eight planes of noise between two grey levels, over and over: random enough for the gate, quick to draw. */
function noise(low: number, high: number, rows: number): readonly Uint8Array[] {
  const random = seeded(low);
  return Array.from({ length: 8 }, () => {
    const luma = new Uint8Array(width * rows);
    for (let i = 0; i < luma.length; i++) luma[i] = limited(whole(random, low, high));
    return luma;
  });
}
const walls = noise(100, 104, height);
const ripples = noise(60, 139, 90);

/** One camera before a grey wall with a little sensor noise; `paint` changes each picture. */
function watch(paint: (frame: Uint8Array, step: number) => void): (seconds: number) => number {
  const state = new Uint8Array(motionStateSize(width, height));
  const blocks = new Uint8Array(32 * 18);
  const frame = new Uint8Array(yuvBytes(width, height));
  const random = seeded(1);
  let step = 0;
  /** Runs for some seconds and returns the last share of moved blocks. */
  return (seconds) => {
    let share = 0;
    for (let n = 0; n < (seconds * 1000) / stepMs; n++, step++) {
      frame.set(walls[whole(random, 0, 7)]!);
      paint(frame, step);
      share = motionStep(frame, width, height, state, blocks, { elapsedMs: stepMs });
    }
    return share;
  };
}

function box(frame: Uint8Array, left: number, top: number, sideX: number, sideY: number, grey: number): void {
  for (let y = top; y < top + sideY; y++) frame.fill(limited(grey), y * width + left, y * width + left + sideX);
}

test("the first picture opens the gate, a still wall closes it", () => {
  const run = watch(() => undefined);
  expect(run(0.2)).toBe(1);
  expect(run(2)).toBe(0);
});

test("a person of 8 by 20 pixels who stands still stays moved for 40 s and joins the background in the end", () => {
  const run = watch((frame, step) => {
    if (step >= 50) box(frame, 100, 60, 8, 20, 160);
  });
  expect(run(10)).toBe(0);
  expect(run(40)).toBeGreaterThan(0);
  expect(run(200)).toBe(0);
});

test("ripples and glare raise their own threshold; a person on the bank beside them does not go unseen", () => {
  let isVisited = false;
  const random = seeded(2);
  const run = watch((frame) => {
    frame.set(ripples[whole(random, 0, 7)]!, width * 90);
    if (isVisited) box(frame, 200, 40, 8, 20, 150);
  });
  expect(run(0.4)).toBeGreaterThan(0.2);
  expect(run(40)).toBe(0);
  isVisited = true;
  expect(run(0.2)).toBeGreaterThan(0);
});

test("a cloud or the infrared lamp is no motion", () => {
  const run = watch((frame, step) => {
    if (step >= 25) for (let i = 0; i < width * height; i++) frame[i] = (frame[i] ?? 0) + 50;
  });
  run(5);
  expect(run(0.2)).toBe(0);
  expect(run(2)).toBe(0);
});

test("the rates follow the clock: one look a second forgets as fast as five", () => {
  const shares = [200, 1000].map((elapsedMs) => {
    const state = new Uint8Array(motionStateSize(width, height));
    const blocks = new Uint8Array(32 * 18);
    const frame = new Uint8Array(yuvBytes(width, height)).fill(limited(100));
    motionStep(frame, width, height, state, blocks);
    box(frame, 0, 0, 100, 100, 180);
    let goneAfterMs = 0;
    while (motionStep(frame, width, height, state, blocks, { elapsedMs }) > 0) goneAfterMs += elapsedMs;
    return goneAfterMs;
  });
  const [fast, slow] = shares as [number, number];
  expect(Math.abs(fast - slow) / slow).toBeLessThan(0.05);
  expect(slow).toBeGreaterThan(60_000);
});
