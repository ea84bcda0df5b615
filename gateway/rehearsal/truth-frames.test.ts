import { describe, expect, test } from "vitest";
import type { Track } from "../analysis/tracking/track.ts";
import { zonesSchema } from "../config/zones-schema.ts";
import { Headcount } from "./headcount.ts";
import { debrisOf, likenessOf, type Moment } from "./truth-frames.ts";

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

  test("a box counts as far as it lies on the water; what is not followed yet covers nothing", () => {
    const water = [
      { x: 0.5, y: 0 },
      { x: 1, y: 0 },
      { x: 1, y: 1 },
      { x: 0.5, y: 1 },
    ];
    const debris = (state: Track["state"], x: number): Track => ({ ...track("floating-debris", x), state });
    expect(debrisOf([debris("confirmed", 0.4), debris("tentative", 0.7)], water)).toBeCloseTo((0.65 * 0.1 * 0.5) / 0.5);
  });
});

describe("persons and rods are counted as the rules count them", () => {
  const shore = {
    id: "shore",
    kind: "one-rod-water" as const,
    polygon: [
      [0, 0.3],
      [0.5, 0.3],
      [0.5, 1],
      [0, 1],
    ] as [number, number][],
    rules: [{ type: "fishing-multi-rod" }],
  };
  const zones = zonesSchema.parse({ schema: "xueliang.zones/1", camera: "story", zones: [shore] });
  const rod = { ...track("fishing-rod", 0.3), box: { x: 0.3, y: 0.3, width: 0.3, height: 0.3 } };

  for (const [name, tracks, expected] of [
    ["a person with a rod in reach", [track("person", 0.2), rod], { persons: 1, rods: 1 }],
    ["a rod that nobody can reach", [rod], { persons: 0, rods: 0 }],
    ["a person beside the zone", [track("person", 0.7)], { persons: 0, rods: 0 }],
    [
      "a person lost this moment",
      [{ ...track("person", 0.2), seenNow: false, state: "lost" }],
      { persons: 0, rods: 0 },
    ],
    [
      "a person and his legs",
      [
        track("person", 0.2),
        { ...track("person", 0.22), score: 0.15, box: { x: 0.22, y: 0.5, width: 0.1, height: 0.2 } },
      ],
      { persons: 1, rods: 0 },
    ],
    [
      "somebody faint beside him",
      [track("person", 0.2), { ...track("person", 0.22), score: 0.15, box: { x: 0, y: 0.3, width: 0.1, height: 0.4 } }],
      { persons: 2, rods: 0 },
    ],
  ] as const)
    test(name, () => expect(new Headcount(zones, 16 / 9).count(0, tracks)).toEqual(expected));

  test("a zone that asks for neither counts nobody", () => {
    const water = zonesSchema.parse({
      ...zones,
      zones: [{ ...shore, kind: "water", rules: [{ type: "floating-debris" }] }],
    });
    expect(new Headcount(water, 16 / 9).count(0, [track("person", 0.2), rod])).toEqual({ persons: 0, rods: 0 });
  });
});

function track(label: string, x: number): Track {
  return {
    id: Math.round(x * 1000),
    label,
    state: "confirmed",
    box: { x, y: 0.2, width: 0.2, height: 0.5 },
    score: 0.8,
    firstSeenMs: 0,
    lastSeenMs: 0,
    seenNow: true,
    hits: 3,
    velocity: { x: 0, y: 0 },
  };
}
