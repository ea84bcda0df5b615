/** For each event type a story in which its template must fire, and near ones in which it must not. */
import type { EventType } from "../../../config/catalogue/catalogue.ts";
import type { Box } from "../../geometry.ts";
import { covering, grid, jerking, shifted, until } from "./actors.ts";
import { driftStories } from "./drift-stories.ts";
import { oneZone, marchNoon, mover, still, type Actor, type Story } from "./story.ts";

/** A story with its name; `fires` says how it must end. */
export interface CatalogueStory extends Story {
  readonly name: string;
  readonly fires: boolean;
}

/** What a site has to say before such a type can run: the numbers that no catalogue can know. */
const siteNumbers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "water-level-warning": { threshold: 180.5 },
  "water-level-guaranteed": { threshold: 183.5 },
  "water-level-low": { threshold: 160 },
  "flow-surface-abnormal": { threshold: 2.5 },
  "crowd-over-capacity": { threshold: 40 },
  "wrong-way-vehicle": { heading: 0 },
};

/** Nights are dark enough for every night rule, noons light enough for every day rule. */
const marchNight = Date.parse("2026-03-14T22:00:00+08:00");
const october = Date.parse("2026-10-14T12:00:00+08:00");
const spot: Box = { x: 0.4, y: 0.4, width: 0.08, height: 0.2 };
const beside: Box = { x: 0.47, y: 0.45, width: 0.06, height: 0.15 };

/** Stories of one type. Long dwells are told at few frames a second; nothing else changes. */
export function storiesOf(type: EventType): readonly CatalogueStory[] {
  const rules = [{ type: type.id, ...siteNumbers[type.id], ...shortened(type) }];
  const tell = (name: string, fires: boolean, story: Omit<Story, "zones">, zones = oneZone(rules)): CatalogueStory => ({
    ...story,
    zones,
    name,
    fires,
  });
  const night = type.rule.hours !== undefined && type.rule.hours !== "daylight";
  const told = { startMs: night ? marchNight : marchNoon };
  const short = { ...type, rule: { ...type.rule, ...shortened(type) } };
  const stories = storiesOfKind(short, { tell, told });
  const drifting = type.rule.labels?.includes("floating-debris") ? driftStories(stories, rules) : [];
  return [...stories, ...drifting, ...besideStory(stories, rules), ...calendarStories(short, tell)];
}

/** What fires, told to the same rule on a zone at the picture's edge, where none of it is. */
function besideStory(stories: readonly CatalogueStory[], rules: readonly unknown[]): readonly CatalogueStory[] {
  const whole = JSON.stringify(oneZone(rules));
  const firing = stories.find((one) => one.fires && one.actors?.length && JSON.stringify(one.zones) === whole);
  const polygon = [[0.93, 0], [1, 0], [1, 1], [0.93, 1]]; // prettier-ignore
  return firing ? [{ ...firing, name: "beside the zone", fires: false, zones: oneZone(rules, { polygon }) }] : [];
}

/** A week of dwell is told as an hour: only the number of frames differs, and tests have to end. */
function shortened({ rule }: EventType): { readonly detectedSec?: number; readonly suspectedSec?: number } {
  return (rule.detectedSec ?? 0) > 3_600 ? { detectedSec: 3_600, suspectedSec: 3_600 } : {};
}

type Tell = (name: string, fires: boolean, story: Omit<Story, "zones">, zones?: unknown) => CatalogueStory;

/** The first label in company that fits the rule. */
function companyOf(type: EventType): readonly Actor[] {
  const { with: any = [], withAll = [] } = type.rule;
  return [...any.slice(0, 1), ...withAll].map((label, i) =>
    still(50 + i, label, type.rule.jerksPerMin ? spot : beside),
  );
}

