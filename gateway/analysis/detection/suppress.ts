/** Non-maximum suppression: of boxes that overlap, the best scored one stays (pure). */
import type { Candidates } from "./candidates.ts";

/** Which candidates may come out. */
export interface SuppressLimits {
  /** IoU above which the weaker box goes; null keeps all boxes (the model has done it already). */
  readonly iou: number | null;
  /**
   * By label number: share of the smaller box inside the other above which the weaker goes, whatever the IoU; 1 or
   * nothing: never. For long thin things, of which a detector also finds pieces.
   */
  readonly contained?: readonly (number | undefined)[];
  /** Whether boxes of different labels drop one another; default false. */
  readonly acrossLabels?: boolean;
  /** The most boxes that come out. */
  readonly most: number;
}

/** Of two things that cross the shorter has at least this share of the other's length, and the slopes differ by this factor. */
const likeLength = 0.6;
const otherSlope = 1.5;
/** And their directions by this angle (its tangent, 8 degrees): of things nearly upright or level a pixel changes the slope by half. */
const leastTurn = 0.14;
/** Boxes of two things that cross overlap no more than this (IoU); with slopes that far apart they hardly can. */
const crossingIou = 0.6;
/** More than these best candidates are not compared: the comparison is quadratic. */
const comparedMost = 8_000;

/** Indices of the survivors, best first. */
export function survivors(candidates: Candidates, limits: SuppressLimits): Int32Array {
  const order = byScore(candidates);
  const kept = new Int32Array(Math.min(order.length, limits.most));
  let count = 0;
  for (const index of order) {
    if (count >= kept.length) break;
    if (limits.iou !== null && coveredBy(candidates, index, kept.subarray(0, count), limits, limits.iou)) continue;
    kept[count] = index;
    count += 1;
  }
  return kept.subarray(0, count);
}

function byScore(candidates: Candidates): Int32Array {
  const order = new Int32Array(candidates.count);
  for (let i = 0; i < order.length; i += 1) order[i] = i;
  const { score } = candidates;
  order.sort((a, b) => (score[b] ?? 0) - (score[a] ?? 0) || a - b);
  return order.subarray(0, comparedMost);
}

function coveredBy(
  candidates: Candidates,
  index: number,
  kept: Int32Array,
  { contained = [], acrossLabels = false }: SuppressLimits,
  iou: number,
): boolean {
  const { label } = candidates;
  const most = contained[label[index] ?? 0] ?? 1;
  for (const other of kept) {
    if (!acrossLabels && label[other] !== label[index]) continue;
    const common = commonArea(candidates, index, other);
    if (common <= 0) continue;
    const [a, b] = [area(candidates, index), area(candidates, other)];
    const overlap = common / (a + b - common);
    if (overlap <= iou && common <= most * Math.min(a, b)) continue;
    if (most >= 1 || overlap > crossingIou || !crosses(candidates, index, other)) return true;
  }
  return false;
}

/**
 * Whether two boxes of long thin things are two that cross: about as long, and leaning otherwise. Rods on their rests fan
 * out from one angler, so that the flatter one's box may lie by four fifths in the steeper one's; a piece is shorter, or
 * leans as the whole does.
 */
function crosses(c: Candidates, a: number, b: number): boolean {
  const lengths = Math.hypot(widthOf(c, a), heightOf(c, a)) / Math.hypot(widthOf(c, b), heightOf(c, b));
  if (Math.min(lengths, 1 / lengths) < likeLength) return false;
  const [one, other] = [heightOf(c, a) * widthOf(c, b), heightOf(c, b) * widthOf(c, a)];
  const turn = Math.abs(one - other) / (widthOf(c, a) * widthOf(c, b) + heightOf(c, a) * heightOf(c, b));
  return Math.max(one / other, other / one) >= otherSlope && turn >= leastTurn;
}

function widthOf(c: Candidates, i: number): number {
  return (c.x2[i] ?? 0) - (c.x1[i] ?? 0);
}

function heightOf(c: Candidates, i: number): number {
  return (c.y2[i] ?? 0) - (c.y1[i] ?? 0);
}

function area(c: Candidates, i: number): number {
  return widthOf(c, i) * heightOf(c, i);
}

function commonArea(c: Candidates, a: number, b: number): number {
  const width = Math.min(c.x2[a] ?? 0, c.x2[b] ?? 0) - Math.max(c.x1[a] ?? 0, c.x1[b] ?? 0);
  const height = Math.min(c.y2[a] ?? 0, c.y2[b] ?? 0) - Math.max(c.y1[a] ?? 0, c.y1[b] ?? 0);
  return width <= 0 || height <= 0 ? 0 : width * height;
}
