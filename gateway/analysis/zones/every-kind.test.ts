/** What every rule has, whatever its kind: labels, score, sizes, schedule, certainty, severity, cool-down with re-open. */
import { describe, expect, test } from "vitest";
import { eventTypes } from "../../config/catalogue/catalogue.ts";
import { shifted } from "./testing/actors.ts";
import { storiesOf } from "./testing/catalogue-story.ts";
import { mover, oneZone, still, tell, type Story, type Told } from "./testing/story.ts";

const box = { x: 0.4, y: 0.4, width: 0.08, height: 0.2 };
const left = {
  polygon: [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
    [0, 1],
  ],
};

/** A story of the catalogue in which a type fires, of one rule. */
function fromCatalogue(id: string): Story {
  const type = eventTypes.find((one) => one.id === id) ?? expect.fail(id);
  return storiesOf(type).find(({ fires }) => fires) ?? expect.fail(id);
}

const firing: Readonly<Record<string, Story>> = {
  "presence-dwell": fromCatalogue("site-intrusion"),
  count: fromCatalogue("crowd-gathering"),
  "co-presence-ratio": fromCatalogue("fishing-multi-rod"),
  "line-crossing": fromCatalogue(eventTypes.find(({ rule }) => rule.kind === "line-crossing")?.id ?? ""),
  "wrong-direction": fromCatalogue("wrong-way-vehicle"),
  absence: fromCatalogue("post-absence"),
  "left-object": fromCatalogue(eventTypes.find(({ rule }) => rule.kind === "left-object")?.id ?? ""),
  "area-ratio": fromCatalogue("floating-debris"),
  "level-threshold": fromCatalogue("water-level-warning"),
  "scene-quality": fromCatalogue("video-black"),
  enter: {
    zones: oneZone([{ type: "our-enter", kind: "enter" }], left),
    actors: [mover(1, "person", { ...box, x: 0.8 }, { x: -0.15, y: 0 })],
    seconds: 5,
  },
  exit: {
    zones: oneZone([{ type: "our-exit", kind: "exit" }], left),
    actors: [mover(1, "person", { ...box, x: 0.1 }, { x: 0.15, y: 0 })],
    seconds: 5,
  },
  "removed-object": {
    zones: oneZone([{ type: "our-removed", kind: "removed-object", labels: ["buoy"], minTrackSec: 5, detectedSec: 5 }]),
    actors: [still(1, "buoy", box, 0, 20)],
    seconds: 40,
  },
};

/** The same story with other words in its rule. */
function withKeys(
  story: Story,
  keys: Readonly<Record<string, unknown>>,
  extra: Readonly<Record<string, unknown>> = {},
): Story {
  const zones = structuredClone(story.zones) as { zones?: { rules: object[] }[]; lines?: { rules: object[] }[] };
  for (const place of [...(zones.zones ?? []), ...(zones.lines ?? [])])
    place.rules = place.rules.map((rule) => ({ ...rule, ...keys }));
  return { ...story, zones: { ...zones, ...extra } };
}

const starts = (told: readonly Told[]): number => told.filter(({ phase }) => phase === "start").length;
const onMeasures = ["level-threshold", "scene-quality"];
/** Waits for nobody, or for what has gone: to make it blind is to make it fire, or to leave nothing to miss. */
const onNobody = ["absence"];
const momentary = ["line-crossing", "enter", "exit"];
/** Never more than a moment: the catalogue's way is over before a second certainty. */
const brief = [...momentary, "wrong-direction"];

