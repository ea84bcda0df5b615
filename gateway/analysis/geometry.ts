/** Points, boxes and polygons in 0..1 of the picture, origin at the top left; pure, shared with the web page. */

/** A place in the picture, both in 0..1. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An upright box: top-left corner and size, in 0..1. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** At least three corners; closed by itself, either direction. */
export type Polygon = readonly Point[];

/** The whole picture. */
export const wholePicture: Box = { x: 0, y: 0, width: 1, height: 1 };

/** Area common to both boxes. */
export function intersectionArea(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0..1. */
export function iou(a: Box, b: Box): number {
  const common = intersectionArea(a, b);
  const union = a.width * a.height + b.width * b.height - common;
  return union > 0 ? common / union : 0;
}

/** What counts as on an edge, of the picture. */
const hair = 1e-12;

/** Whether `point` lies in `polygon` (even-odd); the edge counts as inside. */
export function contains(polygon: Polygon, point: Point): boolean {
  const { y } = point;
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const a = polygon[i];
    const b = polygon[j];
    if (!a || !b) continue;
    // Most edges lie wholly above or below the point.
    if (a.y > y + hair ? b.y > y + hair : a.y < y - hair && b.y < y - hair) continue;
    if (onSegment(a, b, point)) return true;
    const crosses = a.y > y !== b.y > y;
    if (crosses && point.x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

function onSegment(a: Point, b: Point, p: Point): boolean {
  const cross = (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
  if (Math.abs(cross) > hair) return false;
  return (
    p.x >= Math.min(a.x, b.x) - hair &&
    p.x <= Math.max(a.x, b.x) + hair &&
    p.y >= Math.min(a.y, b.y) - hair &&
    p.y <= Math.max(a.y, b.y) + hair
  );
}

/** How much closer than this two edges have to be to touch. */
const touch = 1e-9;

/** How much of an upright box within the picture lies in `polygon`; "some" also where that is not sure. The same in the addon: log-zone.h. */
export function shareIn(polygon: Polygon, { x, y, width, height }: Box): "none" | "some" | "all" {
  const [farX, farY] = [x + width, y + height];
  if (x < 0 || y < 0 || farX > 1 || farY > 1) return "some";
  let a = polygon.at(-1) ?? { x, y };
  for (const b of polygon) {
    if (mayMeet(a, b, { x, y, farX, farY })) return "some";
    a = b;
  }
  return contains(polygon, { x, y }) ? "all" : "none";
}

/** Whether an edge may meet a box: not where all corners lie on one side of its line. */
function mayMeet(a: Point, b: Point, box: { x: number; y: number; farX: number; farY: number }): boolean {
  const { x, y, farX, farY } = box;
  if ((a.x < x && b.x < x) || (a.x > farX && b.x > farX)) return false;
  if ((a.y < y && b.y < y) || (a.y > farY && b.y > farY)) return false;
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const side = (px: number, py: number): number => dx * (py - a.y) - dy * (px - a.x);
  const first = side(x, y);
  return Math.abs(first) < touch || ![side(farX, y), side(x, farY), side(farX, farY)].every((one) => first * one > 0);
}

/** The smallest box around `points`; throws RangeError for none. */
export function boundingBox(points: readonly Point[]): Box {
  if (points.length === 0) throw new RangeError("no points to bound");
  const xs = points.map((p) => p.x);
  const ys = points.map((p) => p.y);
  const x = Math.min(...xs);
  const y = Math.min(...ys);
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}
