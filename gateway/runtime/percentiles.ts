/** Percentiles over the newest few hundred values, without allocation per value. */

/** A ring of `size` numbers; asking sorts a copy, adding is one store. */
export class Percentiles {
  readonly #ring: Float64Array;
  readonly #sorted: Float64Array;
  #count = 0;

  constructor(size = 256) {
    this.#ring = new Float64Array(size);
    this.#sorted = new Float64Array(size);
  }

  add(value: number): void {
    this.#ring[this.#count % this.#ring.length] = value;
    this.#count += 1;
  }

  /** The value below which `share` (0..1) of the newest values lie; null before the first. */
  at(share: number): number | null {
    const filled = Math.min(this.#count, this.#ring.length);
    if (filled === 0) return null;
    const sorted = this.#sorted.subarray(0, filled);
    sorted.set(this.#ring.subarray(0, filled));
    sorted.sort();
    return sorted[Math.min(filled - 1, Math.floor(share * filled))] ?? null;
  }
}
