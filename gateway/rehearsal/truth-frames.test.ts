import { describe, expect, test } from "vitest";
import type { Track } from "../analysis/tracking/track.ts";
import { likenessOf, momentOf, type Moment } from "./truth-frames.ts";

const moments = (persons: number, rods: number, debris = 0, from = 0, to = 10): readonly Moment[] =>
  Array.from({ length: (to - from) * 5 }, (_, i) => ({ t: from + i / 5, persons, rods, debris }));

describe("what was seen against the truth", () => {
  for (const [name, truth, seen, expected] of [
    ["the same", moments(1, 2), moments(1, 2), { windows: 1, windowsRight: 1, debrisError: null }],
    ["a rod short", moments(1, 2), moments(1, 1), { windows: 1, windowsRight: 0, debrisError: null }],
    ["a ghost", moments(0, 0), moments(1, 0), { windows: 1, windowsRight: 0, debrisError: null }],
    ["nothing on both sides", moments(0, 0), moments(0, 0), { windows: 0, windowsRight: 0, debrisError: null }],
    [
      "a rod that flickers for two of ten seconds",
      moments(1, 2),
      [...moments(1, 2, 0, 0, 8), ...moments(1, 1, 0, 8, 10)],
      { windows: 1, windowsRight: 1, debrisError: null },
    ],
    [
      "a fifth too much debris",
      moments(0, 0, 0.05),
      moments(0, 0, 0.06),
      { windows: 0, windowsRight: 0, debrisError: 0.01 },
    ],
  ] as const)
    test(name, () => expect(likenessOf(truth, seen)).toEqual(expected));

  test("tentative tracks are not seen; a box counts as far as it lies on the water", () => {
    const track = (label: string, state: Track["state"], x: number): Track => ({
      id: 1,
      label,
      state,
      box: { x, y: 0.2, width: 0.2, height: 0.5 },
      score: 0.8,
      firstSeenMs: 0,
      lastSeenMs: 0,
      seenNow: true,
      hits: 3,
      velocity: { x: 0, y: 0 },
    });
    const water = [
      { x: 0.5, y: 0 },
      { x: 1, y: 0 },
      { x: 1, y: 1 },
      { x: 0.5, y: 1 },
    ];
    const tracks = [
      track("person", "tentative", 0),
      track("person", "lost", 0),
      track("floating-debris", "confirmed", 0.4),
    ];
    const { persons, rods, debris } = momentOf(0, tracks, water);
    expect([persons, rods]).toEqual([1, 0]);
    expect(debris).toBeCloseTo((0.65 * 0.1 * 0.5) / 0.5);
  });
});
