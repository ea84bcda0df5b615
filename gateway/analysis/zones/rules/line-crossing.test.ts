import { describe, expect, test } from "vitest";
import type { Box } from "../../geometry.ts";
import { outline, tell, type Actor } from "../testing/story.ts";

/** A line from left to right across the middle, from 0.3 to 0.7; its right-hand side is below. */
const file = (rule: object = {}, line: object = {}): unknown => ({
  schema: "xueliang.zones/1",
  camera: "cam",
  lines: [
    {
      id: "quay",
      from: [0.3, 0.5],
      to: [0.7, 0.5],
      rules: [{ type: "perimeter-intrusion", minTrackSec: 0, ...rule }],
      ...line,
    },
  ],
});

/** A person whose feet follow the points, one a frame of 0.2 s. */
const feet = (...points: readonly (readonly [number, number])[]): Actor => ({
  id: 1,
  label: "person",
  at: (sec): Box | null => {
    const point = points[Math.round(sec * 5)];
    return point ? { x: point[0] - 0.03, y: point[1] - 0.2, width: 0.06, height: 0.2 } : null;
  },
});
const down = feet([0.5, 0.4], [0.5, 0.42], [0.5, 0.46], [0.5, 0.52], [0.5, 0.55], [0.5, 0.6], [0.5, 0.62]);
const up = feet([0.5, 0.6], [0.5, 0.58], [0.5, 0.54], [0.5, 0.48], [0.5, 0.45], [0.5, 0.4], [0.5, 0.38]);

