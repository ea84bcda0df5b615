/** How many people some tracks are: a detector finds one twice, and legs or shoulders alone (pure). */
import type { Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import { anchorPoint } from "./anchor.ts";
import { overlap } from "./nearness.ts";

/** Share of the smaller of two boxes that lies in the other, above which it may be a part of it. */
const samePlace = 0.6;

/** Those who stand at places of their own: two boxes around one pair of feet are one person, seen twice. */
export function distinct(people: readonly Track[], aspect: number): readonly Track[] {
  if (people.length < 2) return people;
  const apart: Track[] = [];
  for (const one of people) {
    const isTwin = apart.some((o) => sameFeet(o.box, one.box, aspect) && overlap(o.box, one.box) > samePlace);
    if (!isTwin) apart.push(one);
  }
  return apart;
}

/** Whether two boxes stand on one spot; two people need more room than a quarter of their height. */
function sameFeet(a: Box, b: Box, aspect: number): boolean {
  const [p, q] = [anchorPoint(a, "bottom"), anchorPoint(b, "bottom")];
  return Math.hypot((p.x - q.x) * aspect, p.y - q.y) < 0.25 * Math.max(a.height, b.height);
}

/** Whether somebody unsure is but a part of somebody who is seen for sure: a detector finds legs and shoulders too. */
export function isPiece(unsure: Track, sure: readonly Track[]): boolean {
  return sure.some((whole) => whole.seenNow && overlap(whole.box, unsure.box) > samePlace);
}
