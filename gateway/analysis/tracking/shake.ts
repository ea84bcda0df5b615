/** A camera that sways moves everything alike: the part of the surprise that all matched objects share. */
import type { Box } from "../geometry.ts";

/** Fewer pairs than this say nothing about the camera. */
const LEAST_PAIRS = 4;
/** How many standard errors a shift must stand out by. */
const STANDS_OUT = 4;
/** From the median absolute deviation to a standard deviation, for normal noise. */
const MAD_TO_SIGMA = 1.4826;

/** The shift that all pairs share; null when there is none that stands out from the objects' own movement. */
export function commonShift(
  pairs: readonly (readonly [from: Box, to: Box])[],
): { readonly dx: number; readonly dy: number } | null {
  if (pairs.length < LEAST_PAIRS) return null;
  const dx = shared(pairs.map(([from, to]) => to.x + to.width / 2 - from.x - from.width / 2));
  const dy = shared(pairs.map(([from, to]) => to.y + to.height / 2 - from.y - from.height / 2));
  return dx === 0 && dy === 0 ? null : { dx, dy };
}

function shared(values: readonly number[]): number {
  const middle = median(values);
  const spread = MAD_TO_SIGMA * median(values.map((v) => Math.abs(v - middle)));
  return Math.abs(middle) > (STANDS_OUT * spread) / Math.sqrt(values.length) ? middle : 0;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
