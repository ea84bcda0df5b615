/** Adding, moving and removing points of an outline (pure). */
import type { XY } from "../../../api.ts";
import { storedPoint } from "./shape.ts";

/** `points` with `at` put in after index `edge`. */
export function inserted(points: readonly XY[], edge: number, at: XY): readonly XY[] {
  return [...points.slice(0, edge + 1), storedPoint(at), ...points.slice(edge + 1)];
}

/** `points` with one replaced. */
export function moved(points: readonly XY[], index: number, at: XY): readonly XY[] {
  return points.map((point, each) => (each === index ? storedPoint(at) : point));
}

/** `points` without one. */
export function removed(points: readonly XY[], index: number): readonly XY[] {
  return points.filter((_, each) => each !== index);
}

/** Half-way along an edge. */
export function midpoint(points: readonly XY[], edge: number): XY {
  const a = points[edge] ?? [0, 0];
  const b = points[(edge + 1) % points.length] ?? a;
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

/** Only the four-cornered bow-tie has one sure cure: the two middle corners change places. */
export function uncrossed(points: readonly XY[], swapA: number, swapB: number): readonly XY[] {
  const [a, b] = [points[swapA], points[swapB]];
  if (!a || !b) return points;
  return points.map((point, index) => (index === swapA ? b : index === swapB ? a : point));
}
