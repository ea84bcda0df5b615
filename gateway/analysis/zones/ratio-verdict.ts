/** What the rule on rods and persons says of a frame. */
import { reasoning, type Verdict } from "./rule.ts";
import type { RuleSettings } from "./settings.ts";
import type { TraceStep, TriggerObject } from "./trigger.ts";

/** What is counted in one frame. */
export interface Heads {
  readonly persons: number;
  /** Those of whom the tracker is sure. */
  readonly sure: number;
  /** Rods in the hands of those who are there. */
  readonly rods: number;
}

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

/** The numbers at once; words and objects only when somebody asks, for most frames nobody does. */
export class RatioVerdict implements Verdict {
  readonly state: Verdict["state"];
  readonly heldMs: number;
  readonly value: number;
  readonly threshold: number;
  readonly #settings: RuleSettings;
  readonly #seen: Seen;

  constructor(settings: RuleSettings, threshold: number, seen: Seen) {
    const { heads, personsMax, run, heldMs } = seen;
    const rods = run?.rodsMedian ?? heads.rods;
    this.state = run ? "holds" : "clear";
    this.heldMs = heldMs;
    this.value = personsMax > 0 ? Math.round((rods / personsMax) * 100) / 100 : 0;
    this.threshold = threshold;
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
    const { path, persistRatio, suspectedSec } = this.#settings;
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
        Math.round(share * 100) / 100,
        `>= ${persistRatio}`,
        `${path}/persistRatio`,
      ),
      step(
        "held",
        this.heldMs >= suspectedSec * 1000,
        Math.round(this.heldMs / 100) / 10,
        `>= ${suspectedSec}`,
        `${path}/suspectedSec`,
      ),
    );
  }
}

function step(name: string, passed: boolean, value: number, limit: string, setting: string): TraceStep {
  return { step: name, passed, value, limit, setting };
}
