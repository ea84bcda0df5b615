/** Stripes across the picture, standing or rolling: a peak in the spectrum of the row means that is not of the scene. */
import type { GreyPicture } from "../detection/scene.ts";

/** The picture is cut into so many columns; a stripe goes through all of them, a gauge or a boat does not. */
const columns = 3;
/** Rows that the spectrum is taken over. */
const points = 128;
/** Waves over the picture's height that count: fewer are light, more are texture. */
const leastWaves = 4;
const mostWaves = 56;
const waveCount = mostWaves - leastWaves + 1;
/** Stripes fainter than this nobody sees: amplitude in grey levels. */
const leastAmplitude = 2;
/** Looks that the usual rows reach back. */
const memory = 600;
const leastLooks = 5;

const cosine = Float32Array.from({ length: points }, (_, i) => Math.cos((2 * Math.PI * i) / points));
const sine = Float32Array.from({ length: points }, (_, i) => Math.sin((2 * Math.PI * i) / points));

/** One camera's stripe meter; it knows the rows as they usually are. */
export class StripeMeter {
  readonly #rows = new Float32Array(columns * points);
  readonly #usual = new Float32Array(columns * points);
  readonly #peaks = new Float32Array(waveCount);
  readonly #ratios = new Float32Array(waveCount);
  #looks = 0;

  /** Highest peak over the waves beside it, from 1; 1 when no wave is strong enough to be seen; null until the rows are known. */
  measure(grey: GreyPicture): number | null {
    this.#readRows(grey);
    if (this.#looks < leastLooks) {
      this.#learn(1);
      return null;
    }
    this.#ratios.fill(Infinity);
    for (let column = 0; column < columns; column += 1) {
      for (let i = 0; i < waveCount; i += 1) this.#peaks[i] = this.#amplitude(column * points, leastWaves + i);
      for (let i = 0; i < waveCount; i += 1) this.#ratios[i] = Math.min(this.#ratios[i] ?? 1, this.#standsOut(i));
    }
    const ratio = this.#ratios.reduce((most, one) => Math.max(most, one), 1);
    // What stands out is learnt a hundred times more slowly: an hour of stripes is still no usual look.
    this.#learn(ratio < 3 ? 1 : 0.01);
    return ratio;
  }

  #readRows({ pixels, widthPx, heightPx }: GreyPicture): void {
    for (let i = 0; i < points; i += 1) {
      const row = Math.min(heightPx - 1, Math.floor(((i + 0.5) * heightPx) / points)) * widthPx;
      for (let column = 0; column < columns; column += 1) {
        const from = Math.floor((column * widthPx) / columns);
        const to = Math.floor(((column + 1) * widthPx) / columns);
        let sum = 0;
        for (let x = from; x < to; x += 1) sum += pixels[row + x] ?? 0;
        this.#rows[column * points + i] = sum / (to - from);
      }
    }
  }

  #learn(weight: number): void {
    this.#looks = Math.min(memory, this.#looks + 1);
    const share = weight / this.#looks;
    for (let i = 0; i < this.#rows.length; i += 1) {
      const usual = this.#usual[i] ?? 0;
      this.#usual[i] = usual + ((this.#rows[i] ?? 0) - usual) * share;
    }
  }

  /** A wave over the mean of those 3 to 6 beside it: an edge or a boat has a broad spectrum, a stripe a narrow one. */
  #standsOut(at: number): number {
    const amplitude = this.#peaks[at] ?? 0;
    if (amplitude < leastAmplitude) return 1;
    let [sum, count] = [0, 0];
    for (let beside = 3; beside <= 6; beside += 1) {
      for (const i of [at - beside, at + beside]) {
        if (i < 0 || i >= this.#peaks.length) continue;
        sum += this.#peaks[i] ?? 0;
        count += 1;
      }
    }
    return amplitude / Math.max(sum / count, leastAmplitude / 20);
  }

  #amplitude(from: number, waves: number): number {
    let [real, imaginary] = [0, 0];
    for (let i = 0; i < points; i += 1) {
      const value = (this.#rows[from + i] ?? 0) - (this.#usual[from + i] ?? 0);
      const at = (i * waves) % points;
      real += value * (cosine[at] ?? 0);
      imaginary += value * (sine[at] ?? 0);
    }
    return (2 * Math.hypot(real, imaginary)) / points;
  }
}
