/** The clock that some rules share on their way through a log (pure). */
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { RuleClock } from "../../analysis/zones/rule-clock.ts";
import type { Needs } from "../../analysis/zones/rule.ts";
import { sees, trackSights } from "./entry-look.ts";

/** A clock, what makes it tick, and what time it was all along a run of frames. */
export class Ticking {
  readonly needs: Needs;
  readonly clock: RuleClock;
  #from = 0;
  #times = new Float64Array(0);
  /** Of a measure: 1 at a frame that has it. */
  #sights = new Uint8Array(0);

  constructor(needs: Needs, clock = needs.kind === "tracks" ? new RuleClock() : new RuleClock(needs.graceSec)) {
    this.needs = needs;
    this.clock = clock;
  }

  /** Goes through the frames `from` up to `to`, exclusive. */
  through(columns: LogColumns, from: number, to: number): void {
    this.#from = from;
    if (this.#times.length <= to - from) {
      this.#times = new Float64Array(2 * (to - from) + 1);
      this.#sights = new Uint8Array(this.#times.length);
    }
    const [{ clock, needs }, times, sights] = [this, this.#times, this.#sights];
    if (needs.kind === "tracks") {
      clock.advanceAlong(columns, trackSights, { from, to, times });
      return;
    }
    times[0] = clock.t;
    for (let entry = from; entry < to; entry += 1) {
      const isSight = sees(needs, columns, entry);
      if (isSight) clock.advance(columns.nowMs[entry] ?? 0);
      sights[entry - from] = isSight ? 1 : 0;
      times[entry - from + 1] = clock.t;
    }
  }

  /** Whether a frame of the run has the measure. */
  hasMeasure(entry: number): boolean {
    return this.#sights[entry - this.#from] === 1;
  }

  /** The first frame of the run, and the times: before it, then at each frame from there on. */
  get span(): { readonly first: number; readonly times: Float64Array } {
    return { first: this.#from, times: this.#times };
  }

  /** The time at a frame of the run; where nobody looked, that of the look before. */
  at(entry: number): number {
    return this.#times[entry - this.#from + 1] ?? 0;
  }

  /** The time at the look before a frame of the run. */
  before(entry: number): number {
    return this.#times[entry - this.#from] ?? 0;
  }

  /** The first frame of `from..to`, exclusive, at which it was `t` or later; `to` where there is none. */
  firstAt(t: number, from: number, to: number): number {
    let [low, high] = [from, to];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) >= t) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
