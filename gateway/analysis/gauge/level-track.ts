/** Readings over time: what jumps faster than water can is not believed until it has been read three times. */

/** Readings remembered. */
const memory = 5;
/** Readings that must agree for a jump to be real. */
const agreeing = 3;
/** Error of a reading that is none of the water's: metres. */
const toleranceM = 0.03;
/** A memory older than this says nothing about now. */
const staleMs = 1_800_000;

interface Reading {
  readonly levelM: number;
  readonly atMs: number;
}

/** The level of one gauge. */
export class LevelTrack {
  readonly #maxRateMPerMin: number;
  #known: Reading[] = [];
  #doubtful: Reading[] = [];

  /** @param maxRateMPerMin the fastest the water rises or falls, metres a minute */
  constructor(maxRateMPerMin: number) {
    this.#maxRateMPerMin = maxRateMPerMin;
  }

  /** Whether there is a level that new readings are held against. */
  get isKnown(): boolean {
    return this.#known.length > 0;
  }

  /** The level to believe after this reading; null while it is in doubt. */
  take(levelM: number, atMs: number): number | null {
    const newest = this.#known.at(-1);
    if (newest && (atMs < newest.atMs || atMs - newest.atMs > staleMs)) this.#known = [];
    const reading = { levelM, atMs };
    if (this.#agrees(this.#known, reading)) {
      this.#doubtful = [];
      return this.#believe(reading);
    }
    this.#doubtful = this.#agrees(this.#doubtful, reading) ? [...this.#doubtful, reading] : [reading];
    // The very first readings are in doubt too: a box that starts must not begin with a wrong level.
    if (this.#doubtful.length < agreeing) return null;
    this.#known = this.#doubtful.slice(0, -1);
    this.#doubtful = [];
    return this.#believe(reading);
  }

  #believe(reading: Reading): number {
    this.#known = [...this.#known, reading].slice(-memory);
    return reading.levelM;
  }

  /** Whether the water can have come from these readings to this one. */
  #agrees(before: readonly Reading[], { levelM, atMs }: Reading): boolean {
    const newest = before.at(-1);
    if (!newest) return false;
    const passedMin = Math.max(0, atMs - newest.atMs) / 60_000;
    return Math.abs(levelM - newest.levelM) <= toleranceM + this.#maxRateMPerMin * passedMin;
  }
}
