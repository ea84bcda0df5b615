import { describe, expect, test } from "vitest";
import { engineFor, marchNoon, oneZone, outline, still, tell, tracksAt, type Actor } from "../testing/story.ts";

const person = (id: number, x: number, from = 0, to = Infinity): Actor =>
  still(id, "person", { x, y: 0.5, width: 0.06, height: 0.3 }, from, to);
/** A slanted rod whose lower left corner is at the person's hand. */
const rod = (id: number, x: number, from = 0, to = Infinity): Actor =>
  still(id, "fishing-rod", { x: x + 0.05, y: 0.4, width: 0.15, height: 0.2 }, from, to);
/** Nearly level, from the person at 0.3 away. */
const level = (id: number, y: number): Actor => still(id, "fishing-rod", { x: 0.35, y, width: 0.2, height: 0.1 });
/** Another box in that of the person at 0.3. */
const part = (id: number, { y, height }: { readonly y: number; readonly height: number }): Actor =>
  still(id, "person", { x: 0.31, y, width: 0.04, height });
/** Seen only in `share` of the frames. */
const flickering = (actor: Actor, share: number): Actor => ({
  ...actor,
  at: (sec) => ((sec * 5 * 0.618) % 1 < share ? actor.at(sec) : null),
});

/** Seen only in some of the frames. */
const during = (actor: Actor, isSeen: (frame: number) => boolean): Actor => ({
  ...actor,
  at: (sec) => (isSeen(Math.round(5 * sec)) ? actor.at(sec) : null),
});
const scored = (actor: Actor, score: number): Actor => ({ ...actor, score });

const rule = [{ type: "fishing-multi-rod" }];
const zones = oneZone(rule);

