/** A verdict whose numbers are there at once, its words and objects only when somebody asks: for most frames nobody does. */
import type { Verdict } from "./rule.ts";
import type { RuleSettings } from "./settings.ts";
import { shownSec } from "./shown.ts";
import type { TraceStep } from "./trigger.ts";

/** What every frame is asked for. */
export type VerdictNumbers = Pick<Verdict, "state" | "heldMs" | "value" | "threshold">;

/** What a rule says of one frame. */
export abstract class LazyVerdict implements Verdict {
  readonly state: Verdict["state"];
  readonly heldMs: number;
  readonly value: number;
  readonly threshold: number;

  constructor({ state, heldMs, value, threshold }: VerdictNumbers) {
    this.state = state;
    this.heldMs = heldMs;
    this.value = value;
    this.threshold = threshold;
  }

  abstract get measure(): Verdict["measure"];
  abstract get objects(): Verdict["objects"];
  abstract get steps(): Verdict["steps"];

  protected get heldSec(): number {
    return Math.round(this.heldMs / 100) / 10;
  }

  /** The step that asks whether it has held long enough to be told of. */
  protected heldStep({ path, suspectedSec }: RuleSettings): TraceStep {
    return {
      step: "held",
      passed: this.heldMs >= suspectedSec * 1000,
      value: shownSec(this.heldMs, suspectedSec),
      limit: `>= ${suspectedSec}`,
      setting: `${path}/suspectedSec`,
    };
  }
}
