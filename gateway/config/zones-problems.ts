/** What is wrong in a zones file: coordinates, outlines, ids, the camera, the rule types (pure). */
import { typeOf } from "./catalogue/catalogue.ts";
import type { KeyPath, Problem } from "./diagnostic.ts";
import { nearest } from "./did-you-mean.ts";
import { flowProblems } from "./flow-problems.ts";
import { gaugeProblems } from "./gauge-problems.ts";
import { lineBelowObjects, lineProblem } from "./line-problems.ts";
import { measureProblems } from "./measure-problems.ts";
import { polygonProblem } from "./polygon-problems.ts";
import { purposeProblems } from "./purpose-problems.ts";
import { entriesAt, idsIn, textAt, valueAt } from "./raw.ts";
import { repeatedIds } from "./repeated-ids.ts";
import { ruleSenseProblems } from "./rule-problems.ts";
import { ruleHoursProblems } from "./rule-hours-problems.ts";
import { scheduleProblems } from "./schedule-problems.ts";
import { sunProblems } from "./sun-problems.ts";
import { lineSchema, zoneSchema } from "./zones-schema.ts";

/** What a zones file is held against. */
export interface ZonesSurroundings {
  /** Name of the file without `.yaml`. */
  readonly fileStem: string;
  /** Ids of `gateway.yaml`; null when that file is not usable and nothing can be said. */
  readonly cameraIds: readonly string[] | null;
  /** Event types of the catalogue. */
  readonly ruleTypes: ReadonlySet<string>;
  /** What each camera may be used for; an empty list: anything. */
  readonly purposes: ReadonlyMap<string, readonly string[]>;
  /** Cameras of which nobody said where they stand. */
  readonly unplaced: ReadonlySet<string>;
}

/** Problems of a file whose values may have any shape. */
export function zonesProblems(raw: unknown, surroundings: ZonesSurroundings): Problem[] {
  const lists = ["zones", "lines", "masks"] as const;
  return [
    ...cameraProblems(textAt(raw, ["camera"]), surroundings),
    ...[...lists, "schedules"].flatMap((list) => repeatedIds(raw, [list])),
    ...lists.flatMap((list) => entriesAt(raw, [list]).flatMap(([index, entry]) => shapeProblem(entry, [list, index]))),
    ...entriesAt(raw, ["zones"]).flatMap(([index, zone]) => perspectiveProblem(zone, ["zones", index, "persons"])),
    ...scheduleProblems(raw),
    ...ruleHoursProblems(raw),
    ...sunProblems(raw, surroundings.unplaced),
    ...rulesProblems(raw),
    ...purposeProblems(raw, surroundings.purposes),
    ...gaugeProblems(raw),
    ...flowProblems(raw),
    ...lists.flatMap((list) =>
      entriesAt(raw, [list]).flatMap(([index]) => ruleProblems(raw, [list, index, "rules"], surroundings.ruleTypes)),
    ),
  ];
}

/** A rule that waits for what nobody measures is told that, and not that it lacks a number of it as well. */
function rulesProblems(raw: unknown): Problem[] {
  const waiting = measureProblems(raw);
  const waits = waiting.map(({ path }) => path.join("/"));
  const sense = ruleSenseProblems(raw).filter(
    ({ code, path }) => code !== "CONFIG_RULE_INCOMPLETE" || !waits.includes(path.join("/")),
  );
  return [...sense, ...waiting];
}

const outlineSchema = zoneSchema.shape.polygon;
const pointSchema = lineSchema.shape.from;
const bendsSchema = lineSchema.shape.via;

/** Looks only at shapes whose numbers are right: a crossing of pixel coordinates says nothing new. */
function shapeProblem(entry: unknown, path: KeyPath): Problem[] {
  const outline = outlineSchema.safeParse(valueAt(entry, ["polygon"]));
  if (outline.success) {
    const found = polygonProblem(outline.data, [...path, "polygon"]);
    return found ? [found] : [];
  }
  const from = pointSchema.safeParse(valueAt(entry, ["from"]));
  const to = pointSchema.safeParse(valueAt(entry, ["to"]));
  const via = bendsSchema.safeParse(valueAt(entry, ["via"]));
  if (!from.success || !to.success || !via.success) return [];
  const points = [from.data, ...(via.data ?? []), to.data];
  const found = lineProblem(points, path) ?? lineBelowObjects(points, leastObjectOf(entry), path);
  return found ? [found] : [];
}

