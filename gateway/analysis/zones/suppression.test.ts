import { describe, expect, test } from "vitest";
import { zonesSchema } from "../../config/zones-schema.ts";
import { RuleEngine } from "./rule-engine.ts";
import type { Suppressed } from "./suppression.ts";
import { marchNoon, oneZone, still, tracksAt, type Actor } from "./testing/story.ts";

const box = { x: 0.4, y: 0.4, width: 0.06, height: 0.3 };

/** Five looks a second. */
function told(rule: object, actors: readonly Actor[], seconds: number, movedFrom = Infinity): readonly Suppressed[] {
  const notes: Suppressed[] = [];
  let n = 0;
  const engine = new RuleEngine({
    cameraId: "cam",
    zones: zonesSchema.parse(oneZone([{ type: "site-intrusion", kind: "presence-dwell", ...rule }])),
    timezone: "Asia/Shanghai",
    newId: () => `occ-${(n += 1)}`,
    onSuppressed: (note) => notes.push(note),
  });
  for (let i = 0; i < seconds * 5; i += 1) {
    const moved = i / 5 >= movedFrom ? { moved: true } : {};
    engine.step({ tracks: tracksAt(actors, i / 5, marchNoon), scene: null, ...moved }, marchNoon + i * 200);
  }
  return notes;
}

describe("what was seen and became no event is told once, with the setting that decided", () => {
  const quick = { suspectedSec: 5, detectedSec: 5, clearSec: 2, cooldownSec: 30 };
  for (const [name, rule, actors, expected] of [
    [
      "3 s of 5",
      quick,
      [still(1, "person", box, 2, 5.2)],
      { reason: "too-short", limit: ">= 5", setting: "zones/water/rules/site-intrusion/suspectedSec", tracks: [1] },
    ],
    [
      "back within the cool-down",
      quick,
      [still(1, "person", box, 2, 10), still(2, "person", box, 20, 30)],
      { reason: "cool-down", limit: ">= 30", setting: "zones/water/rules/site-intrusion/cooldownSec", tracks: [2] },
    ],
    [
      "out of hours",
      { ...quick, hours: "night" },
      [still(1, "person", box, 2, 30)],
      { reason: "schedule", value: "closed", setting: "zones/water/rules/site-intrusion/hours", tracks: [1] },
    ],
  ] as const)
    test(name, () => {
      const notes = told(rule, actors, 60);
      expect(notes).toHaveLength(1);
      expect(notes[0]).toMatchObject({ ...expected, cameraId: "cam", eventType: "site-intrusion" });
    });

  test("on a view that has moved", () => {
    const notes = told(quick, [still(1, "person", box, 10, 40)], 60, 5);
    expect(notes.map(({ reason, value }) => [reason, value])).toEqual([["view-moved", "elsewhere"]]);
  });

  test("an event, and somebody who only passes, are nothing of the kind", () => {
    expect(told(quick, [still(1, "person", box, 2, 20)], 25)).toEqual([]);
    expect(told(quick, [still(1, "person", box, 2, 2.6)], 25)).toEqual([]);
  });

  test("who comes and goes all day is told at most once a minute", () => {
    const visits = Array.from({ length: 100 }, (_, i) => still(i + 1, "person", box, i * 12, i * 12 + 3.5));
    expect(told(quick, visits, 1_200).length).toBeLessThanOrEqual(20);
  });
});
