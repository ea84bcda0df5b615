/** Debris that drifts, came drifting or grows, and a reflection that stands: what a rule on covered water makes of them. */
import { describe, expect, test } from "vitest";
import { zonesSchema } from "../../../config/zones-schema.ts";
import { seeded } from "../../../../native/seeded.ts";
import type { Box } from "../../geometry.ts";
import { Drifts } from "../drifts.ts";
import { RuleEngine } from "../rule-engine.ts";
import type { Suppressed } from "../suppression.ts";
import { engineFor, marchNoon, mover, oneZone, outline, still, tell, tracksAt, type Actor } from "../testing/story.ts";

const lamp: Box = { x: 0.6, y: 0.5, width: 0.12, height: 0.3 };
const bottle: Box = { x: 0.05, y: 0.4, width: 0.15, height: 0.15 };
const asked = (drift: string, more: object = {}): unknown =>
  oneZone([{ type: "floating-debris", suspectedSec: 5, detectedSec: 10, clearSec: 5, cooldownSec: 5, drift, ...more }]);
const starts = (zones: unknown, actors: readonly Actor[], seconds: number, speedMps?: (sec: number) => number | null) =>
  tell({
    zones,
    actors,
    seconds,
    ...(speedMps ? { measures: (sec) => (Math.round(sec * 5) % 50 === 0 ? { surfaceSpeedMps: speedMps(sec) } : {}) } : {}), // prettier-ignore
  }).filter(({ phase }) => phase === "start").length;

/** The lower and the upper half of it flare up in turn. */
const shimmers: Actor = {
  id: 1,
  label: "floating-debris",
  at: (sec) => {
    const half = [lamp, { ...lamp, height: 0.15 }, { ...lamp, y: 0.62, height: 0.18 }];
    return half[Math.floor(sec * 1.3) % 3] ?? null;
  },
};
const drifts = mover(1, "floating-debris", bottle, { x: 0.01, y: 0.001 });
/** Comes down the river and is caught for good. */
const caught = (id: number, from = 0, to = Infinity): Actor => ({
  id,
  label: "floating-debris",
  at: (sec) => (sec >= from && sec < to ? { ...bottle, x: 0.05 + 0.01 * Math.min(40, sec) } : null),
});
const grows = mover(1, "floating-debris", { ...lamp, height: 0.16 }, { x: 0, y: 0 });
const growing: Actor = { ...grows, at: (sec) => ({ ...lamp, width: 0.12 + sec / 5_000, height: 0.16 + sec / 5_000 }) };
/** As the sun's reflection moves in a camera that sees 60°: a quarter of the picture an hour. */
const sun = mover(1, "floating-debris", { ...lamp, x: 0.1, width: 0.08, height: 0.2 }, { x: 0.25 / 3_600, y: 0 });

