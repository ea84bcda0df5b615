/** One frame of a rehearsal as its rules judged it: what they saw, where each of them stands, what fired. */
import type { RuleState } from "../analysis/zones/running-rule.ts";
import type { RuleEngine } from "../analysis/zones/rule-engine.ts";
import type { Observation } from "../analysis/zones/rule.ts";
import type { Trigger } from "../analysis/zones/trigger.ts";

/** Plain data. */
export interface JudgedFrame {
  /** Wall time that the frame stands for, ms. */
  readonly nowMs: number;
  /** null: nobody looked for objects in this frame. */
  readonly tracks: Observation["tracks"];
  readonly rules: readonly RuleState[];
  readonly fired: readonly Trigger[];
}

/** The engine as a step of the path that tells `onJudged` of every frame. */
export function telling(
  engine: RuleEngine,
  onJudged: ((frame: JudgedFrame) => void) | undefined,
): Pick<RuleEngine, "step" | "close" | "regionOfInterest"> {
  return {
    step: (seen, nowMs) => {
      const fired = engine.step(seen, nowMs);
      onJudged?.({ nowMs, tracks: seen.tracks, rules: engine.state(), fired });
      return fired;
    },
    close: (nowMs, reason) => engine.close(nowMs, reason),
    regionOfInterest: () => engine.regionOfInterest(),
  };
}
