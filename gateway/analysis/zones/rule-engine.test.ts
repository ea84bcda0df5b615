import { describe, expect, test } from "vitest";
import type { Box } from "../geometry.ts";
import type { RuleEngine } from "./rule-engine.ts";
import { engineFor, marchNoon, oneZone, outline, still, tell, tracksAt } from "./testing/story.ts";
import type { Trigger } from "./trigger.ts";

const spot: Box = { x: 0.4, y: 0.4, width: 0.06, height: 0.2 };
const dwell = { type: "site-intrusion", detectedSec: 10, clearSec: 5, cooldownSec: 20 };
const zones = oneZone([dwell]);
const person = still(1, "person", spot);

/** Frames at five a second from one second to another, by wall time. */
function look(engine: RuleEngine, from: number, to: number, there = true): readonly Trigger[] {
  const told: Trigger[] = [];
  for (let sec = from; sec < to - 1e-9; sec += 0.2) {
    const tracks = there ? tracksAt([person], sec, marchNoon) : [];
    told.push(...engine.step({ tracks, scene: null }, Math.round(marchNoon + sec * 1000)));
  }
  return told;
}
const phases = (told: readonly Trigger[]): readonly string[] => told.map((t) => `${t.phase} ${t.occurrenceId}`);

describe("the life of an occurrence", () => {
  test("one start, one end; the end tells when it cleared", () => {
    const told = tell({ zones, actors: [still(1, "person", spot, 0, 20)], seconds: 60 });
    expect(outline(told)).toEqual(["start detected 10.0", "end detected 44.8"]);
    expect((told[1]?.atMs ?? 0) - marchNoon).toBe(24_800);
    expect(told[1]).toMatchObject({ endReason: "cleared", objects: [{ label: "person" }] });
  });

  test("back within the cool-down: the same occurrence goes on", () => {
    const told = tell({
      zones,
      actors: [still(1, "person", spot, 0, 20), still(2, "person", spot, 30, 50)],
      seconds: 100,
    });
    expect(new Set(told.map((t) => t.occurrenceId))).toEqual(new Set(["occ-1"]));
    expect(told.filter((t) => t.phase !== "update").map((t) => t.phase)).toEqual(["start", "end"]);
    expect(told.at(-1)?.sec).toBeGreaterThan(70);
  });

  test("back after the cool-down: another one", () => {
    const told = tell({
      zones,
      actors: [still(1, "person", spot, 0, 20), still(2, "person", spot, 60, 80)],
      seconds: 120,
    });
    expect(phases(told)).toEqual(["start occ-1", "end occ-1", "start occ-2", "end occ-2"]);
  });

  test("at most one update a minute", () => {
    const told = tell({ zones, actors: [person], seconds: 900 });
    const updates = told.filter((t) => t.phase === "update").map((t) => t.sec);
    expect(updates.length).toBeGreaterThan(3);
    for (const [i, sec] of updates.entries()) expect(sec - (updates[i - 1] ?? 10)).toBeGreaterThanOrEqual(60);
  });

  test("a camera that goes ends what is open, once", () => {
    const engine = engineFor(zones);
    look(engine, 0, 12);
    expect(engine.close(marchNoon + 12_000, "camera-lost")).toMatchObject([
      { phase: "end", endReason: "camera-lost", occurrenceId: "occ-1" },
    ]);
    expect(engine.close(marchNoon + 12_000, "camera-lost")).toEqual([]);
  });

  test("what had cleared before the camera went has cleared", () => {
    const engine = engineFor(zones);
    look(engine, 0, 12);
    look(engine, 12, 20, false);
    const [end] = engine.close(marchNoon + 25_000, "camera-lost");
    expect(end).toMatchObject({ endReason: "cleared" });
    expect((end?.atMs ?? 0) - marchNoon).toBeLessThan(18_000);
  });

  test("escalation is an update and the severity never falls back within an occurrence", () => {
    const busy = oneZone([
      { type: "crowd-gathering", threshold: 2, detectedSec: 5, updateSec: 10, escalate: [{ at: 4, severity: 1 }] },
    ]);
    const crowd = [0, 1, 2, 3].map((i) =>
      still(i + 1, "person", { ...spot, x: 0.1 * i }, i < 2 ? 0 : 20, i < 2 ? Infinity : 40),
    );
    const told = tell({ zones: busy, actors: crowd, seconds: 60 });
    expect(told.map((t) => `${t.phase} ${t.severity}`)).toEqual(["start 2", "update 1", "update 1"]);
  });
});

describe("over a restart and an edit", () => {
  test("the occurrence goes on under its name and ends once", () => {
    const before = engineFor(zones);
    look(before, 0, 12);
    const after = engineFor(zones);
    after.resume(before.open(), marchNoon + 20_000);
    expect(look(after, 20, 40)).toEqual([]);
    expect(phases(look(after, 40, 120, false))).toEqual(["end occ-1"]);
  });

  test("one that does not show itself again ends after the time it would need", () => {
    const before = engineFor(zones);
    look(before, 0, 12);
    const after = engineFor(zones);
    after.resume(before.open(), marchNoon + 20_000);
    expect(look(after, 20, 49, false)).toEqual([]);
    expect(phases(look(after, 49, 130, false))).toEqual(["end occ-1"]);
  });

  test("a rule with other numbers keeps it; a rule that is gone ends it", () => {
    const before = engineFor(zones);
    look(before, 0, 12);
    const edited = engineFor(oneZone([{ ...dwell, detectedSec: 30 }]));
    edited.resume(before.open(), marchNoon + 12_000);
    expect(look(edited, 12, 14)).toEqual([]);
    const gone = engineFor(oneZone([{ type: "no-helmet" }]));
    gone.resume(before.open(), marchNoon + 12_000);
    expect(look(gone, 12, 14)).toMatchObject([
      { phase: "end", endReason: "rule-changed", occurrenceId: "occ-1", eventType: "site-intrusion" },
    ]);
  });
});

