/** The picture itself is bad: black, blurred, covered. A vote over time, because a bad picture flickers. */
import { reasoning, type Look, type Needs, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { ShareRun } from "../share-run.ts";

const GRACE_SEC = 10;
const nothing: readonly never[] = [];

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
    const { clearBy = 0, below = false } = this.#settings;
    const value = measures[this.#measure] ?? 0;
    const bad = below ? value <= this.#threshold : value >= this.#threshold;
    const beyond = below ? this.#threshold - value : value - this.#threshold;
    this.#run.push(t, bad, value);
    const run = bad ? this.#run.longest() : null;
    return new QualityVerdict(this.#settings, this.#measure, {
      state: bad ? "holds" : beyond >= -clearBy ? "between" : "clear",
      heldMs: run ? t - run.sinceT : 0,
      value: Math.round(value * 1000) / 1000,
      threshold: this.#threshold,
    });
  }
}

/** The numbers at once, words only when somebody asks. */
class QualityVerdict implements Verdict {
  readonly state: Verdict["state"];
  readonly heldMs: number;
  readonly value: number;
  readonly threshold: number;
  readonly objects: Verdict["objects"] = nothing;
  readonly #settings: RuleSettings;
  readonly #measure: string;

  constructor(
    settings: RuleSettings,
    measure: string,
    seen: Pick<Verdict, "state" | "heldMs" | "value" | "threshold">,
  ) {
    this.state = seen.state;
    this.heldMs = seen.heldMs;
    this.value = seen.value;
    this.threshold = seen.threshold;
    this.#settings = settings;
    this.#measure = measure;
  }

  get #heldSec(): number {
    return Math.round(this.heldMs / 100) / 10;
  }

  get measure(): Verdict["measure"] {
    return { [this.#measure]: this.value, heldSec: this.#heldSec };
  }

  get steps(): Verdict["steps"] {
    const { path, suspectedSec, below = false } = this.#settings;
    const bad = this.state === "holds";
    return reasoning(
      {
        step: this.#measure,
        passed: bad,
        value: this.value,
        limit: `${below ? "<=" : ">="} ${this.threshold}`,
        setting: `${path}/threshold`,
      },
      {
        step: "held",
        passed: bad && this.heldMs >= suspectedSec * 1000,
        value: this.#heldSec,
        limit: `>= ${suspectedSec}`,
        setting: `${path}/suspectedSec`,
      },
    );
  }
}
