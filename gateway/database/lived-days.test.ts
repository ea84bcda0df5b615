/** Age by the clock and by the days that were lived through: whichever is less. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ClockDouble } from "../runtime/clock-double.ts";
import { Database } from "./database.ts";
import { ageBounds, LivedDays, noteDay } from "./lived-days.ts";

const dayMs = 86_400_000;
const noon = Date.UTC(2026, 2, 14, 12);
const in2038 = Date.UTC(2038, 0, 19, 3);
let folder = "";
let database: Database;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lived-days-"));
  database = await Database.open(join(folder, "box.db"));
});
afterEach(() => {
  database[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const days = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => noon + (from + i) * dayMs);
/** Which of these are kept for seven days, at `nowMs`. */
const kept = (nowMs: number, atMs: readonly number[]): readonly number[] => {
  const { beforeMs, afterMs } = ageBounds(database, nowMs, 7);
  return atMs.filter((at) => at >= beforeMs && at <= afterMs);
};

test.each([
  ["a clock that is right", days(-20, 0), noon, days(-7, 0)],
  ["a box that has not lived so long", days(-6, 0), noon, days(-20, 0)],
  ["years ahead: no more than the rest of the oldest day goes", days(-20, 0), in2038, days(-6, 0)],
  ["years ahead for more than an hour: that is a day", [...days(-20, 0), in2038], in2038, days(-5, 0)],
  ["behind", [...days(-20, 0), 5_000], 5_000, days(-20, 0)],
])("%s", (_what, lived, nowMs, left) => {
  for (const at of lived) noteDay(database, at);
  expect(kept(nowMs, days(-20, 0))).toEqual(left);
});

test("what a clock years ahead has dated goes after as many days as anything else", () => {
  for (const at of [...days(-20, 0), in2038, ...days(1, 7)]) noteDay(database, at);
  expect(kept(noon + 7 * dayMs, [in2038])).toEqual([in2038]);
  noteDay(database, noon + 8 * dayMs);
  expect(kept(noon + 8 * dayMs, [in2038])).toEqual([]);
});

test("a day counts after an hour without a leap of the clock", async () => {
  const clock = new ClockDouble(in2038);
  const lived = new LivedDays(database, clock);
  const noted = (): unknown =>
    JSON.parse(String(database.get("SELECT value FROM meta WHERE name = 'lived-days'")?.["value"] ?? "[]"));
  const live = async (minutes: number): Promise<void> => {
    for (let minute = 0; minute < minutes; minute += 1) {
      await clock.advance(60_000);
      lived.look();
    }
  };
  await live(59);
  clock.jump(noon - in2038);
  await live(59);
  expect(noted()).toEqual([]);
  clock.jump(2_000);
  await live(2);
  expect(noted()).toEqual([Math.floor(noon / dayMs)]);
});
