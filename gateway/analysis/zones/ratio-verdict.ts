/** What the rule on rods and persons says of a frame. */
import { LazyVerdict } from "./lazy-verdict.ts";
import { reasoning, type Heads, type Verdict } from "./rule.ts";
import type { RuleSettings } from "./settings.ts";
import { shown } from "./shown.ts";
import type { TraceStep, TriggerObject } from "./trigger.ts";

/** Since when, in which share of the frames and with how many rods the ratio has been exceeded. */
export interface Run {
  readonly sinceT: number;
  readonly share: number;
  readonly rodsMedian: number;
}

/** What was seen in one frame and its window. */
interface Seen {
  readonly heads: Heads;
  readonly personsMax: number;
  readonly run: Run | null;
  readonly heldMs: number;
  readonly objects: () => readonly TriggerObject[];
}

/** More rods than persons, or not. */
export class RatioVerdict extends LazyVerdict {
  readonly #settings: RuleSettings;
  readonly #seen: Seen;

  constructor(settings: RuleSettings, threshold: number, seen: Seen) {
    const { heads, personsMax, run, heldMs } = seen;
    const rods = run?.rodsMedian ?? heads.rods;
    const value = personsMax > 0 ? Math.round((rods / personsMax) * 100) / 100 : 0;
    super({ state: run ? "holds" : "clear", heldMs, value, threshold });
    this.#settings = settings;
    this.#seen = seen;
  }

  get measure(): Verdict["measure"] {
    const { heads, personsMax, run } = this.#seen;
    return {
      persons: heads.persons,
      rods: heads.rods,
      personsMaxInWindow: personsMax,
      rodsMedian: run?.rodsMedian ?? heads.rods,
      windowSec: this.#settings.windowSec,
    };
  }

  get objects(): readonly TriggerObject[] {
    return this.#seen.objects();
  }

  get steps(): readonly TraceStep[] {
    const { path, persistRatio } = this.#settings;
    const { heads, personsMax, run } = this.#seen;
    const share = run?.share ?? 0;
    return reasoning(
      step("persons", personsMax > 0, personsMax, ">= 1", `${path}/windowSec`),
      step("rods-in-reach", heads.rods > 0, heads.rods, ">= 1", `${path}/rodReach`),
      step(
        "rods-per-person",
        personsMax > 0 && heads.rods > this.threshold * personsMax,
        this.value,
        `> ${this.threshold}`,
        `${path}/threshold`,
      ),
      step(
        "persist",
        share >= persistRatio,
        shown(share, 2, (one) => one >= persistRatio),
        `>= ${persistRatio}`,
        `${path}/persistRatio`,
      ),
      this.heldStep(this.#settings),
    );
  }
}

function step(name: string, passed: boolean, value: number, limit: string, setting: string): TraceStep {
  return { step: name, passed, value, limit, setting };
}
