/** The small grey picture in plain TypeScript; see src/luma.cc. */
import type { LumaSize } from "../luma-size.ts";

// Limited range to full in 20 bits below the point: 255 / 219 of what lies above 16.
const shift = 20;
const one = (255 * (1 << shift)) / 219;
const black = Math.floor(16 * one + 0.5) - (1 << (shift - 1));

/** Box average of the luma plane, stretched from limited range (16..235) to 0..255. */
export function shrinkToLuma(source: Uint8Array, sourceWidth: number, size: LumaSize): Uint8Array {
  const { factor, width, height } = size;
  const luma = new Uint8Array(width * height);
  const share = Math.floor(one / (factor * factor) + 0.5);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let k = 0; k < factor; k++) {
        const from = (y * factor + k) * sourceWidth + x * factor;
        for (let at = from; at < from + factor; at++) sum += source[at] ?? 0;
      }
      luma[y * width + x] = Math.max(0, Math.min(255, (sum * share - black) >> shift));
    }
  }
  return luma;
}

/** Throws RangeError for a state that does not start at a multiple of 4 bytes: it holds 32-bit numbers. */
export function checkAlignment(state: Uint8Array): void {
  if (state.byteOffset % 4 !== 0) throw new RangeError("state must start at a multiple of 4 bytes");
}
