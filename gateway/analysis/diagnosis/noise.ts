/** Sensor noise of a frame, from its flattest spots: texture must not count as snow. */
import { maskSums } from "../../../native/index.ts";
import type { Frame } from "../capture/frame.ts";

/** Spots across and down. */
const across = 24;
const down = 14;
/** Pixels of a spot's side, as `maskSums` has them. */
const spotPx = 16;
/** The share of the spots, flattest first, at which noise is read. */
const flattest = 0.3;
/** Immerkær 1996: sigma = sqrt(pi / 2) / 6 times the mean absolute value of the mask. */
const toSigma = Math.sqrt(Math.PI / 2) / 6;
/** Luma has 219 levels for 255 of grey. */
const toGrey = 255 / 219;

/** One camera's noise meter. */
export class NoiseMeter {
  #size = "";
  #places = new Uint32Array(0);
  #sums = new Uint32Array(0);
  #spots = new Float32Array(0);

  /** Standard deviation of the noise in grey levels; null for a frame too small to say. */
  measure({ pixels, widthPx, heightPx }: Frame): number | null {
    if (widthPx < across * 4 || heightPx < down * 4) return null;
    this.#aim(widthPx, heightPx);
    // The mask is blind to slopes and to straight edges along the axes.
    maskSums(pixels.subarray(0, widthPx * heightPx), widthPx, heightPx, this.#places, this.#sums);
    for (let i = 0; i < this.#spots.length; i += 1)
      this.#spots[i] = toSigma * toGrey * ((this.#sums[i] ?? 0) / (spotPx * spotPx));
    this.#spots.sort();
    return this.#spots[Math.floor(this.#spots.length * flattest)] ?? null;
  }

  #aim(widthPx: number, heightPx: number): void {
    const size = `${widthPx}x${heightPx}`;
    if (size === this.#size) return;
    this.#size = size;
    const places: number[] = [];
    for (let row = 0; row < down; row += 1) {
      for (let column = 0; column < across; column += 1) {
        const left = Math.floor(((column + 0.5) * widthPx) / across - spotPx / 2);
        const top = Math.floor(((row + 0.5) * heightPx) / down - spotPx / 2);
        if (left < 1 || top < 1 || left + spotPx >= widthPx || top + spotPx >= heightPx) continue;
        places.push(top * widthPx + left);
      }
    }
    this.#places = Uint32Array.from(places);
    this.#sums = new Uint32Array(places.length);
    this.#spots = new Float32Array(places.length);
  }
}
