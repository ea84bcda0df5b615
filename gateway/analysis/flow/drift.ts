/** From a space-time picture of the water to a speed: which drift lines its rows up, and whether one really does (pure). */

/** Why a stretch of water shows no speed. */
export type NoDrift = "too-few-frames" | "no-texture" | "incoherent" | "waves" | "out-of-range";

/** What one stretch of time says. */
export interface Drift {
  /** Metres a second along the line, negative against it; null: nothing moves together, which is never the same as standing still. */
  readonly speedMps: number | null;
  /** Mean correlation of rows that are shifted by that speed, 0..1. */
  readonly confidence: number;
  readonly reason: NoDrift | null;
}

/** Rows of one line, oldest first. */
export interface SpaceTime {
  /** Luma at even steps along the line, each row as long as the others. */
  readonly rows: readonly Float32Array[];
  /** When each row was taken, ms. */
  readonly times: readonly number[];
  /** Metres between two cells of a row. */
  readonly cellM: number;
  /** Fastest water believed, metres a second. */
  readonly maxMps: number;
}

/** Fewer rows than this say nothing. */
const leastRows = 12;
/** Rows that lie this far apart are compared, ms: before, little has moved; after, ripples have changed their shape. */
const lagMs = { least: 90, most: 850 };
/** Later rows that each row is compared with. */
const partners = 4;
/** Standard deviation of luma along a row, without what stands still, below which there is nothing to follow. */
const leastTexture = 0.6;
/** Mean correlation that a drift must reach, a part of its sizes alone too, and how far it must stand out over any other speed. */
const leastCorrelation = 0.3;
const leastOfPart = 0.08;
const leastLead = 1.35;
/** Down to this share of its height a peak is one peak. */
const peakShare = 0.72;
/** Steps between two coarse speeds around the best one. */
const finer = 6;
/** Brightest and darkest, in standard deviations: a spark of the sun counts no more than a leaf. */
const clip = 2.5;
/** Short and long ripples of water that only drifts differ by less; waves of gravity twice as long are half a metre a second faster. */
const wavesMps = 0.2;
/** Two looks at the same water agree within this share, or this much. */
const agreeShare = 0.2;
const agreeMps = 0.1;

/** The drift of a space-time picture. */
export function driftOf(seen: SpaceTime): Drift {
  const { rows } = seen;
  if (rows.length < leastRows) return nothing("too-few-frames");
  const moving = withoutStill(rows);
  const cells = moving[0]?.length ?? 0;
  const texture = moving.map((row) => band(row, 0, cells >> 3));
  if (rootMeanSquare(texture) < leastTexture) return nothing("no-texture");
  const whole = peakOf(texture.map(even), seen, leastCorrelation);
  if (whole.reason !== null) return whole;
  // What drifts with the water keeps one speed at every size; waves of gravity run faster the longer they are.
  const middle = Math.max(1, cells >> 5);
  const fine = peakOf(
    moving.map((row) => even(band(row, 0, middle))),
    seen,
    leastOfPart,
  );
  const coarse = peakOf(
    moving.map((row) => even(band(row, middle, cells >> 2))),
    seen,
    leastOfPart,
  );
  if (fine.speedMps === null || coarse.speedMps === null) return nothing("incoherent", whole.confidence);
  if (Math.abs(fine.speedMps - coarse.speedMps) > wavesMps) return nothing("waves", whole.confidence);
  return whole;
}

/** Whether two speeds are the same water's. */
export function agree(one: number | null, other: number | null): boolean {
  if (one === null || other === null) return false;
  return Math.abs(one - other) <= Math.max(agreeMps, agreeShare * Math.max(Math.abs(one), Math.abs(other)));
}

function nothing(reason: NoDrift, confidence = 0): Drift {
  return { speedMps: null, confidence, reason };
}

