import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Track } from "../../analysis/tracking/track.ts";
import { ruleMakers, type RuleMaker } from "../../analysis/zones/rule-engine.ts";
import { zonesSchema } from "../../config/zones-schema.ts";
import { readLog } from "./read-log.ts";
import { replayLog } from "./replay-log.ts";
import { happenings } from "./difference.ts";
import { runHappenings } from "./run-happenings.ts";
import { Stopped } from "./run-rules.ts";
import { SteadyRun } from "./steady-run.ts";
import { Shelf } from "./stretch.ts";
import { everyKind } from "./testing/every-kind.ts";
import { merged, plainTurn, toldBy, turn, turnInCurrent, writeTurns, type Turn } from "./testing/log-of-turns.ts";

/** Seconds of work become minutes on a busy two-core machine. */
const busyMs = 240_000;
const rehearsal = { zones: zonesSchema.parse(everyKind), timezone: "Asia/Shanghai" };

/** Somebody who walks between two places for a while, seen with gaps. */
const walker = fc.record({
  isRod: fc.boolean(),
  from: fc.record({
    x: fc.integer({ min: -50, max: 950 }).map((n) => n / 1_000),
    y: fc.double({ min: 0.2, max: 1.05, noNaN: true }),
  }),
  speed: fc.record({ x: fc.constantFrom(0, 0, 0.004, -0.01, 0.03), y: fc.constantFrom(0, 0, 0.003, -0.008, 0.02) }),
  start: fc.integer({ min: 0, max: 200 }),
  frames: fc.integer({ min: 40, max: 420 }),
  score: fc.double({ min: 0.4, max: 0.95, noNaN: true }),
  seen: fc.integer({ min: 5, max: 60 }),
  /** Gone for so many of every 130 frames. */
  hides: fc.constantFrom(0, 0, 15, 40, 70),
  /** Pulled up once in so many frames; 0: never. */
  pull: fc.constantFrom(0, 0, 4, 17, 30),
  /** Shares its id with the one before. */
  shares: fc.constantFrom(false, false, false, false, true),
});
/** Hardly ever anything but a frame: then a run of blocks is long. */
const calm = fc.oneof({ weight: 80, arbitrary: fc.constant(plainTurn) }, { weight: 1, arbitrary: turn });
type Walker = typeof walker extends fc.Arbitrary<infer One> ? One : never;
function tracksAt(walkers: readonly Walker[], frame: number, nowMs: number): readonly Track[] {
  return walkers.flatMap(({ isRod, from, speed, start, frames, score, seen, hides, pull, shares }, i) => {
    const age = frame - start;
    if (age < 0 || age >= frames || (age + 60) % 130 < hides) return [];
    const up = pull > 0 && age % pull < pull / 3 ? 0.04 : 0;
    return [
      {
        id: shares ? Math.max(1, i) : i + 1,
        label: isRod ? "fishing-rod" : "person",
        state: age < 2 ? "tentative" : age + 9 > frames ? "ended" : age % seen === 0 ? "lost" : "confirmed",
        box: { x: from.x + speed.x * age, y: from.y - 0.15 - up + speed.y * age, width: 0.06, height: 0.15 },
        score: score + 0.04 * Math.sin(age),
        firstSeenMs: nowMs - age * 200,
        lastSeenMs: nowMs,
        seenNow: age % seen !== 0,
        hits: age + 1,
        velocity: { x: speed.x * 5, y: speed.y * 5 },
      } satisfies Track,
    ];
  });
}

let folder = "";
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "run-rules-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

test(
  "rules looked at only where something can happen tell what they tell look by look",
  async () => {
    let fired = 0;
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(walker, { minLength: 2, maxLength: 8 }),
        fc.oneof(
          fc.array(turn, { minLength: 200, maxLength: 420 }),
          fc.array(turnInCurrent, { minLength: 200, maxLength: 420 }),
          fc.array(calm, { minLength: 250, maxLength: 420 }),
        ),
        async (walkers, turns) => {
          const at = await mkdtemp(join(folder, String((run += 1))));
          await writeTurns(at, turns, (frame, nowMs) => tracksAt(walkers, frame, nowMs));
          const log = await readLog(at, 0, 4e12);
          const expected = replayLog(log.entries(), rehearsal);
          // Chunks that end within a block, and within its head.
          const stretch = await new Shelf({ chunk: 100 + walkers.length * 211 }).stretch(at, 0, 4e12);
          const makers = ruleMakers({ ...rehearsal, cameraId: "cam" });
          const ofRules = toldBy(stretch, makers);
          const told = merged(ofRules);
          fired += told.length;
          expect(told).toEqual(expected.triggers);
          const happened = ofRules.map((of) => happenings(of.map(({ trigger }) => trigger)));
          expect(runHappenings(await new Shelf().stretch(at, 0, 4e12), makers)).toEqual(happened);
          // Without a rule that measures, blocks are opened only where somebody looks.
          const ofTracks = makers.filter(({ make }) => make(1, () => "").rule.needs.kind === "tracks");
          const happenedOfTracks = happened.filter((_, rule) => ofTracks.includes(makers[rule] as RuleMaker));
          expect(runHappenings(await new Shelf().stretch(at, 0, 4e12), ofTracks)).toEqual(happenedOfTracks);
        },
      ),
      { numRuns: 60, seed: 7 },
    );
    expect(fired).toBeGreaterThan(500);
  },
  busyMs,
);

