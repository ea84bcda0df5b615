/** A trigger as the rule engine makes it, for tests of what comes after. */
import type { Trigger } from "../../analysis/zones/trigger.ts";

/** An angler's second rod; `changes` replaces fields. */
export function exampleTrigger(changes: Partial<Trigger> = {}): Trigger {
  return {
    cameraId: "pier",
    zoneId: "water",
    zoneKind: "shoreline",
    ruleId: "water/fishing-multi-rod",
    ruleKind: "co-presence-ratio",
    eventType: "fishing-multi-rod",
    occurrenceId: "occ-1",
    phase: "start",
    certainty: "suspected",
    severity: 3,
    atMs: Date.UTC(2026, 2, 14, 6, 25, 39),
    onsetMs: Date.UTC(2026, 2, 14, 6, 25, 31),
    objects: [{ track: 91, label: "person", score: 0.8321, box: { x: 0.41, y: 0.52, width: 0.05, height: 0.21 } }],
    measure: { persons: 1, rods: 2, personsMaxInWindow: 1, windowSec: 30 },
    threshold: 1,
    value: 2,
    holdSec: 8,
    trace: [
      {
        step: "rods-per-person",
        passed: true,
        value: 2,
        limit: "> 1",
        setting: "zones/water/rules/fishing-multi-rod/threshold",
      },
    ],
    ...changes,
  };
}
