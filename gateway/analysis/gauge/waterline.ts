/** Where the dry gauge ends: every row is asked how dry it looks, and the best place to cut is the waterline. */
import { objection } from "./second-opinion.ts";
import { columns, rowM, type Strip } from "./strip.ts";
import { phaseOf, Template, type RowFit } from "./template.ts";

/** Why there is no reading. */
export type NoReading =
  "too-few-frames" | "obscured" | "no-pattern" | "above-range" | "below-range" | "ambiguous" | "low-confidence";

/** One reading of one settled strip. */
export interface Waterline {
  readonly levelM: number | null;
  /** 0..1. */
  readonly confidence: number;
  readonly reason: NoReading | null;
}

/** Rows at the top that are taken for dry before anything is known: 30 cm. */
const firstDryRows = Math.round(0.3 / rowM);
/** The pattern must stand out by so many grey levels. */
const leastContrast = 6;
/** Correlation from which a row looks dry, and the span to the surest answer. */
const dryNcc = 0.55;
const nccSpan = 0.25;
/** A row that flickers more than the dry ones by this, in log(1 + grey levels), is water. */
const wetFlicker = 0.35;
/** Contrast against the dry gauge below which a pattern is a mirror image or under water. */
const wetGain = 0.6;
/** A waterline nearer to an end of the gauge is out of range: 2 cm. */
const edgeRows = Math.round(0.02 / rowM);
/** Another cut must be worse by the weight of so many sure rows, or the answer is ambiguous. */
const leastMargin = 3;
/** Rows that look surely dry below the cut, together: more, and something hides the gauge in between. */
const mostDryBelow = 2;
/** Cuts this near are the same answer: 5 cm. */
const sameRows = Math.round(0.05 / rowM);
/** How far around the cut its exact row is looked for: 3 cm. */
const refineRows = Math.round(0.03 / rowM);
/** Rows above and below the cut that colours are taken from: 10 and 5 cm. */
const gaugeRows = Math.round(0.1 / rowM);
const waterRows = Math.round(0.05 / rowM);
/** Rows that ripples may mix: 1 cm. */
const nearRows = Math.round(0.01 / rowM);
/** Water near and far may differ by so many times its own spread from row to row, which counts as at least so many grey levels. */
const mostDifference = 3;
const leastSpread = 4;
/** Readings below this are none. */
export const leastConfidence = 0.4;

/** Reads strips of one gauge; it keeps its buffers and the pattern of the last good reading. */
export class WaterlineReader {
  readonly #template = new Template();
  readonly #score: Float32Array;
  readonly #sums: Float64Array;
  readonly #fit: RowFit = { ncc: 0, gain: 0 };
  readonly #flicker: Float32Array;
  readonly #strip: Strip;
  #dryRows = firstDryRows;

  constructor(strip: Strip) {
    this.#strip = strip;
    this.#score = new Float32Array(strip.rows);
    this.#flicker = new Float32Array(strip.rows);
    this.#sums = new Float64Array(strip.rows + 1);
  }

