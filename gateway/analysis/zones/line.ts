/** A tripwire ready for use: two to sixteen points, which side of it a place lies on, and whether a way crosses it (pure). */
import type { LineConfig } from "../../config/zones-schema.ts";
import type { Box, Point } from "../geometry.ts";
import type { Heed } from "./rule.ts";

/** Left and right of a line, looking along it from its start. */
export const LEFT = -1;
export const RIGHT = 1;

/** What is nearer to a line than this lies on it. */
const HAIR = 1e-9;

/** A directed line, straight or bent. */
export interface Line {
  readonly id: string;
  /** From its start to its end, two or more. */
  readonly points: readonly Point[];
  readonly direction: "both" | "left-to-right" | "right-to-left";
}

/** Makes a line of the file ready. */
export function lineOf({ id, from, via = [], to, direction }: LineConfig): Line {
  return { id, points: [from, ...via, to].map(([x, y]) => ({ x, y })), direction };
}

/** What a rule on a line heeds: every step of the tracks that may come over it. */
export function lineHeedOf({ points }: Line, labels: readonly string[]): Heed {
  const touches = (path: Box): boolean =>
    points.some((b, index) => {
      const a = points[index - 1];
      if (!a || isBeside(a, b, path)) return false;
      // Who passes the end of a straight line has a side of it; beside one piece of a bent line the others tell the side.
      return points.length === 2 || isNear(a, b, path);
    });
  return { labels, anchor: "bottom", within: null, touches };
}

function isBeside(a: Point, b: Point, { x, y, width, height }: Box): boolean {
  const [right, bottom] = [x + width, y + height];
  const sides = [
    turn(a, b, { x, y }),
    turn(a, b, { x: right, y }),
    turn(a, b, { x, y: bottom }),
    turn(a, b, { x: right, y: bottom }),
  ];
  return sides.every((one) => one > HAIR) || sides.every((one) => one < -HAIR);
}

function isNear(a: Point, b: Point, { x, y, width, height }: Box): boolean {
  return (
    Math.max(a.x, b.x) >= x - HAIR &&
    Math.min(a.x, b.x) <= x + width + HAIR &&
    Math.max(a.y, b.y) >= y - HAIR &&
    Math.min(a.y, b.y) <= y + height + HAIR
  );
}

/**
 * The side of a place: that of the nearest piece, which beyond the ends is the one that goes on. Where two pieces are as
 * near, at the outside of a bend, both have their say. Null on the line, or on the extension of its ends.
 * @param aspect width of the picture over its height: nearness is measured as one sees it
 */
export function sideOf({ points }: Line, place: Point, aspect: number): number | null {
  const [first, second] = points;
  if (points.length === 2 && first && second) return sideWhere(turn(first, second, place));
  let nearest = Infinity;
  let side = 0;
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1], points[i]];
    if (!a || !b) continue;
    const [dx, dy] = [(b.x - a.x) * aspect, b.y - a.y];
    const [px, py] = [(place.x - a.x) * aspect, place.y - a.y];
    const lengthSquared = dx * dx + dy * dy;
    if (lengthSquared === 0) continue;
    const along = Math.min(1, Math.max(0, (px * dx + py * dy) / lengthSquared));
    const distance = Math.hypot(px - along * dx, py - along * dy);
    if (distance > nearest + HAIR) continue;
    const here = turn(a, b, place) / Math.sqrt(lengthSquared);
    side = distance < nearest - HAIR ? here : side + here;
    nearest = Math.min(nearest, distance);
  }
  return sideWhere(side);
}

function sideWhere(signed: number): number | null {
  return signed === 0 ? null : signed > 0 ? RIGHT : LEFT;
}

/**
 * Whether the straight way from `a` to `b` comes out on the other side of the line, between its ends: over a bend as over
 * one piece, over two pieces not at all, over three once.
 */
export function isCrossedBy({ points }: Line, a: Point, b: Point): boolean {
  let isOver = false;
  for (let i = 1; i < points.length; i += 1) {
    const [from, to] = [points[i - 1], points[i]];
    if (!from || !to) continue;
    let [start, end] = [turn(a, b, from), turn(a, b, to)];
    // A way exactly over an end crosses; one exactly over a bend crosses one of its two pieces.
    if (start === 0 && i === 1) start = -end;
    if (end === 0 && i === points.length - 1) end = -start;
    if (start > 0 !== end > 0 && turn(from, to, a) * turn(from, to, b) <= 0) isOver = !isOver;
  }
  return isOver;
}

/** Twice the signed area of a triangle; positive when `c` lies to the right of the way from `a` to `b`, for y runs down. */
function turn(a: Point, b: Point, c: Point): number {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}
