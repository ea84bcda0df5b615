/** Rules through a stretch of log, told as occurrences: no trigger is made of what nobody reads. */
import type { PhaseChange } from "../../analysis/zones/occurrence.ts";
import type { RuleMaker } from "../../analysis/zones/rule-engine.ts";
import { Happenings, type Happening, type HappeningPhase } from "./difference.ts";
import { runRules } from "./run-rules.ts";
import type { Tell } from "./rule-run.ts";
import type { Stretch } from "./stretch.ts";

/** What `happenings` says of the triggers of each rule. @throws Stopped */
export function runHappenings(
  stretch: Stretch,
  makers: readonly RuleMaker[],
  isStopped: () => boolean = () => false,
): readonly (readonly Happening[])[] {
  const growing = makers.map(() => new Happenings());
  const tellOf = (rule: number): Tell => {
    const own = growing[rule];
    return (_entry, change, { settings, zoneId, ruleId }) =>
      own?.add({ type: settings.type, zone: zoneId, rule: ruleId }, phaseOf(change));
  };
  runRules(stretch, makers, { tellOf, isStopped, hasNoTraces: true });
  return growing.map((one) => one.since());
}

function phaseOf({ phase, occurrenceId, certainty, severity, atMs, onsetMs, verdict }: PhaseChange): HappeningPhase {
  return { phase, occurrenceId, certainty, severity, atMs, onsetMs, objects: verdict?.objects ?? [] };
}
