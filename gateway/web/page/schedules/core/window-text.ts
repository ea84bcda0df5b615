/** Windows as a line of text each, `Mon-Fri 22:00-06:00`, in both languages; either is understood (pure). */
import type { Weekday } from "../../../api.ts";
import type { Language } from "../../../../runtime/texts/fill.ts";
import { days, type Window } from "./week.ts";

const names: Readonly<Record<Language, readonly string[]>> = {
  en: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "holiday"],
  zh: ["周一", "周二", "周三", "周四", "周五", "周六", "周日", "节假日"],
};
const daily: Readonly<Record<Language, string>> = { en: "daily", zh: "每天" };
const sun: Readonly<Record<Language, readonly [string, string]>> = {
  en: ["sunrise", "sunset"],
  zh: ["日出", "日落"],
};

/** Words for several days, understood but not written. */
const groups: Readonly<Record<string, readonly number[]>> = {
  workdays: [0, 1, 2, 3, 4],
  weekend: [5, 6],
  工作日: [0, 1, 2, 3, 4],
  周末: [5, 6],
};

/** All windows, one a line. */
export function textOf(windows: readonly Window[], language: Language): string {
  return windows.map((window) => lineOf(window, language)).join("\n");
}

/** One window as a line. */
export function lineOf({ days: on, from = "00:00", to = "24:00" }: Window, language: Language): string {
  return `${daysText(on, language)} ${edgeText(from, language)}-${edgeText(to, language)}`;
}

function edgeText(edge: string, language: Language): string {
  return edge.replace("sunrise", sun[language][0]).replace("sunset", sun[language][1]);
}

/** `Mon-Fri,Sun`: three days and more in a row become a range. */
export function daysText(on: readonly Weekday[] | undefined, language: Language): string {
  const indices = days.flatMap((name, day) => (on === undefined || on.includes(name) ? [day] : []));
  const week = indices.filter((day) => day < 7);
  if (on === undefined || (week.length === 7 && indices.length === 7)) return daily[language];
  const name = (day: number): string => names[language][day] ?? "";
  const parts: string[] = [];
  for (let at = 0; at < week.length;) {
    let end = at;
    while (week[end + 1] === (week[end] ?? 0) + 1) end += 1;
    const run = week.slice(at, end + 1);
    parts.push(...(run.length > 2 ? [`${name(run[0] ?? 0)}-${name(run.at(-1) ?? 0)}`] : run.map(name)));
    at = end + 1;
  }
  if (indices.includes(7)) parts.push(name(7));
  return parts.join(",");
}

/** What became of a text: windows, or the line that could not be read, from 1. */
export type Read = { readonly windows: readonly Window[] } | { readonly badLine: number };

/** Most windows that the box takes. */
const mostWindows = 32;
const edge = "(\\d{1,2}:\\d{2}|(?:sunrise|sunset)(?:[+-]\\d{1,3})?)";
const line = new RegExp(`^(\\S+)\\s+${edge}\\s*(?:-|–|—|~|to|至|到)\\s*${edge}$`, "i");

/** Reads lines; empty ones do not count. */
export function readText(text: string): Read {
  const windows: Window[] = [];
  const lines = text.split(/[\n;；]/);
  for (const [at, raw] of lines.entries()) {
    const words = raw.trim();
    if (words === "") continue;
    const window = windowOf(words);
    if (window === null || windows.length >= mostWindows) return { badLine: at + 1 };
    windows.push(window);
  }
  return { windows };
}

function windowOf(words: string): Window | null {
  const plain = words.replaceAll("日出", "sunrise").replaceAll("日落", "sunset").replaceAll("：", ":");
  // Spaces and full-width commas between days are no mistake worth a word.
  const tight = plain
    .replaceAll("，", ",")
    .replaceAll("、", ",")
    .replaceAll(/\s*,\s*/g, ",");
  const [, on = "", from = "", to = ""] = line.exec(tight) ?? [];
  const [start, end] = [edgeOf(from), edgeOf(to)];
  const indices = daysOf(on);
  // A beginning at 24:00 would be the next day's 00:00, which one can write.
  if (indices === null || start === null || end === null || start === "24:00") return null;
  return { ...(indices === "daily" ? {} : { days: indices }), from: start, to: end };
}

function edgeOf(text: string): string | null {
  const clock = /^(\d{1,2}):(\d{2})$/.exec(text);
  if (!clock) return text === "" ? null : text.toLowerCase();
  const [hours, minutes] = [Number(clock[1]), Number(clock[2])];
  if (minutes > 59 || hours > 24 || (hours === 24 && minutes > 0)) return null;
  return `${String(hours).padStart(2, "0")}:${String(minutes).padStart(2, "0")}`;
}

function daysOf(text: string): readonly Weekday[] | "daily" | null {
  if (text.toLowerCase() === daily.en || text === daily.zh) return "daily";
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const group = groups[part.toLowerCase()];
    const [first, last, more] = part.split("-");
    const start = dayOf(first ?? "");
    const end = last === undefined ? start : dayOf(last);
    if (group) for (const day of group) found.add(day);
    else if (start === null || end === null || more !== undefined || (last !== undefined && (start > 6 || end > 6)))
      return null;
    // Fri-Mon goes round the end of the week.
    else
      for (let day = start; ; day = (day + 1) % 7) {
        found.add(day);
        if (day === end || day > 6) break;
      }
  }
  return days.filter((_, day) => found.has(day));
}

function dayOf(text: string): number | null {
  const lower = text.toLowerCase();
  const at = names.en.findIndex(
    (name) => name.toLowerCase() === lower || (lower.length > 3 && full.has(lower) && full.get(lower) === name),
  );
  if (at >= 0) return at;
  const zh = names.zh.indexOf(text === "周天" ? "周日" : text.replace("星期", "周"));
  return zh >= 0 ? zh : null;
}

const full: ReadonlyMap<string, string> = new Map([
  ["monday", "Mon"],
  ["tuesday", "Tue"],
  ["wednesday", "Wed"],
  ["thursday", "Thu"],
  ["friday", "Fri"],
  ["saturday", "Sat"],
  ["sunday", "Sun"],
  ["holidays", "holiday"],
]);
