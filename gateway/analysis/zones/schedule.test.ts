import { describe, expect, test } from "vitest";
import { Calendar, scheduleOf, type Schedule } from "./schedule.ts";
import { sunTimes } from "./sun.ts";
import { oneZone, still, tell } from "./testing/story.ts";

const calendar = new Calendar({
  timezone: "Asia/Shanghai",
  place: { lon: 106.55, lat: 29.56 },
  holidays: ["2026-10-01"],
});
const armed = (schedule: Schedule, local: string): boolean => calendar.armed(schedule, Date.parse(`${local}+08:00`));

describe("the closed season is exact at both ends", () => {
  const season = scheduleOf(undefined, { from: "03-01", to: "06-30" });
  for (const [local, open] of [
    ["2026-02-28T23:59:59.999", false],
    ["2026-03-01T00:00:00.000", true],
    ["2026-06-30T23:59:59.999", true],
    ["2026-07-01T00:00:00.000", false],
    ["2028-02-29T23:59:59.999", false],
    ["2028-03-01T00:00:00.000", true],
  ] as const) {
    test(local, () => expect(season && armed(season, local)).toBe(open));
  }
});

test("an event says in which part of the year it fell, and what its season ends says so too", () => {
  const seasons = [
    { from: "03-01", to: "06-30" },
    { from: "11-01", to: "01-31" },
  ];
  const zones = {
    ...(oneZone([{ type: "site-intrusion", detectedSec: 2, schedule: "closed" }]) as object),
    schedules: [{ id: "closed", seasons }],
  };
  const actors = [still(1, "person", { x: 0.4, y: 0.4, width: 0.08, height: 0.2 })];
  const told = tell({ zones, actors, seconds: 20, startMs: Date.parse("2026-06-30T23:59:50+08:00") });
  expect(told.map(({ phase, endReason, season }) => ({ phase, endReason, season }))).toEqual([
    { phase: "start", endReason: undefined, season: seasons[0] },
    { phase: "end", endReason: "schedule", season: seasons[0] },
  ]);
  const winter = tell({ zones, actors, seconds: 5, startMs: Date.parse("2026-12-31T23:59:58+08:00") });
  expect(winter[0]?.season).toEqual(seasons[1]);
  const always = tell({ zones: oneZone([{ type: "site-intrusion", detectedSec: 2 }]), actors, seconds: 5 });
  expect(always[0]).not.toHaveProperty("season");
});

describe("windows", () => {
  const night: Schedule = { windows: [{ from: "22:00", to: "06:00", days: ["fri"] }] };
  const busy: Schedule = {
    windows: [
      { from: "08:00", to: "10:00" },
      { from: "17:00", to: "19:00" },
    ],
  };
  const winter: Schedule = { seasons: [{ from: "12-15", to: "01-15" }] };
  const work: Schedule = {
    windows: [{ from: "08:00", to: "18:00", days: ["mon", "tue", "wed", "thu", "fri"] }],
    skipHolidays: true,
  };
  const feast: Schedule = { windows: [{ from: "00:00", to: "24:00", days: ["holiday"] }] };
  for (const [name, schedule, local, open] of [
    ["over midnight: Friday evening", night, "2026-11-20T22:00:00", true],
    ["over midnight: it is still Friday's window on Saturday morning", night, "2026-11-21T05:59:59", true],
    ["over midnight: closed at the end", night, "2026-11-21T06:00:00", false],
    ["over midnight: Friday morning belongs to Thursday", night, "2026-11-20T05:00:00", false],
    ["several a day: the first", busy, "2026-11-20T09:00:00", true],
    ["several a day: between", busy, "2026-11-20T12:00:00", false],
    ["several a day: the second", busy, "2026-11-20T18:59:59", true],
    ["over New Year: before", winter, "2026-12-31T12:00:00", true],
    ["over New Year: after", winter, "2027-01-15T23:59:59", true],
    ["over New Year: over", winter, "2027-01-16T00:00:00", false],
    ["a workday", work, "2026-09-30T12:00:00", true],
    ["a workday that is a holiday", work, "2026-10-01T12:00:00", false],
    ["only on holidays: it is one", feast, "2026-10-01T00:00:00", true],
    ["only on holidays: it is none", feast, "2026-10-02T00:00:00", false],
  ] as const) {
    test(name, () => expect(armed(schedule, local)).toBe(open));
  }
});

