import { describe, expect, test } from "vitest";
import type { Trigger } from "../analysis/zones/trigger.ts";
import { judge, type Expected } from "./story-verdict.ts";

const at = (
  seconds: number,
  phase: Trigger["phase"],
  certainty: Trigger["certainty"],
  occurrenceId = "occ-1",
): Trigger =>
  ({
    occurrenceId,
    phase,
    certainty,
    atMs: seconds * 1_000,
    eventType: "fishing-multi-rod",
    zoneId: "shore",
    severity: 3,
  }) as Trigger;
const wanted: Expected = {
  type: "fishing-multi-rod",
  zone: "shore",
  startsAtSec: [17, 30],
  phases: [
    { state: "suspected", atSec: [17, 30] },
    { state: "detected", atSec: [29, 46] },
  ],
};
const told = [at(20, "start", "suspected"), at(32, "update", "detected")];

describe("a story's verdict", () => {
  for (const [name, expected, triggers, verdict] of [
    ["all as told", [wanted], told, { right: 1, missed: 0, falseAlarms: 0, late: 0 }],
    ["nothing expected, nothing fired", [], [], { right: 0, missed: 0, falseAlarms: 0, late: 0 }],
    ["nothing fired", [wanted], [], { right: 0, missed: 1, falseAlarms: 0, late: 0 }],
    [
      "two of a kind: each is as late as itself",
      [wanted, { ...wanted, startsAtSec: [45, 60], phases: [] }],
      [...told, at(50, "start", "suspected", "occ-2")],
      { right: 2, lateness: [expect.any(Number), 5] },
    ],
    ["fired where nothing was expected", [], told, { right: 0, missed: 0, falseAlarms: 1, late: 0 }],
    [
      "a second occurrence of one event is a false one",
      [wanted],
      [...told, at(50, "start", "suspected", "occ-2")],
      { right: 1, missed: 0, falseAlarms: 1, late: 0 },
    ],
    [
      "too late",
      [wanted],
      [at(31, "start", "suspected"), at(45, "update", "detected")],
      { right: 0, missed: 0, falseAlarms: 0, late: 1 },
    ],
    [
      "before it happened",
      [wanted],
      [at(5, "start", "suspected"), at(32, "update", "detected")],
      { right: 0, missed: 0, falseAlarms: 1, late: 0 },
    ],
    ["never sure", [wanted], [at(20, "start", "suspected")], { right: 0, missed: 1, falseAlarms: 0, late: 0 }],
    ["in another zone", [{ ...wanted, zone: "pier" }], told, { right: 0, missed: 1, falseAlarms: 1, late: 0 }],
    ["not grave enough", [{ ...wanted, severity: 2 }], told, { right: 0, missed: 1, falseAlarms: 0, late: 0 }],
  ] as const)
    test(name, () => expect(judge(expected, triggers, 0)).toMatchObject(verdict));
});