  /** Reads the strip as it is settled. */
  read(): Waterline {
    const [first, last] = this.#visible();
    if (last - first < firstDryRows) return none("no-pattern");
    if (!this.#fold(first, last)) return none("no-pattern");
    this.#judge(first, last);
    const cut = this.#cut(first, last);
    if (cut.row - first < firstDryRows / 2) return none("above-range");
    if (last - cut.row < edgeRows) return none("below-range");
    if (cut.margin < leastMargin)
      return { levelM: null, confidence: cut.margin / leastMargin / 2, reason: "ambiguous" };
    const confidence = this.#confidence(cut.row, first, last);
    if (confidence < leastConfidence) return { levelM: null, confidence, reason: "low-confidence" };
    if (this.#isObscured(cut.row, last)) return { levelM: null, confidence, reason: "obscured" };
    const row = this.#refine(cut.row, first, last);
    const against = { cut: cut.row, row, first, last, flicker: this.#flicker };
    const reason = objection(this.#strip, this.#template, against);
    if (reason) return { levelM: null, confidence, reason };
    this.#dryRows = Math.max(firstDryRows, cut.row - first - sameRows);
    return { levelM: this.#strip.levelOf(row - 0.5), confidence, reason: null };
  }

  /** The first and the row behind the last that lie in the picture. */
  #visible(): readonly [number, number] {
    const { inPicture, rows } = this.#strip;
    let first = 0;
    while (first < rows && inPicture[first] !== 1) first += 1;
    let last = first;
    while (last < rows && inPicture[last] === 1) last += 1;
    return [first, last];
  }

  /** The pattern of the rows that were dry last time; when the water has risen over them, of the topmost ones. */
  #fold(first: number, last: number): boolean {
    const template = this.#template;
    for (const rows of [Math.min(this.#dryRows, last - first), firstDryRows]) {
      if (!template.fold(this.#strip, first, first + rows) || template.contrast < leastContrast) continue;
      if (this.#fits(first, first + rows)) return true;
    }
    return false;
  }

  /** Whether the rows the pattern was folded from agree with it: two periods of chance do not. */
  #fits(from: number, to: number): boolean {
    let sum = 0;
    for (let row = from; row < to; row += 1) {
      this.#template.compare(this.#strip, row, this.#fit);
      sum += this.#fit.ncc;
    }
    return sum / (to - from) >= dryNcc + 0.1;
  }

  /** How dry each row looks, -2..1. */
  #judge(first: number, last: number): void {
    const { flicker } = this.#strip;
    for (let row = first; row < last; row += 1) {
      let sum = 0;
      for (let column = 0; column < columns; column += 1) sum += Math.log1p(flicker[row * columns + column] ?? 0);
      this.#flicker[row] = sum / columns;
    }
    const dryEnd = first + Math.min(firstDryRows, last - first);
    const usual = this.#flicker.slice(first, dryEnd).sort()[(dryEnd - first) >> 1] ?? 0;
    let usualGain = 0;
    for (let row = first; row < dryEnd; row += 1) {
      this.#template.compare(this.#strip, row, this.#fit);
      usualGain = Math.max(usualGain, this.#fit.gain);
    }
    for (let row = first; row < last; row += 1) {
      this.#template.compare(this.#strip, row, this.#fit);
      const { ncc, gain } = this.#fit;
      let score = clamp((ncc - dryNcc) / nccSpan, -1, 1);
      score -= clamp(((this.#flicker[row] ?? 0) - usual - wetFlicker) / 0.5, 0, 1);
      if (usualGain > 0) score -= clamp((wetGain - gain / usualGain) / 0.3, 0, 1);
      this.#score[row] = clamp(score, -1, 1);
    }
  }

  /** The best place to cut, and by how much it is better than any other place. */
  #cut(first: number, last: number): { readonly row: number; readonly margin: number } {
    this.#sums[first] = 0;
    let best = first;
    for (let row = first; row < last; row += 1) {
      this.#sums[row + 1] = (this.#sums[row] ?? 0) + (this.#score[row] ?? 0);
      if ((this.#sums[row + 1] ?? 0) > (this.#sums[best] ?? 0)) best = row + 1;
    }
    let second = -Infinity;
    let lowest = Infinity;
    let dryBelow = 0;
    for (let row = first; row <= last; row += 1) {
      const sum = this.#sums[row] ?? 0;
      if (Math.abs(row - best) > sameRows) second = Math.max(second, sum);
      if (row < best) continue;
      lowest = Math.min(lowest, sum);
      dryBelow = Math.max(dryBelow, sum - lowest);
    }
    // Dry gauge again further down: what hides it in between is no water.
    if (dryBelow > mostDryBelow) return { row: best, margin: 0 };
    return { row: best, margin: (this.#sums[best] ?? 0) - second };
  }

  /** Whether what begins at the cut is another thing than the water further down: dirt, glare, a plant over the waterline. */
  #isObscured(cut: number, last: number): boolean {
    const from = cut + nearRows;
    const between = from + nearRows * 4;
    if (last - between < waterRows) return false;
    const near = this.#brightness(from, between);
    const far = this.#brightness(between, Math.min(last, between + 4 * waterRows));
    return Math.abs(near.mean - far.mean) > mostDifference * Math.max(leastSpread, far.spread, near.spread);
  }

  #brightness(from: number, to: number): { readonly mean: number; readonly spread: number } {
    const { median } = this.#strip;
    let [sum, squares] = [0, 0];
    for (let row = from; row < to; row += 1) {
      let mean = 0;
      for (let column = 0; column < columns; column += 1) mean += (median[row * columns + column] ?? 0) / columns;
      sum += mean;
      squares += mean * mean;
    }
    const n = to - from;
    return { mean: sum / n, spread: Math.sqrt(Math.max(0, squares / n - (sum / n) ** 2)) };
  }

  /** How sure the rows on both sides are. */
  #confidence(cut: number, first: number, last: number): number {
    const above = this.#mean(Math.max(first, cut - 2 * gaugeRows), cut);
    const below = -this.#mean(cut, Math.min(last, cut + 2 * waterRows));
    return clamp(Math.min(above, below), 0, 1);
  }

  #mean(from: number, to: number): number {
    return to <= from ? 0 : ((this.#sums[to] ?? 0) - (this.#sums[from] ?? 0)) / (to - from);
  }

  /** The row at which the gauge's own colours explain less than the water's: the window of the correlation is too wide for that. */
  #refine(cut: number, first: number, last: number): number {
    const from = Math.max(first, cut - refineRows);
    const to = Math.min(last, cut + refineRows);
    const gauge = this.#gaugeColours(Math.max(first, from - gaugeRows), from);
    const water = this.#waterColours(to, Math.min(last, to + waterRows));
    if (!gauge || !water) return cut;
    let best = cut;
    let cost = 0;
    let least = Infinity;
    // Moving the cut down by a row exchanges the water's error of that row for the gauge's.
    for (let row = from; row <= to; row += 1) {
      if (cost < least) {
        least = cost;
        best = row;
      }
      if (row < to) cost += this.#rowError(row, gauge, water);
    }
    return best;
  }

  /** Error of the gauge's colours less that of the water's; each row weighs as much as any other. */
  #rowError(row: number, gauge: { readonly gain: number; readonly offset: number }, water: Float32Array): number {
    const { median } = this.#strip;
    const phase = phaseOf(this.#strip, row) * columns;
    let [dry, wet] = [0, 0];
    for (let column = 0; column < columns; column += 1) {
      const value = median[row * columns + column] ?? 0;
      const asGauge = value - (gauge.offset + gauge.gain * (this.#template.cells[phase + column] ?? 0));
      const asWater = value - (water[column] ?? 0);
      dry += asGauge * asGauge;
      wet += asWater * asWater;
    }
    return (dry - wet) / (dry + wet + 1);
  }

  #gaugeColours(from: number, to: number): { readonly gain: number; readonly offset: number } | null {
    let [n, sumA, sumB, sumAA, sumAB] = [0, 0, 0, 0, 0];
    for (let row = from; row < to; row += 1) {
      const phase = phaseOf(this.#strip, row) * columns;
      for (let column = 0; column < columns; column += 1) {
        const a = this.#template.cells[phase + column] ?? 0;
        const b = this.#strip.median[row * columns + column] ?? 0;
        n += 1;
        sumA += a;
        sumB += b;
        sumAA += a * a;
        sumAB += a * b;
      }
    }
    const variance = n * sumAA - sumA * sumA;
    if (n === 0 || variance <= 0) return null;
    const gain = (n * sumAB - sumA * sumB) / variance;
    return { gain, offset: (sumB - gain * sumA) / n };
  }

  #waterColours(from: number, to: number): Float32Array | null {
    if (to <= from) return null;
    const means = new Float32Array(columns);
    for (let row = from; row < to; row += 1)
      for (let column = 0; column < columns; column += 1)
        means[column] = (means[column] ?? 0) + (this.#strip.median[row * columns + column] ?? 0) / (to - from);
    return means;
  }
}

function none(reason: NoReading): Waterline {
  return { levelM: null, confidence: 0, reason };
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