test(
  "rules that differ in which other zones have them share their looks until they part",
  async () => {
    const parted = vi.spyOn(SteadyRun.prototype, "part");
    let runs = 0;
    let fired = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(walker, { minLength: 4, maxLength: 10 }),
        fc.oneof(
          fc.array(turn, { minLength: 200, maxLength: 420 }),
          fc.array(calm, { minLength: 250, maxLength: 420 }),
        ),
        fc.constantFrom(box(0, 0.3, 0.3), box(0.1, 0.3, 0.39), box(0.2, 0.5, 0.6)),
        async (walkers, turns, redrawn) => {
          const at = await mkdtemp(join(folder, `share-${(runs += 1)}`));
          await writeTurns(at, turns, (frame, nowMs) => withRods(tracksAt(walkers, frame, nowMs)));
          const makers = [...makersOf(box(0, 0.4, 0.3)), ...makersOf(redrawn)];
          const stretch = await new Shelf().stretch(at, 0, 4e12);
          const alone = toldBy(stretch, makers).map((of) => happenings(of.map(({ trigger }) => trigger)));
          fired += alone.flat().length;
          expect(runHappenings(stretch, makers)).toEqual(alone);
        },
      ),
      { numRuns: 150, seed: 3, endOnFailure: true },
    );
    // Two of six could follow in each run.
    expect(parted.mock.calls.length).toBeGreaterThan(runs / 10);
    expect(parted.mock.calls.length).toBeLessThan(1.8 * runs);
    expect(fired).toBeGreaterThan(500);
  },
  busyMs,
);

test("who parts goes on with who was there, and with what was open since before a restart", async () => {
  const at = await mkdtemp(join(folder, "parts"));
  const stands = {
    isRod: false,
    speed: { x: 0, y: 0 },
    score: 0.9,
    seen: 50,
    hides: 0,
    pull: 0,
    shares: false,
  } as const;
  const walkers = [
    { ...stands, from: { x: 0.5, y: 0.8 }, start: 0, frames: 60 },
    // Between the zones that are, in one of those that are to be.
    { ...stands, from: { x: 0.335, y: 0.8 }, start: 50, frames: 100 },
    { ...stands, from: { x: 0.6, y: 0.8 }, start: 200, frames: 60 },
    { ...stands, from: { x: 0.335, y: 0.8 }, start: 300, frames: 100 },
  ];
  const turns: Turn[] = Array.from({ length: 520 }, () => plainTurn);
  turns[52] = { ...plainTurn, act: "gap" };
  turns[250] = { ...plainTurn, act: "restart", stepMs: 4_500 };
  for (const those of [walkers.slice(0, 2), walkers.slice(2)]) {
    await writeTurns(at, turns, (frame, nowMs) => withRods(tracksAt(those, frame, nowMs)));
    const makers = [...makersOf(box(0, 0.4, 0.3)), ...makersOf(box(0.1, 0.3, 0.39))];
    const stretch = await new Shelf().stretch(at, 0, 4e12);
    const alone = toldBy(stretch, makers).map((of) => happenings(of.map(({ trigger }) => trigger)));
    expect(alone[1]).not.toEqual(alone[4]);
    expect(runHappenings(stretch, makers)).toEqual(alone);
  }
});

/** Rules on three zones, of which the first one may be redrawn. */
function makersOf(first: readonly (readonly number[])[]): readonly RuleMaker[] {
  const rule = { type: "fishing-in-no-fishing-zone", suspectedSec: 3, detectedSec: 6, clearSec: 2, cooldownSec: 4 };
  const polygons = { a: first, b: box(0.4, 0.4, 0.7), c: box(0.75, 0.2, 1) };
  const zones = Object.entries(polygons).map(([id, polygon]) => ({
    id,
    name: id,
    kind: "water",
    polygon,
    rules: [rule],
  }));
  const file = zonesSchema.parse({ schema: "xueliang.zones/1", camera: "cam", zones });
  return ruleMakers({ zones: file, timezone: "Asia/Shanghai", cameraId: "cam" });
}

/** Everybody holds a rod to the right. */
function withRods(tracks: readonly Track[]): readonly Track[] {
  return tracks.flatMap((track) => {
    const { x, y, width, height } = track.box;
    const rod = { x: x + width, y: y - 0.05, width: 0.1, height: height - 0.02 };
    return [
      { ...track, label: "person" },
      { ...track, id: track.id + 100, label: "fishing-rod", box: rod },
    ];
  });
}

/** A zone from the left to the right, down to the picture's edge. */
function box(left: number, top: number, right: number): readonly (readonly number[])[] {
  return [
    [left, top],
    [right, top],
    [right, 1],
    [left, 1],
  ];
}

test("a run that is stopped says so", async () => {
  const at = await mkdtemp(join(folder, "stopped"));
  const turns = Array.from({ length: 50 }, () => plainTurn);
  await writeTurns(at, turns, () => []);
  const stretch = await new Shelf().stretch(at, 0, 4e12);
  expect(() => runHappenings(stretch, ruleMakers({ ...rehearsal, cameraId: "cam" }), () => true)).toThrow(Stopped);
});
