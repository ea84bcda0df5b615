/** Which tracks of a file can ever matter to a rule (pure). */
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import type { IdNumbers } from "../../analysis/track-log/id-numbers.ts";
import type { Extents } from "../../analysis/track-log/extents.ts";
import { boxSteps } from "../../analysis/track-log/quantise.ts";
import type { Heed } from "../../analysis/zones/rule.ts";

/** Where the tracks of the whole stretch were: one may go on from one file into the next. */
export interface Paths {
  readonly extents: Extents;
  /** The group of each id is its number. */
  readonly ids: IdNumbers;
}

/** What of a file a rule heeds. */
export interface Heeded {
  /** Its labels, as in `Block.labelBits`. */
  readonly labelBits: number;
  /** By number of the appearance: 1 where it can matter. */
  readonly matters: Uint8Array;
}

/** Looks up every track of a file. */
export function heededOf(heeds: Heed, columns: LogColumns, paths: Paths): Heeded {
  const isLabel = columns.labels.map((label) => heeds.labels.includes(label));
  const { pathIds } = columns;
  const touches = new Uint8Array(pathIds.count);
  for (let path = 0; path < touches.length; path += 1) {
    const group = paths.ids.numberOf(pathIds.ids[path] ?? 0);
    const area = heeds.anchor === "bottom" ? paths.extents.feet(group) : paths.extents.whole(group);
    touches[path] = heeds.touches(area, paths.extents.greatestHeight(group) / boxSteps) ? 1 : 0;
  }
  const matters = new Uint8Array(columns.appearances);
  for (let i = 0; i < matters.length; i += 1)
    if (isLabel[columns.labelOf[i] ?? 0] === true) matters[i] = touches[columns.pathOf[i] ?? 0] ?? 0;
  return { labelBits: labelBitsOf(columns, heeds.labels), matters };
}

/** Labels as in `Block.labelBits`. */
export function labelBitsOf({ labels }: LogColumns, wanted: readonly string[]): number {
  let bits = 0;
  for (const [number, label] of labels.entries()) if (wanted.includes(label)) bits |= 1 << Math.min(31, number);
  return bits;
}
