import { describe, expect, test } from "vitest";
import { boundingBox, contains, intersectionArea, iou, type Polygon } from "./geometry.ts";

const square: Polygon = [
  { x: 0.2, y: 0.2 },
  { x: 0.8, y: 0.2 },
  { x: 0.8, y: 0.8 },
  { x: 0.2, y: 0.8 },
];
const notched: Polygon = [
  { x: 0.2, y: 0.2 },
  { x: 0.5, y: 0.6 },
  { x: 0.8, y: 0.2 },
  { x: 0.8, y: 0.8 },
  { x: 0.2, y: 0.8 },
];

describe("contains", () => {
  for (const [name, polygon, point, inside] of [
    ["the middle is inside", square, { x: 0.5, y: 0.5 }, true],
    ["the edge is inside", square, { x: 0.2, y: 0.5 }, true],
    ["a corner is inside", square, { x: 0.8, y: 0.8 }, true],
    ["beside it is outside", square, { x: 0.1, y: 0.5 }, false],
    ["in line with an edge is outside", square, { x: 0.9, y: 0.2 }, false],
    ["the notch is outside", notched, { x: 0.5, y: 0.4 }, false],
    ["below the notch is inside", notched, { x: 0.5, y: 0.7 }, true],
  ] as const)
    test(name, () => expect(contains(polygon, point)).toBe(inside));
});

describe("boxes", () => {
  const a = { x: 0, y: 0, width: 0.4, height: 0.4 };
  for (const [name, b, common, ratio] of [
    ["itself", a, 0.16, 1],
    ["a quarter shared", { x: 0.2, y: 0.2, width: 0.4, height: 0.4 }, 0.04, 0.04 / 0.28],
    ["touching edges share nothing", { x: 0.4, y: 0, width: 0.4, height: 0.4 }, 0, 0],
    ["empty", { x: 0, y: 0, width: 0, height: 0 }, 0, 0],
  ] as const)
    test(name, () => {
      expect(intersectionArea(a, b)).toBeCloseTo(common);
      expect(iou(a, b)).toBeCloseTo(ratio);
    });
  test("the bounding box holds every corner", () =>
    expect(boundingBox(notched)).toEqual({ x: 0.2, y: 0.2, width: 0.6000000000000001, height: 0.6000000000000001 }));
  test("nothing has no bounds", () => expect(() => boundingBox([])).toThrow(RangeError));
});
