/** Too many of something in a zone, with hysteresis: counting sways, so it clears only well below the threshold. */
import { asObject, needsTracks, reasoning, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { Track } from "../../tracking/track.ts";
import type { RuleSettings } from "../settings.ts";
import { ShareRun } from "../share-run.ts";
import type { TraceStep } from "../trigger.ts";
import { counts, heedOf, inside, type Zone } from "../zone.ts";

/** Holds while at least `threshold` objects are inside, in at least `persistRatio` of the frames. */
export class Count implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  readonly #threshold: number;
  readonly #run: ShareRun;
  #within = 0;

  constructor(settings: RuleSettings, zone: Zone, threshold: number) {
    this.#settings = settings;
    this.#zone = zone;
    this.#threshold = threshold;
    this.heeds = heedOf(zone, settings.labels);
    const { persistRatio, detectedSec, clearSec } = settings;
    this.#run = new ShareRun({ share: persistRatio, spanMs: (detectedSec + 5) * 1000, gapMs: clearSec * 1000 });
  }

  rests(t: number): boolean {
    return this.#run.rests(t);
  }

  look({ t, beforeT, tracks }: Look): Verdict {
    const { path, clearBelow, suspectedSec } = this.#settings;
    const within = tracks.filter((track) => counts(track, this.#settings) && inside(this.#zone, track.box));
    const n = within.length;
    this.#within = n;
    const over = n >= this.#threshold;
    this.#run.push(t, over, n, beforeT);
    const run = over ? this.#run.longest() : null;
    const heldMs = run ? t - run.sinceT : 0;
    const between = n > 0 && n >= clearBelow * this.#threshold;
    const heldSec = Math.round(heldMs / 100) / 10;
    return {
      state: over ? "holds" : between ? "between" : "clear",
      heldMs,
      value: n,
      threshold: this.#threshold,
      measure: { objects: n, heldSec },
      objects: within.slice(0, 64).map((track) => asObject(track)),
      steps: reasoning(
        { step: "objects", passed: over, value: n, limit: `>= ${this.#threshold}`, setting: `${path}/threshold` },
        {
          step: "held",
          passed: heldMs >= suspectedSec * 1000,
          value: heldSec,
          limit: `>= ${suspectedSec}`,
          setting: `${path}/suspectedSec`,
        },
      ),
    };
  }

  /** One of how many, and whether so many are enough. */
  why(_track: Track, _look: Look, frame: readonly TraceStep[]): readonly TraceStep[] {
    const setting = `${this.#settings.path}/labels`;
    return [{ step: "counted", passed: true, value: `1 of ${this.#within}`, limit: "in the zone", setting }, ...frame];
  }
}
