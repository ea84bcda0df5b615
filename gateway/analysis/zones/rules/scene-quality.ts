/** The picture itself is bad: black, blurred, covered. A vote over time, because a bad picture flickers. */
import { LazyVerdict, type VerdictNumbers } from "../lazy-verdict.ts";
import { reasoning, type Look, type Needs, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { ShareRun } from "../share-run.ts";
import { shown } from "../shown.ts";

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
      exact: value,
      value: Math.round(value * 1000) / 1000,
      threshold: this.#threshold,
    });
  }
}

/** How bad the picture is. */
class QualityVerdict extends LazyVerdict {
  readonly objects = nothing;
  readonly #settings: RuleSettings;
  readonly #measure: string;
  readonly #exact: number;

  /** @param exact the value before it is rounded */
  constructor(
    settings: RuleSettings,
    measure: string,
    { exact, ...numbers }: VerdictNumbers & { readonly exact: number },
  ) {
    super(numbers);
    this.#exact = exact;
    this.#settings = settings;
    this.#measure = measure;
  }

  get measure(): Verdict["measure"] {
    return { [this.#measure]: this.value, heldSec: this.heldSec };
  }

  get steps(): Verdict["steps"] {
    const { path, below = false } = this.#settings;
    const { state, threshold } = this;
    const limit = `${below ? "<=" : ">="} ${threshold}`;
    const told = shown(this.#exact, 3, (one) => (below ? one <= threshold : one >= threshold));
    return reasoning(
      { step: this.#measure, passed: state === "holds", value: told, limit, setting: `${path}/threshold` },
      this.heldStep(this.#settings),
    );
  }
}
