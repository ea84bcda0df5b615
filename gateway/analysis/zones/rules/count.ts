/** Too many of something in a zone, with hysteresis: counting sways, so it clears only well below the threshold. */
import { LazyVerdict, type VerdictNumbers } from "../lazy-verdict.ts";
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
    this.heeds = { ...heedOf(zone, settings.labels), least: Math.ceil(threshold) };
    const { persistRatio, detectedSec, clearSec } = settings;
    this.#run = new ShareRun({ share: persistRatio, spanMs: (detectedSec + 5) * 1000, gapMs: clearSec * 1000 });
  }

  rests(t: number): boolean {
    return this.#run.rests(t);
  }

  look({ t, beforeT, tracks }: Look): Verdict {
    const { clearBelow } = this.#settings;
    const within = tracks.filter((track) => counts(track, this.#settings) && inside(this.#zone, track.box));
    const n = within.length;
    this.#within = n;
    const over = n >= this.#threshold;
    this.#run.push(t, over, n, beforeT);
    const run = over ? this.#run.longest() : null;
    const between = n > 0 && n >= clearBelow * this.#threshold;
    return new CountVerdict(this.#settings, within, {
      state: over ? "holds" : between ? "between" : "clear",
      heldMs: run ? t - run.sinceT : 0,
      threshold: this.#threshold,
    });
  }

  /** One of how many, and whether so many are enough. */
  why(_track: Track, _look: Look, frame: readonly TraceStep[]): readonly TraceStep[] {
    const setting = `${this.#settings.path}/labels`;
    return [{ step: "counted", passed: true, value: `1 of ${this.#within}`, limit: "in the zone", setting }, ...frame];
  }
}

/** How many are there. */
class CountVerdict extends LazyVerdict {
  readonly #settings: RuleSettings;
  readonly #within: readonly Track[];

  constructor(settings: RuleSettings, within: readonly Track[], numbers: Omit<VerdictNumbers, "value">) {
    super({ ...numbers, value: within.length });
    this.#settings = settings;
    this.#within = within;
  }

  get measure(): Verdict["measure"] {
    return { objects: this.value, heldSec: this.heldSec };
  }

  get objects(): Verdict["objects"] {
    return this.#within.slice(0, 64).map((track) => asObject(track));
  }

  get steps(): readonly TraceStep[] {
    const { state, value, threshold } = this;
    const setting = `${this.#settings.path}/threshold`;
    return reasoning(
      { step: "objects", passed: state === "holds", value, limit: `>= ${threshold}`, setting },
      this.heldStep(this.#settings),
    );
  }
}
