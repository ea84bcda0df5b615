/** Repeated faults told once: the first at once, then a count per period, then the recovery. */

/** What a tally wants said. */
export type TallyLine =
  | { readonly kind: "first"; readonly last: string }
  | { readonly kind: "repeated"; readonly count: number; readonly periodMs: number; readonly last: string }
  | { readonly kind: "recovered"; readonly count: number };

/** One kind of fault at one place. Pure: the caller passes the time and writes the line. */
export class Tally {
  #count = 0;
  #sinceMs = 0;
  #unsaid = 0;
  readonly #periodMs: number;

  constructor(periodMs = 10_000) {
    this.#periodMs = periodMs;
  }

  /** Counts a fault; returns a line when one is due. */
  fault(last: string, nowMs: number): TallyLine | null {
    this.#count += 1;
    this.#unsaid += 1;
    if (this.#count === 1) {
      this.#sinceMs = nowMs;
      this.#unsaid = 0;
      return { kind: "first", last };
    }
    if (nowMs - this.#sinceMs < this.#periodMs) return null;
    const line = { kind: "repeated", count: this.#unsaid, periodMs: nowMs - this.#sinceMs, last } as const;
    this.#sinceMs = nowMs;
    this.#unsaid = 0;
    return line;
  }

  /** Notes health; returns a line if there were faults. */
  ok(): TallyLine | null {
    if (this.#count === 0) return null;
    const line = { kind: "recovered", count: this.#count } as const;
    this.#count = 0;
    return line;
  }
}