function storiesOfKind(
  type: EventType,
  { tell, told }: { readonly tell: Tell; readonly told: { readonly startMs: number } },
): readonly CatalogueStory[] {
  const { rule } = type;
  const need = rule.detectedSec ?? 10;
  const seconds = Math.ceil(need * 1.1) + 12;
  // As many looks as a minute has at five a second, but never further apart than a pause that counts as looked at.
  const fps = Math.max(0.12, Math.min(5, 300 / seconds));
  const label = rule.labels?.[0] ?? "person";
  switch (rule.kind) {
    case "presence-dwell":
      return dwellStories(type, { tell, told: { ...told, fps, seconds } });
    case "co-presence-ratio":
      return rule.with || rule.withAll || rule.without
        ? dwellStories(type, { tell, told: { ...told, fps, seconds } })
        : rodStories(tell);
    case "count":
    case "area-ratio": {
      const most = type.id === "crowd-over-capacity" ? 40 : (rule.threshold ?? 1);
      const crowd = rule.kind === "count" ? grid(label, most) : covering(label, rule.threshold ?? 0.01, rule.boxFill);
      return [
        tell("enough of it", true, { ...told, fps, seconds, actors: crowd }),
        tell("too few", false, {
          ...told,
          fps,
          seconds,
          actors:
            rule.kind === "count" ? crowd.slice(1) : covering(label, (rule.threshold ?? 0.01) * 0.85, rule.boxFill),
        }),
        tell("too short", false, {
          ...told,
          fps,
          seconds,
          actors: crowd.map((a) => until(a, (rule.suspectedSec ?? need) * 0.5)),
        }),
        tell("something else", false, { ...told, fps, seconds, actors: crowd.map((a) => ({ ...a, label: "cloud" })) }),
      ];
    }
    case "left-object": {
      const bag = still(1, label, spot);
      return [
        tell("left alone", true, { ...told, fps, seconds, actors: [bag, still(2, "person", beside, 0, 5)] }),
        tell("with its owner", false, { ...told, fps, seconds, actors: [bag, still(2, "person", beside)] }),
        tell("taken away in time", false, {
          ...told,
          fps,
          seconds,
          actors: [until(bag, (rule.suspectedSec ?? need) * 0.8)],
        }),
        tell("something else", false, { ...told, fps, seconds, actors: [{ ...bag, label: "cloud" }] }),
      ];
    }
    case "absence":
      return [
        tell("nobody for long", true, { ...told, fps, seconds, actors: [] }),
        tell("somebody comes back in time", false, {
          ...told,
          fps,
          seconds,
          actors: [still(1, label, spot, need * 0.4, need * 0.8)],
        }),
        tell("always there", false, { ...told, fps, seconds, actors: [still(1, label, spot)] }),
      ];
    case "line-crossing":
      return crossingStories(type, tell);
    case "wrong-direction":
      return [
        tell("against the lane", true, {
          seconds: 5,
          actors: [mover(1, label, { ...spot, x: 0.8 }, { x: -0.15, y: 0 })],
        }),
        tell("with the lane", false, { seconds: 5, actors: [mover(1, label, { ...spot, x: 0.1 }, { x: 0.15, y: 0 })] }),
        tell("across the lane", false, { seconds: 5, actors: [mover(1, label, { ...spot, y: 0 }, { x: 0, y: 0.2 })] }),
        tell("standing", false, { seconds: 5, actors: [still(1, label, spot)] }),
      ];
    case "level-threshold":
    case "scene-quality":
      return measureStories(type, { tell, told, fps, seconds });
    case "enter":
    case "exit":
    case "removed-object":
      throw new Error(`no type of the catalogue is a ${rule.kind} rule`);
    default:
      return rule.kind satisfies never;
  }
}

function dwellStories(
  type: EventType,
  { tell, told }: { readonly tell: Tell; readonly told: Pick<Story, "startMs" | "fps"> & { readonly seconds: number } },
): readonly CatalogueStory[] {
  const { rule } = type;
  const labels = rule.labels ?? ["person"];
  const company = companyOf(type);
  // A minute's worth of pulls has to be seen before the dwell begins.
  const jerky = rule.jerksPerMin ? { fps: 5, seconds: told.seconds + 60 } : {};
  const things = Array.from({ length: rule.minObjects ?? 1 }, (_, i) => {
    const thing = still(1 + i, labels[0] ?? "person", { ...spot, x: 0.2 + 0.1 * i });
    return rule.jerksPerMin ? jerking(thing) : thing;
  });
  const placed = company.map((c) => ({ ...c, at: (sec: number) => shifted(c.at(sec), -0.2) }));
  const story = { ...told, ...jerky };
  const short = (rule.suspectedSec ?? rule.detectedSec ?? 10) * 0.8;
  const stories = [
    tell("long enough", true, { ...story, actors: [...things, ...placed] }),
    tell("too short", false, { ...story, actors: [...things, ...placed].map((a) => until(a, short)) }),
    tell("something else", false, { ...story, actors: [...things.map((a) => ({ ...a, label: "cloud" })), ...placed] }),
  ];
  if (placed.length > 0) stories.push(tell("without company", false, { ...story, actors: things }));
  if (rule.without) {
    const other = still(60, rule.without[0] ?? "person", { ...spot, x: 0.2 });
    stories.push(tell("in company", false, { ...story, actors: [...things, other] }));
  }
  if (rule.sameSpot)
    stories.push(
      tell("moving on", false, {
        ...story,
        actors: things.map((a) => ({ ...a, at: (sec: number) => shifted(a.at(sec), (0.5 * sec) / told.seconds) })),
      }),
    );
  if (rule.jerksPerMin)
    stories.push(
      tell("holding still", false, { ...story, actors: [still(1, "person", { ...spot, x: 0.2 }), ...placed] }),
    );
  return stories;
}

