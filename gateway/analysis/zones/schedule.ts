/** When a rule is armed: hours of the week, parts of the year, holidays, sunrise and sunset; in the site's time zone. */
import type { ScheduleConfig, Season } from "../../config/zones-schema.ts";
import { sunSpan, type SunSpan } from "./sun.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Time zones change their offset on quarter hours. */
const SLOT_MS = 15 * MINUTE_MS;
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

type Window = NonNullable<ScheduleConfig["windows"]>[number];

/** What a rule's calendar says: a schedule of the file, or the hours and the season of the rule itself. */
export type Schedule = Pick<ScheduleConfig, "windows" | "seasons" | "skipHolidays">;

/** The schedule of `hours` and `season` as a rule or the catalogue writes them; null when the rule is always armed. */
export function scheduleOf(hours: string | undefined, season: Season | undefined): Schedule | null {
  if (hours === undefined && season === undefined) return null;
  const seasons = season ? { seasons: [season] } : {};
  if (hours === undefined) return seasons;
  if (hours === "daylight") return { ...seasons, windows: [{ from: "sunrise", to: "sunset" }] };
  if (hours === "night") return { ...seasons, windows: [{ from: "sunset", to: "sunrise" }] };
  const [from = "00:00", to = "24:00"] = hours.split("-");
  return { ...seasons, windows: [{ from, to }] };
}

/** An answer of the calendar and the wall times between which it is the same; `untilMs` is exclusive. */
export interface ArmedSpan {
  readonly isArmed: boolean;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** The calendar of one site. */
export class Calendar {
  readonly #timezone: string;
  /** Made for the first question: most rules never ask one, and making it takes milliseconds. */
  #format: Intl.DateTimeFormat | null = null;
  readonly #place: { readonly lon: number; readonly lat: number } | null;
  readonly #holidays: ReadonlySet<string>;
  #slot = -1;
  #offsetMs = 0;

  /** With a time zone that does not exist the first question throws RangeError; the config's check refuses it before. */
  constructor(options: {
    readonly timezone: string;
    readonly place?: { readonly lon?: number | undefined; readonly lat?: number | undefined } | undefined;
    readonly holidays?: readonly string[] | undefined;
  }) {
    this.#timezone = options.timezone;
    const { lon, lat } = options.place ?? {};
    this.#place = lon === undefined || lat === undefined ? null : { lon, lat };
    this.#holidays = new Set(options.holidays);
  }

  /** Whether `schedule` is open at `nowMs`, and from when until when that answer holds. */
  armedSpan(schedule: Schedule, nowMs: number): ArmedSpan {
    const slot = Math.floor(nowMs / SLOT_MS) * SLOT_MS;
    const offset = this.#offset(nowMs);
    const today = Math.floor((nowMs + offset) / DAY_MS) * DAY_MS;
    let [fromMs, untilMs] = [slot, slot + SLOT_MS];
    // Within a slot neither the day nor the offset changes: only the windows' own edges are left.
    for (const window of schedule.windows ?? [])
      for (const edge of [window.from, window.to])
        for (const day of [today - DAY_MS, today, today + DAY_MS]) {
          const at = this.#edge(edge, day) - offset;
          if (at <= nowMs) fromMs = Math.max(fromMs, at);
          else untilMs = Math.min(untilMs, at);
        }
    return { isArmed: this.armed(schedule, nowMs), fromMs, untilMs };
  }

  /** Whether `schedule` is open at wall time `nowMs`. */
  armed(schedule: Schedule, nowMs: number): boolean {
    const local = nowMs + this.#offset(nowMs);
    const today = Math.floor(local / DAY_MS) * DAY_MS;
    if (schedule.seasons && !schedule.seasons.some((season) => inSeason(dayOf(today), season))) return false;
    const windows = schedule.windows ?? [{ from: "00:00", to: "24:00" }];
    // Yesterday's window may reach past midnight; it belongs to the day on which it began.
    return [today - DAY_MS, today].some(
      (day) => this.#dayCounts(schedule, day) && windows.some((w) => this.#open(w, day, local)),
    );
  }

