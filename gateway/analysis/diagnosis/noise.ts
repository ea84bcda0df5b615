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

/**
 * Mean absolute value of the mask 1 -2 1 / -2 4 -2 / 1 -2 1: blind to slopes and to straight edges along the axes. It is the
 * second difference across of second differences down, so that each is made once for the three places that it counts in.
 */
function meanMask(pixels: Uint8Array, widthPx: number, left: number, top: number): number {
  let sum = 0;
  for (let y = top; y < top + spotPx; y += 1) {
    const from = y * widthPx + left;
    let before = bend(pixels, widthPx, from - 1);
    let here = bend(pixels, widthPx, from);
    for (let at = from + 1; at <= from + spotPx; at += 1) {
      const after = bend(pixels, widthPx, at);
      sum += Math.abs(before - 2 * here + after);
      before = here;
      here = after;
    }
  }
  return sum / (spotPx * spotPx);
}

/** How the pixel above, this one and the one below leave a straight line. */
function bend(pixels: Uint8Array, widthPx: number, at: number): number {
  return (pixels[at - widthPx] ?? 0) - 2 * (pixels[at] ?? 0) + (pixels[at + widthPx] ?? 0);
}
