/** Bent lines against straight ones: what a bend must not change, at random. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Point } from "../geometry.ts";
import { isCrossedBy, lineHeedOf, LEFT, RIGHT, sideOf, type Line } from "./line.ts";

const share = fc.double({ min: 0.02, max: 0.98, noNaN: true });
const place: fc.Arbitrary<Point> = fc.record({ x: share, y: share });
/** From left to right with every bend further right: it never crosses itself, and left of it is above. */
const bent: fc.Arbitrary<Line> = fc
  .array(place, { minLength: 2, maxLength: 16 })
  .map((points) => points.toSorted((a, b) => a.x - b.x))
  .filter((points) => points.every(({ x }, i) => i === 0 || x - (points[i - 1] ?? { x: 0 }).x > 0.01))
  .map((points) => ({ id: "line", points, direction: "both" as const }));
const aspect = 16 / 9;
const options = { seed: 31, numRuns: 2_000 };

const turned = (line: Line): Line => ({ ...line, points: line.points.toReversed() });
/** The same line with a bend in the middle of each piece that bends nothing. */
const pieced = (line: Line): Line => ({
  ...line,
  points: line.points.flatMap((b, i) => {
    const a = line.points[i - 1];
    return a ? [{ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }, b] : [b];
  }),
});
/** Height of the line above a place between its ends. */
function heightAt({ points }: Line, x: number): number | null {
  const i = points.findIndex((b) => b.x >= x);
  const [a, b] = [points[i - 1], points[i]];
  return a && b ? a.y + ((x - a.x) / (b.x - a.x)) * (b.y - a.y) : null;
}

describe("a bent line", () => {
  test("that runs from left to right has above on its left and below on its right, wherever between its ends", () =>
    fc.assert(
      fc.property(bent, place, (line, at) => {
        const height = heightAt(line, at.x);
        fc.pre(height !== null && Math.abs(height - at.y) > 1e-6);
        expect(sideOf(line, at, aspect)).toBe(at.y < height ? LEFT : RIGHT);
      }),
      options,
    ));

  test("is crossed upright exactly by who changes sides, between its ends", () =>
    fc.assert(
      fc.property(bent, share, share, share, (line, x, y1, y2) => {
        const height = heightAt(line, x);
        fc.pre(line.points.every((p) => Math.abs(p.x - x) > 1e-6)); // Exactly over an end is told elsewhere.
        fc.pre(height === null || (Math.abs(height - y1) > 1e-6 && Math.abs(height - y2) > 1e-6));
        const changes = height !== null && y1 < height !== y2 < height;
        expect(isCrossedBy(line, { x, y: y1 }, { x, y: y2 })).toBe(changes);
      }),
      options,
    ));

  test("is the same with bends that bend nothing; turned round, its sides change and its crossings do not", () =>
    fc.assert(
      fc.property(bent, place, place, (line, a, b) => {
        const side = sideOf(line, a, aspect);
        fc.pre(side !== null && line.points.every((p) => Math.hypot(p.x - a.x, p.y - a.y) > 1e-6));
        expect(sideOf(pieced(line), a, aspect)).toBe(side);
        expect(sideOf(turned(line), a, aspect)).toBe(side === LEFT ? RIGHT : LEFT);
        expect(isCrossedBy(pieced(line), a, b)).toBe(isCrossedBy(line, a, b));
        expect(isCrossedBy(turned(line), a, b)).toBe(isCrossedBy(line, a, b));
      }),
      options,
    ));

  test("is heeded by every track whose way crosses it", () =>
    fc.assert(
      fc.property(bent, place, place, (line, a, b) => {
        fc.pre(isCrossedBy(line, a, b));
        const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
        const path = { x, y, width: Math.abs(a.x - b.x), height: Math.abs(a.y - b.y) };
        expect(lineHeedOf(line, ["person"]).touches(path, 0)).toBe(true);
      }),
      options,
    ));
});

describe("a straight line", () => {
  test("has the side that its infinite extension has", () =>
    fc.assert(
      fc.property(place, place, place, (a, b, at) => {
        const cross = (b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x);
        const side = sideOf({ id: "line", points: [a, b], direction: "both" }, at, aspect);
        expect(side).toBe(cross === 0 ? null : cross > 0 ? RIGHT : LEFT);
      }),
      options,
    ));
});
