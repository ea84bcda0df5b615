/** How much of a polygon a set of boxes covers; exact, without a raster. */
import type { Box, Point, Polygon } from "../geometry.ts";

/** Area of a polygon that does not cross itself. */
export function areaOf(polygon: readonly Point[]): number {
  let twice = 0;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const a = polygon[j];
    const b = polygon[i];
    if (a && b) twice += a.x * b.y - b.x * a.y;
  }
  return Math.abs(twice) / 2;
}

/** Area common to a polygon and a box. */
export function areaInBox(polygon: Polygon, box: Box): number {
  const { x, y, width, height } = box;
  let ring: readonly Point[] = polygon;
  ring = clip(ring, "x", x, 1);
  ring = clip(ring, "x", x + width, -1);
  ring = clip(ring, "y", y, 1);
  ring = clip(ring, "y", y + height, -1);
  return areaOf(ring);
}

/** Area of the union of `boxes` inside `polygon`: boxes that overlap count once. */
export function coveredArea(polygon: Polygon, boxes: readonly Box[]): number {
  if (boxes.length === 1 && boxes[0]) return areaInBox(polygon, boxes[0]);
  const cuts = [...new Set(boxes.flatMap((b) => [b.x, b.x + b.width]))].sort((a, b) => a - b);
  let area = 0;
  for (const [i, right] of cuts.entries()) {
    const left = cuts[i - 1];
    if (left === undefined) continue;
    const spans = boxes
      .filter((b) => b.x <= left && b.x + b.width >= right)
      .map((b) => ({ top: b.y, bottom: b.y + b.height }))
      .sort((a, b) => a.top - b.top);
    let reached = -Infinity;
    for (const { top, bottom } of spans) {
      const from = Math.max(top, reached);
      if (bottom <= from) continue;
      area += areaInBox(polygon, { x: left, y: from, width: right - left, height: bottom - from });
      reached = bottom;
    }
  }
  return area;
}

/** Keeps what lies on one side of an axis-parallel line (Sutherland and Hodgman); `keep` 1 is the greater side. */
function clip(ring: readonly Point[], axis: "x" | "y", limit: number, keep: 1 | -1): readonly Point[] {
  const kept: Point[] = [];
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const a = ring[j];
    const b = ring[i];
    if (!a || !b) continue;
    const aIn = (a[axis] - limit) * keep >= 0;
    const bIn = (b[axis] - limit) * keep >= 0;
    if (aIn !== bIn) {
      const share = (limit - a[axis]) / (b[axis] - a[axis]);
      kept.push({ x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share });
    }
    if (bIn) kept.push(b);
  }
  return kept;
}
