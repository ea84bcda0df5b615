import fc from "fast-check";
import { expect, test } from "vitest";
import type { Track } from "../tracking/track.ts";
import { Jerks } from "./jerks.ts";

const sight = (id: number, y: number, seenNow = true): Track => ({
  id,
  label: "fishing-rod",
  state: "confirmed",
  box: { x: 0.4, y, width: 0.1, height: 0.2 },
  score: 0.8,
  firstSeenMs: 0,
  lastSeenMs: 0,
  seenNow,
  hits: 9,
  velocity: { x: 0, y: 0 },
});

test("a pull is a rise by a fifth of the box's height; it counts for a minute", () => {
  const jerks = new Jerks(6);
  const at = (t: number, y: number): number => {
    jerks.step([sight(1, y)], t);
    return jerks.perMinute(1);
  };
  expect([at(0, 0.5), at(1_000, 0.47), at(2_000, 0.45), at(3_000, 0.45)]).toEqual([0, 0, 1, 1]);
  // Down by as much, and up again.
  expect([at(4_000, 0.5), at(5_000, 0.45), at(61_999, 0.45), at(62_000, 0.45), at(65_000, 0.45)]).toEqual([
    1, 2, 2, 1, 0,
  ]);
});

test("whoever is out of sight for more than a minute is forgotten, and nothing is before", () => {
  const jerks = new Jerks(6);
  for (const [t, y] of [
    [0, 0.5],
    [1_000, 0.4],
  ] as const)
    jerks.step([sight(1, y)], t);
  jerks.step([sight(1, 0.4, false)], 61_000);
  expect(jerks.perMinute(1)).toBe(1);
  jerks.step([], 61_001);
  expect(jerks.perMinute(1)).toBe(0);
  // Had it been remembered, it would have gone down by now.
  jerks.step([sight(1, 0.5)], 62_000);
  jerks.step([sight(1, 0.4)], 63_000);
  expect(jerks.perMinute(1)).toBe(1);
});

/** The same as one would write it down. */
class Plain {
  readonly #swings = new Map<number, { extreme: number; rising: boolean; turns: number[]; lastT: number }>();
  readonly #keep: number;

  constructor(perMinute: number) {
    this.#keep = Math.ceil(perMinute * 4);
  }

  step(tracks: readonly Track[], t: number): void {
    for (const { id, box, seenNow } of tracks) {
      if (!seenNow) continue;
      const swing = this.#swings.get(id) ?? { extreme: box.y, rising: false, turns: [], lastT: t };
      this.#swings.set(id, swing);
      swing.lastT = t;
      swing.turns = swing.turns.filter((at) => t - at < 60_000).slice(-this.#keep);
      const travelled = swing.rising ? box.y - swing.extreme : swing.extreme - box.y;
      if (travelled <= 0) swing.extreme = box.y;
      if (travelled <= 0 || travelled < 0.2 * box.height) continue;
      if (!swing.rising) swing.turns.push(t);
      swing.rising = !swing.rising;
      swing.extreme = box.y;
    }
    for (const [id, { lastT }] of this.#swings) if (t - lastT > 60_000) this.#swings.delete(id);
  }

  perMinute(id: number): number {
    return this.#swings.get(id)?.turns.length ?? 0;
  }
}

test("it counts as one would write it down, also where the clock runs back", () => {
  const frame = fc.record({
    stepMs: fc.oneof(
      { weight: 20, arbitrary: fc.constantFrom(200, 333.3, 2_000) },
      { weight: 1, arbitrary: fc.constantFrom(60_000, 60_001, 90_000, -70_000) },
    ),
    tracks: fc.array(
      fc.record({ id: fc.integer({ min: 1, max: 4 }), y: fc.integer({ min: 0, max: 4 }), isSeen: fc.boolean() }),
      { maxLength: 5 },
    ),
  });
  fc.assert(
    fc.property(fc.array(frame, { minLength: 20, maxLength: 120 }), fc.constantFrom(1, 1.3, 4), (frames, perMinute) => {
      const [jerks, plain] = [new Jerks(perMinute), new Plain(perMinute)];
      let t = 0;
      for (const { stepMs, tracks } of frames) {
        t += stepMs;
        const seen = tracks.map(({ id, y, isSeen }) => sight(id, 0.4 + y * 0.02, isSeen));
        jerks.step(seen, t);
        plain.step(seen, t);
        for (let id = 1; id <= 4; id += 1) expect(jerks.perMinute(id)).toBe(plain.perMinute(id));
      }
    }),
    { numRuns: 150, seed: 5 },
  );
});
