/** Object numbers out of the id picture's colours. */
import { bentPixels } from "../lens.ts";
import { WATER_ID } from "../truth.ts";

let bent: { readonly bend: number; readonly from: Uint32Array } | null = null;

/** Unpacks RGBA rows from the bottom into numbers from the top, as the lens bends them: red and green are the number, blue is water. */
export function unpackIds(rgba: Uint8Array, ids: Uint16Array, width: number, bend: number): void {
  const height = ids.length / width;
  if (bend !== 0 && bent?.bend !== bend) bent = { bend, from: bentPixels(bend, width, height) };
  const from = bend === 0 ? null : bent?.from;
  for (let at = 0; at < ids.length; at += 1) {
    const source = from?.[at] ?? at;
    const x = source % width;
    const o = ((height - 1 - (source - x) / width) * width + x) * 4;
    ids[at] = (rgba[o + 2] ?? 0) > 127 ? WATER_ID : (rgba[o] ?? 0) + (rgba[o + 1] ?? 0) * 256;
  }
}
