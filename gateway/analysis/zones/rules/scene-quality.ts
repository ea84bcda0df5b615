/** The picture itself is bad: black, blurred, covered. A vote over time, because a bad picture flickers. */
import { reasoning, type Look, type Needs, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { ShareRun } from "../share-run.ts";

const GRACE_SEC = 10;

/** Holds while the measure is at or beyond the threshold in `persistRatio` of the frames; `clearBy` is the way back. */
export class SceneQuality implements Rule {
  readonly needs: Needs;
  readonly #settings: RuleSettings;
  readonly #measure: string;
  readonly #threshold: number;
  readonly #run: ShareRun;

  constructor(settings: RuleSettings, options: { readonly measure: string; readonly threshold: number }) {
    this.#settings = settings;
    this.#measure = options.measure;
    this.#threshold = options.threshold;
    this.needs = { kind: "measure", name: options.measure, graceSec: GRACE_SEC };
    const { persistRatio, detectedSec, clearSec } = settings;
    this.#run = new ShareRun({ share: persistRatio, spanMs: (detectedSec + 5) * 1000, gapMs: clearSec * 1000 });
  }

  look({ t, measures }: Look): Verdict {
    const { path, suspectedSec, clearBy = 0, below = false } = this.#settings;
    const value = measures[this.#measure] ?? 0;
    const bad = below ? value <= this.#threshold : value >= this.#threshold;
    const beyond = below ? this.#threshold - value : value - this.#threshold;
    this.#run.push(t, bad, value);
    const run = bad ? this.#run.longest() : null;
    const heldMs = run ? t - run.sinceT : 0;
    const heldSec = Math.round(heldMs / 100) / 10;
    const shown = Math.round(value * 1000) / 1000;
    return {
      state: bad ? "holds" : beyond >= -clearBy ? "between" : "clear",
      heldMs,
      value: shown,
      threshold: this.#threshold,
      measure: { [this.#measure]: shown, heldSec },
      objects: [],
      steps: reasoning(
        {
          step: this.#measure,
          passed: bad,
          value: shown,
          limit: `${below ? "<=" : ">="} ${this.#threshold}`,
          setting: `${path}/threshold`,
        },
        {
          step: "held",
          passed: bad && heldMs >= suspectedSec * 1000,
          value: heldSec,
          limit: `>= ${suspectedSec}`,
          setting: `${path}/suspectedSec`,
        },
      ),
    };
  }
}
