/** What a frame measured under names of its own, beside the scene. */
import { newLabel } from "./block-format.ts";

/** Values by name; null: no reading. */
export type Measures = Readonly<Record<string, number | null>>;

/**
 * Reads u8 count, and for each a label (its number in the head, or `newLabel`, length and text) and f64, NaN for no reading.
 * @param at the byte after the measures read last; moved on
 */
export function readMeasures(bytes: Buffer, view: DataView, at: { byte: number }, labels: readonly string[]): Measures {
  const measures: Record<string, number | null> = {};
  for (let left = view.getUint8(at.byte++); left > 0; left -= 1) {
    const slot = view.getUint8(at.byte++);
    let name = labels[slot] ?? "";
    if (slot === newLabel) {
      const length = view.getUint8(at.byte++);
      name = bytes.toString("utf8", at.byte, at.byte + length);
      at.byte += length;
    }
    const value = view.getFloat64(at.byte, true);
    at.byte += 8;
    measures[name] = Number.isNaN(value) ? null : value;
  }
  return measures;
}
