/** Rules whose own calendar lets them never fire: a season that is no day, hours too short for what must be held (pure). */
import { typeOf } from "./catalogue/catalogue.ts";
import type { KeyPath, Problem } from "./diagnostic.ts";
import { entriesAt, textAt, valueAt } from "./raw.ts";
import { hasDay, seasonDayProblems } from "./schedule-problems.ts";
import { ruleSchema, scheduleSchema } from "./zones-schema.ts";

const daySec = 86_400;

/** Problems of all rules of a zones file whose values may have any shape. */
export function ruleHoursProblems(raw: unknown): Problem[] {
  return (["zones", "lines"] as const).flatMap((list) =>
    entriesAt(raw, [list]).flatMap(([index]) =>
      entriesAt(raw, [list, index, "rules"]).flatMap(([rule, entry]) => [
        ...seasonProblem(raw, [list, index, "rules", rule, "season"]),
        ...shortProblem(entry, raw, [list, index, "rules", rule]),
      ]),
    ),
  );
}

function seasonProblem(raw: unknown, path: KeyPath): Problem[] {
  const season = ruleSchema.shape.season.safeParse(valueAt(raw, path));
  if (!season.success || !season.data) return [];
  const { from, to } = season.data;
  if (from > to || hasDay(from, to)) return seasonDayProblems(raw, path);
  const values = { schedule: "season", why: { en: "no such day is in any year", zh: "任何年份都没有这些日期" } };
  return [{ code: "CONFIG_SCHEDULE_NEVER", severity: "error", path, at: "value", values }];
}

/** What a rule must see held begins anew each time that its hours open. */
function shortProblem(entry: unknown, raw: unknown, path: KeyPath): Problem[] {
  const template = typeOf(textAt(entry, ["type"]) ?? "")?.rule;
  const isOwnKind = (textAt(entry, ["kind"]) ?? template?.kind) !== template?.kind;
  const number = (key: "suspectedSec" | "detectedSec"): number | undefined => {
    const value = valueAt(entry, [key]) ?? (isOwnKind ? undefined : template?.[key]);
    return typeof value === "number" ? value : undefined;
  };
  const needSec = Math.min(number("suspectedSec") ?? Infinity, number("detectedSec") ?? Infinity);
  const named = textAt(entry, ["schedule"]);
  const hours = textAt(entry, ["hours"]);
  const windows = named === undefined ? ownWindow(hours) : windowsOf(named, raw);
  const openSec = windows === null ? Infinity : windows.reduce((sum, window) => sum + lengthOf(window), 0);
  if (!Number.isFinite(needSec) || openSec >= needSec) return [];
  const at = [...path, named === undefined ? "hours" : "schedule"];
  return [{ code: "CONFIG_HOURS_SHORT", severity: "warning", path: at, at: "value", values: { needSec, openSec } }];
}

type Edges = readonly [from: string, to: string];

function ownWindow(hours: string | undefined): readonly Edges[] | null {
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(hours ?? "") ?? [];
  return from === undefined || to === undefined ? null : [[from, to]];
}

/** Windows of a schedule; null when it has none and is open all day. */
function windowsOf(name: string, raw: unknown): readonly Edges[] | null {
  const found = entriesAt(raw, ["schedules"]).find(([, entry]) => textAt(entry, ["id"]) === name);
  const schedule = scheduleSchema.safeParse(found?.[1]);
  return schedule.success ? (schedule.data.windows?.map(({ from, to }) => [from, to]) ?? null) : null;
}

/** Seconds from edge to edge; where the sun has a say, as long as a day. Windows that meet are counted together, in doubt for the rule. */
function lengthOf([from, to]: Edges): number {
  if (!/^\d/.test(from) || !/^\d/.test(to)) return daySec;
  const at = (edge: string): number => Number(edge.slice(0, 2)) * 3_600 + Number(edge.slice(3)) * 60;
  const length = at(to) - at(from);
  return length > 0 ? length : length + daySec;
}
