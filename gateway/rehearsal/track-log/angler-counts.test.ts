import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { countAnglers, nativeStatus } from "../../../native/index.ts";
import { LogColumns } from "../../analysis/track-log/columns.ts";
import type { countInBlocks } from "../../analysis/track-log/member-search.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import { ruleMakers } from "../../analysis/zones/rule-engine.ts";
import { zonesSchema } from "../../config/zones-schema.ts";
import { AnglerCounts } from "./angler-counts.ts";
import { runHappenings } from "./run-happenings.ts";
import { Shelf, type Stretch } from "./stretch.ts";
import { plainTurn, turn, writeTurns } from "./testing/log-of-turns.ts";

let folder = "";
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "angler-counts-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

/** Mostly a frame in which nothing is wrong. */
const calm = fc.oneof({ weight: 12, arbitrary: fc.constant(plainTurn) }, { weight: 1, arbitrary: turn });
/** In steps of a fortieth, as corners of zones are, so that some stand on an edge. */
const share = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0.3, 0.325, 0.35, 0.5, 0.525, 0.75) },
  { weight: 1, arbitrary: fc.integer({ min: -2, max: 42 }).map((n) => n / 40) },
);
/** Few places, so that people stand where others stand, rods lie at feet, and butts are as far from two people. */
const actor = fc.record({
  id: fc.integer({ min: 1, max: 60 }),
  label: fc.constantFrom<string>("person", "person", "fishing-rod", "fishing-rod", "fishing-rod", "child", "boat"),
  foot: fc.record({ x: share, y: share }),
  speed: fc.constantFrom<number>(0, 0, 0.0005, 0.004, -0.01),
  width: fc.constantFrom<number>(0.02, 0.05, 0.1, 0.3),
  height: fc.constantFrom<number>(0, 0.05, 0.1, 0.2, 0.21, 0.4),
  score: fc.double({ min: 0.3, max: 0.95, noNaN: true }),
  from: fc.nat(30),
  frames: fc.integer({ min: 4, max: 60 }),
  lostEvery: fc.integer({ min: 2, max: 40 }),
});
type Actor = typeof actor extends fc.Arbitrary<infer One> ? One : never;

function tracksAt(actors: readonly Actor[], frame: number, nowMs: number): readonly Track[] {
  return actors.flatMap(({ label, foot, speed, width, height, score, from, frames, lostEvery, id }) => {
    const age = frame - from;
    if (age < 0 || age > frames) return [];
    const isLost = age % lostEvery === lostEvery - 1;
    return {
      id,
      label,
      state: age === frames ? "ended" : age < 2 ? "tentative" : isLost ? "lost" : "confirmed",
      box: { x: foot.x + speed * age - width / 2, y: foot.y - height, width, height },
      score: score + 0.02 * Math.sin(age),
      firstSeenMs: nowMs - 200 * age,
      lastSeenMs: nowMs,
      seenNow: !isLost,
      hits: age + 1,
      velocity: { x: 0, y: 0 },
    } satisfies Track;
  });
}

const polygons = fc.constantFrom(
  [
    [0.25, 0.25],
    [0.75, 0.25],
    [0.75, 0.75],
    [0.25, 0.75],
  ],
  [
    [0, 0.5],
    [0.3, 0.1],
    [1, 0.6],
    [0.7, 1],
    [0.5, 0.7],
  ],
  [
    [0.1, 0.9],
    [0.5, 0.2],
    [0.9, 0.9],
    [0.5, 0.6],
  ],
  [
    [0.02, 0.02],
    [0.2, 0.02],
    [0.2, 0.2],
    [0.02, 0.2],
  ],
);
const zone = fc.record({ polygon: polygons, anchor: fc.constantFrom("bottom", "bottom", "center", "any") });
const rule = fc.record({
  score: fc.constantFrom(0.25, 0.4, 0.6),
  minSize: fc.constantFrom(0, 0.06),
  maxSize: fc.constantFrom(1, 0.3),
  minArea: fc.constantFrom(0, 0.004),
  rodReach: fc.constantFrom(0.3, 1, 2),
  threshold: fc.constantFrom(1, 2),
  per: fc.constantFrom(["person"], ["person", "child"], ["person", "fishing-rod"]),
});

/** What is counted in each entry for each rule, and the doubts. */
function countsOf(stretch: Stretch, zones: unknown, byAddon?: typeof countInBlocks): readonly unknown[] {
  const makers = ruleMakers({ zones: zonesSchema.parse(zones), timezone: "Asia/Shanghai", cameraId: "cam" });
  const countings = makers.map(({ make }) => {
    const { counting } = make(16 / 9, () => "").rule;
    if (!counting) throw new Error("the rule counts nothing");
    return counting;
  });
  const anglers = new AnglerCounts(countings, byAddon);
  return stretch.parts.flatMap(({ columns, blocks }) => {
    const plain = blocks.filter(({ isPlain }) => isPlain);
    const [first] = plain;
    // Blocks of one run follow on each other.
    const run = first ? plain.filter(({ number }, i) => number === first.number + i) : [];
    anglers.through(columns, run);
    return countings.map((_, i) => {
      const { counts, base, doubts } = anglers.of(i);
      const [from, to] = [run[0]?.fromEntry ?? 0, run.at(-1)?.toEntry ?? 0];
      return [[...counts.subarray(base + 3 * from, base + 3 * to)], [...doubts]];
    });
  });
}

