/** Whether a schedule is armed now and until when, decided by the same code as on the box (pure). */
import { Calendar } from "../../../../analysis/zones/schedule.ts";
import type { Schedule, SunTimes } from "../../../api.ts";
import type { Window } from "./week.ts";

/** What is needed to know. */
export interface Site {
  readonly timezone: string;
  readonly holidays: readonly string[];
  /** Null where the site has no place: the box then takes six and eighteen o'clock. */
  readonly sun: Pick<SunTimes, "sunrise" | "sunset"> | null;
}

/** An answer: armed or not, and when that changes; null when it does not within the days looked at. */
export interface ArmedNow {
  readonly isArmed: boolean;
  readonly changesAtMs: number | null;
}

const lookAheadMs = 9 * 86_400_000;

/** @throws RangeError for a time zone that does not exist */
export function armedNow(schedule: Schedule, site: Site, nowMs: number): ArmedNow {
  const calendar = new Calendar({ timezone: site.timezone, holidays: site.holidays });
  const fixed = {
    ...(schedule.windows ? { windows: schedule.windows.map((window) => fixedWindow(window, site.sun)) } : {}),
    ...(schedule.seasons ? { seasons: [...schedule.seasons] } : {}),
    ...(schedule.skipHolidays === undefined ? {} : { skipHolidays: schedule.skipHolidays }),
  };
  const { isArmed } = calendar.armedSpan(fixed, nowMs);
  for (let at = nowMs; at < nowMs + lookAheadMs;) {
    const span = calendar.armedSpan(fixed, at);
    if (span.isArmed !== isArmed) return { isArmed, changesAtMs: span.fromMs };
    at = span.untilMs;
  }
  return { isArmed, changesAtMs: null };
}

/** Today's sun as times of the clock: within nine days it moves by a few minutes. */
export function fixedWindow({ days, from = "00:00", to = "24:00" }: Window, sun: Site["sun"]): FixedWindow {
  return { ...(days ? { days: [...days] } : {}), from: fixedEdge(from, sun), to: fixedEdge(to, sun) };
}

interface FixedWindow {
  days?: NonNullable<Window["days"]>[number][];
  from: string;
  to: string;
}

function fixedEdge(edge: string, sun: Site["sun"]): string {
  const found = /^(sunrise|sunset)([+-]\d+)?$/.exec(edge);
  if (!found) return edge;
  const base = found[1] === "sunrise" ? (sun?.sunrise ?? "06:00") : (sun?.sunset ?? "18:00");
  const [hours = 0, minutes = 0] = base.split(":").map(Number);
  const at = (hours * 60 + minutes + Number(found[2] ?? 0) + 2 * 1_440) % 1_440;
  return `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
}

/** The local weekday (0 Monday) and minute of the day of a site. */
export function localOf(timezone: string, nowMs: number): { readonly day: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    weekday: "short",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(nowMs);
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? "";
  const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(of("weekday"));
  return { day, minute: Number(of("hour")) * 60 + Number(of("minute")) };
}
