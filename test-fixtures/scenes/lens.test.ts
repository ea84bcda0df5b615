import { describe, expect, test } from "vitest";
import { HEIGHT, placesOf, WIDTH } from "./camera.ts";
import { BENDS, bentPixels, bentRadius, straightRadius, widening } from "./lens.ts";
import type { Vec3 } from "./vector.ts";

const bends = [BENDS[0], -0.07, 0.02, 0.2, BENDS[1]] as const;

describe.each(bends)("a lens with a bend of %s", (bend) => {
  test("bends a radius and straightens it again", () => {
    for (let r = 0.001; r <= 1; r += 0.037) expect(bentRadius(bend, straightRadius(bend, r))).toBeCloseTo(r, 9);
  });

  test("needs nothing from outside the wider picture that was drawn", () => {
    for (let r = 0; r <= 1; r += 0.05) expect(straightRadius(bend, r)).toBeLessThanOrEqual(1 + 1e-12);
  });

  test("shows a point of the scene at the very pixel that its place names", () => {
    const view = { eye: [3, 5, 12] as const, target: [0, 0, 0] as const, roll: 0.03, focalPx: 900, bend };
    const straight = placesOf({ ...view, bend: 0, focalPx: view.focalPx / widening(bend) });
    const bent = placesOf(view);
    const shown = bentPixels(bend, WIDTH, HEIGHT);
    let looked = 0;
    for (let x = -6; x <= 6; x += 0.5)
      for (let y = -3; y <= 3; y += 0.5) {
        const p: Vec3 = [x, y, 0.3 * x];
        const at = bent(p);
        if (at.x <= 0.01 || at.x >= 0.99 || at.y <= 0.01 || at.y >= 0.99) continue;
        looked += 1;
        const source = shown[Math.floor(at.y * HEIGHT) * WIDTH + Math.floor(at.x * WIDTH)] ?? 0;
        const drawn = straight(p);
        expect(Math.abs((source % WIDTH) + 0.5 - drawn.x * WIDTH)).toBeLessThan(1.6);
        expect(Math.abs(Math.floor(source / WIDTH) + 0.5 - drawn.y * HEIGHT)).toBeLessThan(1.6);
      }
    expect(looked).toBeGreaterThan(100);
  });
});

test("a barrel bows lines outwards and keeps the scale of the middle", () => {
  const view = { eye: [0, 0, 10] as const, target: [0, 0, 0] as const, roll: 0, focalPx: 1000 };
  const [straight, barrel] = [placesOf({ ...view, bend: 0 }), placesOf({ ...view, bend: 0.3 })];
  expect(barrel([0.01, 0, 0]).x - 0.5).toBeCloseTo(straight([0.01, 0, 0]).x - 0.5, 6);
  // The end of a line is nearer to the middle's height than its own middle: the line bows.
  expect(Math.abs(barrel([4, 2, 0]).y - 0.5)).toBeLessThan(Math.abs(barrel([0, 2, 0]).y - 0.5));
});
