/** The newest few hundred durations, for medians on the status page. */

/** A ring of milliseconds. */
export class RecentTimes {
  readonly #ring = new Float64Array(256);
  #count = 0;

  add(ms: number): void {
    this.#ring[this.#count % this.#ring.length] = ms;
    this.#count += 1;
  }

  /** @param share 0.5 is the median. null before the first. */
  quantile(share: number): number | null {
    const known = this.#ring.slice(0, Math.min(this.#count, this.#ring.length)).sort();
    return known[Math.min(known.length - 1, Math.floor(share * known.length))] ?? null;
  }
}
