/** Sensor noise of a frame, from its flattest spots: texture must not count as snow. */
import type { Frame } from "../capture/frame.ts";

/** Spots across and down. */
const across = 24;
const down = 14;
/** Pixels of a spot's side that are looked at. */
const spotPx = 16;
/** The share of the spots, flattest first, at which noise is read. */
const flattest = 0.3;
/** Immerkær 1996: sigma = sqrt(pi / 2) / 6 times the mean absolute value of the mask. */
const toSigma = Math.sqrt(Math.PI / 2) / 6;
/** Luma has 219 levels for 255 of grey. */
const toGrey = 255 / 219;

/** One camera's noise meter. */
export class NoiseMeter {
  readonly #spots = new Float32Array(across * down);

  /** Standard deviation of the noise in grey levels; null for a frame too small to say. */
  measure({ pixels, widthPx, heightPx }: Frame): number | null {
    if (widthPx < across * 4 || heightPx < down * 4) return null;
    let count = 0;
    for (let row = 0; row < down; row += 1) {
      for (let column = 0; column < across; column += 1) {
        const left = Math.floor(((column + 0.5) * widthPx) / across - spotPx / 2);
        const top = Math.floor(((row + 0.5) * heightPx) / down - spotPx / 2);
        if (left < 1 || top < 1 || left + spotPx >= widthPx || top + spotPx >= heightPx) continue;
        this.#spots[count] = toSigma * toGrey * meanMask(pixels, widthPx, left, top);
        count += 1;
      }
    }
    const sorted = this.#spots.subarray(0, count).sort();
    return sorted[Math.floor(count * flattest)] ?? null;
  }
}

/** Mean absolute value of the mask 1 -2 1 / -2 4 -2 / 1 -2 1: blind to slopes and to straight edges along the axes. */
function meanMask(pixels: Uint8Array, widthPx: number, left: number, top: number): number {
  let sum = 0;
  for (let y = top; y < top + spotPx; y += 1) {
    for (let at = y * widthPx + left; at < y * widthPx + left + spotPx; at += 1) {
      const above = at - widthPx;
      const below = at + widthPx;
      const sides = (pixels[at - 1] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[above] ?? 0) + (pixels[below] ?? 0);
      const corners =
        (pixels[above - 1] ?? 0) + (pixels[above + 1] ?? 0) + (pixels[below - 1] ?? 0) + (pixels[below + 1] ?? 0);
      sum += Math.abs(4 * (pixels[at] ?? 0) - 2 * sides + corners);
    }
  }
  return sum / (spotPx * spotPx);
}
