import { describe, expect, test } from "vitest";
import type { Box } from "../../geometry.ts";
import { engineFor, marchNoon, mover, oneZone, outline, still, tell, tracksAt, type Actor } from "../testing/story.ts";

const left = {
  polygon: [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ],
};
const person: Box = { x: 0.1, y: 0.4, width: 0.06, height: 0.2 };
const away = (from: number, to: number, actor: Actor): Actor => ({
  ...actor,
  at: (sec) => (sec >= from && sec < to ? null : actor.at(sec)),
});
const starts = (told: readonly { readonly phase: string; readonly sec: number }[]): number[] =>
  told.filter((t) => t.phase === "start").map((t) => t.sec);

describe("presence-dwell", () => {
  const zones = oneZone([{ type: "site-intrusion", detectedSec: 10 }], left);
  for (const [name, actors, expected] of [
    ["stays", [still(1, "person", person)], [10]],
    ["passes through", [mover(1, "person", { ...person, x: 0.3 }, { x: 0.05, y: 0 })], []],
    ["stands outside", [still(1, "person", { ...person, x: 0.7 })], []],
    ["is hidden for three seconds", [away(4, 7, still(1, "person", person))], [10]],
    ["is away for seven seconds: begins anew", [away(4, 11, still(1, "person", person))], [21]],
    ["gets a new id on the spot", [still(1, "person", person, 0, 5), still(2, "person", person, 6)], [10]],
    [
      "two passers-by one after the other do not make one who stays",
      [still(1, "person", person, 0, 6), still(2, "person", { ...person, x: 0.4 }, 6, 14)],
      [],
    ],
  ] as const) {
    test(name, () => expect(starts(tell({ zones, actors, seconds: 25 }))).toEqual(expected));
  }

  test("company: an angler is a person with a rod", () => {
    const rod = still(2, "fishing-rod", { x: 0.15, y: 0.4, width: 0.1, height: 0.1 });
    const fishing = oneZone([{ type: "fishing-in-no-fishing-zone" }], left);
    const told = tell({ zones: fishing, actors: [still(1, "person", person), rod], seconds: 65 });
    expect(outline(told)).toEqual(["start suspected 20.0", "update detected 60.0"]);
    expect(told[0]?.objects.map((o) => o.label)).toEqual(["person", "fishing-rod"]);
    expect(tell({ zones: fishing, actors: [still(1, "person", person)], seconds: 65 })).toEqual([]);
  });

  test("the zone is the water: who stands on its bank fishes in it, by the rod that reaches in", () => {
    const water = { polygon: [[0, 0.1], [0.5, 0.1], [0.5, 0.5], [0, 0.5]] }; // prettier-ignore
    const drawn = oneZone([{ type: "fishing-in-no-fishing-zone" }, { type: "angler-loitering" }], water);
    const rod = still(2, "fishing-rod", { x: 0.15, y: 0.3, width: 0.1, height: 0.2 });
    const engine = engineFor(drawn);
    const told = tell({ zones: drawn, actors: [still(1, "person", person), rod], seconds: 65 }, engine);
    expect(outline(told)).toEqual(["start suspected 20.0", "update detected 60.0"]);
    const [fishing, loitering] = engine.why(1).map(({ steps }) => steps);
    expect(fishing?.find(({ step }) => step === "reaches-in")).toMatchObject({ passed: true, value: "fishing-rod 2" });
    expect(loitering?.at(-1)).toMatchObject({ step: "zone", passed: false });
    const walker = { ...person, y: 0.75 };
    expect(tell({ zones: drawn, actors: [still(1, "person", walker), rod], seconds: 65 })).toEqual([]);
  });

  test("why not: the reasoning stops where it failed", () => {
    const engine = engineFor(zones);
    tell({ zones, actors: [still(1, "person", person)], seconds: 3 }, engine);
    expect(engine.state()[0]?.steps.map((s) => `${s.step} ${s.value} ${s.limit} ${s.setting}`)).toEqual([
      "objects 1 >= 1 zones/water/rules/site-intrusion/minObjects",
      "stayed 3 >= 10 zones/water/rules/site-intrusion/suspectedSec",
    ]);
  });
});

