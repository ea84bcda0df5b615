/** How far apart boxes are, measured in body heights so that perspective does not matter. */
import type { Box, Point } from "../geometry.ts";

/** Distance from a point to the nearest part of a box, in picture heights; 0 inside. */
export function distanceToBox(point: Point, box: Box, aspect: number): number {
  const dx = Math.max(box.x - point.x, 0, point.x - box.x - box.width) * aspect;
  const dy = Math.max(box.y - point.y, 0, point.y - box.y - box.height);
  return Math.hypot(dx, dy);
}

/** Gap between two boxes in picture heights; 0 when they touch. */
export function gapBetween(a: Box, b: Box, aspect: number): number {
  const dx = Math.max(a.x - b.x - b.width, 0, b.x - a.x - a.width) * aspect;
  const dy = Math.max(a.y - b.y - b.height, 0, b.y - a.y - a.height);
  return Math.hypot(dx, dy);
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
  const bottom = rod.y + rod.height;
  const left = distanceToBox({ x: rod.x, y: bottom }, person, aspect);
  const right = distanceToBox({ x: rod.x + rod.width, y: bottom }, person, aspect);
  return person.height > 0 ? Math.min(left, right) / person.height : Infinity;
}

/** Share of the smaller of two boxes that lies in the other, 0..1. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  const smaller = Math.min(a.width * a.height, b.width * b.height);
  return width <= 0 || height <= 0 || smaller <= 0 ? 0 : (width * height) / smaller;
}
