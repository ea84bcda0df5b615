/** Calendars that do not mean what they say: schedules that never open, holidays that are no day (pure). */
import type { KeyPath, Problem } from "./diagnostic.ts";
import { entriesAt, textAt, valueAt } from "./raw.ts";
import { scheduleSchema, type ScheduleConfig } from "./zones-schema.ts";

const dayMs = 86_400_000;

/** Problems of all schedules of a zones file whose values may have any shape. */
export function scheduleProblems(raw: unknown): Problem[] {
  const holidays = entriesAt(raw, ["holidays"]).length;
  const never = neverOpen(raw, holidays);
  const seasons = never.length > 0 ? [] : inSchedules(raw).flatMap((path) => seasonDayProblems(raw, path));
  return [...holidayProblems(raw), ...never, ...seasons];
}

function inSchedules(raw: unknown): KeyPath[] {
  return entriesAt(raw, ["schedules"]).flatMap(([schedule]) =>
    entriesAt(raw, ["schedules", schedule, "seasons"]).map(([season]) => ["schedules", schedule, "seasons", season]),
  );
}

/** First and last day of a season that no year has: it would begin or end on another. */
export function seasonDayProblems(raw: unknown, path: KeyPath): Problem[] {
  return (["from", "to"] as const).flatMap((edge): Problem[] => {
    const day = textAt(raw, [...path, edge]);
    if (day === undefined || !/^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(day) || hasDay(day, day)) return [];
    return [{ code: "CONFIG_NO_SUCH_DAY", severity: "warning", path: [...path, edge], at: "value", values: { day } }];
  });
}

/** A day that no calendar has would be left out without a word. */
function holidayProblems(raw: unknown): Problem[] {
  return entriesAt(raw, ["holidays"]).flatMap(([index, day]): Problem[] => {
    const isDay = typeof day !== "string" || !/^\d{4}-\d\d-\d\d$/.test(day) || existsDay(day);
    if (isDay) return [];
    return [{ code: "CONFIG_NO_SUCH_DAY", severity: "error", path: ["holidays", index], at: "value", values: { day } }];
  });
}

function existsDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}

function neverOpen(raw: unknown, holidays: number): Problem[] {
  return entriesAt(raw, ["schedules"]).flatMap(([index, entry]): Problem[] => {
    const schedule = scheduleSchema.safeParse(entry);
    const reason = schedule.success ? neverOpens(schedule.data, holidays) : null;
    if (!reason) return [];
    const path = ["schedules", index, ...reason.at];
    const values = { schedule: String(valueAt(entry, ["id"])), why: reason.why };
    return [{ code: "CONFIG_SCHEDULE_NEVER", severity: "error", path, at: "value", values }];
  });
}

/** Why a schedule is never open; null when it is at some time. */
function neverOpens(schedule: ScheduleConfig, holidays: number) {
  const { windows, seasons, skipHolidays } = schedule;
  const onHolidays = windows?.every(({ days }) => days?.every((day) => day === "holiday") ?? false) ?? false;
  if (onHolidays && skipHolidays === true)
    return {
      at: ["skipHolidays"],
      why: { en: "it opens on holidays only and leaves out holidays", zh: "仅在节假日启用，又排除了节假日" },
    };
  if (onHolidays && holidays === 0)
    return {
      at: ["windows"],
      why: { en: "it opens on holidays only and the file names none", zh: "仅在节假日启用，而文件中未列出节假日" },
    };
  const isEmpty = seasons?.every(({ from, to }) => from <= to && !hasDay(from, to)) ?? false;
  return isEmpty ? { at: ["seasons"], why: { en: "no such day is in any year", zh: "任何年份都没有这些日期" } } : null;
}

/** Whether a day between two of the form MM-DD, both included, exists in a leap year. */
export function hasDay(from: string, to: string): boolean {
  for (let ms = Date.UTC(2028, 0, 1); ms < Date.UTC(2029, 0, 1); ms += dayMs) {
    const day = new Date(ms).toISOString().slice(5, 10);
    if (day >= from && day <= to) return true;
  }
  return false;
}