test("the addon counts the heads that the rule counts track by track", async () => {
  expect(nativeStatus.kind).toBe("native");
  let run = 0;
  let counted = 0;
  let doubted = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(actor, { minLength: 10, maxLength: 40 }),
      fc.array(calm, { minLength: 40, maxLength: 90 }),
      fc.array(zone, { minLength: 1, maxLength: 4 }),
      rule,
      async (actors, turns, places, settings) => {
        const at = await mkdtemp(join(folder, String((run += 1))));
        await writeTurns(at, turns, (frame, nowMs) =>
          tracksAt(frame % 7 === 3 ? actors.toReversed() : actors, frame, nowMs),
        );
        const stretch = await new Shelf({ chunk: 2_000 }).stretch(at, 0, 4e12);
        const rules = [{ type: "fishing-multi-rod", ...settings }];
        const zones = {
          schema: "xueliang.zones/1",
          camera: "cam",
          zones: places.map((one, i) => ({ id: `zone-${i}`, ...one, rules })),
        };
        const expected = countsOf(stretch, zones, () => false);
        expect(countsOf(stretch, zones)).toEqual(expected);
        for (const [counts, doubts] of expected as readonly (readonly [number[], number[]])[]) {
          counted += counts.filter((count) => count > 0).length;
          doubted += doubts.filter((doubt) => doubt > 0).length;
        }
      },
    ),
    { numRuns: 300, seed: 5 },
  );
  expect(counted).toBeGreaterThan(20_000);
  expect(doubted).toBeGreaterThan(200);
}, 240_000);

test("more rules and zones than the addon knows at once are counted all the same", async () => {
  const at = await mkdtemp(join(folder, "many"));
  const [angler, rod] = [
    { id: 1, label: "person", foot: { x: 0.3, y: 0.6 }, speed: 0.005, width: 0.05, height: 0.2 },
    { id: 2, label: "fishing-rod", foot: { x: 0.35, y: 0.55 }, speed: 0.005, width: 0.1, height: 0.2 },
  ].map((one) => ({ ...one, score: 0.9, from: 0, frames: 60, lostEvery: 40 }));
  const actors = [angler, rod].filter((one) => one !== undefined);
  await writeTurns(
    at,
    Array.from({ length: 60 }, () => plainTurn),
    (frame, nowMs) => tracksAt(actors, frame, nowMs),
  );
  const stretch = await new Shelf().stretch(at, 0, 4e12);
  const rules = [1, 2, 3].map((n) => ({ id: `rods-${n}`, type: "fishing-multi-rod" }));
  const zones = Array.from({ length: 40 }, (_, i) => ({
    id: `zone-${i}`,
    polygon: [[i / 50, 0.3], [i / 50 + 0.1, 0.3], [i / 50 + 0.1, 0.9], [i / 50, 0.9]], // prettier-ignore
    rules,
  }));
  const makers = ruleMakers({
    zones: zonesSchema.parse({ schema: "xueliang.zones/1", camera: "cam", zones }),
    timezone: "Asia/Shanghai",
    cameraId: "cam",
  });
  expect(makers.length).toBe(120);
  expect(() => runHappenings(stretch, makers)).not.toThrow();
});

test("arrays that do not fit together are refused", () => {
  const columns = new LogColumns();
  const { looked, pointCount, pointsAt, idOf, labelOf } = columns;
  const job = {
    bytes: new Uint8Array(16),
    rows: Uint32Array.of(0, 1, 0, 1, 1, 1, 0, 0, 1),
    looked,
    pointCount,
    pointsAt,
    idOf,
    labelOf,
    spanValues: columns.spans.values,
    roles: new Uint8Array(256),
    rule: new Float64Array(9),
    zones: Float64Array.of(0, 0, 0, 1, 1, 3, 0, 0, 1, 0, 1, 1),
    waters: Uint32Array.of(1, 0),
    counts: new Uint8Array(3),
    stride: 1,
    doubts: new Uint8Array(1),
    blockStride: 1,
  };
  expect(countAnglers(job)).toBe(true);
  expect(() => countAnglers({ ...job, rows: Uint32Array.of(0, 2_000, 0, 1, 1, 1, 0, 0, 1) })).toThrow(/^rows must be/);
  expect(() => countAnglers({ ...job, rows: Uint32Array.of(0, 1, 0, 999, 1, 1, 0, 0, 1) })).toThrow(/^rows must be/);
  expect(() => countAnglers({ ...job, rows: Uint32Array.of(0, 2, 0, 1, 1, 1, 0, 0, 1) })).toThrow(/^counts must/);
  expect(() => countAnglers({ ...job, waters: Uint32Array.of(1, 0, 1, 0) })).toThrow(/^doubts must/);
  expect(() => countAnglers({ ...job, zones: Float64Array.of(0, 0, 0, 1, 1, 4, 0, 0, 1, 0, 1, 1) })).toThrow(
    /^zones must/,
  );
  expect(() => countAnglers({ ...job, zones: new Float64Array(0) })).toThrow(/^zones must/);
  expect(() => countAnglers({ ...job, spanValues: new Int32Array(12) })).toThrow(/^spanValues must/);
  expect(() => countAnglers({ ...job, looked: new Uint8Array(3) })).toThrow(/^pointCount has another/);
});
