/** How unlike two boxes are, and which track takes which detection. */
import type { Box } from "../geometry.ts";
import { iou } from "../geometry.ts";
import type { Detection } from "../detection/detection.ts";
import { assign } from "./assignment.ts";

/** How boxes of one label are compared. */
export interface Likeness {
  /** Share of its own width and height by which a box is widened on every side before comparing; 0 is plain IoU. */
  readonly buffer: number;
  /** Least ratio of the short side to the long side, 0..1; thinner boxes are fattened so that rods still overlap. */
  readonly fatten: number;
  /** Width of the picture divided by its height when coordinates are 0..1; 1 for pixels. Only `fatten` needs it. */
  readonly aspect: number;
}

/** A box grown for comparison. */
export function grown(box: Box, likeness: Likeness): Box {
  const wide = box.width * likeness.aspect;
  const least = likeness.fatten * Math.max(wide, box.height);
  const width = Math.max(wide, least) / likeness.aspect;
  const height = Math.max(box.height, least);
  const dx = (width - box.width) / 2 + likeness.buffer * width;
  const dy = (height - box.height) / 2 + likeness.buffer * height;
  if (dx === 0 && dy === 0) return box;
  return { x: box.x - dx, y: box.y - dy, width: box.width + 2 * dx, height: box.height + 2 * dy };
}

/** Pairs of indices, and what stayed single on either side. */
export interface Pairing {
  readonly pairs: readonly (readonly [track: number, detection: number])[];
  readonly tracks: readonly number[];
  readonly detections: readonly number[];
}

const noPairs: Pairing["pairs"] = [];
const noNumbers: readonly number[] = [];

let costs = new Float64Array(1024);
let columns = new Int32Array(64);

/**
 * Pairs predicted boxes with detections so that the sum of `1 - likeness` is least.
 * @param options.fuseScore multiplies the likeness by the detection's score, so that a sure detection wins a dispute.
 */
export function pair(
  boxes: readonly Box[],
  detections: readonly Detection[],
  options: { readonly likeness: Likeness; readonly gate: number; readonly fuseScore: boolean },
): Pairing {
  const rows = boxes.length;
  const count = detections.length;
  // Three of the four rounds of an ordinary frame: nothing to compare, and nothing to allocate for it.
  if (rows === 0 || count === 0) return { pairs: noPairs, tracks: upTo(rows), detections: upTo(count) };
  if (costs.length < rows * count) costs = new Float64Array(rows * count * 2);
  if (columns.length < rows) columns = new Int32Array(rows * 2);
  const seen = detections.map((d) => grown(d.box, options.likeness));
  for (const [i, box] of boxes.entries()) {
    const expected = grown(box, options.likeness);
    for (const [j, other] of seen.entries()) {
      const alike = iou(expected, other);
      costs[i * count + j] = 1 - (options.fuseScore ? alike * (detections[j]?.score ?? 0) : alike);
    }
  }
  assign(costs, rows, count, { gate: options.gate, columnOfRow: columns });
  const pairs: [number, number][] = [];
  const single: number[] = [];
  const taken = new Set<number>();
  for (let i = 0; i < rows; i += 1) {
    const j = columns[i] ?? -1;
    if (j < 0) {
      single.push(i);
      continue;
    }
    pairs.push([i, j]);
    taken.add(j);
  }
  return { pairs, tracks: single, detections: upTo(count).filter((j) => !taken.has(j)) };
}

/** 0, 1 … below `count`. */
function upTo(count: number): readonly number[] {
  if (count === 0) return noNumbers;
  return Array.from({ length: count }, (_, i) => i);
}