function rodStories(tell: Tell): readonly CatalogueStory[] {
  const person = still(1, "person", spot);
  const rod = (id: number, x: number): Actor => still(id, "fishing-rod", { x, y: 0.35, width: 0.15, height: 0.2 });
  return [
    tell("two rods", true, { seconds: 25, actors: [person, rod(2, 0.45), rod(3, 0.44)] }),
    tell("one rod", false, { seconds: 25, actors: [person, rod(2, 0.45)] }),
    tell("a second rod for a moment", false, { seconds: 25, actors: [person, rod(2, 0.45), until(rod(3, 0.44), 4)] }),
    tell("a second rod out of reach", false, { seconds: 25, actors: [person, rod(2, 0.45), rod(3, 0.8)] }),
    tell("two anglers", false, {
      seconds: 25,
      actors: [person, still(4, "person", beside), rod(2, 0.45), rod(3, 0.44)],
    }),
  ];
}

function crossingStories(type: EventType, tell: Tell): readonly CatalogueStory[] {
  const label = type.rule.labels?.[0] ?? "person";
  const line = {
    schema: "xueliang.zones/1",
    camera: "cam",
    lines: [{ id: "line", from: [0.2, 0.6], to: [0.8, 0.6], rules: [{ type: type.id }] }],
  };
  const fall = { x: 0, y: 0.1 };
  const above: Box = { x: 0.45, y: 0.1, width: 0.08, height: 0.1 };
  return [
    tell("crosses", true, { seconds: 8, actors: [mover(1, label, above, fall)] }, line),
    tell("passes beside the end", false, { seconds: 8, actors: [mover(1, label, { ...above, x: 0.9 }, fall)] }, line),
    tell("stops before it", false, { seconds: 8, actors: [mover(1, label, above, { x: 0, y: 0.04 })] }, line),
    tell("is there from the start", false, { seconds: 8, actors: [still(1, label, { ...above, y: 0.7 })] }, line),
  ];
}

function measureStories(
  type: EventType,
  {
    tell,
    told,
    fps,
    seconds,
  }: {
    readonly tell: Tell;
    readonly told: { readonly startMs: number };
    readonly fps: number;
    readonly seconds: number;
  },
): readonly CatalogueStory[] {
  const { rule } = type;
  const name = rule.measure ?? "";
  const limit = Number(siteNumbers[type.id]?.["threshold"] ?? rule.threshold ?? 0);
  const beyond = rule.below ? limit * 0.8 : limit * 1.05;
  // Two hundredths, or of a small limit two per cent: it is nearly so.
  const near = Math.min(0.02, 0.02 * limit);
  const fine = rule.below ? limit + near : limit - near;
  const need = rule.detectedSec ?? 10;
  const at = (value: (sec: number) => number | null): Omit<Story, "zones"> => ({
    ...told,
    fps,
    seconds,
    measures: (sec) => ({ [name]: value(sec) }),
  });
  if (rule.riseMin !== undefined) {
    const slow = { ...told, fps: 1 / 60, seconds: 3_600 };
    const perSec = (0.95 * limit) / (rule.riseMin * 60);
    return [
      tell("rises fast", true, { ...slow, measures: (sec) => ({ [name]: 178 + sec / 3_600 }) }),
      tell("rises slowly", false, { ...slow, measures: (sec) => ({ [name]: 178 + perSec * sec }) }),
      tell("falls fast", false, { ...slow, measures: (sec) => ({ [name]: 178 - sec / 3_600 }) }),
      tell("no reading", false, { ...slow, measures: () => ({ [name]: null }) }),
    ];
  }
  return [
    tell(
      "beyond the limit",
      true,
      at(() => beyond),
    ),
    tell(
      "within it",
      false,
      at(() => fine),
    ),
    tell(
      "too short",
      false,
      at((sec) => (sec < need * 0.5 ? beyond : fine)),
    ),
    tell(
      "no reading",
      false,
      at(() => null),
    ),
  ];
}

/** The same story out of hours and out of season. */
function calendarStories(type: EventType, tell: Tell): readonly CatalogueStory[] {
  const { rule } = type;
  if (rule.hours === undefined && rule.season === undefined) return [];
  const off = rule.season ? october : rule.hours === "daylight" ? marchNight : marchNoon;
  const [firing] = storiesOfKind(type, { tell, told: { startMs: off } });
  return firing ? [{ ...firing, startMs: off, name: "out of hours or season", fires: false }] : [];
}
