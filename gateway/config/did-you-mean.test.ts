import assert from "node:assert/strict";
import { test } from "vitest";
import { nearest } from "./did-you-mean.ts";
import { polygonProblem } from "./polygon-problems.ts";

for (const [typed, expected] of [
  ["nmae", "name"],
  ["RATE", "rate"],
  ["polygn", "polygon"],
  ["x", null],
  ["entirely-else", null],
] as const) {
  test(`"${typed}" means ${expected ?? "nothing"}`, () =>
    assert.equal(nearest(typed, ["name", "rate", "polygon"]), expected));
}

for (const [name, polygon, code] of [
  [
    "a square",
    [
      [0.1, 0.1],
      [0.9, 0.1],
      [0.9, 0.9],
      [0.1, 0.9],
    ],
    null,
  ],
  [
    "a concave arrow",
    [
      [0.1, 0.1],
      [0.9, 0.1],
      [0.5, 0.4],
      [0.9, 0.9],
      [0.1, 0.9],
    ],
    null,
  ],
  [
    "a bow tie",
    [
      [0.1, 0.1],
      [0.9, 0.9],
      [0.9, 0.1],
      [0.1, 0.9],
    ],
    "CONFIG_POLYGON_CROSSES",
  ],
  [
    "a corner on another edge",
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0.5, 0],
      [0, 1],
    ],
    "CONFIG_POLYGON_CROSSES",
  ],
  [
    "a closed ring",
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 0],
    ],
    "CONFIG_POLYGON_REPEATS",
  ],
  [
    "three corners on a line",
    [
      [0, 0],
      [0.5, 0.5],
      [1, 1],
    ],
    "CONFIG_POLYGON_TINY",
  ],
] as const) {
  test(`${name}: ${code ?? "fine"}`, () => assert.equal(polygonProblem(polygon, [])?.code ?? null, code));
}

test("the crossing edges are named by their corners", () => {
  const found = polygonProblem(
    [
      [0.1, 0.1],
      [0.9, 0.9],
      [0.9, 0.1],
      [0.1, 0.9],
    ],
    [],
  );
  assert.deepEqual(found?.values, { a: 1, a1: 1, a2: 2, b: 3, b1: 3, b2: 4, swapA: 2, swapB: 3 });
});
