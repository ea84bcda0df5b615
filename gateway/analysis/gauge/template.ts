/** How the dry gauge looks: its pattern repeats every ten centimetres, so the dry rows are folded onto each other. */
import { columns, rowM, type Strip } from "./strip.ts";

/** Rows of one period of the E marks: two blocks of five centimetres, one on each side. */
export const phases = Math.round(0.1 / rowM);
/** Rows on each side of the one that is compared: a window of 3.5 cm. */
const reach = 3;
/** Rows a period must have been seen in for the pattern to be believed. */
const leastPeriods = 2;

/** How one row's window compares with the pattern. */
export interface RowFit {
  /** Correlation, -1..1. */
  ncc: number;
  /** Contrast of the window over that of the pattern. */
  gain: number;
}

/** The folded pattern. */
export class Template {
  readonly cells = new Float32Array(phases * columns);
  readonly #sums = new Float64Array(phases * columns);
  readonly #counts = new Uint32Array(phases);
  /** Mean of the pattern. */
  mean = 0;
  /** Standard deviation of the pattern, grey levels. */
  contrast = 0;

  /** Folds rows `from` (included) to `to` (not included) of the strip; false when they are too few to make a pattern. */
  fold(strip: Strip, from: number, to: number): boolean {
    this.#sums.fill(0);
    this.#counts.fill(0);
    for (let row = from; row < to; row += 1) {
      if (strip.inPicture[row] !== 1) continue;
      const phase = phaseOf(strip, row);
      this.#counts[phase] = (this.#counts[phase] ?? 0) + 1;
      for (let column = 0; column < columns; column += 1)
        this.#sums[phase * columns + column] =
          (this.#sums[phase * columns + column] ?? 0) + (strip.median[row * columns + column] ?? 0);
    }
    if (this.#counts.some((count) => count < leastPeriods)) return false;
    let [sum, squares] = [0, 0];
    for (let i = 0; i < this.cells.length; i += 1) {
      const value = (this.#sums[i] ?? 0) / (this.#counts[Math.floor(i / columns)] ?? 1);
      this.cells[i] = value;
      sum += value;
      squares += value * value;
    }
    this.mean = sum / this.cells.length;
    this.contrast = Math.sqrt(Math.max(0, squares / this.cells.length - this.mean * this.mean));
    return true;
  }

  /** Compares the window around a row with the pattern at the same level. */
  compare(strip: Strip, row: number, into: RowFit): void {
    let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
    for (let near = row - reach; near <= row + reach; near += 1) {
      if (near < 0 || near >= strip.rows || strip.inPicture[near] !== 1) continue;
      const phase = phaseOf(strip, near) * columns;
      for (let column = 0; column < columns; column += 1) {
        const a = this.cells[phase + column] ?? 0;
        const b = strip.median[near * columns + column] ?? 0;
        n += 1;
        sumA += a;
        sumB += b;
        sumAA += a * a;
        sumBB += b * b;
        sumAB += a * b;
      }
    }
    const variance = n * sumAA - sumA * sumA;
    const spread = variance * (n * sumBB - sumB * sumB);
    const shared = n * sumAB - sumA * sumB;
    into.ncc = spread <= n ? 0 : shared / Math.sqrt(spread);
    into.gain = variance <= n ? 0 : shared / variance;
  }
}

/** The place of a row within its period. */
export function phaseOf(strip: Strip, row: number): number {
  const steps = Math.round(strip.levelOf(row) / rowM);
  return ((steps % phases) + phases) % phases;
}
