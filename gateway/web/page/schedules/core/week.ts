/**
 * The armed minutes of a week as a set (pure): what the grid shows and paints. Seven days and the holidays each have a list of
 * intervals in minutes, apart and in order. A night that passes midnight lies on both days; on holidays it ends at 24:00 in
 * the grid, because the day after is not known.
 */
import type { Schedule, Weekday } from "../../../api.ts";

/** Rows of the grid, in this order. */
export const days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "holiday"] as const satisfies readonly Weekday[];

/** Columns of the grid. */
export const slotsPerDay = 48;
/** Minutes of a column. */
export const slotMin = 30;
export const dayMin = 1_440;

/** From the first minute to before the last one. */
export type Interval = readonly [from: number, to: number];

/** Intervals of each day, in the order of `days`. */
export type Week = readonly (readonly Interval[])[];

export type Window = NonNullable<Schedule["windows"]>[number];

/** The week in which nothing is armed. */
export const emptyWeek: Week = days.map(() => []);

/** Minutes of `HH:MM`; null for sunrise and sunset, which move. */
export function minutesOf(edge: string): number | null {
  const clock = /^(\d\d):(\d\d)$/.exec(edge);
  return clock ? Number(clock[1]) * 60 + Number(clock[2]) : null;
}

/** `HH:MM` of minutes 0..1440. */
export function edgeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
}

/** Whether an edge of a window moves with the sun. */
export function movesWithSun({ from = "00:00", to = "24:00" }: Window): boolean {
  return minutesOf(from) === null || minutesOf(to) === null;
}

/** Adds an interval, joining what touches. */
export function added(list: readonly Interval[], [from, to]: Interval): readonly Interval[] {
  if (from >= to) return list;
  const apart = list.filter(([a, b]) => b < from || a > to);
  const touching = list.filter(([a, b]) => b >= from && a <= to);
  const start = Math.min(from, ...touching.map(([a]) => a));
  const end = Math.max(to, ...touching.map(([, b]) => b));
  const joined: Interval = [start, end];
  return [...apart, joined].sort(([a], [b]) => a - b);
}

/** Takes an interval out. */
export function removed(list: readonly Interval[], [from, to]: Interval): readonly Interval[] {
  return list.flatMap(([a, b]): readonly Interval[] => {
    if (b <= from || a >= to) return [[a, b]];
    const left: Interval = [a, from];
    const right: Interval = [to, b];
    return [left, right].filter(([x, y]) => x < y);
  });
}

/** Arms or disarms minutes of one day. */
export function painted(week: Week, day: number, interval: Interval, arm: boolean): Week {
  return week.map((list, at) => (at !== day ? list : arm ? added(list, interval) : removed(list, interval)));
}

/** What a window covers; windows that move with the sun cover nothing here. */
export function weekOf(windows: readonly Window[]): Week {
  let week = emptyWeek;
  for (const { days: on, from = "00:00", to = "24:00" } of windows) {
    const [start, end] = [minutesOf(from), minutesOf(to)];
    if (start === null || end === null) continue;
    days.forEach((name, day) => {
      // A window without days begins on each day of the week; a holiday is one of them anyhow.
      if (on ? !on.includes(name) : name === "holiday") return;
      week = painted(week, day, [start, end > start ? end : dayMin], true);
      if (end <= start && name !== "holiday") week = painted(week, (day + 1) % 7, [0, end], true);
    });
  }
  return week;
}

/**
 * Windows that cover the same minutes. Over midnight two intervals become one window when its end is not later than its
 * beginning: a later end would mean the same day.
 */
export function windowsOf(week: Week): readonly Window[] {
  const byTimes = new Map<string, { from: number; to: number; on: Weekday[] }>();
  const put = (from: number, to: number, day: number): void => {
    const name = days[day];
    if (name === undefined) return;
    const key = `${from} ${to}`;
    const entry = byTimes.get(key) ?? { from, to, on: [] };
    entry.on.push(name);
    byTimes.set(key, entry);
  };
  week.forEach((list, day) => {
    for (const [from, to] of list) {
      if (day < 7 && from === 0 && joinsBefore(week, day, to)) continue;
      const next = to === dayMin && day < 7 ? morningAfter(week, day, from) : null;
      put(from, next ?? to, day);
    }
  });
  const all = [...byTimes.values()];
  return all.map(({ from, to, on }) => ({
    ...(on.length === 7 && !on.includes("holiday") ? {} : { days: on }),
    from: edgeOf(from),
    to: edgeOf(to),
  }));
}

/** Where the night that begins at `from` ends on the next day; null when it is no night of one window. */
function morningAfter(week: Week, day: number, from: number): number | null {
  const first = week[(day + 1) % 7]?.[0];
  if (from === 0 || first?.[0] !== 0 || first[1] === dayMin || first[1] > from) return null;
  return first[1];
}

/** Whether the interval from midnight to `to` is the end of the night before. */
function joinsBefore(week: Week, day: number, to: number): boolean {
  const last = week[(day + 6) % 7]?.at(-1);
  return last?.[1] === dayMin && morningAfter(week, (day + 6) % 7, last[0]) === to;
}

/** How much of a column is armed. */
export function coverage(week: Week, day: number, slot: number): "none" | "part" | "full" {
  const [from, to] = [slot * slotMin, (slot + 1) * slotMin];
  const minutes = (week[day] ?? []).reduce((sum, [a, b]) => sum + Math.max(0, Math.min(b, to) - Math.max(a, from)), 0);
  return minutes === 0 ? "none" : minutes >= slotMin ? "full" : "part";
}

/** Replaces the painted part of a schedule; windows that move with the sun stay as they are. */
export function withWeek(windows: readonly Window[], week: Week): readonly Window[] {
  return [...windowsOf(week), ...windows.filter(movesWithSun)];
}