describe("count", () => {
  const zones = oneZone([{ type: "crowd-gathering", threshold: 5, detectedSec: 10, clearSec: 5, cooldownSec: 5 }]);
  const crowd = (n: number, from = 0, to = Infinity): readonly Actor[] =>
    Array.from({ length: n }, (_, i) => still(i + 1, "person", { ...person, x: 0.1 * i }, from, to));
  test("five for ten seconds", () => expect(starts(tell({ zones, actors: crowd(5), seconds: 20 }))).toEqual([10]));
  test("four never", () => expect(starts(tell({ zones, actors: crowd(4), seconds: 20 }))).toEqual([]));
  test("swaying between three and five keeps it open (hysteresis); below three it clears", () => {
    const told = tell({
      zones,
      actors: [...crowd(3, 0, 60), ...crowd(5, 0, 20).slice(3), ...crowd(5, 40, 45).slice(3)],
      seconds: 90,
    });
    expect(told.map((t) => t.phase)).toEqual(["start", "end"]);
    expect(told[1]?.sec).toBeGreaterThanOrEqual(69.8);
  });
  test("what has cleared ends after its cool-down, whether nobody is left or some come back", () => {
    const told = tell({ zones, actors: [...crowd(5, 0, 20), ...crowd(4, 28, 200)], seconds: 60 });
    expect(told.map(({ phase, sec }) => [phase, Math.round(sec)])).toEqual([
      ["start", 10],
      ["end", 30],
    ]);
  });
});

describe("area-ratio", () => {
  const zones = oneZone(
    [{ type: "floating-debris", suspectedSec: 5, detectedSec: 10, clearSec: 5, cooldownSec: 5, minTrackSec: 0 }],
    left,
  );
  const patch = (width: number, x = 0.1): Actor => ({
    ...still(1, "floating-debris", { x, y: 0.2, width, height: 0.1 }),
  });
  test("coverage is the boxes inside the water, times the share that is debris", () => {
    const [start] = tell({ zones, actors: [patch(0.2)], seconds: 10 });
    // 0.2 * 0.1 * 0.65 of half the picture.
    expect(start?.value).toBeCloseTo(0.026, 6);
  });
  test("only the part over the water counts", () => {
    expect(tell({ zones, actors: [patch(0.2, 0.4)], seconds: 10 })[0]?.value).toBeCloseTo(0.013, 6);
  });
  test("two boxes in one place count once", () => {
    expect(tell({ zones, actors: [patch(0.2), { ...patch(0.2), id: 2 }], seconds: 10 })[0]?.value).toBeCloseTo(
      0.026,
      6,
    );
  });
  test("five small pieces are enough", () => {
    const pieces = Array.from({ length: 5 }, (_, i) =>
      still(i + 1, "bottle", { x: 0.05 * i, y: 0.2, width: 0.01, height: 0.01 }),
    );
    const [start] = tell({ zones, actors: pieces, seconds: 10 });
    expect(start?.trace[0]).toMatchObject({ step: "objects", value: 5, limit: ">= 5" });
  });
  test("one large piece is enough, and the trace says that it was", () => {
    const settings = { type: "floating-debris", threshold: 0.05, largest: 0.02, detectedSec: 5, minTrackSec: 0 };
    const [start] = tell({ zones: oneZone([settings], left), actors: [patch(0.2)], seconds: 10 });
    expect(start?.trace[0]).toEqual({
      step: "largest",
      passed: true,
      value: 0.026,
      limit: ">= 0.02",
      setting: "zones/water/rules/floating-debris/largest",
    });
  });
  test("it clears below sixty per cent of the threshold, not just below it", () => {
    const shrinking: Actor = {
      ...patch(0.2),
      at: (sec) => ({ x: 0.1, y: 0.2, width: sec < 20 ? 0.2 : sec < 60 ? 0.055 : 0.04, height: 0.1 }),
    };
    const told = tell({ zones, actors: [shrinking], seconds: 80 });
    expect(told.map((t) => t.phase)).toEqual(["start", "update", "end"]);
    expect(told[2]?.sec).toBeCloseTo(69.8, 1);
  });
  test("foam that shows for a moment and is then only remembered is not debris; what drifts on is", () => {
    const rules = [{ type: "floating-debris", suspectedSec: 5, detectedSec: 10, minTrackSec: 6 }];
    const engine = engineFor(oneZone(rules, left));
    const again = engineFor(oneZone(rules, left));
    const [patchTrack] = tracksAt([patch(0.2)], 0, marchNoon);
    let [foam, debris] = [0, 0];
    for (let sec = 0; sec < 60; sec += 0.5) {
      const nowMs = marchNoon + sec * 1000;
      // Each shows for two seconds and is remembered for three more.
      const flickers = [0, 1, 2, 3, 4].flatMap((ago) => {
        const bornMs = Math.floor(nowMs / 1000) * 1000 - ago * 1000;
        const lastSeenMs = Math.min(nowMs, bornMs + 2000);
        return patchTrack ? [{ ...patchTrack, id: bornMs, firstSeenMs: bornMs, lastSeenMs }] : [];
      });
      foam += engine.step({ tracks: flickers, scene: null }, nowMs).length;
      debris += again.step({ tracks: tracksAt([patch(0.2)], sec, marchNoon), scene: null }, nowMs).length;
    }
    expect(foam).toBe(0);
    expect(debris).toBeGreaterThan(0);
  });
  test("with a person near and far, a far piece is as large as it is on the ground", () => {
    const far = { ...patch(0.2), at: () => ({ x: 0.1, y: 0.2, width: 0.2, height: 0.1 }) };
    const near = { ...patch(0.2), at: () => ({ x: 0.1, y: 0.8, width: 0.2, height: 0.1 }) };
    const persons = [
      { y: 0.3, height: 0.1 },
      { y: 0.9, height: 0.4 },
    ];
    const rule = { type: "floating-debris", suspectedSec: 5, detectedSec: 10, minTrackSec: 0, threshold: 0.012 };
    const polygon = [
      [0, 0.15],
      [0.5, 0.15],
      [0.5, 1],
      [0, 1],
    ];
    const seen = oneZone([rule], { polygon, persons });
    const value = (actor: Actor): number => tell({ zones: seen, actors: [actor], seconds: 40 })[0]?.value ?? 0;
    expect(value(far)).toBeGreaterThan(0.026 * 1.5);
    expect(value(near)).toBe(0);
  });
  test("growth is told", () => {
    const grows: Actor = { ...patch(0.2), at: (sec) => ({ x: 0, y: 0.2, width: 0.1 + sec / 300, height: 0.1 }) };
    const told = tell({ zones, actors: [grows], seconds: 90 });
    expect(told.at(-1)?.measure["growthPerMin"]).toBeCloseTo(0.026, 3);
  });
  test("glint that flickers is not debris", () => {
    const glint: Actor = {
      ...patch(0.2),
      at: (sec) => (Math.round(sec * 5) % 2 === 0 ? { x: 0.1, y: 0.2, width: 0.2, height: 0.1 } : null),
    };
    expect(tell({ zones, actors: [glint], seconds: 40 })).toEqual([]);
  });
});

