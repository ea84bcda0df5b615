/** Whether places that lie close together are all within a polygon, or none of them, without a look at each (pure). */
import { contains, type Box, type Point, type Polygon } from "../../analysis/geometry.ts";

/** none: no place is; all: every one is; some: each has to be looked at. */
export type Share = "none" | "some" | "all";

/** Whether an upright box lies wholly within a polygon, wholly beside it, or neither. */
export function shareIn(polygon: Polygon, box: Box): Share {
  const { x, y } = box;
  const right = x + box.width;
  const bottom = y + box.height;
  // Beyond the picture's edge a place counts as on it: each has to be looked at.
  if (x < 0 || y < 0 || right > 1 || bottom > 1) return "some";
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const a = polygon[i];
    const b = polygon[j];
    if (a && b && meets(a, b, box)) return "some";
  }
  return contains(polygon, { x, y }) ? "all" : "none";
}

/** Whether an edge may touch a box: unless all corners lie on one side of it, or it lies beyond one side of the box. */
function meets(a: Point, b: Point, { x, y, width, height }: Box): boolean {
  const right = x + width;
  const bottom = y + height;
  if ((a.x < x && b.x < x) || (a.x > right && b.x > right)) return false;
  if ((a.y < y && b.y < y) || (a.y > bottom && b.y > bottom)) return false;
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const first = dx * (y - a.y) - dy * (x - a.x);
  if (Math.abs(first) < 1e-9) return true;
  const second = dx * (y - a.y) - dy * (right - a.x);
  const third = dx * (bottom - a.y) - dy * (x - a.x);
  const fourth = dx * (bottom - a.y) - dy * (right - a.x);
  return !(first * second > 0 && first * third > 0 && first * fourth > 0);
}
