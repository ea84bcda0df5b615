/** How many people some tracks are: a detector finds one twice, and legs or shoulders alone (pure). */
import type { Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import { anchorPoint } from "./anchor.ts";
import { overlap } from "./nearness.ts";

/** Share of the smaller of two boxes that lies in the other, above which it may be a part of it. */
const samePlace = 0.6;

/** How people are told apart. */
export interface Telling {
  /** Width of the picture divided by its height. */
  readonly aspect: number;
  /** Score from which somebody is seen clearly. */
  readonly clearScore: number;
}

/**
 * Those who stand at places of their own. Of two boxes by most in one another, two around one pair of feet are one person,
 * seen twice; so are, unless both are seen clearly, a part and its whole: shoulders have its head, legs are lower and smaller.
 */
export function distinct(people: readonly Track[], telling: Telling): readonly Track[] {
  if (people.length < 2) return people;
  const apart: Track[] = [];
  for (const one of people) if (!apart.some((other) => isSame(other, one, telling))) apart.push(one);
  return apart;
}

function isSame(a: Track, b: Track, { aspect, clearScore }: Telling): boolean {
  if (overlap(a.box, b.box) <= samePlace) return false;
  if (sameFeet(a.box, b.box, aspect)) return true;
  if (Math.min(a.score, b.score) >= clearScore) return false;
  return sameHead(a.box, b.box, aspect) || isLegs(a.box, b.box) || isLegs(b.box, a.box);
}

/** Whether two boxes stand on one spot; two people need more room than a quarter of their height. */
function sameFeet(a: Box, b: Box, aspect: number): boolean {
  const [p, q] = [anchorPoint(a, "bottom"), anchorPoint(b, "bottom")];
  return length((p.x - q.x) * aspect, p.y - q.y) < 0.25 * Math.max(a.height, b.height);
}

/** Whether two boxes have one head: two heads need more room than one, a seventh of a body's height. */
function sameHead(a: Box, b: Box, aspect: number): boolean {
  const dx = (a.x + a.width / 2 - b.x - b.width / 2) * aspect;
  return length(dx, a.y - b.y) < Math.max(a.height, b.height) / 7;
}

/** Not hypot, which the addon would round otherwise. */
function length(dx: number, dy: number): number {
  return Math.sqrt(dx * dx + dy * dy);
}

/** Whether one box is another's lower part: somebody who stands in front of another is nearer, and looks larger. */
function isLegs(part: Box, whole: Box): boolean {
  const isLower = part.y + part.height > whole.y + whole.height;
  return isLower && part.height < whole.height && part.width < whole.width;
}

/** Whether somebody unsure is but a part of somebody who is seen for sure: a detector finds legs and shoulders too. */
export function isPiece(unsure: Track, sure: readonly Track[]): boolean {
  return sure.some((whole) => whole.seenNow && overlap(whole.box, unsure.box) > samePlace);
}