describe("what does not drift is left out where the rule says that things drift", () => {
  for (const [name, actor, seconds, expected] of [
    ["a lamp's reflection", still(1, "floating-debris", lamp), 600, 0],
    ["one that shimmers", shimmers, 600, 0],
    ["the sun's, which creeps", sun, 3_600, 0],
    ["a bottle that drifts", drifts, 60, 1],
    ["one that drifts towards the camera", mover(1, "floating-debris", bottle, { x: 0, y: 0.01 }), 40, 1],
    ["a mat that came and was caught", caught(1), 600, 1],
    ["a mat that grows where it lies", growing, 900, 1],
  ] as const)
    test(name, () => {
      expect(starts(asked("required"), [actor], seconds)).toBe(expected);
      expect(starts(asked("any"), [actor], seconds)).toBe(1);
      expect(starts(asked("required", { enabled: false }), [actor], seconds)).toBe(0);
    });

  test("twenty reflections that the wind lengthens and shortens, for an hour each", () => {
    const random = seeded(5);
    const normal = (): number => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
    let counted = 0;
    for (let n = 0; n < 20; n += 1) {
      const known = new Drifts({ drift: "required", sameSpot: 0.5, windowMs: 30_000 });
      const lasts = Math.exp(-0.2 / ([1, 5, 20, 60][n % 4] ?? 1)); // Seconds for which a gust lasts.
      const [track] = tracksAt([still(1, "floating-debris", lamp)], 0, marchNoon);
      let [top, bottom] = [0, 0];
      for (let t = 0; t < 3_600_000 && track; t += 200) {
        top = lasts * top + Math.sqrt(1 - lasts * lasts) * 0.2 * normal();
        bottom = lasts * bottom + Math.sqrt(1 - lasts * lasts) * 0.2 * normal();
        const height = Math.max(0.2, 1 + bottom - top) * lamp.height;
        const box = { ...lamp, y: lamp.y + top * lamp.height, width: lamp.width * (1 + 0.1 * normal()), height };
        known.step([{ ...track, box }], { t, measures: {} });
      }
      if (known.of(1).counts) counted += 1;
    }
    expect(counted).toBe(0);
  });

  test("by default everything counts", () => {
    const zones = oneZone([{ type: "floating-debris" }]);
    expect(starts(zones, [still(1, "floating-debris", lamp)], 100)).toBe(1);
  });

  test("what was caught goes on: under another id, over an hour in which nobody sees it, and a night", () => {
    for (const pauseSec of [0.2, 30, 3_600, 9 * 3_600]) {
      const later = { ...caught(2), at: (sec: number) => (sec >= 100 + pauseSec ? caught(2).at(sec) : null) };
      const fps = pauseSec > 30 ? 0.5 : 5;
      const zones = asked("required", { clearSec: 5, cooldownSec: 0 });
      const told = tell({ zones, actors: [caught(1, 0, 100), later], seconds: 160 + pauseSec, fps });
      expect(told.filter(({ phase }) => phase === "start")).toHaveLength(pauseSec > 5 ? 2 : 1);
      expect(told.at(-1)?.phase).not.toBe("end");
    }
  });

  test("a reflection does not become debris where something drifted past", () => {
    const passes = mover(1, "floating-debris", { ...bottle, y: 0.55 }, { x: 0.02, y: 0 }, 0, 40);
    const reflection = still(2, "floating-debris", lamp, 60);
    const told = tell({ zones: asked("required"), actors: [passes, reflection], seconds: 300 });
    expect(outline(told)).toEqual(["start suspected 13.8", "update detected 18.8", "end detected 49.8"]);
  });

  test("how far and how fast is a setting", () => {
    const slow = mover(1, "floating-debris", bottle, { x: 0.001, y: 0 });
    expect(starts(asked("required"), [slow], 200)).toBe(0);
    expect(starts(asked("required", { windowSec: 120 }), [slow], 200)).toBe(1);
    expect(starts(asked("required", { sameSpot: 0.85 }), [slow], 200)).toBe(1);
  });
});

describe("where the current is read, what stands in it is left out; where it is not, nothing is", () => {
  const flowing = asked("flowing");
  const reflection = [still(1, "floating-debris", lamp)];
  for (const [name, speedMps, expected] of [
    ["the water flows", () => 0.6, 0],
    ["no reading", () => null, 1],
    ["slower than ripples creep", () => 0.15, 1],
    ["it flowed for a minute and cannot be read any more", (sec: number) => (sec < 60 ? 0.6 : null), 0],
    ["it flowed before the reflection was there", (sec: number) => (sec < 1 ? 0.6 : null), 1],
  ] as const)
    test(name, () => expect(starts(flowing, reflection, 400, speedMps)).toBe(expected));
  test("no section at all", () => expect(starts(flowing, reflection, 100)).toBe(1));
  test("debris counts in a current, too", () => {
    expect(starts(flowing, [drifts], 60, () => 0.6)).toBe(1);
    expect(starts(flowing, [caught(1)], 400, () => 0.6)).toBe(1);
  });
});

