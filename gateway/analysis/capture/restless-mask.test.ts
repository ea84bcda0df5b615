/** The mask may save work, it may never hide anything: seeded ripples, and something that comes and stands still. */
import { describe, expect, test } from "vitest";
import { seeded } from "../../../native/seeded.ts";
import { yuvBytes } from "../../../native/yuv-size.ts";
import type { Frame } from "./frame.ts";
import { frameOf } from "./testing/test-frame.ts";
import { MotionGate } from "./motion-gate.ts";

const [widthPx, heightPx, stepMs] = [160, 90, 200];
const looksEveryMs = 2_000;

/** Grey, with ripples below the middle: stripes of random phase and glints in random places, as strong as `rough` says. */
function water(
  random: () => number,
  rough: number,
  thing: { readonly x: number; readonly y: number } | null,
): Uint8Array {
  const grey = new Uint8Array(widthPx * heightPx).fill(100);
  const phase = random() * 6;
  for (let y = heightPx / 2; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1)
      grey[y * widthPx + x] = 100 + rough * (Math.sin(x * 0.3 + phase + y) + (random() < 0.02 ? 3 : 0)) + 4 * random();
  if (thing)
    for (let y = thing.y; y < thing.y + 14; y += 1) grey.fill(215, y * widthPx + thing.x, y * widthPx + thing.x + 14);
  const pixels = new Uint8Array(yuvBytes(widthPx, heightPx)).fill(128);
  for (let i = 0; i < grey.length; i += 1) pixels[i] = 16.5 + ((grey[i] ?? 0) * 219) / 255;
  return pixels;
}

function shown(pixels: Uint8Array, capturedAtMs: number): Frame {
  return frameOf({ pixels, capturedAtMs, widthPx, heightPx });
}

describe("what comes and stands still on rippling water", () => {
  for (const [name, rough] of [
    ["a mirror", 0],
    ["ripples", 12],
    ["glare", 30],
  ] as const)
    test(`${name}: it is seen at once or at the next look, and looked at again and again`, () => {
      for (let seed = 1; seed <= 3; seed += 1) {
        const random = seeded(seed * 31 + rough);
        const gate = new MotionGate();
        const thing = { x: Math.floor(random() * 145), y: Math.floor(random() * 75) };
        const comesMs = 100_000 + Math.floor(random() * 50) * stepMs;
        let lastMs = -Infinity;
        let longestMs = 0;
        for (let nowMs = 0; nowMs <= comesMs + 40_000; nowMs += stepMs) {
          const isThere = nowMs >= comesMs;
          if (gate.admits(shown(water(random, rough, isThere ? thing : null), nowMs), 0, nowMs)) lastMs = nowMs;
          if (isThere) longestMs = Math.max(longestMs, nowMs - Math.max(lastMs, comesMs - stepMs));
        }
        expect(longestMs, `seed ${seed}`).toBeLessThanOrEqual(looksEveryMs + stepMs);
      }
    }, 60_000);

  test("it opens the gate as motion too, although the water there never rests", () => {
    const random = seeded(7);
    const gate = new MotionGate({ atLeastEveryMs: 1e9 });
    for (let nowMs = 0; nowMs < 100_000; nowMs += stepMs) gate.admits(shown(water(random, 12, null), nowMs), 0, nowMs);
    const before = gate.admitted.motion;
    for (let nowMs = 100_000; nowMs < 104_000; nowMs += stepMs)
      gate.admits(shown(water(random, 12, { x: 75, y: 60 }), nowMs), 0, nowMs);
    expect(gate.admitted.motion).toBeGreaterThan(before + 5);
  });

  test("a camera that comes back after minutes with another light has not learnt that half the picture never rests", () => {
    const random = seeded(11);
    const gate = new MotionGate({ atLeastEveryMs: 1e9 });
    const look = (nowMs: number, isLit: boolean, x: number | null): boolean => {
      const pixels = water(random, 0, x === null ? null : { x, y: 30 });
      // Lamps throw spots on the left three quarters.
      for (let i = 0; isLit && i < widthPx * heightPx; i += 1) {
        const [column, row] = [i % widthPx, Math.floor(i / widthPx)];
        if (column < 120 && ((column >> 4) + (row >> 4)) % 2 === 1) pixels[i] = Math.min(235, (pixels[i] ?? 0) + 90);
      }
      return gate.admits(shown(pixels, nowMs), 0, nowMs);
    };
    for (let nowMs = 0; nowMs < 100_000; nowMs += stepMs) look(nowMs, false, null);
    for (let nowMs = 400_000; nowMs < 410_000; nowMs += stepMs) look(nowMs, true, null);
    let seenCount = 0;
    for (let i = 0; i < 20; i += 1) if (look(410_000 + i * stepMs, true, 10 + 4 * i)) seenCount += 1;
    expect(seenCount).toBe(20);
  });

  test("water that only ripples is looked at on time and hardly ever as motion, once it is known", () => {
    const random = seeded(9);
    const gate = new MotionGate();
    for (let nowMs = 0; nowMs < 100_000; nowMs += stepMs) gate.admits(shown(water(random, 30, null), nowMs), 0, nowMs);
    const before = { ...gate.admitted };
    for (let nowMs = 100_000; nowMs < 140_000; nowMs += stepMs)
      gate.admits(shown(water(random, 30, null), nowMs), 0, nowMs);
    expect(gate.admitted.time - before.time).toBeGreaterThanOrEqual(15);
    expect(gate.admitted.motion - before.motion).toBeLessThan(20);
  });
});
