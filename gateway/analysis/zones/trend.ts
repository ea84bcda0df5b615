/** How fast a value grows, over the newest minutes of looked-at time. */

const spanMs = 180_000;
const sampleMs = 5_000;

/** Remembers a value every five seconds for three minutes. */
export class Trend {
  #samples: { readonly t: number; readonly value: number }[] = [];

  /** Takes in the value at `t` and returns its growth a minute; 0 before half a minute is known. */
  take(t: number, value: number): number {
    const newest = this.#samples.at(-1);
    if (!newest || t - newest.t >= sampleMs) this.#samples.push({ t, value });
    while (t - (this.#samples[0]?.t ?? t) > spanMs) this.#samples.shift();
    const oldest = this.#samples[0];
    return !oldest || t - oldest.t < 30_000 ? 0 : ((value - oldest.value) * 60_000) / (t - oldest.t);
  }
}
