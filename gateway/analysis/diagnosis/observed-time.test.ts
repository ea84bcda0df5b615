/** Rates and minutes against hand values: a scripted outage. */
import { describe, expect, test } from "vitest";
import { ObservedTime, type BlindReason } from "./observed-time.ts";

const noon = Date.parse("2026-03-14T12:00:00+08:00");

/** Adds seconds in this state from `fromMs` on and returns the time after them. */
function live(time: ObservedTime, fromMs: number, seconds: number, online: boolean, blind: BlindReason | null): number {
  for (let sec = 1; sec <= seconds; sec += 1)
    time.add({ online, intact: online && blind === null, blind }, fromMs + sec * 1_000);
  return fromMs + seconds * 1_000;
}

describe("a scripted day", () => {
  test("two hours, six minutes offline, three covered, twelve moved", () => {
    const time = new ObservedTime();
    time.add({ online: true, intact: true, blind: null }, noon);
    let nowMs = live(time, noon, 3_600, true, null);
    nowMs = live(time, nowMs, 360, false, "no-frame");
    nowMs = live(time, nowMs, 180, true, "covered");
    nowMs = live(time, nowMs, 720, true, "view-moved");
    live(time, nowMs, 2_339, true, null);
    const { onlineShare, intactShare, notObservedMin, notObservedMinTotal, countedMin } = time.day;
    expect(onlineShare).toBeCloseTo(1 - 360 / 7_199, 3);
    expect(intactShare).toBeCloseTo(1 - (360 + 180 + 720) / 7_199, 3);
    expect(notObservedMin).toEqual({ "no-frame": 6, covered: 3, "view-moved": 12 });
    expect(notObservedMinTotal).toBe(21);
    expect(countedMin).toBeCloseTo(119.98, 1);
  });

  test("each hour is told once, when it is complete", () => {
    const time = new ObservedTime();
    const told = [];
    for (let sec = 0; sec <= 7_300; sec += 1) {
      const hour = time.add({ online: true, intact: true, blind: null }, noon + sec * 1_000);
      if (hour) told.push(hour);
    }
    expect(told.map(({ startMs }) => startMs)).toEqual([noon, noon + 3_600_000]);
    expect(told.every(({ sum }) => sum.onlineShare === 1)).toBe(true);
  });

  test("a clock that jumps a year counts for nothing, and yesterday leaves the day", () => {
    const time = new ObservedTime();
    time.add({ online: true, intact: true, blind: null }, noon);
    live(time, noon, 600, false, "no-frame");
    time.add({ online: true, intact: true, blind: null }, noon + 365 * 86_400_000);
    live(time, noon + 365 * 86_400_000, 600, true, null);
    expect(time.day).toMatchObject({ onlineShare: 1, notObservedMinTotal: 0, countedMin: 10 });
  });

  test("a clock that is set back an hour tells no hour of the future, and goes on with the hour it is in", () => {
    const time = new ObservedTime();
    time.add({ online: true, intact: true, blind: null }, noon + 1_800_000);
    let nowMs = noon + 1_800_000;
    const told: number[] = [];
    for (let sec = 1; sec <= 5_400; sec += 1) {
      nowMs += sec === 3_000 ? -3_600_000 : 1_000;
      const hour = time.add({ online: true, intact: true, blind: null }, nowMs);
      if (hour) told.push(hour.startMs);
    }
    expect(told).toEqual([noon]);
    expect(time.keep().map(({ startMs }) => startMs)).toEqual([noon]);
  });

  /** Watches for so many minutes a piece, with the clock set by so many minutes before each; what was told, in minutes. */
  function toldOver(pieces: readonly (readonly [setMin: number, minutes: number])[], restarts = false): string[] {
    let time = new ObservedTime();
    let nowMs = noon;
    const told: string[] = [];
    for (const [setMin, minutes] of pieces) {
      nowMs += setMin * 60_000;
      if (restarts) time = new ObservedTime(time.keep());
      for (let sec = 0; sec < minutes * 60; sec += 1) {
        const hour = time.add({ online: true, intact: true, blind: null }, (nowMs += 1_000));
        if (hour) told.push(`${(hour.startMs - noon) / 3_600_000} h: ${Math.round(hour.sum.countedMin)} min`);
      }
    }
    return told;
  }

  test.each([
    [
      "into an hour that was told",
      [
        [0, 80],
        [-30, 75],
      ],
      ["0 h: 60 min", "1 h: 60 min"],
    ],
    [
      "within an hour",
      [
        [0, 50],
        [-30, 45],
      ],
      ["0 h: 60 min"],
    ],
    [
      "from a time that was wrong, after an hour was told of it",
      [
        [0, 30],
        [150, 70],
        [-220, 190],
      ],
      ["0 h: 30 min", "3 h: 60 min", "1 h: 60 min", "2 h: 60 min"],
    ],
  ] as const)(
    "a clock that is set back %s has no hour told twice, and none of more than sixty minutes",
    (_what, pieces, told) => {
      expect(toldOver(pieces)).toEqual(told);
      expect(toldOver(pieces, true), "with a restart each time").toEqual(told);
    },
  );

  test("what was kept goes on after a restart", () => {
    const before = new ObservedTime();
    before.add({ online: true, intact: true, blind: null }, noon);
    live(before, noon, 60, false, "no-frame");
    const after = new ObservedTime(before.keep());
    after.add({ online: true, intact: true, blind: null }, noon + 90_000);
    live(after, noon + 90_000, 60, true, null);
    expect(after.day).toMatchObject({ onlineShare: 0.5, countedMin: 2, notObservedMin: { "no-frame": 1 } });
  });
});
