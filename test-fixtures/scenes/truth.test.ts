import { expect, test } from "vitest";
import { Mesh, ball } from "./mesh.ts";
import { measure, waterPolygon, WATER_ID } from "./truth.ts";
import { clipped, convexHull } from "./story-truth.ts";
import { placesOf } from "./camera.ts";

const place = placesOf({ eye: [0, 0, 10], target: [0, 0, 0], roll: 0, focalPx: 1000, bend: 0 });
const width = 960;
const height = 540;

/** An id picture with a filled rectangle of one id. */
function idsWith(id: number, [x0, y0, x1, y1]: readonly [number, number, number, number]): Uint16Array {
  const ids = new Uint16Array(width * height);
  for (let y = y0; y < y1; y += 1) ids.fill(id, y * width + x0, y * width + x1);
  return ids;
}

test("a box is as large as what is seen of the object", () => {
  const mesh = new Mesh();
  ball(mesh, [0, 0, 0], [1, 1, 1], { colour: [1, 1, 1], id: 1 });
  const whole = measure(
    { ids: idsWith(1, [380, 170, 580, 370]), width, height, place },
    [{ number: 1, id: "a", class: "person" }],
    mesh,
    [],
  );
  expect(whole[0]?.box.map((v) => Math.round(v * 1000) / 1000)).toEqual([0.396, 0.315, 0.208, 0.37]);
  expect(whole[0]?.visible).toBeGreaterThan(0.95);
  const half = measure(
    { ids: idsWith(1, [380, 170, 480, 370]), width, height, place },
    [{ number: 1, id: "a", class: "person" }],
    mesh,
    [],
  );
  expect(half[0]?.visible).toBeGreaterThan(0.35);
  expect(half[0]?.visible).toBeLessThan(0.7);
});

test("somebody who is hidden keeps a truth with visible 0 at his place", () => {
  const mesh = new Mesh();
  ball(mesh, [0, 0, 0], [1, 1, 1], { colour: [1, 1, 1], id: 1 });
  const [hidden] = measure(
    { ids: new Uint16Array(width * height), width, height, place },
    [{ number: 1, id: "a", class: "person" }],
    mesh,
    [],
  );
  expect(hidden).toMatchObject({ visible: 0, pixels: 0 });
  expect(hidden?.box[0]).toBeCloseTo(0.5, 1);
});

test("the water polygon follows the water, and there is none without water", () => {
  const polygon = waterPolygon({ ids: idsWith(WATER_ID, [0, 200, 960, 400]), width, height });
  expect(Math.min(...polygon.map((p) => p[1]))).toBeCloseTo(200 / 540, 2);
  expect(Math.max(...polygon.map((p) => p[1]))).toBeCloseTo(400 / 540, 2);
  expect(waterPolygon({ ids: new Uint16Array(width * height), width, height })).toEqual([]);
});

test("the convex hull leaves out what lies inside", () => {
  expect(
    convexHull([
      [0, 0],
      [1, 0],
      [0.5, 0.4],
      [1, 1],
      [0, 1],
    ]),
  ).toEqual([
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ]);
});

test("a zone that reaches out of the picture is cut at its edge and keeps its sides", () => {
  const cut = clipped([
    [-0.5, 0.5],
    [0.5, 0],
    [1.5, 0.5],
    [0.5, 1],
  ]);
  expect(cut.map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).sort()).toEqual(
    ["0.00,0.25", "0.00,0.75", "0.50,0.00", "0.50,1.00", "1.00,0.25", "1.00,0.75"].sort(),
  );
  expect(
    clipped([
      [2, 0],
      [3, 0],
      [3, 1],
    ]),
  ).toEqual([]);
});