describe("enter and exit", () => {
  const walksIn = mover(1, "person", { ...person, x: 0.8 }, { x: -0.1, y: 0 });
  const walksOut = mover(1, "person", person, { x: 0.1, y: 0 });
  for (const [name, kind, actor, expected] of [
    ["walks in", "enter", walksIn, 1],
    ["walks in, exit rule", "exit", walksIn, 0],
    ["walks out", "exit", walksOut, 1],
    ["walks out, enter rule", "enter", walksOut, 0],
    ["born inside never entered", "enter", still(1, "person", person), 0],
    ["vanishing inside is no exit", "exit", still(1, "person", person, 0, 4), 0],
  ] as const) {
    test(name, () => {
      const told = tell({ zones: oneZone([{ type: "own-type", kind }], left), actors: [actor], seconds: 8 });
      expect(starts(told)).toHaveLength(expected);
    });
  }
});

describe("absence", () => {
  const zones = oneZone([{ type: "post-absence", detectedSec: 20, clearSec: 2, cooldownSec: 0 }]);
  test("nobody for twenty seconds, until somebody is back", () => {
    const told = tell({
      zones,
      actors: [still(1, "person", person, 0, 5), still(2, "person", person, 40)],
      seconds: 60,
    });
    expect(outline(told)).toEqual(["start detected 25.0", "end detected 42.0"]);
  });
  test("one false detection does not restart the wait", () => {
    expect(starts(tell({ zones, actors: [still(1, "person", person, 10, 10.1)], seconds: 30 }))).toEqual([20]);
  });
  test("nobody looked is not nobody there", () => {
    const engine = engineFor(zones);
    for (let sec = 0; sec < 120; sec += 1)
      expect(engine.step({ tracks: null, scene: null }, 1_000_000 + sec * 1000)).toEqual([]);
  });
});

