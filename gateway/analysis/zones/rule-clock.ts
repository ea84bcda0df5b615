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
   * @param times gets the time before the frame `from + i` at `i`, and at it at `i + 1`
   */
  advanceAlong(
    { nowMs: walls, looked }: { readonly nowMs: Float64Array; readonly looked: Uint8Array },
    { mask, sight }: { readonly mask: number; readonly sight: number },
    { from, to, times }: { readonly from: number; readonly to: number; readonly times: Float64Array },
  ): void {
    const graceMs = this.#graceMs;
    let first = from;
    times[0] = this.#t;
    // Fractions and nothing else in the loop below: what may be null would be made anew each time.
    for (; this.#lastMs === null && first < to; first += 1) {
      if (((looked[first] ?? 0) & mask) === sight) this.advance(walls[first] ?? 0);
      times[first - from + 1] = this.#t;
    }
    let [t, beforeT, lastMs, ordinaryMs] = [this.#t, this.#beforeT, this.#lastMs ?? 0, this.#ordinaryMs];
    for (let i = first; i < to; i += 1) {
      if (((looked[i] ?? 0) & mask) === sight) {
        const nowMs = walls[i] ?? 0;
        const passed = nowMs - lastMs;
        const ordinary = passed >= 0 && passed <= graceMs;
        if (ordinary && passed > 0) ordinaryMs += (passed - ordinaryMs) * 0.2;
        beforeT = t;
        t += ordinary ? passed : ordinaryMs;
        lastMs = nowMs;
      }
      times[i - from + 1] = t;
    }
    if (first === to) return;
    this.#t = t;
    this.#beforeT = beforeT;
    this.#lastMs = lastMs;
    this.#ordinaryMs = ordinaryMs;
  }
}
