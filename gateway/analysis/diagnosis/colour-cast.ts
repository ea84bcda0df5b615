/** How far a camera's colours lie from what is usual at this hour. */
import { Baseline, type KeptBaseline } from "./baseline.ts";
import type { ColourMeasure } from "./colour.ts";
import { PassingTints, type KeptTints } from "./passing-tints.ts";

/** Spread of colour that a cast is divided by at least: a grey wall must not make any tint a cast. */
const leastSpread = 3;

/** What outlives a restart. */
export interface KeptColours {
  readonly a: KeptBaseline;
  readonly b: KeptBaseline;
  readonly tints: KeptTints;
}

/** One camera. Nothing here reads a clock. */
export class ColourCast {
  readonly #a = new Baseline();
  readonly #b = new Baseline();
  readonly #tints = new PassingTints();

  /** Takes in a look, and tells its distance from the usual in spreads of the picture; null while nothing is known. */
  measure(colour: ColourMeasure, hour: number, nowMs: number): number | null {
    const [usualA, usualB] = [this.#a.at(hour), this.#b.at(hour)];
    const usual = usualA === null || usualB === null ? null : { a: usualA, b: usualB };
    const spread = Math.max(leastSpread, colour.spread);
    if (usual !== null && Math.hypot(colour.a - usual.a, colour.b - usual.b) >= spread) {
      this.#a.learnStrange(hour, colour.a);
      this.#b.learnStrange(hour, colour.b);
      this.#tints.takeStrange({ hour, usual, colour }, nowMs);
    } else {
      this.#a.learn(hour, colour.a);
      this.#b.learn(hour, colour.b);
      this.#tints.takeUsual(nowMs);
    }
    return usual && this.#tints.distance(hour, usual, colour) / spread;
  }

  /** A look at which colours cannot be told: the dark, another view. */
  unseen(nowMs: number): void {
    this.#tints.takeUsual(nowMs);
  }

  keep(): KeptColours {
    return { a: this.#a.keep(), b: this.#b.keep(), tints: this.#tints.keep() };
  }

  /** Takes over what was kept; an earlier release kept less. */
  restore({ a, b, tints }: { readonly [K in keyof KeptColours]?: KeptColours[K] | undefined }): void {
    if (a) this.#a.restore(a);
    if (b) this.#b.restore(b);
    if (tints) this.#tints.restore(tints);
  }
}