describe("left and removed objects", () => {
  const bag = { x: 0.3, y: 0.6, width: 0.05, height: 0.08 };
  const leftZones = oneZone([{ type: "object-left", suspectedSec: 20, detectedSec: 20 }]);
  const removedZones = oneZone([{ type: "own-theft", kind: "removed-object", labels: ["statue"], detectedSec: 10 }]);
  for (const [name, zones, actors, expected] of [
    ["left alone", leftZones, [still(1, "backpack", bag)], [20]],
    [
      "its owner waits beside it",
      leftZones,
      [still(1, "backpack", bag), still(2, "person", { ...person, x: 0.34, y: 0.5 })],
      [],
    ],
    [
      "somebody passes by for three seconds",
      leftZones,
      [still(1, "backpack", bag), still(2, "person", { ...person, x: 0.34, y: 0.5 }, 8, 11)],
      [20],
    ],
    ["carried along", leftZones, [mover(1, "backpack", bag, { x: 0.01, y: 0 })], []],
    ["removed after it stood", removedZones, [still(1, "statue", bag, 0, 40)], [49.8]],
    ["was never there for long", removedZones, [still(1, "statue", bag, 0, 10)], []],
    [
      "only hidden by somebody in front of it",
      removedZones,
      [away(40, 80, still(1, "statue", bag)), still(2, "person", { ...bag, y: 0.5, height: 0.2 }, 39, 81)],
      [],
    ],
  ] as const) {
    test(name, () => expect(starts(tell({ zones, actors, seconds: 90 }))).toEqual(expected));
  }
});

describe("wrong-direction", () => {
  const zones = oneZone([{ type: "wrong-way-vehicle", heading: 90 }]);
  const car: Box = { x: 0.4, y: 0.8, width: 0.1, height: 0.1 };
  for (const [name, speed, expected] of [
    ["up, where down is allowed", { x: 0, y: -0.12 }, 1],
    ["down", { x: 0, y: 0.02 }, 0],
    ["across", { x: 0.1, y: 0 }, 0],
    ["slanted by forty degrees against it", { x: 0.05, y: -0.12 }, 1],
  ] as const) {
    test(name, () =>
      expect(starts(tell({ zones, actors: [mover(1, "car", car, speed)], seconds: 5 }))).toHaveLength(expected),
    );
  }
});

describe("scene-quality", () => {
  const zones = oneZone([{ type: "video-black", cooldownSec: 0, clearSec: 3 }]);
  test("five seconds of black; flicker in every tenth frame does not hide it", () => {
    const told = tell({
      zones,
      seconds: 20,
      measures: (sec) => ({ blackShare: sec > 5 && sec < 14 && Math.round(sec * 5) % 10 !== 0 ? 1 : 0.1 }),
    });
    expect(told.map((t) => t.phase)).toEqual(["start", "end"]);
    expect(told[0]?.sec).toBeLessThanOrEqual(10.6);
  });
  test("clearBy: between the threshold and the way back it goes on", () => {
    const sways = (sec: number): number => (sec < 5 ? 0.1 : sec < 12 ? 1 : sec < 24 ? 0.93 : 0.5);
    const told = (clearBy: number): readonly string[] =>
      outline(
        tell({
          zones: oneZone([{ type: "video-black", threshold: 0.95, cooldownSec: 0, clearSec: 3, clearBy }]),
          seconds: 30,
          measures: (sec) => ({ blackShare: sways(sec) }),
        }),
      );
    const ends = (clearBy: number): string | undefined => told(clearBy).find((line) => line.startsWith("end"));
    expect(Number(ends(0)?.split(" ").at(-1))).toBeLessThan(17);
    expect(Number(ends(0.1)?.split(" ").at(-1))).toBeGreaterThan(26);
  });
  test("a measure that nobody takes is never bad", () => {
    expect(tell({ zones, seconds: 20, measures: () => ({}) })).toEqual([]);
  });
});

test("a rule that lacks its number never fires and says what is missing", () => {
  const engine = engineFor(oneZone([{ type: "crowd-over-capacity" }]));
  tell({ zones: null, actors: [still(1, "person", person)], seconds: 3 }, engine);
  expect(engine.state()[0]?.steps).toEqual([
    {
      step: "complete",
      passed: false,
      value: "missing",
      limit: "a number",
      setting: "zones/water/rules/crowd-over-capacity/threshold",
    },
  ]);
});
