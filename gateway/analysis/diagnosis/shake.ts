/** How far the whole picture jumps from one look to the next. */
import { lineSums } from "../../../native/index.ts";
import type { GreyPicture } from "../detection/scene.ts";

/** Grey pixels that are searched to each side. */
const reach = 8;
/** A shift must explain so much of the difference, or it is something in the scene that moves. */
const explained = 0.5;
/** Differences below this are noise: grey levels, mean over a profile. */
const leastDifference = 0.4;
/** Looks over which the mean is taken. */
const looks = 50;

/** Profiles of the newest picture, and the mean of the newest shifts. */
export class Shake {
  #across = new Float32Array(0);
  #down = new Float32Array(0);
  #nextAcross = new Float32Array(0);
  #nextDown = new Float32Array(0);
  #columns = new Uint32Array(0);
  #rows = new Uint32Array(0);
  readonly #shifts = new Float32Array(looks);
  #count = 0;

  /** Takes in a picture; called for each. */
  look({ pixels, widthPx, heightPx }: GreyPicture): void {
    if (this.#across.length !== widthPx || this.#down.length !== heightPx) this.#begin(widthPx, heightPx);
    else this.#swap();
    lineSums(pixels, widthPx, heightPx, this.#columns, this.#rows);
    profile(this.#columns, heightPx, this.#across);
    profile(this.#rows, widthPx, this.#down);
    if (this.#count === 0) {
      this.#count = 1;
      return;
    }
    const x = shiftOf(this.#across, this.#nextAcross);
    const y = shiftOf(this.#down, this.#nextDown);
    this.#shifts[(this.#count - 1) % looks] = Math.hypot(x, y);
    this.#count += 1;
  }

  /** Mean shift of the newest looks in grey pixels; null before there are ten. */
  get meanPx(): number | null {
    const count = Math.min(looks, this.#count - 1);
    if (count < 10) return null;
    let sum = 0;
    for (let i = 0; i < count; i += 1) sum += this.#shifts[i] ?? 0;
    return sum / count;
  }

  #begin(widthPx: number, heightPx: number): void {
    this.#across = new Float32Array(widthPx);
    this.#down = new Float32Array(heightPx);
    this.#nextAcross = new Float32Array(widthPx);
    this.#nextDown = new Float32Array(heightPx);
    this.#columns = new Uint32Array(widthPx);
    this.#rows = new Uint32Array(heightPx);
    this.#count = 0;
  }

  /** What was newest becomes the one before; its buffers are written over. */
  #swap(): void {
    [this.#across, this.#nextAcross] = [this.#nextAcross, this.#across];
    [this.#down, this.#nextDown] = [this.#nextDown, this.#down];
  }
}

/** The mean of each line of `length` pixels, less the mean of all: light that changes is no shake. */
function profile(sums: Uint32Array, length: number, into: Float32Array): void {
  let all = 0;
  for (const sum of sums) all += sum;
  const mean = all / (sums.length * length);
  for (let i = 0; i < sums.length; i += 1) into[i] = (sums[i] ?? 0) / length - mean;
}

/** How far `now` lies beside `before`, with a fraction; 0 when no shift explains the difference. */
export function shiftOf(now: Float32Array, before: Float32Array): number {
  const still = differenceAt(now, before, 0);
  if (still < leastDifference * leastDifference) return 0;
  let best = still;
  let at = 0;
  for (let shift = -reach; shift <= reach; shift += 1) {
    const difference = differenceAt(now, before, shift);
    if (difference >= best) continue;
    best = difference;
    at = shift;
  }
  if (at === 0 || best > (1 - explained) * still) return 0;
  if (Math.abs(at) === reach) return at;
  // The bottom of the parabola through the three smallest.
  const left = differenceAt(now, before, at - 1);
  const right = differenceAt(now, before, at + 1);
  const bend = left + right - 2 * best;
  return bend <= 0 ? at : at + (left - right) / (2 * bend);
}

/** Mean squared difference where both have something. */
function differenceAt(now: Float32Array, before: Float32Array, shift: number): number {
  let sum = 0;
  let count = 0;
  for (let i = Math.max(0, shift); i < Math.min(now.length, now.length + shift); i += 1) {
    const difference = (now[i] ?? 0) - (before[i - shift] ?? 0);
    sum += difference * difference;
    count += 1;
  }
  return count === 0 ? Infinity : sum / count;
}