describe("one angler, several rods", () => {
  for (const [name, actors, seconds, expected] of [
    ["one rod is no event", [person(1, 0.3), rod(2, 0.3)], 60, []],
    [
      "the second rod: suspected by 10 s, detected by 25 s",
      [person(1, 0.3), rod(2, 0.3), rod(3, 0.32, 40)],
      70,
      ["start suspected 48.0", "update detected 60.0"],
    ],
    ["two anglers with a rod each", [person(1, 0.3), rod(2, 0.3), person(4, 0.6), rod(5, 0.6)], 60, []],
    [
      "the second angler is behind a tree for 20 s",
      [person(1, 0.3), rod(2, 0.3), person(4, 0.4, 0, 30), { ...person(4, 0.4, 50) }, rod(5, 0.4)],
      90,
      [],
    ],
    [
      "the second angler leaves his rod behind: counted once the window forgets him",
      [person(1, 0.3), rod(2, 0.3), person(4, 0.35, 0, 30), rod(5, 0.33)],
      90,
      ["start suspected 68.0", "update detected 80.0"],
    ],
    [
      "one angler in two boxes is one",
      [person(1, 0.3), still(9, "person", { x: 0.31, y: 0.52, width: 0.04, height: 0.29 }), rod(2, 0.3), rod(3, 0.32)],
      30,
      ["start suspected 8.0", "update detected 20.0"],
    ],
    ["two anglers shoulder to shoulder are two", [person(1, 0.3), person(9, 0.345), rod(2, 0.3), rod(3, 0.32)], 30, []],
    [
      "one behind the other they are two",
      [person(1, 0.3), still(9, "person", { x: 0.31, y: 0.44, width: 0.05, height: 0.27 }), rod(2, 0.3), rod(3, 0.32)],
      30,
      [],
    ],
    [
      "his head and shoulders, seen less clearly, are nobody else",
      [person(1, 0.3), scored(part(9, { y: 0.51, height: 0.14 }), 0.4), rod(2, 0.3), rod(3, 0.32)],
      30,
      ["start suspected 8.0", "update detected 20.0"],
    ],
    [
      "his legs, seen less clearly and lower than the whole, are nobody else",
      [person(1, 0.3), scored(part(9, { y: 0.66, height: 0.22 }), 0.4), rod(2, 0.3), rod(3, 0.32)],
      30,
      ["start suspected 8.0", "update detected 20.0"],
    ],
    [
      "two who are both seen clearly are two, though their heads are at one place",
      [person(1, 0.3), scored(part(9, { y: 0.51, height: 0.14 }), 0.6), rod(2, 0.3), rod(3, 0.32)],
      30,
      [],
    ],
    [
      "somebody in front of him, no smaller, is another, however faint",
      [person(1, 0.3), scored(part(9, { y: 0.59, height: 0.3 }), 0.3), rod(2, 0.3), rod(3, 0.32)],
      30,
      [],
    ],
    ["a rod that nobody can reach accuses nobody", [person(1, 0.1), rod(2, 0.1), rod(3, 0.8)], 60, []],
    ["rods without a person accuse nobody", [rod(2, 0.3), rod(3, 0.35)], 60, []],
    ["a second rod for five seconds", [person(1, 0.3), rod(2, 0.3), rod(3, 0.32, 40, 45)], 80, []],
    [
      "a rod seen every other second is not enough",
      [person(1, 0.3), rod(2, 0.3), during(rod(3, 0.32, 40), (frame) => frame % 10 === 0)],
      100,
      [],
    ],
    [
      "a rod seen once a second is there: it stands still, what flickers is the detector",
      [person(1, 0.3), rod(2, 0.3), during(rod(3, 0.32, 40), (frame) => frame % 5 === 0)],
      70,
      ["start suspected 48.0", "update detected 60.0"],
    ],
    [
      "two halves of a rod that take turns are one rod",
      [person(1, 0.3), during(rod(2, 0.3), (frame) => frame % 5 < 3), during(rod(3, 0.32), (frame) => frame % 5 >= 3)],
      60,
      [],
    ],
    [
      "a second rod three quarters of his height away, seen clearly, is his",
      [person(1, 0.3), rod(2, 0.3), scored(rod(3, 0.44), 0.6)],
      30,
      ["start suspected 8.0", "update detected 20.0"],
    ],
    [
      "so far away, what is hardly seen is no rod of his",
      [person(1, 0.3), rod(2, 0.3), scored(rod(3, 0.44), 0.4)],
      60,
      [],
    ],
    [
      "a seam of the ground at his feet is no rod of his",
      [person(1, 0.3), rod(2, 0.3), scored(level(3, 0.68), 0.4)],
      60,
      [],
    ],
    [
      "what is seen clearly may lie there",
      [person(1, 0.3), rod(2, 0.3), scored(level(3, 0.68), 0.6)],
      30,
      ["start suspected 8.0", "update detected 20.0"],
    ],
    [
      "what is hardly seen may hang above his knees",
      [person(1, 0.3), rod(2, 0.3), scored(level(3, 0.6), 0.4)],
      30,
      ["start suspected 8.0", "update detected 20.0"],
    ],
  ] as const) {
    test(name, () => expect(outline(tell({ zones, actors, seconds }))).toEqual(expected));
  }

  describe("the zone is the water, its anglers stand on the bank below it", () => {
    // The water ends above the feet of everybody; a rod's far end and middle lie over it.
    const water = (top: number, bottom: number): unknown =>
      oneZone(rule, { polygon: [[0, top], [1, top], [1, bottom], [0, bottom]] }); // prettier-ignore
    const two = [person(1, 0.3), rod(2, 0.3), rod(3, 0.32)];
    for (const [name, zone, actors, expected] of [
      ["two rods of one angler", water(0.2, 0.6), two, ["start suspected 8.0", "update detected 20.0"]],
      ["the second one's owner stands beside him", water(0.2, 0.6), [...two, person(4, 0.36)], []],
      [
        "whoever passes far from the rods excuses nobody",
        water(0.2, 0.6),
        [...two, person(4, 0.8)],
        ["start suspected 8.0", "update detected 20.0"],
      ],
      ["a raised rod before water far behind", water(0.2, 0.45), two, []],
      ["rods that point away from the water", water(0.85, 0.99), two, []],
    ] as const)
      // prettier-ignore
      test(name, () => expect(outline(tell({ zones: zone, actors, seconds: 30 }))).toEqual(expected));

    const sites = {
      type: "site-rods",
      kind: "co-presence-ratio",
      labels: ["fishing-rod"],
      per: ["person"],
      threshold: 1,
    };
    for (const [whose, like] of [
      ["the catalogue", rule],
      ["a site, that says no reach", [sites]],
    ] as const)
      test(`who stands in a zone with the same rule of ${whose} is told of there, and once`, () => {
        const zone = (id: string, top: number, bottom: number): object =>
          ({ id, kind: "one-rod-water", polygon: [[0, top], [1, top], [1, bottom], [0, bottom]], rules: like }); // prettier-ignore
        const both = { ...(water(0.2, 0.6) as object), zones: [zone("water", 0.2, 0.6), zone("bank", 0.62, 1)] };
        const told = tell({ zones: both, actors: two, seconds: 30 });
        expect(new Set(told.map(({ zoneId }) => zoneId))).toEqual(new Set(["bank"]));
        expect(told.filter(({ phase }) => phase === "start")).toHaveLength(1);
      });

    test("why: the rod that brings him in is named", () => {
      const engine = engineFor(water(0.2, 0.6));
      tell({ zones: water(0.2, 0.6), actors: two, seconds: 10 }, engine);
      const steps = engine.why(1)[0]?.steps ?? [];
      expect(steps.find(({ step }) => step === "reaches-in")).toMatchObject({ passed: true, value: "fishing-rod 2" });
    });
  });

  test("a rod seen in seven of ten frames still counts, in time", () => {
    const told = tell({ zones, actors: [person(1, 0.3), rod(2, 0.3), flickering(rod(3, 0.32, 40), 0.7)], seconds: 70 });
    expect(told[0]?.sec).toBeLessThanOrEqual(50);
    expect(told[1]).toMatchObject({ phase: "update", certainty: "detected" });
    expect(told[1]?.sec).toBeLessThanOrEqual(65);
  });

  /** What the tracker says of somebody it is not sure of, in so many frames. */
  const glimpsed = (frames: number): readonly string[] => {
    const engine = engineFor(zones);
    const actors = [person(1, 0.3), rod(2, 0.3), rod(3, 0.32)];
    const told: string[] = [];
    for (let i = 0; i <= 125; i += 1) {
      const nowMs = marchNoon + i * 200;
      const [angler, ...rods] = tracksAt(actors, i / 5, marchNoon);
      const isThere = i >= 5 && i < 5 + frames;
      const other = { x: 0.6, y: 0.5, width: 0.06, height: 0.3 };
      const glimpse = angler && isThere ? [{ ...angler, id: 9, box: other, state: "tentative" as const, hits: 1 }] : [];
      const tracks = [...(angler ? [angler] : []), ...rods, ...glimpse];
      for (const { phase, certainty } of engine.step({ tracks, scene: null }, nowMs))
        told.push(`${phase} ${certainty}`);
    }
    return told;
  };
  test("somebody glimpsed in one frame alone is nobody", () =>
    expect(glimpsed(1)).toEqual(["start suspected", "update detected"]));
  test("somebody glimpsed in two frames may be the second angler", () => expect(glimpsed(2)).toEqual([]));

  test("three rods raise the severity", () => {
    const told = tell({ zones, actors: [person(1, 0.3), rod(2, 0.3), rod(3, 0.32), rod(4, 0.34)], seconds: 30 });
    expect(told[0]).toMatchObject({ severity: 2, value: 3 });
  });

  test("the trace says which step passed at what value, and the rods know their owner", () => {
    const [start] = tell({ zones, actors: [person(1, 0.3), rod(2, 0.3), rod(3, 0.32)], seconds: 10 });
    expect(start?.trace.map((s) => `${s.step} ${s.value} ${s.limit}`)).toEqual([
      "persons 1 >= 1",
      "rods-in-reach 2 >= 1",
      "rods-per-person 2 > 1",
      "persist 1 >= 0.6",
      "held 8 >= 8",
    ]);
    expect(start?.trace.at(-1)?.setting).toBe("zones/water/rules/fishing-multi-rod/suspectedSec");
    expect(start?.measure).toEqual({ persons: 1, rods: 2, personsMaxInWindow: 1, rodsMedian: 2, windowSec: 30 });
    expect(start?.objects.filter((o) => o.label === "fishing-rod").map((o) => o.owner)).toEqual([1, 1]);
    expect(start?.onsetMs).toBe(start && start.atMs - 8000);
  });

  test("why not: the reasoning stops at the first step not passed", () => {
    const engine = engineFor(zones);
    tell({ zones, actors: [person(1, 0.3), rod(2, 0.3)], seconds: 10 }, engine);
    expect(engine.state()[0]?.steps.at(-1)).toMatchObject({
      step: "rods-per-person",
      passed: false,
      value: 1,
      limit: "> 1",
    });
  });

  test("it ends once, after the second rod has gone for the clear and the cool-down time", () => {
    const told = tell({ zones, actors: [person(1, 0.3), rod(2, 0.3), rod(3, 0.32, 5, 60)], seconds: 150 });
    expect(told.map((t) => t.phase)).toEqual(["start", "update", "end"]);
    expect(told[2]).toMatchObject({ endReason: "cleared", occurrenceId: "occ-1" });
  });
});
