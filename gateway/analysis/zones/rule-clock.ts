/** Looked-at time: wall time without its jumps and without what nobody looked at. */

/** A pause up to this long between two looks counts as looked at: a motion gate rests while nothing moves. */
const GRACE_SEC = 10;
/** What a step counts before two ordinary ones were seen. */
const FIRST_STEP_MS = 200;

/**
 * Counts milliseconds from one look to the next. A step back (the clock was set) or a pause beyond the grace (the clock was
 * set, the detector was down) counts as one ordinary step: such time neither holds nor clears anything.
 */
export class RuleClock {
  #t = 0;
  #beforeT = 0;
  #lastMs: number | null = null;
  #ordinaryMs = FIRST_STEP_MS;
  #graceMs: number;

  /** @param graceSec longest pause that counts as looked at; measurements come more rarely than frames. */
  constructor(graceSec: number = GRACE_SEC) {
    this.#graceMs = graceSec * 1000;
  }

  /** Looked-at milliseconds so far. */
  get t(): number {
    return this.#t;
  }

  /** The same at the look before the newest. */
  get beforeT(): number {
    return this.#beforeT;
  }

  /** The same time in a clock of its own. */
  fork(): RuleClock {
    const fork = new RuleClock();
    fork.set(this);
    return fork;
  }

  /** Takes over the time of another clock. */
  set(other: RuleClock): void {
    this.#t = other.#t;
    this.#beforeT = other.#beforeT;
    this.#lastMs = other.#lastMs;
    this.#ordinaryMs = other.#ordinaryMs;
    this.#graceMs = other.#graceMs;
  }

  /** Takes in one look at wall time `nowMs` and returns the looked-at time. */
  advance(nowMs: number): number {
    const passed = this.#lastMs === null ? null : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    this.#beforeT = this.#t;
    if (passed === null) return this.#t;
    const ordinary = passed >= 0 && passed <= this.#graceMs;
    if (ordinary && passed > 0) this.#ordinaryMs += (passed - this.#ordinaryMs) * 0.2;
    this.#t += ordinary ? passed : this.#ordinaryMs;
    return this.#t;
  }

  /**
   * Takes in the looks of frames `from` up to `to`, exclusive: those where `looked & mask` is `sight`. The same as `advance`
   * for each of them; a rehearsal takes in half a million.
   * @returns the number of the last look; `from` when there was none
   */
  advanceAlong(
    { nowMs: times, looked }: { readonly nowMs: Float64Array; readonly looked: Uint8Array },
    { mask, sight }: { readonly mask: number; readonly sight: number },
    from: number,
    to: number,
  ): number {
    const graceMs = this.#graceMs;
    let t = this.#t;
    let beforeT = this.#beforeT;
    let lastMs = this.#lastMs;
    let ordinaryMs = this.#ordinaryMs;
    let last = from;
    for (let i = from; i < to; i += 1) {
      if (((looked[i] ?? 0) & mask) !== sight) continue;
      last = i;
      const nowMs = times[i] ?? 0;
      beforeT = t;
      if (lastMs !== null) {
        const passed = nowMs - lastMs;
        const ordinary = passed >= 0 && passed <= graceMs;
        if (ordinary && passed > 0) ordinaryMs += (passed - ordinaryMs) * 0.2;
        t += ordinary ? passed : ordinaryMs;
      }
      lastMs = nowMs;
    }
    this.#t = t;
    this.#beforeT = beforeT;
    this.#lastMs = lastMs;
    this.#ordinaryMs = ordinaryMs;
    return last;
  }
}
