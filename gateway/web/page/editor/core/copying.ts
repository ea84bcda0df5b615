/** A shape for another picture: the same share of it, or the same form (pure). */
import type { Line, Mask, RuleSet, XY, Zone } from "../../../api.ts";
import { centreOf, shifted } from "./measure.ts";
import { freeName, ownId } from "./naming.ts";
import { shapeAt, shapesOf, storedPoint, withPoints, withShape, type Shape, type ShapeRef } from "./shape.ts";

/** fraction: every coordinate stays the same share of the picture; shape: circles stay circles. */
export type CopyMode = "fraction" | "shape";

/** Ratios that differ by less look alike. */
const sameRatio = 0.02;

/** Whether a copy must choose. */
export function ratiosDiffer(a: number, b: number): boolean {
  return Math.abs(a / b - 1) > sameRatio;
}

/** Points of a picture `from` (width by height) for a picture `to`. */
export function convertedPoints(points: readonly XY[], from: number, to: number, mode: CopyMode): readonly XY[] {
  if (mode === "fraction" || !ratiosDiffer(from, to)) return points;
  // A wider picture: the same width in pixels is a smaller share of it. Shrink one axis, never stretch out of the picture.
  const factor = from / to;
  const [fx, fy] = factor < 1 ? [factor, 1] : [1, 1 / factor];
  const [cx, cy] = centreOf(points);
  const scaled = points.map(([x, y]): XY => [cx + (x - cx) * fx, cy + (y - cy) * fy]);
  return shifted(scaled, [0, 0]).map(storedPoint);
}

/** Adds a copy: " 2" behind the name where the target already has one, an id of its own, slightly aside on the same camera. */
export function withCopy(
  rules: RuleSet,
  shape: Shape,
  points: readonly XY[],
): { readonly rules: RuleSet; readonly ref: ShapeRef } {
  const id = ownId(rules, shape.id);
  const clashes = shapesOf(rules).some(({ name }) => name === shape.name);
  const aside = shapesOf(rules).some((other) => samePlace(other.points, points));
  const named = shape.kind === "mask" ? {} : { name: clashes ? freeName(rules, shape.name) : shape.name };
  const node = { ...shape.node, id, ...named } as Zone | Line | Mask;
  const added = withShape(rules, shape.kind, node);
  const ref = { kind: shape.kind, id };
  return { rules: withPoints(added, ref, aside ? shiftedAside(points) : points), ref };
}

function samePlace(a: readonly XY[], b: readonly XY[]): boolean {
  return a.length === b.length && a.every(([x, y], index) => x === b[index]?.[0] && y === b[index][1]);
}

function shiftedAside(points: readonly XY[]): readonly XY[] {
  const there = shifted(points, [0.02, 0.02]);
  return samePlace(there, points) ? shifted(points, [-0.02, -0.02]) : there;
}

/** The copy as it will stand, for a preview. */
export function copyPoints(rules: RuleSet, ref: ShapeRef, from: number, to: number, mode: CopyMode): readonly XY[] {
  return convertedPoints(shapeAt(rules, ref)?.points ?? [], from, to, mode);
}
