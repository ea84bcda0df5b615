import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Track } from "../../analysis/tracking/track.ts";
import { Jerks } from "../../analysis/zones/jerks.ts";
import { ruleMakers } from "../../analysis/zones/rule-engine.ts";
import { Calendar } from "../../analysis/zones/schedule.ts";
import { zonesSchema } from "../../config/zones-schema.ts";
import { sees } from "./entry-look.ts";
import { JerkCounts, type JerkAsking } from "./jerk-counts.ts";
import { readLog } from "./read-log.ts";
import { replayLog } from "./replay-log.ts";
import { pathsOf } from "./run-rules.ts";
import { Shelf, type Stretch } from "./stretch.ts";
import { merged, plainTurn, toldBy, turn, writeTurns } from "./testing/log-of-turns.ts";
import { Ticking } from "./ticking.ts";

const calm = fc.oneof({ weight: 40, arbitrary: fc.constant(plainTurn) }, { weight: 1, arbitrary: turn });

let folder = "";
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "jerk-counts-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** An angler, and a rod near him; one of them, or both, go up and down. */
const angler = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  x: fc.integer({ min: 2, max: 16 }).map((n) => n / 20),
  from: fc.nat(150),
  frames: fc.integer({ min: 80, max: 700 }),
  pull: fc.record({
    person: fc.constantFrom(0, 0, 10, 25),
    rod: fc.constantFrom(0, 6, 16, 40, 90),
    /** Of the height; exactly a fifth is one. */
    share: fc.constantFrom(0.19, 0.2, 0.3),
    pausesAt: fc.integer({ min: 60, max: 300 }),
  }),
  /** Of so many frames it is out of sight in one. */
  lostEvery: fc.integer({ min: 2, max: 30 }),
  /** From the 60th frame on it is not there for so many. */
  hides: fc.constantFrom(0, 0, 30, 100, 330),
  hasRod: fc.constantFrom(true, true, false),
});
type Angler = typeof angler extends fc.Arbitrary<infer One> ? One : never;

function tracksAt(anglers: readonly Angler[], frame: number, nowMs: number): readonly Track[] {
  return anglers.flatMap(({ id, x, from, frames, pull, lostEvery, hides, hasRod }) => {
    const age = frame - from;
    if (age < 0 || age >= frames || (age >= 60 && age < 60 + hides)) return [];
    const up = (every: number): number =>
      every > 0 && age % every < every / 2 && (age < pull.pausesAt || age > pull.pausesAt + 150) ? pull.share : 0;
    const seenNow = age % lostEvery !== 0;
    const about = {
      state: age < 2 ? ("tentative" as const) : seenNow ? ("confirmed" as const) : ("lost" as const),
      score: 0.7,
      firstSeenMs: nowMs - 200 * age,
      lastSeenMs: nowMs,
      seenNow,
      hits: age + 1,
      velocity: { x: 0, y: 0 },
    };
    // A fifth of this height is a number without rounding.
    const box = { x, y: 0.375 - 0.3125 * up(pull.person), width: 0.06, height: 0.3125 };
    const rod = { x: x + 0.05, y: 0.5 - 0.1 * up(pull.rod), width: 0.1, height: 0.1 };
    const person = { ...about, id: 2 * id, label: "person", box };
    return hasRod ? [person, { ...about, id: 2 * id + 1, label: "fishing-rod", box: rod }] : [person];
  });
}

/** Every frame and how often each track has jerked up to it, as the live rule counts. */
function counted({ parts }: Stretch, { perMinute, arming }: JerkAsking): readonly unknown[] {
  const [jerks, { clock, needs }] = [new Jerks(perMinute), new Ticking({ kind: "tracks" })];
  return parts.map(({ columns }) =>
    Array.from({ length: columns.entries }, (_, entry) => {
      const nowMs = columns.nowMs[entry] ?? 0;
      if (sees(needs, columns, entry)) {
        const t = clock.advance(nowMs);
        if (!arming || arming.calendar.armed(arming.schedule, nowMs)) jerks.step(columns.tracks(entry), t);
      }
      return Array.from({ length: 24 }, (_one, id) => jerks.perMinute(id + 2));
    }),
  );
}

/** The same by `JerkCounts`. */
function countsOf(stretch: Stretch, asking: JerkAsking): readonly unknown[] {
  const counts = new JerkCounts(asking);
  const paths = pathsOf(stretch);
  const { ticking } = asking;
  let from = 0;
  return stretch.parts.map(({ columns, blocks }) => {
    counts.enter(columns, paths);
    const isEnough: boolean[] = [];
    for (let i = 0; i < blocks.length;) {
      let end = i;
      while (end < blocks.length && end < i + 5 && blocks[end]?.isPlain === true) end += 1;
      const run = blocks.slice(i, Math.max(end, i + 1));
      const [first, last] = [run[0]?.fromEntry ?? 0, run.at(-1)?.toEntry ?? 0];
      if (end > i) {
        ticking.through(columns, first, last);
        counts.through({ columns, blocks: run, from });
        for (let entry = first; entry < last; entry += 1) isEnough[entry] = counts.isAnyAt(entry);
        for (const block of run)
          expect(counts.isAnyIn(block)).toBe(isEnough.slice(block.fromEntry, block.toEntry).includes(true));
      } else
        for (const block of run) {
          columns.open(block);
          for (let entry = first; entry < last; entry += 1) {
            if (!columns.isFrame(entry)) continue;
            if (sees(ticking.needs, columns, entry)) ticking.clock.advance(columns.nowMs[entry] ?? 0);
            counts.step(block, entry, from);
            isEnough[entry] = counts.isAnyAt(entry);
          }
        }
      i = Math.max(end, i + 1);
    }
    const told = Array.from({ length: columns.entries }, (_, entry) => {
      const jerks = counts.at(from + entry);
      const all = Array.from({ length: 24 }, (_one, id) => jerks.perMinute(id + 2));
      if (columns.isFrame(entry)) expect(isEnough[entry]).toBe(all.some((count) => count >= asking.perMinute));
      return all;
    });
    counts.leave();
    from += columns.entries;
    return told;
  });
}

