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
});