/** How high the smallest object is that any rule of this line counts; 0 where one of them counts all. */
function leastObjectOf(line: unknown): number {
  const sizes = entriesAt(line, ["rules"]).map(([, rule]) => {
    const type = typeOf(typeof rule === "string" ? rule : (textAt(rule, ["type"]) ?? ""));
    const least = valueAt(rule, ["minSize"]) ?? type?.rule.minSize;
    return typeof least === "number" ? least : 0;
  });
  return sizes.length === 0 ? 0 : Math.min(...sizes);
}

/** Two persons who tell no horizon: the weights of near and far would be left out without a word. */
function perspectiveProblem(zone: unknown, path: KeyPath): Problem[] {
  const read = zoneSchema.shape.persons.safeParse(valueAt(zone, ["persons"]));
  const [one, other] = (read.success ? read.data : undefined) ?? [];
  if (!one || !other || (one.height - other.height) * (one.y - other.y) > 0) return [];
  return [{ code: "CONFIG_PERSPECTIVE", severity: "warning", path, at: "value", values: {} }];
}

function cameraProblems(camera: string | undefined, { fileStem, cameraIds }: ZonesSurroundings): Problem[] {
  if (camera === undefined) return [];
  const about = { severity: "error", path: ["camera"], at: "value" } as const;
  if (cameraIds === null || cameraIds.includes(camera)) {
    return camera === fileStem ? [] : [{ ...about, code: "CONFIG_ZONES_NAME", values: { camera, fileStem } }];
  }
  const values = { camera, known: cameraIds.join(", ") || "–" };
  return [{ ...about, code: "CONFIG_UNKNOWN_CAMERA", values, ...meantHint(nearest(camera, cameraIds)) }];
}

function ruleProblems(raw: unknown, path: KeyPath, ruleTypes: ReadonlySet<string>): Problem[] {
  const schedules = idsIn(raw, "schedules");
  const unscheduled = entriesAt(raw, path).flatMap(([index, rule]): Problem[] => {
    const schedule = textAt(rule, ["schedule"]);
    if (schedule === undefined || schedules.includes(schedule)) return [];
    const about = { severity: "error", path: [...path, index, "schedule"], at: "value" } as const;
    const values = { schedule, known: schedules.join(", ") || "–" };
    return [{ ...about, code: "CONFIG_UNKNOWN_SCHEDULE", values, ...meantHint(nearest(schedule, schedules)) }];
  });
  const unknown = entriesAt(raw, path).flatMap(([index, rule]): Problem[] => {
    const bare = typeof rule === "string";
    const type = bare ? rule : textAt(rule, ["type"]);
    // A rule with a kind of its own is a local type: it carries all that the catalogue would have given.
    if (type === undefined || ruleTypes.has(type) || textAt(rule, ["kind"]) !== undefined) return [];
    const at = bare ? [...path, index] : [...path, index, "type"];
    return [
      {
        code: "CONFIG_UNKNOWN_RULE",
        severity: "error",
        path: at,
        at: "value",
        values: { type },
        ...meantHint(nearest(type, ruleTypes)),
      },
    ];
  });
  return [...repeatedIds(raw, path), ...unknown, ...unscheduled];
}

/** `did you mean` as a remedy, where there is something to mean. */
export function meantHint(meant: string | null): Pick<Problem, "hint"> {
  if (meant === null) return {};
  return { hint: { text: { en: 'did you mean "{meant}"?', zh: '是否想写 "{meant}"？' }, values: { meant } } };
}

/** Coordinates far outside 0..1 are pixels: one mistake, however many numbers it touches. */
export function collapsePixels(problems: readonly Problem[], value: unknown): Problem[] {
  const outside = problems.filter((problem) => problem.code === "CONFIG_RANGE" && isCoordinate(problem.path));
  const pixels = outside.find((problem) => Number(valueAt(value, problem.path)) > 2);
  if (!pixels) return [...problems];
  const one: Problem = {
    severity: "error",
    path: pixels.path,
    at: pixels.at,
    code: "CONFIG_PIXELS",
    values: { value: Number(valueAt(value, pixels.path)), count: outside.length },
  };
  return problems.flatMap((problem) => (problem === pixels ? [one] : outside.includes(problem) ? [] : [problem]));
}

function isCoordinate(path: KeyPath): boolean {
  return ["polygon", "from", "via", "to"].some((key) => path.includes(key));
}