describe("what nobody looked at", () => {
  test("ten minutes without a detector neither hold nor clear", () => {
    const engine = engineFor(zones);
    look(engine, 0, 12);
    for (let sec = 12; sec < 612; sec += 1)
      expect(engine.step({ tracks: null, scene: null }, marchNoon + sec * 1000)).toEqual([]);
    expect(engine.open()).toHaveLength(1);
    expect(look(engine, 612, 620).filter((t) => t.phase !== "update")).toEqual([]);
  });

  test("a pause in the middle does not count towards the dwell", () => {
    const engine = engineFor(zones);
    look(engine, 0, 5);
    expect(look(engine, 300, 304)).toEqual([]);
    expect(phases(look(engine, 304, 307))).toEqual(["start occ-1"]);
  });

  test("a motion gate that looks each three seconds counts in full", () => {
    expect(outline(tell({ zones, actors: [person], seconds: 12, fps: 1 / 3 }))).toEqual(["start detected 12.0"]);
  });
});

describe("clock jumps", () => {
  for (const [name, jumpMs] of [
    ["an hour ahead", 3_600_000],
    ["an hour back", -3_600_000],
    ["back to 1970", -marchNoon],
  ] as const) {
    test(`${name}: nothing fires early and what is open stays one`, () => {
      const engine = engineFor(zones);
      const told: Trigger[] = [];
      for (let i = 0; i < 200; i += 1) {
        const jump = i >= 25 ? jumpMs : 0;
        told.push(
          ...engine.step({ tracks: tracksAt([person], i / 5, marchNoon), scene: null }, marchNoon + i * 200 + jump),
        );
        if (i < 48) expect(told).toEqual([]);
      }
      expect(told.filter((t) => t.phase === "start")).toHaveLength(1);
      for (const t of told) expect(t.atMs).toBeGreaterThanOrEqual(t.onsetMs);
    });
  }
});

describe("the calendar", () => {
  test("the closed season begins at midnight: nothing before, the dwell counts from then", () => {
    const season = oneZone([{ type: "fishing-in-closed-season" }]);
    const rod = still(2, "fishing-rod", { x: 0.45, y: 0.4, width: 0.1, height: 0.1 });
    const startMs = Date.parse("2026-02-28T23:59:00+08:00");
    expect(outline(tell({ zones: season, actors: [person, rod], seconds: 130, startMs }))).toEqual([
      "start suspected 80.0",
      "update detected 120.0",
    ]);
  });

  test("its end ends what is open, for that reason", () => {
    const season = oneZone([{ type: "fishing-in-closed-season" }]);
    const rod = still(2, "fishing-rod", { x: 0.45, y: 0.4, width: 0.1, height: 0.1 });
    const told = tell({
      zones: season,
      actors: [person, rod],
      seconds: 130,
      startMs: Date.parse("2026-06-30T23:58:30+08:00"),
    });
    expect(told.at(-1)).toMatchObject({
      phase: "end",
      endReason: "schedule",
      atMs: Date.parse("2026-07-01T00:00:00+08:00"),
    });
  });

  test("a named schedule replaces the catalogue's season", () => {
    const file = {
      ...(oneZone([{ type: "site-intrusion", schedule: "nights" }]) as object),
      schedules: [{ id: "nights", windows: [{ from: "20:00", to: "06:00" }] }],
    };
    expect(tell({ zones: file, actors: [person], seconds: 20 })).toEqual([]);
    expect(
      tell({ zones: file, actors: [person], seconds: 20, startMs: Date.parse("2026-03-14T23:00:00+08:00") }),
    ).toHaveLength(1);
  });
});

test("the region of interest is the zones with room for people, and the picture where there are none", () => {
  const engine = engineFor(
    oneZone(["site-intrusion"], {
      polygon: [
        [0.4, 0.55],
        [0.6, 0.55],
        [0.6, 0.75],
        [0.4, 0.75],
      ],
    }),
  );
  const { x, y, width, height } = engine.regionOfInterest();
  expect([x, y, x + width, y + height].map((n) => Math.round(n * 100) / 100)).toEqual([0.25, 0.2, 0.75, 0.95]);
  expect(engineFor(oneZone([])).regionOfInterest()).toEqual({ x: 0, y: 0, width: 1, height: 1 });
});

test("a type is switched on in two lines, and a site's own type the same way", () => {
  const told = tell({
    zones: oneZone([
      { type: "site-intrusion" },
      { type: "our-own", kind: "presence-dwell", labels: ["person"], detectedSec: 4 },
    ]),
    actors: [person],
    seconds: 5,
  });
  expect(told.map((t) => t.eventType).sort()).toEqual(["our-own", "site-intrusion"]);
});