describe.each(Object.entries(firing))("%s", (kind, story) => {
  test("fires as it stands", () => expect(starts(tell(story))).toBe(1));

  test("not out of its schedule, and not when it is switched off", () => {
    const never = { schedules: [{ id: "never", seasons: [{ from: "08-01", to: "08-02" }] }] };
    expect(tell(withKeys(story, { schedule: "never" }, never))).toEqual([]);
    expect(tell(withKeys(story, { enabled: false }))).toEqual([]);
  });

  test("claims no more than it may", () => {
    const told = tell(withKeys(story, { certainty: "suspected" }));
    expect(starts(told)).toBe(1);
    expect(told.every(({ certainty }) => certainty === "suspected")).toBe(true);
  });

  if (!brief.includes(kind))
    test("is suspected first where it is told to be", () => {
      const [first, second] = tell(withKeys(story, { suspectedSec: 2 }));
      expect([first?.phase, first?.certainty]).toEqual(["start", "suspected"]);
      expect([second?.phase, second?.certainty]).toEqual(["update", "detected"]);
    });

  test("has the severity of its rule, and a graver one by escalation", () => {
    expect(tell(withKeys(story, { severity: 4, escalate: [] }))[0]?.severity).toBe(4);
    const escalate = [{ at: 0, severity: 1 }];
    expect(tell(withKeys(story, { severity: 4, escalate }))[0]?.severity).toBe(1);
  });

  if (!onMeasures.includes(kind) && !onNobody.includes(kind))
    for (const keys of [{ labels: ["cloud"] }, { score: 0.99 }, { minSize: 0.95 }, { maxSize: 0.005 }])
      test(`heeds nothing that does not fit: ${JSON.stringify(keys)}`, () =>
        expect(tell(withKeys(story, keys))).toEqual([]));

  describe("again after a pause", () => {
    const pauseSec = 40;
    const fps = story.fps ?? 5;
    const twice: Story = {
      ...story,
      fps: Math.max(fps, 0.5),
      seconds: 2 * story.seconds + pauseSec,
      actors: [
        ...(story.actors ?? []).map((actor) => ({ ...actor, at: (sec: number) => actor.at(inStory(sec)) })),
        ...(kind === "absence"
          ? [{ id: 90, label: "person", at: (sec: number) => (isPause(sec) ? shifted(box, 0) : null) }]
          : []),
      ],
      ...(story.measures
        ? { measures: (sec: number) => (isPause(sec) ? calm() : (story.measures?.(inStory(sec)) ?? {})) }
        : {}),
    };
    function isPause(sec: number): boolean {
      return sec > story.seconds && sec <= story.seconds + pauseSec;
    }
    function inStory(sec: number): number {
      if (isPause(sec)) return -1_000; // Nobody is there before a story begins.
      return sec <= story.seconds ? sec : sec - story.seconds - pauseSec;
    }
    function calm(): Readonly<Record<string, number>> {
      return { waterLevelM: 170, blackShare: 0 };
    }
    const seenIn = (sec: number): boolean => sec >= 0;
    const bounded: Story = {
      ...twice,
      actors:
        twice.actors?.map((actor) => ({
          ...actor,
          at: (sec: number) => (actor.id === 90 || seenIn(inStory(sec)) ? actor.at(sec) : null),
        })) ?? [],
    };

    test("within its cool-down it is the same occurrence", () => {
      const told = tell(withKeys(bounded, { clearSec: 2, cooldownSec: 10_000 }));
      expect(starts(told)).toBe(1);
      expect(new Set(told.map(({ occurrenceId }) => occurrenceId)).size).toBe(1);
    });

    test("after it, another one, and the first has ended", () => {
      const told = tell(withKeys(bounded, { clearSec: 2, cooldownSec: 3 }));
      expect(
        told
          .filter(({ phase }) => phase !== "update")
          .map(({ phase }) => phase)
          .slice(0, 3),
      ).toEqual(["start", "end", "start"]);
    });
  });
});

describe("what happens in a moment waits for nothing", () => {
  const whole: Readonly<Record<string, Story>> = {
    "the wrong way over a line": {
      zones: {
        schema: "xueliang.zones/1",
        camera: "cam",
        lines: [{ id: "lane", from: [0, 0.5], to: [1, 0.5], rules: [{ type: "wrong-way-vehicle" }] }],
      },
      actors: [mover(1, "car", { ...box, y: 0 }, { x: 0, y: 0.1 })],
      seconds: 8,
    },
    ...Object.fromEntries(momentary.map((kind) => [kind, firing[kind] ?? expect.fail(kind)])),
  };
  for (const [name, story] of Object.entries(whole))
    test(name, () => {
      expect(starts(tell(story))).toBe(1);
      expect(starts(tell(withKeys(story, { suspectedSec: 4, detectedSec: 5 })))).toBe(1);
    });
});

test("a low level is graver the lower it is, not the higher", () => {
  const low = { type: "water-level-low", threshold: 160, detectedSec: 10, escalate: [{ at: 158, severity: 1 }] };
  const at = (waterLevelM: number): number | undefined =>
    tell({ zones: oneZone([low]), seconds: 20, measures: () => ({ waterLevelM }) })[0]?.severity;
  expect([at(159), at(158), at(157)]).toEqual([4, 1, 1]);
});

describe("what becomes graver is told without waiting for the next update", () => {
  const crowd = {
    type: "crowd-gathering",
    threshold: 3,
    detectedSec: 5,
    updateSec: 60,
    severity: 3,
    escalate: [{ at: 5, severity: 1 }],
  };
  const people = (count: number, from: number, to: number) =>
    Array.from({ length: count }, (_, i) => still(10 * from + i, "person", { ...box, x: 0.05 + 0.1 * i }, from, to));
  const outlineOf = (more: ReturnType<typeof people>): readonly string[] =>
    tell({ zones: oneZone([crowd]), seconds: 40, actors: [...people(3, 0, 60), ...more] }).map(
      ({ phase, severity, sec }) => `${phase} ${severity} ${sec}`,
    );

  test("three seconds after it does", () => expect(outlineOf(people(4, 20, 60))).toEqual(["start 3 5", "update 1 23"]));
  test("and not for a frame or two", () => expect(outlineOf(people(4, 20, 20.5))).toEqual(["start 3 5"]));
});
