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
    return new CountVerdict(this.#settings, {
      state: over ? "holds" : between ? "between" : "clear",
      heldMs: run ? t - run.sinceT : 0,
      threshold: this.#threshold,
      within,
    });
  }

  /** One of how many, and whether so many are enough. */
  why(_track: Track, _look: Look, frame: readonly TraceStep[]): readonly TraceStep[] {
    const setting = `${this.#settings.path}/labels`;
    return [{ step: "counted", passed: true, value: `1 of ${this.#within}`, limit: "in the zone", setting }, ...frame];
  }
}

/** The numbers at once; words and objects only when somebody asks, for most frames nobody does. */
class CountVerdict implements Verdict {
  readonly state: Verdict["state"];
  readonly heldMs: number;
  readonly value: number;
  readonly threshold: number;
  readonly #settings: RuleSettings;
  readonly #within: readonly Track[];

  constructor(
    settings: RuleSettings,
    seen: Pick<Verdict, "state" | "heldMs" | "threshold"> & { readonly within: readonly Track[] },
  ) {
    this.state = seen.state;
    this.heldMs = seen.heldMs;
    this.value = seen.within.length;
    this.threshold = seen.threshold;
    this.#settings = settings;
    this.#within = seen.within;
  }

  get #heldSec(): number {
    return Math.round(this.heldMs / 100) / 10;
  }

  get measure(): Verdict["measure"] {
    return { objects: this.value, heldSec: this.#heldSec };
  }

  get objects(): Verdict["objects"] {
    return this.#within.slice(0, 64).map((track) => asObject(track));
  }

  get steps(): readonly TraceStep[] {
    const { path, suspectedSec } = this.#settings;
    const { state, value, threshold, heldMs } = this;
    return reasoning(
      {
        step: "objects",
        passed: state === "holds",
        value,
        limit: `>= ${threshold}`,
        setting: `${path}/threshold`,
      },
      {
        step: "held",
        passed: heldMs >= suspectedSec * 1000,
        value: this.#heldSec,
        limit: `>= ${suspectedSec}`,
        setting: `${path}/suspectedSec`,
      },
    );
  }
}
