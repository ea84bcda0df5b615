/** Frames of a rehearsal become what a reader wants to know: what fired and why, and how near the others came (pure). */
import type { RuleState } from "../../analysis/zones/running-rule.ts";
import type { Trigger } from "../../analysis/zones/trigger.ts";
import type { JudgedFrame } from "../judged-frame.ts";
import { happenings } from "../track-log/difference.ts";
import type { ClipRerunAnswer, RerunHappening, RerunQuiet } from "./clip-rerun.ts";

/** Grows frame by frame. */
export class Outcomes {
  /** The nearest moment of each rule. */
  readonly #nearest = new Map<string, { readonly state: RuleState; readonly atMs: number }>();

  /** Takes in the next frame. */
  take({ rules, nowMs }: JudgedFrame): void {
    for (const state of rules) {
      const key = keyOf(state);
      const known = this.#nearest.get(key);
      if (!known || isNearer(state, known.state)) this.#nearest.set(key, { state, atMs: nowMs });
    }
  }

  /** What came of it, with every trigger of the rehearsal. */
  told(triggers: readonly Trigger[]): Pick<ClipRerunAnswer, "happenings" | "quiet"> {
    const starts = triggers.filter(({ phase }) => phase === "start");
    const all: readonly RerunHappening[] = happenings(triggers).map(
      ({ rule, zone, type, startMs, endMs, certainty, tracks }) => {
        const start = starts.find((one) => one.ruleId === rule && one.eventType === type && one.atMs === startMs);
        return { rule, zone, type, startMs, endMs, certainty, tracks, steps: start?.trace ?? [] };
      },
    );
    const fired = new Set(starts.map(({ ruleId, eventType }) => keyOf({ ruleId, eventType })));
    const quiet: readonly RerunQuiet[] = [...this.#nearest]
      .filter(([key]) => !fired.has(key))
      .map(([, { state, atMs }]) => {
        const { ruleId: rule, zoneId: zone, eventType: type, steps } = state;
        return { rule, zone, type, atMs, steps };
      });
    return { happenings: all, quiet };
  }
}

function keyOf({ ruleId, eventType }: Pick<RuleState, "ruleId" | "eventType">): string {
  return `${ruleId} ${eventType}`;
}

/** More steps passed, or as many and held for longer. */
function isNearer(one: RuleState, other: RuleState): boolean {
  const [mine, theirs] = [one, other].map(({ steps }) => steps.filter(({ passed }) => passed).length);
  if (mine !== theirs) return (mine ?? 0) > (theirs ?? 0);
  if (one.steps.length !== other.steps.length) return one.steps.length > other.steps.length;
  return one.heldSec > other.heldSec;
}
