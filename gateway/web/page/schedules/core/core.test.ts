/** The weekly grid's arithmetic: windows, minutes, text, and when it changes next. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Calendar } from "../../../../analysis/zones/schedule.ts";
import type { RuleSet } from "../../../api.ts";
import { armedNow, fixedWindow, localOf } from "./armed.ts";
import { presets } from "./presets.ts";
import { freeId, laidOver, rulePlaces, withoutSchedule, withUse } from "./rules.ts";
import {
  coverage,
  days,
  dayMin,
  edgeOf,
  painted,
  weekOf,
  windowsOf,
  withWeek,
  type Week,
  type Window,
} from "./week.ts";
import { lineOf, readText, textOf } from "./window-text.ts";

const minute = fc.integer({ min: 0, max: dayMin });
const interval = fc
  .tuple(minute, minute)
  .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)])
  .filter(([a, b]) => a < b);
const stroke = fc.record({ day: fc.integer({ min: 0, max: 7 }), interval, arm: fc.boolean() });
const anyWeek = fc
  .array(stroke, { maxLength: 24 })
  .map((strokes) =>
    strokes.reduce<Week>((week, { day, interval: at, arm }) => painted(week, day, at, arm), weekOf([])),
  );
const clock = fc.integer({ min: 0, max: dayMin - 1 }).map(edgeOf);
const anyEdge = fc.oneof(
  clock,
  fc
    .tuple(fc.constantFrom("sunrise", "sunset"), fc.integer({ min: -120, max: 120 }))
    .map(([name, shift]) => (shift === 0 ? name : `${name}${shift > 0 ? "+" : ""}${shift}`)),
);
const anyDays = fc.option(fc.subarray([...days], { minLength: 1 }), { nil: undefined });
const anyWindow = fc
  .tuple(anyDays, anyEdge, fc.oneof(anyEdge, fc.constant("24:00")))
  .map(([on, from, to]): Window => ({ ...(on ? { days: on } : {}), from, to }));

describe("painting", () => {
  test("what was painted is armed, what was erased is not, and the rest stays", () => {
    fc.assert(
      fc.property(anyWeek, stroke, minute, fc.integer({ min: 0, max: 7 }), (week, { day, interval: at, arm }, m, d) => {
        const holds = (of: Week, on: number): boolean => (of[on] ?? []).some(([a, b]) => m >= a && m < b);
        const inside = d === day && m >= at[0] && m < at[1];
        expect(holds(painted(week, day, at, arm), d)).toBe(inside ? arm : holds(week, d));
      }),
    );
  });
  test("intervals stay apart and in order", () => {
    fc.assert(
      fc.property(anyWeek, (week) => {
        for (const list of week)
          list.forEach(([a, b], at) => {
            expect(a).toBeLessThan(b);
            expect(a).toBeGreaterThan(list[at - 1]?.[1] ?? -1);
          });
      }),
    );
  });
});

describe("windows of a week", () => {
  test("cover the same minutes", () => {
    fc.assert(
      fc.property(anyWeek, (week) => {
        expect(weekOf(windowsOf(week))).toEqual(week);
      }),
    );
  });
  test("are armed on the box exactly where the grid is", () => {
    const calendar = new Calendar({ timezone: "Asia/Shanghai" });
    const mondayMs = Date.parse("2026-11-16T00:00+08:00");
    fc.assert(
      fc.property(anyWeek, fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: dayMin - 1 }), (week, day, m) => {
        const windows = windowsOf(week).map((window) => fixedWindow(window, null));
        const armed = calendar.armed({ windows }, mondayMs + (day * dayMin + m) * 60_000);
        expect(armed).toBe((week[day] ?? []).some(([a, b]) => m >= a && m < b));
      }),
    );
  });
  for (const [name, windows] of [
    ["every night is one window", [{ from: "22:00", to: "06:00" }]],
    ["workdays", [{ days: ["mon", "tue", "wed", "thu", "fri"], from: "08:00", to: "18:00" }]],
    ["always", [{ from: "00:00", to: "24:00" }]],
    ["Friday's night", [{ days: ["fri"], from: "22:00", to: "06:00" }]],
    ["Sunday's night passes the end of the week", [{ days: ["sun"], from: "22:00", to: "06:00" }]],
    ["holidays have their own", [{ days: ["holiday"], from: "00:00", to: "24:00" }]],
  ] as const)
    test(`there and back: ${name}`, () => expect(windowsOf(weekOf(windows))).toEqual(windows));
  test("twenty-five hours do not become one", () => {
    const week = painted(painted(weekOf([]), 0, [480, dayMin], true), 1, [0, 540], true);
    expect(windowsOf(week)).toEqual([
      { days: ["mon"], from: "08:00", to: "24:00" },
      { days: ["tue"], from: "00:00", to: "09:00" },
    ]);
  });
  test("windows that move with the sun stay when one paints", () => {
    const sun = { from: "sunset-30", to: "sunrise" };
    const next = withWeek([sun, { days: ["mon"], from: "08:00", to: "09:00" }], weekOf([]));
    expect(next).toEqual([sun]);
  });
});

test("half a column is told from a whole one", () => {
  const week = weekOf([{ days: ["mon"], from: "08:00", to: "08:45" }]);
  expect([15, 16, 17, 18].map((slot) => coverage(week, 0, slot))).toEqual(["none", "full", "part", "none"]);
});

describe("text", () => {
  for (const language of ["en", "zh"] as const)
    test(`read back, every window is the same (${language})`, () => {
      fc.assert(
        fc.property(fc.array(anyWindow, { maxLength: 8 }), (windows) => {
          const text = textOf(windows, language);
          const read = readText(text);
          if (!("windows" in read)) throw new Error(`line ${read.badLine} of ${text}`);
          expect(textOf(read.windows, language)).toBe(text);
          expect(weekOf(read.windows)).toEqual(weekOf(windows));
        }),
      );
    });
  for (const [text, line] of [
    ["Mon-Fri 22:00-06:00", "Mon-Fri 22:00-06:00"],
    ["mon - 08:00-09:00", null],
    ["fri-mon 8:00 to 9:30", "Mon,Fri-Sun 08:00-09:30"],
    ["Sat, Sun 00:00–24:00", "Sat,Sun 00:00-24:00"],
    ["工作日 22：00 至 6：00", "Mon-Fri 22:00-06:00"],
    ["星期一，周日 日落-30-日出+10", "Mon,Sun sunset-30-sunrise+10"],
    ["daily sunset-06:00", "daily sunset-06:00"],
    ["monday 08:00-09:00", "Mon 08:00-09:00"],
    ["holiday 00:00-24:00", "holiday 00:00-24:00"],
    ["Mon 25:00-26:00", null],
    ["Mon 24:00-06:00", null],
    ["Mon 08:60-09:00", null],
    ["holiday-mon 08:00-09:00", null],
    ["08:00-09:00", null],
    ["never 08:00-09:00", null],
    ["Mon 08:00", null],
  ] as const)
    test(`“${text}” ${line === null ? "is refused" : `is ${line}`}`, () => {
      const read = readText(text);
      expect("windows" in read ? textOf(read.windows, "en") : null).toBe(line);
    });
  test("the line that cannot be read is named", () => {
    expect(readText("daily 08:00-09:00\n\nMon nonsense")).toEqual({ badLine: 3 });
  });
  test("the days of a window in Chinese", () => {
    expect(lineOf({ days: ["sat", "sun", "holiday"], from: "sunset", to: "24:00" }, "zh")).toBe(
      "周六,周日,节假日 日落-24:00",
    );
  });
});

describe("armed now, and the next change", () => {
  const at = (local: string): number => Date.parse(`2026-11-${local}+08:00`);
  const site = { timezone: "Asia/Shanghai", holidays: ["2026-11-23"], sun: { sunrise: "07:19", sunset: "17:53" } };
  const night = { id: "n", windows: presets.night };
  const daylight = { id: "d", windows: presets.daylight };
  const work = { id: "w", windows: presets.workdays, skipHolidays: true };
  for (const [name, schedule, now, isArmed, next] of [
    ["before the night", night, "21T21:00", false, "21T22:00"],
    ["in the night", night, "21T22:31", true, "22T06:00"],
    ["by day", daylight, "21T12:00", true, "21T17:53"],
    ["the weekend, then a holiday", work, "21T12:00", false, "24T08:00"],
    ["always", { id: "a", windows: presets.always }, "21T12:00", true, null],
    ["no windows: always", { id: "e" }, "21T12:00", true, null],
    ["another season", { id: "s", seasons: [{ from: "03-01", to: "06-30" }] }, "21T12:00", false, null],
  ] as const)
    test(name, () => {
      const answer = armedNow(schedule, site, at(now));
      expect(answer).toEqual({ isArmed, changesAtMs: next === null ? null : at(next) });
    });
  test("the day and minute of the site, not of this device", () => {
    expect(localOf("Asia/Shanghai", at("22T00:30"))).toEqual({ day: 6, minute: 30 });
  });
});

describe("schedules within the rules", () => {
  const rules: RuleSet = {
    zones: [
      {
        id: "z",
        polygon: [],
        rules: [
          { type: "fishing", schedule: "night" },
          { type: "debris", score: 0.5 },
        ],
      },
    ],
    lines: [{ id: "l", from: [0, 0], to: [1, 1], rules: [{ type: "boat", schedule: "day" }] }],
    masks: [],
    schedules: [{ id: "night" }, { id: "day" }],
    holidays: [],
  };
  const uses = (of: RuleSet): readonly (string | null)[] => rulePlaces(of).map(({ rule }) => rule.schedule ?? null);
  test("a rule follows a schedule, and no longer", () => {
    const [, debris] = rulePlaces(rules);
    const next = debris ? withUse(rules, debris, "day") : rules;
    expect(uses(next)).toEqual(["night", "day", "day"]);
    expect(debris ? withUse(next, debris, null) : null).toEqual(rules);
  });
  test("a schedule that goes leaves no rule behind that names it", () => {
    const next = withoutSchedule(rules, "night");
    expect(uses(next)).toEqual([null, null, "day"]);
    expect(next.schedules.map(({ id }) => id)).toEqual(["day"]);
  });
  test("a free name", () => expect(freeId({ ...rules, schedules: [{ id: "schedule-1" }] })).toBe("schedule-2"));
  test("mine over theirs: their drawing, my hours", () => {
    const mine = withoutSchedule(rules, "night");
    const theirs = {
      ...rules,
      zones: [...rules.zones, { id: "new", polygon: [], rules: [{ type: "x", schedule: "night" }] }],
    };
    const next = laidOver(mine, theirs);
    expect(next.zones.map(({ id }) => id)).toEqual(["z", "new"]);
    expect(uses(next)).toEqual([null, null, null, "day"]);
  });
});
