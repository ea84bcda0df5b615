/** Non-maximum suppression: of boxes of one label that overlap, the best scored one stays (pure). */
import type { Candidates } from "./candidates.ts";

/** Which candidates may come out. */
export interface SuppressLimits {
  /** IoU above which the weaker box goes; null keeps all boxes (the model has done it already). */
  readonly iou: number | null;
  /** The most boxes that come out. */
  readonly most: number;
}

/** More than these best candidates are not compared: the comparison is quadratic. */
const comparedMost = 8_000;

/** Indices of the survivors, best first. Boxes of different labels never drop one another. */
export function survivors(candidates: Candidates, limits: SuppressLimits): Int32Array {
  const order = byScore(candidates);
  const kept = new Int32Array(Math.min(order.length, limits.most));
  let count = 0;
  for (const index of order) {
    if (count >= kept.length) break;
    if (limits.iou !== null && coveredBy(candidates, index, kept, count, limits.iou)) continue;
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

function coveredBy(candidates: Candidates, index: number, kept: Int32Array, count: number, iou: number): boolean {
  const { label } = candidates;
  for (let k = 0; k < count; k += 1) {
    const other = kept[k] ?? 0;
    if (label[other] === label[index] && overlap(candidates, index, other) > iou) return true;
  }
  return false;
}

function overlap(c: Candidates, a: number, b: number): number {
  const ax1 = c.x1[a] ?? 0,
    ay1 = c.y1[a] ?? 0,
    ax2 = c.x2[a] ?? 0,
    ay2 = c.y2[a] ?? 0;
  const bx1 = c.x1[b] ?? 0,
    by1 = c.y1[b] ?? 0,
    bx2 = c.x2[b] ?? 0,
    by2 = c.y2[b] ?? 0;
  const width = Math.min(ax2, bx2) - Math.max(ax1, bx1);
  const height = Math.min(ay2, by2) - Math.max(ay1, by1);
  if (width <= 0 || height <= 0) return 0;
  const common = width * height;
  return common / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - common);
}