/** The speed at which the rows correlate best. */
function peakOf(rows: readonly Float32Array[], seen: SpaceTime, least: number): Drift {
  const { cellM, maxMps } = seen;
  const step = cellM / (lagMs.most / 1_000);
  const half = Math.ceil((1.15 * maxMps) / step);
  const scores = Array.from({ length: 2 * half + 1 }, (_, i) => scoreOf(rows, seen, (i - half) * step, 2));
  const best = highest(scores);
  const coarse = scores[best] ?? 0;
  // What lies under the same peak is the same speed, told less exactly.
  let [left, right] = [best, best];
  while (left >= 0 && (scores[left] ?? 0) > peakShare * coarse) left -= 1;
  while (right < scores.length && (scores[right] ?? 0) > peakShare * coarse) right += 1;
  const rival = Math.max(0, ...scores.slice(0, left + 1), ...scores.slice(right));
  const fine = Array.from({ length: 2 * finer + 1 }, (_, i) => (best - half + (i - finer) / finer) * step);
  const around = fine.map((speed) => scoreOf(rows, seen, speed, 1));
  const at = highest(around);
  const [peak, speedMps] = [around[at] ?? 0, fine[at] ?? 0];
  if (peak < least || peak < leastLead * rival) return nothing("incoherent", Math.max(0, peak));
  if (Math.abs(speedMps) > maxMps) return nothing("out-of-range", peak);
  return { speedMps, confidence: Math.min(1, peak), reason: null };
}

function highest(scores: readonly number[]): number {
  return scores.reduce((at, score, i) => (score > (scores[at] ?? -Infinity) ? i : at), 0);
}

/** Mean correlation of every `stride`th row with those that follow, shifted as far as `speedMps` has carried the water. */
function scoreOf(rows: readonly Float32Array[], { times, cellM }: SpaceTime, speedMps: number, stride: number): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < rows.length; i += stride) {
    const row = rows[i];
    if (!row) break;
    for (let j = i + 1, met = 0; j < rows.length && met < partners; j += 1) {
      const passedMs = (times[j] ?? 0) - (times[i] ?? 0);
      if (passedMs > lagMs.most) break;
      const later = rows[j];
      if (passedMs < lagMs.least || !later) continue;
      met += 1;
      const shift = (speedMps * passedMs) / 1_000 / cellM;
      if (Math.abs(shift) > row.length / 2) continue;
      sum += correlation(row, later, shift);
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Of rows of even strength; `shift` in cells, between cells too. */
function correlation(row: Float32Array, later: Float32Array, shift: number): number {
  const whole = Math.floor(shift);
  const share = shift - whole;
  const from = Math.max(0, -whole);
  const to = Math.min(row.length, row.length - 1 - whole);
  let [product, own, other] = [0, 0, 0];
  for (let s = from; s < to; s += 1) {
    const a = row[s] ?? 0;
    const b = (later[s + whole] ?? 0) * (1 - share) + (later[s + whole + 1] ?? 0) * share;
    product += a * b;
    own += a * a;
    other += b * b;
  }
  return own > 0 && other > 0 ? product / Math.sqrt(own * other) : 0;
}

/** Rows without their mean over time: stones, reflections of the bank and dirt on the lens do not flow. */
function withoutStill(rows: readonly Float32Array[]): Float32Array[] {
  const cells = rows[0]?.length ?? 0;
  const mean = new Float32Array(cells);
  for (const row of rows) for (let s = 0; s < cells; s += 1) mean[s] = (mean[s] ?? 0) + (row[s] ?? 0) / rows.length;
  return rows.map((row) => row.map((value, s) => value - (mean[s] ?? 0)));
}

/** What lies between two sizes, in cells to either side. */
function band(row: Float32Array, small: number, large: number): Float32Array {
  const [fine, coarse] = [smooth(row, small), smooth(row, large)];
  return fine.map((value, s) => value - (coarse[s] ?? 0));
}

function smooth(row: Float32Array, reach: number): Float32Array {
  const sums = new Float64Array(row.length + 1);
  for (let s = 0; s < row.length; s += 1) sums[s + 1] = (sums[s] ?? 0) + (row[s] ?? 0);
  return row.map((_, s) => {
    const from = Math.max(0, s - reach);
    const to = Math.min(row.length, s + reach + 1);
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  });
}

/** The row with a standard deviation of one and nothing far out. */
function even(row: Float32Array): Float32Array {
  const deviation = rootMeanSquare([row]);
  return deviation === 0 ? row : row.map((value) => Math.max(-clip, Math.min(clip, value / deviation)));
}

function rootMeanSquare(rows: readonly Float32Array[]): number {
  let [sum, count] = [0, 0];
  for (const row of rows) {
    for (const value of row) sum += value * value;
    count += row.length;
  }
  return count === 0 ? 0 : Math.sqrt(sum / count);
}