describe("a crossing", () => {
  for (const [name, actor, line, crossings] of [
    ["down, either direction", down, {}, 1],
    ["up, either direction", up, {}, 1],
    ["down is from left to right", down, { direction: "left-to-right" }, 1],
    ["up is not", up, { direction: "left-to-right" }, 0],
    ["beside the end of the line", feet([0.8, 0.4], [0.8, 0.45], [0.8, 0.55], [0.8, 0.6], [0.8, 0.62]), {}, 0],
    [
      "around the end and back under the line",
      feet([0.5, 0.4], [0.6, 0.42], [0.75, 0.45], [0.8, 0.55], [0.7, 0.6], [0.5, 0.6], [0.5, 0.6]),
      {},
      0,
    ],
    [
      "one outlier frame beyond the line",
      feet([0.5, 0.45], [0.5, 0.46], [0.5, 0.52], [0.5, 0.46], [0.5, 0.45], [0.5, 0.45]),
      {},
      0,
    ],
    [
      "trembling on the line",
      feet(...Array.from({ length: 40 }, (_, i) => [0.5, i % 2 === 0 ? 0.495 : 0.505] as const)),
      {},
      0,
    ],
    ["born beyond the line", feet([0.5, 0.55], [0.5, 0.6], [0.5, 0.62], [0.5, 0.64]), {}, 0],
    [
      "an id handed to somebody far away",
      feet([0.5, 0.3], [0.5, 0.3], [0.5, 0.3], [0.5, 0.9], [0.5, 0.9], [0.5, 0.9]),
      {},
      0,
    ],
    [
      "exactly on the line for a while, then beyond",
      feet([0.5, 0.46], [0.5, 0.48], [0.5, 0.5], [0.5, 0.5], [0.5, 0.52], [0.5, 0.54], [0.5, 0.56]),
      {},
      1,
    ],
  ] as const) {
    test(`${name}: ${crossings}`, () => {
      const told = tell({ zones: file({}, line), actors: [actor], seconds: 10 });
      expect(told.filter((t) => t.phase === "start")).toHaveLength(crossings);
    });
  }

  test("a second one while it is open belongs to the same occurrence, and it ends once", () => {
    const other = { ...down, id: 2, at: (sec: number) => down.at(sec - 4) };
    const told = tell({ zones: file(), actors: [down, other], seconds: 90 });
    expect(told.map((t) => t.phase)).toEqual(["start", "end"]);
  });

  test("too short a track does not count, and the reasoning says so", () => {
    expect(outline(tell({ zones: file({ minTrackSec: 3 }), actors: [down], seconds: 10 }))).toEqual([]);
  });

  test("the trace names the way", () => {
    const [start] = tell({ zones: file(), actors: [down], seconds: 10 });
    expect(start?.trace.map((s) => s.step)).toEqual(["crossed", "direction", "heading", "followed", "crossings"]);
    expect(start?.trace[0]).toMatchObject({ value: "left-to-right" });
  });

  describe("of a bent line", () => {
    /** Down, across and up again: a bay that opens at the top. Looking along it, its inside lies to the left. */
    const bay = { from: [0.3, 0.2], via: [[0.3, 0.6], [0.7, 0.6]], to: [0.7, 0.2] }; // prettier-ignore
    /** A step: to the right, down, to the right. Its right-hand side is below. */
    const step = { from: [0.1, 0.4], via: [[0.5, 0.4], [0.5, 0.6]], to: [0.9, 0.6] }; // prettier-ignore
    const way = (x1: number, y1: number, x2: number, y2: number, steps = 8): Actor =>
      feet(...[0, 1, 2, ...Array.from({ length: steps + 1 }, (_, i) => i + 2), steps + 3, steps + 4].map((i) => {
        const along = Math.min(1, Math.max(0, (i - 2) / steps));
        return [x1 + along * (x2 - x1), y1 + along * (y2 - y1)] as const;
      })); // prettier-ignore
    for (const [name, actor, line, starts] of [
      ["out over its bottom", way(0.5, 0.5, 0.5, 0.7), bay, ["left-to-right"]],
      ["out over its left arm", way(0.4, 0.45, 0.2, 0.45), bay, ["left-to-right"]],
      ["out over its right arm", way(0.6, 0.45, 0.8, 0.45), bay, ["left-to-right"]],
      ["in over its bottom", way(0.5, 0.7, 0.5, 0.5), bay, ["right-to-left"]],
      ["out over the very bend, once", way(0.37, 0.53, 0.23, 0.67), bay, ["left-to-right"]],
      ["in over the very bend, once", way(0.23, 0.67, 0.37, 0.53), bay, ["right-to-left"]],
      ["out through its opening, never", way(0.5, 0.5, 0.5, 0.15), bay, []],
      ["past its bottom outside, never", way(0.2, 0.7, 0.8, 0.7), bay, []],
      ["along its bottom inside, never", way(0.35, 0.55, 0.65, 0.55), bay, []],
      ["beside its outer corner, never", way(0.15, 0.55, 0.35, 0.75), bay, []],
      ["across a step, over all three of its pieces, once", way(0.44, 0.26, 0.56, 0.74, 4), step, ["left-to-right"]],
      ["below the step from the left, once over its upright", way(0.4, 0.5, 0.6, 0.5), step, ["right-to-left"]],
    ] as const)
      test(name, () => {
        const told = tell({ zones: file({}, line), actors: [actor], seconds: 10 });
        const ways = told
          .filter((t) => t.phase === "start")
          .map(({ trace }) => trace.find((s) => s.step === "direction")?.value);
        expect(ways).toEqual(starts);
      });

    test("the direction holds on every piece", () => {
      for (const actor of [way(0.5, 0.7, 0.5, 0.5), way(0.2, 0.45, 0.4, 0.45), way(0.23, 0.67, 0.37, 0.53)])
        expect(tell({ zones: file({}, { ...bay, direction: "left-to-right" }), actors: [actor], seconds: 10 })).toEqual(
          [],
        );
    });

    test("a track that jumps over both arms within one frame has crossed nothing", () => {
      const over = feet([0.2, 0.4], [0.21, 0.4], [0.22, 0.4], [0.78, 0.4], [0.79, 0.4], [0.8, 0.4]);
      expect(tell({ zones: file({}, bay), actors: [over], seconds: 10 })).toEqual([]);
    });
  });
});