describe("over a restart and an edit", () => {
  const mat = [still(1, "floating-debris", lamp)];
  const look = (engine: RuleEngine, from: number, to: number): string[] => {
    const told: string[] = [];
    for (let i = from * 5; i < to * 5; i += 1)
      for (const { phase } of engine.step({ tracks: tracksAt(mat, i / 5, marchNoon), scene: null }, marchNoon + i * 200)) told.push(phase); // prettier-ignore
    return told;
  };
  test("what an open occurrence was about is there already", () => {
    const before = engineFor(asked("any"));
    expect(look(before, 0, 30)).toContain("start");
    const after = engineFor(asked("required"));
    after.resume(before.open(), marchNoon + 30_000);
    expect(look(after, 30, 400)).not.toContain("end");
    expect(look(engineFor(asked("required")), 30, 400)).toEqual([]);
  });
  test("a rule that begins to ask takes the reflection back at once; another edit of it loses no debris", () => {
    const before = engineFor(asked("any"));
    look(before, 0, 30);
    const asks = engineFor(asked("required"));
    asks.succeed(before, marchNoon + 30_000);
    expect(look(asks, 30, 100)).toEqual(["end"]);
    const resumed = engineFor(asked("required"));
    resumed.resume(before.open(), marchNoon + 30_000);
    look(resumed, 30, 60);
    const edited = engineFor(asked("required", { threshold: 0.009 }));
    edited.succeed(resumed, marchNoon + 60_000);
    expect(look(edited, 60, 400)).not.toContain("end");
  });
});

describe("why not", () => {
  const lastOf = (actors: readonly Actor[], drift: string, seconds: number): string | undefined => {
    const engine = engineFor(asked(drift));
    tell({ zones: null, actors, seconds }, engine);
    const step = engine.why(1)[0]?.steps.findLast(({ step: name }) => name === "drift");
    return step && `${step.passed} ${step.value} ${step.limit} ${step.setting}`;
  };
  const said = "< 0.5 in its place zones/water/rules/floating-debris/drift";
  test("each track by what of it lies in its place", () => {
    expect(lastOf([still(1, "floating-debris", lamp)], "required", 40)).toBe(`false 1 ${said}`);
    expect(lastOf([still(1, "floating-debris", lamp)], "flowing", 40)).toBe(`true not judged ${said}`);
    expect(lastOf([drifts], "required", 40)).toMatch(/^true 0\.\d+ < 0.5/);
    expect(lastOf([drifts], "any", 40)).toBeUndefined();
  });
  test("the rule as a whole by how many drift, where all together would be enough", () => {
    const engine = engineFor(asked("required"));
    tell({ zones: null, actors: [still(1, "floating-debris", lamp)], seconds: 40 }, engine);
    expect(engine.state()[0]?.steps).toEqual([
      { step: "drifting", passed: false, value: "0 of 1", limit: "< 0.5 in its place", setting: "zones/water/rules/floating-debris/drift" }, // prettier-ignore
    ]);
  });
  test("what was left out is kept as seen and not told, once", () => {
    const notes: Suppressed[] = [];
    const engine = new RuleEngine({
      cameraId: "cam",
      zones: zonesSchema.parse(asked("required")),
      timezone: "Asia/Shanghai",
      newId: () => "",
      onSuppressed: (note) => notes.push(note),
    });
    tell({ zones: null, actors: [still(7, "floating-debris", lamp)], seconds: 900 }, engine);
    expect(notes).toMatchObject([
      { reason: "drift", value: "0 of 1", limit: "< 0.5 in its place", tracks: [7], setting: "zones/water/rules/floating-debris/drift" }, // prettier-ignore
    ]);
    tell({ zones: null, actors: [caught(8)], seconds: 300, startMs: marchNoon + 1e6 }, engine);
    expect(notes).toHaveLength(1);
  });
});
