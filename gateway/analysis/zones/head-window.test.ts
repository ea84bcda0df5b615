import fc from "fast-check";
import { expect, test } from "vitest";
import { HeadWindow } from "./head-window.ts";

interface Frame {
  readonly stepMs: number;
  readonly persons: number;
  readonly unsure: number;
  readonly rods: number;
}

const frame: fc.Arbitrary<Frame> = fc.record({
  stepMs: fc.constantFrom(0, 200, 200, 200, 4_000, 40_000),
  persons: fc.constantFrom(0, 1, 1, 2, 3, 30),
  unsure: fc.constantFrom(0, 0, 1, 40),
  rods: fc.constantFrom(0, 0, 1, 2, 2, 5, 70),
});
const windowMs = 30_000;

/** Somebody of whom the tracker is not sure must have been seen in two frames. */
function mostPersons(frames: readonly { readonly persons: number; readonly sure: number }[]): number {
  const [, second = 0] = frames.map(({ persons }) => persons).sort((a, b) => b - a);
  return Math.max(0, second, ...frames.map(({ sure }) => sure));
}

/** By its definition, from each frame to the newest. */
function longest(
  frames: readonly { readonly rods: number; readonly personsMax: number }[],
  persons: number,
  least: number,
): { from: number; share: number } | null {
  const isOver = frames.map(({ rods, personsMax }) => rods > Math.max(persons, personsMax));
  for (const from of frames.keys()) {
    const over = isOver.slice(from).filter(Boolean).length;
    if (isOver[from] === true && over >= least * (frames.length - from))
      return { from, share: over / (frames.length - from) };
  }
  return null;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] ?? 0;
}

test("a window counts what its frames, each looked at anew, would count", () => {
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 400 }), (frames) => {
      const window = new HeadWindow(1);
      let kept: { t: number; persons: number; sure: number; seen: number; rods: number; personsMax: number }[] = [];
      let t = 0;
      for (const { stepMs, persons, unsure, rods } of frames) {
        t += stepMs;
        const heads = { persons: persons + unsure, sure: persons, rods };
        const personsMax = window.add(t, heads, t - windowMs);
        const ofSecond = kept.filter((one) => one.t > t - 1_000).map(({ seen }) => seen);
        const stayed = { ...heads, seen: rods, rods: Math.max(rods, ...ofSecond) };
        kept = [...kept.filter((one) => one.t >= t - windowMs), { t, ...stayed, personsMax }];
        expect(personsMax).toBe(mostPersons(kept));
        expect(window.length).toBe(kept.length);
        const from = Math.floor(kept.length / 3);
        expect(window.rodsMedian(from)).toBe(median(kept.slice(from).map((one) => one.rods)));
        for (const least of personsMax > 0 ? [0.3, 0.6] : [])
          expect(window.longest(personsMax, least)).toEqual(longest(kept, personsMax, least));
      }
      for (const [i, one] of kept.entries())
        expect([window.t(i), window.rods(i), window.personsMax(i)]).toEqual([one.t, one.rods, one.personsMax]);
    }),
    { numRuns: 60 },
  );
});
