/** What a number of this camera usually is, hour by hour: noon is compared with noon. */

/** Looks that an hour's memory reaches back at most: about a week at one a second. */
const mostLooks = 25_200;
/** Looks after which an hour speaks for itself; before, all hours together do. */
const leastOfHour = 300;
const leastOfAll = 10;
/** A strange look in an hour that is not known counts for so much of an ordinary one: under street lamps every night is orange. */
const strangeWeight = 0.05;

/** Kept over a restart: mean and looks of the 24 hours. */
export type KeptBaseline = readonly (readonly [mean: number, looks: number])[];

/** Means by hour of the day. */
export class Baseline {
  readonly #means = new Float64Array(24);
  readonly #looks = new Float64Array(24);
  #mean = 0;
  #count = 0;

  /** The usual value at this hour 0..23; null while too little is known. */
  at(hour: number): number | null {
    if ((this.#looks[hour] ?? 0) >= leastOfHour) return this.#means[hour] ?? null;
    return this.#count >= leastOfAll ? this.#mean : null;
  }

  /** Takes in a value that is ordinary, or any as long as nothing is known. */
  learn(hour: number, value: number): void {
    const looks = Math.min(mostLooks, (this.#looks[hour] ?? 0) + 1);
    this.#looks[hour] = looks;
    this.#means[hour] = (this.#means[hour] ?? 0) + (value - (this.#means[hour] ?? 0)) / looks;
    this.#count = Math.min(mostLooks, this.#count + 1);
    this.#mean += (value - this.#mean) / this.#count;
  }

  /** Takes in a value that is out of the ordinary: an hour that never looks otherwise has that as its usual after some 100 minutes. */
  learnStrange(hour: number, value: number): void {
    const looks = this.#looks[hour] ?? 0;
    if (looks >= leastOfHour) return;
    this.#looks[hour] = looks + strangeWeight;
    this.#means[hour] =
      (this.#means[hour] ?? 0) + ((value - (this.#means[hour] ?? 0)) * strangeWeight) / (looks + strangeWeight);
  }

  keep(): KeptBaseline {
    return Array.from(this.#means, (mean, hour) => [Math.round(mean * 1000) / 1000, this.#looks[hour] ?? 0] as const);
  }

  /** Takes over what was kept. */
  restore(kept: KeptBaseline): void {
    let [sum, count] = [0, 0];
    for (const [hour, [mean, looks]] of kept.slice(0, 24).entries()) {
      this.#means[hour] = mean;
      this.#looks[hour] = Math.min(mostLooks, looks);
      sum += mean * looks;
      count += looks;
    }
    this.#mean = count > 0 ? sum / count : 0;
    this.#count = Math.min(mostLooks, count);
  }
}