  /** The part of the year of `schedule` that `atMs` lies in; null where it has none. */
  season({ seasons = [] }: Schedule, atMs: number): Season | null {
    const day = dayOf(Math.floor((atMs + this.#offset(atMs)) / DAY_MS) * DAY_MS);
    return seasons.find((season) => inSeason(day, season)) ?? null;
  }

  #open(window: Window, day: number, local: number): boolean {
    if (window.days && !this.#dayFits(window.days, day)) return false;
    const end = isOvernight(window) ? day + DAY_MS : day;
    return local >= this.#edge(window.from, day) && local < this.#edge(window.to, end);
  }

  #dayFits(days: NonNullable<Window["days"]>, day: number): boolean {
    const name = weekdays[new Date(day).getUTCDay()];
    return days.some((d) => d === name) || (days.includes("holiday") && this.#isHoliday(day));
  }

  #dayCounts(schedule: Schedule, day: number): boolean {
    return schedule.skipHolidays !== true || !this.#isHoliday(day);
  }

  #isHoliday(day: number): boolean {
    return this.#holidays.has(new Date(day).toISOString().slice(0, 10));
  }

  /** Local ms of `HH:MM`, `sunrise-30` or the like on the local day that begins at `day`. */
  #edge(edge: string, day: number): number {
    const clock = /^(\d\d):(\d\d)$/.exec(edge);
    if (clock) return day + (Number(clock[1]) * 60 + Number(clock[2])) * MINUTE_MS;
    const sun = /^(sunrise|sunset)([+-]\d+)?$/.exec(edge);
    const shift = Number(sun?.[2] ?? 0) * MINUTE_MS;
    const rises = sun?.[1] === "sunrise";
    // Without coordinates the sun rises at six and sets at six.
    if (!this.#place) return day + (rises ? usualRiseMin : usualSetMin) * MINUTE_MS + shift;
    const span = this.#sunOf(day, this.#place);
    const utc = rises ? span.riseMs : span.setMs;
    return utc + this.#offset(utc) + shift;
  }

  /** The sun of the local day that begins at `day`; beyond the date line its noon is another day's by UTC. */
  #sunOf(day: number, place: { readonly lon: number; readonly lat: number }): SunSpan {
    const span = sunSpan(day, place);
    const noon = (span.riseMs + span.setMs) / 2;
    const away = Math.floor((noon + this.#offset(noon) - day) / DAY_MS);
    return away === 0 ? span : sunSpan(day - away * DAY_MS, place);
  }

  /** Local time minus UTC in ms. */
  #offset(atMs: number): number {
    const slot = Math.floor(atMs / SLOT_MS);
    if (slot !== this.#slot) {
      this.#slot = slot;
      this.#offsetMs = this.#offsetAt(slot * SLOT_MS);
    }
    return this.#offsetMs;
  }

  #offsetAt(atMs: number): number {
    this.#format ??= new Intl.DateTimeFormat("en-US", {
      timeZone: this.#timezone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    const parts = new Map(this.#format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]));
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
    return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second")) - atMs;
  }
}

/**
 * Whether a window's end belongs to the next day. Where the sun is one of its edges, that must not hang on the time of year:
 * `05:00` to `sunrise` is closed on a day whose sun rises at half past four, and not open until the next one.
 */
export function isOvernight({ from, to }: Pick<Window, "from" | "to">): boolean {
  const [start, end] = [usualMinute(from), usualMinute(to)];
  return end === start ? isClock(from) === isClock(to) : end < start;
}

/** Minutes after midnight at which the sun usually rises and sets, wherever the site is. */
const usualRiseMin = 6 * 60;
const usualSetMin = 18 * 60;
const isClock = (edge: string): boolean => !edge.startsWith("sun");

function usualMinute(edge: string): number {
  if (isClock(edge)) return Number(edge.slice(0, 2)) * 60 + Number(edge.slice(3, 5));
  return (edge.startsWith("sunrise") ? usualRiseMin : usualSetMin) + Number(/[+-]\d+$/.exec(edge)?.[0] ?? 0);
}

function dayOf(localMidnightMs: number): string {
  return new Date(localMidnightMs).toISOString().slice(5, 10);
}

/** Both days whole; a season whose end lies before its start passes New Year. */
function inSeason(day: string, { from, to }: Season): boolean {
  return from <= to ? day >= from && day <= to : day >= from || day <= to;
}
