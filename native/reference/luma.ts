/** The small grey picture in plain TypeScript; see src/luma.cc. */
import type { LumaSize } from "../luma-size.ts";

/** Box average of (77 R + 150 G + 29 B) / 256, rounded. */
export function shrinkToLuma(source: Uint8Array, sourceWidth: number, size: LumaSize): Uint8Array {
  const { factor, width, height } = size;
  const luma = new Uint8Array(width * height);
  const share = 1 / (256 * factor * factor);
  const stride = sourceWidth * 3;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = 0; k < factor; k++) {
        let at = (y * factor + k) * stride + x * factor * 3;
        for (const end = at + factor * 3; at < end; at += 3) {
          red += source[at] ?? 0;
          green += source[at + 1] ?? 0;
          blue += source[at + 2] ?? 0;
        }
      }
      luma[y * width + x] = Math.floor((77 * red + 150 * green + 29 * blue) * share + 0.5);
    }
  }
  return luma;
}

/** Throws RangeError for a state that does not start at a multiple of 4 bytes: it holds 32-bit numbers. */
export function checkAlignment(state: Uint8Array): void {
  if (state.byteOffset % 4 !== 0) throw new RangeError("state must start at a multiple of 4 bytes");
}
