/** Frames that came against frames that usually come. */

/** Span that is counted over. */
const windowMs = 10_000;
/** Buckets of a second. */
const buckets = 10;

/** One camera's rate. A camera that has never given what it was asked for is judged by what it gave. */
export class FrameRate {
  readonly #rate: number;
  readonly #counts = new Uint32Array(buckets);
  #second = -1;
  #firstMs: number | null = null;
  #usual = 0;

  /** @param rate frames a second that the camera is asked for */
  constructor(rate: number) {
    this.#rate = rate;
  }

  /** Counts a frame. */
  arrived(nowMs: number): void {
    this.#turn(nowMs);
    this.#firstMs ??= nowMs;
    const at = this.#second % buckets;
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
  }

  /** Share of the usual rate in the newest ten full seconds; null before there are any. */
  ratio(nowMs: number): number | null {
    this.#turn(nowMs);
    if (this.#firstMs === null || nowMs - this.#firstMs < windowMs + 1_000) return null;
    const current = this.#counts[this.#second % buckets] ?? 0;
    const perSecond = (this.#counts.reduce((sum, count) => sum + count, 0) - current) / (buckets - 1);
    // Up at once, down over an hour: a night of a bad link is not the usual.
    this.#usual = perSecond > this.#usual ? perSecond : this.#usual + (perSecond - this.#usual) / 3_600;
    const expected = Math.min(this.#rate, this.#usual);
    return expected > 0 ? Math.min(1, perSecond / expected) : 0;
  }

  /** Empties the seconds that have passed; a clock that was set begins anew. */
  #turn(nowMs: number): void {
    const second = Math.floor(nowMs / 1_000);
    const passed = second - this.#second;
    if (passed === 0) return;
    if (this.#second < 0 || passed < 0 || passed >= buckets) {
      this.#counts.fill(0);
      if (passed < 0) this.#firstMs = null;
    } else for (let i = 1; i <= passed; i += 1) this.#counts[(this.#second + i) % buckets] = 0;
    this.#second = second;
  }
}
