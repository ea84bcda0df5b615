/** For how long a condition has held in at least a share of the frames: a vote over time that survives flicker. */

interface Sample {
  readonly t: number;
  frames: number;
  yes: number;
  sum: number;
}

/** Samples kept at most: longer spans share a sample. */
const MAX_SAMPLES = 600;

/** A run of frames of which at least `share` say yes, and no pause in which all say no is longer than `gapMs`. */
export class ShareRun {
  readonly #share: number;
  readonly #spanMs: number;
  readonly #gapMs: number;
  readonly #sampleMs: number;
  #samples: Sample[] = [];
  #lastYesT: number | null = null;

  /** @param spanMs longest run that can be told apart; anything longer counts as this long. */
  constructor(options: { readonly share: number; readonly spanMs: number; readonly gapMs: number }) {
    this.#share = options.share;
    this.#spanMs = options.spanMs;
    this.#gapMs = options.gapMs;
    this.#sampleMs = options.spanMs / MAX_SAMPLES;
  }

  /**
   * Takes in one frame; `weight` is summed up so that a mean over the run can be told.
   * @param beforeT time of the look before, where looks that say no may have been left out
   */
  push(t: number, yes: boolean, weight = 0, beforeT = 0): void {
    if (this.rests(beforeT)) this.#clear();
    if (yes) this.#lastYesT = t;
    if (this.rests(t)) {
      this.#clear();
      return;
    }
    const newest = this.#samples.at(-1);
    if (newest && t - newest.t < this.#sampleMs) {
      newest.frames += 1;
      newest.yes += yes ? 1 : 0;
      newest.sum += weight;
    } else {
      this.#samples.push({ t, frames: 1, yes: yes ? 1 : 0, sum: weight });
    }
    while (this.#samples.length > 1 && t - (this.#samples[1]?.t ?? t) >= this.#spanMs) this.#samples.shift();
  }

  #clear(): void {
    if (this.#samples.length > 0) this.#samples = [];
    this.#lastYesT = null;
  }

  /** Whether nothing is left of the last run: a frame that says no changes nothing and may be left out. */
  rests(t: number): boolean {
    return this.#lastYesT === null || t - this.#lastYesT > this.#gapMs;
  }

  /** When the longest run that reaches to the newest frame began, and its share and mean weight; null when there is none. */
  longest(): { readonly sinceT: number; readonly share: number; readonly mean: number } | null {
    let frames = 0;
    let yes = 0;
    let sum = 0;
    let best: { sinceT: number; share: number; mean: number } | null = null;
    for (let i = this.#samples.length - 1; i >= 0; i -= 1) {
      const sample = this.#samples[i];
      if (!sample) break;
      frames += sample.frames;
      yes += sample.yes;
      sum += sample.sum;
      if (sample.yes > 0 && yes >= this.#share * frames)
        best = { sinceT: sample.t, share: yes / frames, mean: sum / frames };
    }
    return best;
  }
}
