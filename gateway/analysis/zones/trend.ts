/** How fast a value grows, over the newest minutes of looked-at time. */

const spanMs = 180_000;
const sampleMs = 5_000;
/** What is there when a rule begins counts only when it has been followed for some seconds: that is no growth, ms. */
const settlingMs = 15_000;

/** Remembers the last value of every five seconds for three minutes. What was not told was nothing. */
export class Trend {
  readonly #samples: { readonly slot: number; value: number }[] = [];

  /** Takes in the value at `t`, ms since the rule began, and returns its growth a minute; 0 in the first half minute. */
  take(t: number, value: number): number {
    const [from, slot] = [Math.floor(Math.max(settlingMs, t - spanMs) / sampleMs), Math.floor(t / sampleMs)];
    const newest = this.#samples.at(-1);
    if (newest?.slot === slot) newest.value = value;
    else this.#samples.push({ slot, value });
    while ((this.#samples[1]?.slot ?? Infinity) <= from) this.#samples.shift();
    const [oldest] = this.#samples;
    const before = oldest && oldest.slot <= from ? oldest.value : 0;
    return t < 30_000 ? 0 : ((value - before) * 60_000) / (t - (from + 1) * sampleMs);
  }

  /** Whether all that is remembered is nothing: as much as is forgotten. */
  get isStill(): boolean {
    return this.#samples.every(({ value }) => value === 0);
  }
}
