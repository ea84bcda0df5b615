/** How far this box's clock is from the platform's, from the four times of a beat and its answer (RFC 5905, 8); pure. */
import type { Header } from "./messages.ts";

/** One judgement of the clock. `errorMs`: half the way there and back, the most that it can be wrong. */
export interface ClockSample {
  readonly offsetMs: number;
  readonly errorMs: number;
  /** This box's wall time at which it was made. */
  readonly atMs: number;
}

/** Answers of the last quarter of an hour at a beat of 30 s: the quickest way there and back says most. */
const kept = 30;

/** Keeps the best of the newest samples. */
export class ClockOffset {
  #samples: readonly ClockSample[] = [];

  /** An answer to a beat; one without the platform's times, or with impossible ones, says nothing. */
  answered({ t0, t1, t2 }: Header<"BEAT">, t3: number): void {
    if (t1 === undefined || t2 === undefined || ![t0, t1, t2].every(Number.isFinite)) return;
    const wayMs = t3 - t0 - (t2 - t1);
    if (t3 < t0 || wayMs < 0) return; // The clock was set meanwhile.
    const sample = { offsetMs: (t1 - t0 + (t2 - t3)) / 2, errorMs: wayMs / 2, atMs: t3 };
    // A clock that was set makes older samples worthless: they contradict the new one by more than both can be wrong.
    const agree = this.#samples.filter(
      (s) => Math.abs(s.offsetMs - sample.offsetMs) <= s.errorMs + sample.errorMs + 50,
    );
    this.#samples = [...agree, sample].slice(-kept);
  }

  /** The best sample; null while nobody has answered. */
  get best(): ClockSample | null {
    return this.#samples.reduce<ClockSample | null>(
      (best, sample) => (best === null || sample.errorMs <= best.errorMs ? sample : best),
      null,
    );
  }
}