const schedule = { windows: [{ from: "12:01", to: "12:02" }] };
let run = 0;
const stretchOf = async (anglers: readonly Angler[], turns: readonly (typeof plainTurn)[]): Promise<string> => {
  const at = await mkdtemp(join(folder, String((run += 1))));
  await writeTurns(at, turns, (frame, nowMs) => tracksAt(anglers, frame, nowMs));
  return at;
};

test("jerks are counted along a log as they are live, by whatever calendar", async () => {
  let most = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(angler, { minLength: 1, maxLength: 6 }),
      fc.array(fc.oneof(calm, turn), { minLength: 300, maxLength: 900 }),
      fc.constantFrom(1, 2.5, 6),
      fc.boolean(),
      async (anglers, turns, perMinute, isAlways) => {
        const stretch = await new Shelf().stretch(await stretchOf(anglers, turns), 0, 4e12);
        const arming = isAlways ? null : { schedule, calendar: new Calendar({ timezone: "Asia/Shanghai" }) };
        const asking = { perMinute, ticking: new Ticking({ kind: "tracks" }), arming };
        const expected = counted(stretch, asking);
        expect(countsOf(stretch, asking)).toEqual(expected);
        most = Math.max(most, ...(expected as number[][][]).flat(2));
      },
    ),
    { numRuns: 60, seed: 3 },
  );
  // More than are kept of the fewest.
  expect(most).toBeGreaterThan(10);
}, 120_000);

const quick = { clearSec: 2, cooldownSec: 3, updateSec: 5, suspectedSec: 1, detectedSec: 3 };
const polygon = [
  [0, 0.4],
  [0.5, 0.45],
  [0.95, 0.4],
  [0.95, 0.8],
  [0, 0.8],
];
const rules = [
  { id: "alone", jerksPerMin: 4 },
  { id: "with-rod", with: ["fishing-rod"], jerksPerMin: 4 },
  { id: "rod-reaches", with: ["fishing-rod"], rodReach: 1, jerksPerMin: 6 },
  { id: "all", withAll: ["fishing-rod", "person"], reach: 2, jerksPerMin: 3 },
  { id: "two", with: ["fishing-rod"], minObjects: 2, jerksPerMin: 2 },
  { id: "without", without: ["person"], reach: 0.2, jerksPerMin: 2 },
  {
    id: "rods",
    labels: ["fishing-rod"],
    with: ["person"],
    jerksPerMin: 5,
    severity: 3,
    escalate: [{ at: 9, severity: 2 }],
  },
  { id: "hours", with: ["fishing-rod"], jerksPerMin: 4, hours: "12:01-12:03" },
  { id: "hours-too", with: ["fishing-rod"], rodReach: 2, jerksPerMin: 4, hours: "12:01-12:03" },
  { id: "spot", with: ["fishing-rod"], sameSpot: 0.3, jerksPerMin: 3 },
  { id: "slow", maxSpeed: 1, jerksPerMin: 3 },
].map((rule) => ({ type: "our-jerks", kind: "presence-dwell", ...quick, ...rule }));
const zones = zonesSchema.parse({
  schema: "xueliang.zones/1",
  camera: "cam",
  zones: [
    { id: "bank", polygon, rules },
    { id: "water", polygon: polygon.map(([x = 0, y = 0]) => [x, y + 0.2]), rules },
  ],
});

test("rules on jerks tell what they tell look by look", async () => {
  const fired = new Map<string, number>();
  const rehearsal = { zones, timezone: "Asia/Shanghai" };
  await fc.assert(
    fc.asyncProperty(
      fc.array(angler, { minLength: 1, maxLength: 6 }),
      fc.array(fc.oneof(calm, calm, calm, turn), { minLength: 200, maxLength: 600 }),
      async (anglers, turns) => {
        const at = await stretchOf(anglers, turns);
        const expected = replayLog((await readLog(at, 0, 4e12)).entries(), rehearsal);
        const makers = ruleMakers({ ...rehearsal, cameraId: "cam" });
        expect(merged(toldBy(await new Shelf().stretch(at, 0, 4e12), makers))).toEqual(expected.triggers);
        for (const { ruleId } of expected.triggers) fired.set(ruleId, (fired.get(ruleId) ?? 0) + 1);
      },
    ),
    { numRuns: 40, seed: 7 },
  );
  expect([...fired.values()].every((count) => count > 2)).toBe(true);
  expect([...new Set([...fired.keys()].map((id) => id.replace(/.*\//, "")))].sort()).toEqual(
    rules.map(({ id }) => id).sort(),
  );
}, 240_000);