describe("the sun", () => {
  // Published almanac times, rounded to the minute, at sea level.
  for (const [name, day, place, rise, set] of [
    [
      "Chongqing, winter solstice",
      "2026-12-22",
      { lon: 106.55, lat: 29.56 },
      "2026-12-22T07:45+08:00",
      "2026-12-22T17:58+08:00",
    ],
    [
      "Chongqing, summer solstice",
      "2026-06-21",
      { lon: 106.55, lat: 29.56 },
      "2026-06-21T05:53+08:00",
      "2026-06-21T19:58+08:00",
    ],
    ["Greenwich, equinox", "2026-03-20", { lon: 0, lat: 51.48 }, "2026-03-20T06:03Z", "2026-03-20T18:13Z"],
  ] as const) {
    test(name, () => {
      const times = sunTimes(Date.parse(`${day}T00:00Z`), place);
      const off = (ms: number | undefined, wanted: string): number => Math.abs((ms ?? 0) - Date.parse(wanted)) / 60_000;
      expect(off(times?.riseMs, rise)).toBeLessThan(4);
      expect(off(times?.setMs, set)).toBeLessThan(4);
    });
  }
  test("no sunrise in the polar night", () =>
    expect(sunTimes(Date.parse("2026-12-22T00:00Z"), { lon: 25, lat: 75 })).toBeNull());
  test("an hour before sunset until half an hour after sunrise", () => {
    const schedule: Schedule = { windows: [{ from: "sunset-60", to: "sunrise+30" }] };
    expect(armed(schedule, "2026-12-22T16:50:00")).toBe(false);
    expect(armed(schedule, "2026-12-22T17:10:00")).toBe(true);
    expect(armed(schedule, "2026-12-23T08:05:00")).toBe(true);
    expect(armed(schedule, "2026-12-23T08:30:00")).toBe(false);
  });
});

test("a zone with summer time keeps its local hours", () => {
  const berlin = new Calendar({ timezone: "Europe/Berlin" });
  const schedule: Schedule = { windows: [{ from: "08:00", to: "09:00" }] };
  expect(berlin.armed(schedule, Date.parse("2026-01-15T07:30Z"))).toBe(true);
  expect(berlin.armed(schedule, Date.parse("2026-07-15T06:30Z"))).toBe(true);
  expect(berlin.armed(schedule, Date.parse("2026-07-15T07:30Z"))).toBe(false);
});

describe("where the sun and the clock meet", () => {
  const early: Schedule = { windows: [{ from: "06:00", to: "sunrise" }] };
  const dark: Schedule = { windows: [{ from: "sunset", to: "sunrise" }] };
  const noon: Schedule = { windows: [{ from: "sunrise+330", to: "sunset-330" }] };
  for (const [name, schedule, local, open] of [
    ["before a late sunrise", early, "2026-12-22T07:00:00", true],
    ["not all day when the sun was up before", early, "2026-06-21T12:00:00", false],
    ["nor in the night after", early, "2026-06-21T23:00:00", false],
    ["the middle of a long day", noon, "2026-06-21T12:55:00", true],
    ["a short day has no such middle, and is not open around the clock", noon, "2026-12-22T03:00:00", false],
    ["a night over midnight", dark, "2026-06-22T02:00:00", true],
  ] as const)
    test(name, () => expect(armed(schedule, local)).toBe(open));

  const light: Schedule = { windows: [{ from: "sunrise", to: "sunset" }] };
  const tromso = new Calendar({ timezone: "Europe/Oslo", place: { lon: 18.96, lat: 69.65 } });
  for (const [name, schedule, utc, open] of [
    ["polar day: daylight at midnight", light, "2026-06-21T23:30Z", true],
    ["polar day: no night at noon or midnight", dark, "2026-06-21T22:30Z", false],
    ["polar night: no daylight at noon", light, "2026-12-22T11:00Z", false],
    ["polar night: night at noon", dark, "2026-12-22T11:30Z", true],
    ["polar night: night in the morning", dark, "2026-12-22T08:00Z", true],
  ] as const)
    test(name, () => expect(tromso.armed(schedule, Date.parse(utc))).toBe(open));

  test("the pole itself has days of half a year", () => {
    const pole = new Calendar({ timezone: "UTC", place: { lon: 0, lat: 90 } });
    expect(pole.armed(light, Date.parse("2026-06-21T03:00Z"))).toBe(true);
    expect(pole.armed(light, Date.parse("2026-12-21T12:00Z"))).toBe(false);
  });

  test("beyond the date line Friday's daylight is Friday's", () => {
    const kiritimati = new Calendar({ timezone: "Pacific/Kiritimati", place: { lon: -157.4, lat: 1.9 } });
    const friday: Schedule = { windows: [{ from: "sunrise", to: "sunset", days: ["fri"] }] };
    expect(kiritimati.armed(friday, Date.parse("2026-11-20T12:00+14:00"))).toBe(true);
    expect(kiritimati.armed(friday, Date.parse("2026-11-21T12:00+14:00"))).toBe(false);
  });
});
