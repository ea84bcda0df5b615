/** How far apart boxes are, measured in body heights so that perspective does not matter. */
import { contains, type Box, type Point, type Polygon } from "../geometry.ts";

/** Distance from a point to the nearest part of a box, in picture heights; 0 inside. */
export function distanceToBox({ x, y }: Point, box: Box, aspect: number): number {
  return distance(x, y, box, aspect);
}

/** Hot in a rehearsal of rods, hence without an object for the point. */
function distance(x: number, y: number, box: Box, aspect: number): number {
  const dx = beyond(x, 0, box.x, box.width) * aspect;
  const dy = beyond(y, 0, box.y, box.height);
  return Math.sqrt(dx * dx + dy * dy); // Not hypot: ten times as slow, and nothing here overflows.
}

/** Whether a point lies in a polygon or no further from it than `far` picture heights. */
export function isNearPolygon(point: Point, polygon: Polygon, far: number, aspect: number): boolean {
  if (contains(polygon, point)) return true;
  let from = polygon.at(-1) ?? point;
  for (const to of polygon) {
    const dx = (to.x - from.x) * aspect;
    const dy = to.y - from.y;
    const px = (point.x - from.x) * aspect;
    const py = point.y - from.y;
    from = to;
    const length2 = dx * dx + dy * dy;
    const share = length2 > 0 ? Math.min(1, Math.max(0, (px * dx + py * dy) / length2)) : 0;
    const x = px - share * dx;
    const y = py - share * dy;
    if (x * x + y * y <= far * far) return true;
  }
  return false;
}

/** Gap between two boxes in picture heights; 0 when they touch. */
export function gapBetween(a: Box, b: Box, aspect: number): number {
  const dx = beyond(a.x, a.width, b.x, b.width) * aspect;
  const dy = beyond(a.y, a.height, b.y, b.height);
  return Math.sqrt(dx * dx + dy * dy);
}

/** The gap between two spans; 0 when they touch. */
function beyond(a: number, lengthA: number, b: number, lengthB: number): number {
  const gap = a < b ? b - a - lengthA : a - b - lengthB;
  return gap > 0 ? gap : 0;
}

/** Whether the gap is at most `reach` heights of the taller of the two. */
export function near(a: Box, b: Box, options: { readonly reach: number; readonly aspect: number }): boolean {
  return gapBetween(a, b, options.aspect) <= options.reach * Math.max(a.height, b.height);
}

/**
 * How far a rod's butt is from a person, in that person's heights. The box of a slanted rod does not say which way it
 * slants, so the butt is whichever of the two lower corners is nearer.
 */
export function buttDistance(rod: Box, person: Box, aspect: number): number {
  if (person.height <= 0) return Infinity;
  const y = rod.y + rod.height;
  const [left, right] = [distance(rod.x, y, person, aspect), distance(rod.x + rod.width, y, person, aspect)];
  return Math.min(left, right) / person.height;
}

/** On which side of its box a rod's butt is, by the same reasoning. */
export function buttSide(rod: Box, person: Box, aspect: number): "left" | "right" {
  const y = rod.y + rod.height;
  return distance(rod.x, y, person, aspect) <= distance(rod.x + rod.width, y, person, aspect) ? "left" : "right";
}

/** Share of the smaller of two boxes that lies in the other, 0..1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const smaller = Math.min(a.width * a.height, b.width * b.height);
  return width <= 0 || height <= 0 || smaller <= 0 ? 0 : (width * height) / smaller;
}
