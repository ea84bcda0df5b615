import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Track } from "../../analysis/tracking/track.ts";
import { ruleMakers } from "../../analysis/zones/rule-engine.ts";
import { zonesSchema } from "../../config/zones-schema.ts";
import { readLog } from "./read-log.ts";
import { replayLog } from "./replay-log.ts";
import { Shelf } from "./stretch.ts";
import { merged, plainTurn, toldBy, turn, writeTurns, type Turn } from "./testing/log-of-turns.ts";

const quick = { clearSec: 0.2, cooldownSec: 0.2, updateSec: 5 };
const rules = (kind: string): readonly object[] => [
  { type: "our-any", kind, ...quick, score: 0.6 },
  { type: "our-long", kind, ...quick, minTrackSec: 6 },
  { type: "our-hours", kind, ...quick, hours: "11:59-12:01", minTrackSec: 3 },
  { type: "our-two", kind, ...quick, threshold: 2, windowSec: 4, score: 0.6 },
];
const timezone = "Asia/Shanghai";
const zones = zonesSchema.parse({
  schema: "xueliang.zones/1",
  camera: "cam",
  zones: [
    {
      id: "a",
      polygon: [
        [0.25, 0.2],
        [0.5, 0.2],
        [0.5, 0.8],
        [0.25, 0.8],
      ],
      rules: [...rules("enter"), { id: "out", type: "our-out", kind: "exit", ...quick }],
    },
  ],
  lines: [
    {
      id: "straight",
      from: [0.5, 0.4],
      to: [0.5, 0.6],
      rules: [
        ...rules("line-crossing"),
        { id: "down", type: "our-down", kind: "line-crossing", direction: "down", ...quick },
      ],
    },
    { id: "bent", from: [0.5, 0.2], via: [[0.4, 0.5]], to: [0.5, 0.8], rules: rules("line-crossing").slice(0, 2) },
  ],
});

/** Places in fortieths, as corners and lines are, so that some stand on a border; two that trade places and ids now and then. */
const pair = fc.record({
  x: fc.integer({ min: 8, max: 24 }).map((n) => n / 40),
  apart: fc.constantFrom(0, 0.025, 0.05, 0.1),
  feet: fc.integer({ min: 10, max: 32 }).map((n) => n / 40),
  speed: fc.record({ x: fc.constantFrom(0, 0.0125, 0.005, -0.02), y: fc.constantFrom(0, 0, 0.01, -0.0125) }),
  /** They turn round, and exchange ids, every so many frames. */
  turns: fc.integer({ min: 4, max: 40 }),
  swaps: fc.integer({ min: 9, max: 90 }),
  start: fc.nat(60),
  frames: fc.integer({ min: 60, max: 400 }),
  hides: fc.integer({ min: 75, max: 150 }),
  hiddenFor: fc.constantFrom(0, 3, 40, 58, 70),
  lostEvery: fc.integer({ min: 3, max: 40 }),
  score: fc.double({ min: 0.45, max: 0.9, noNaN: true }),
  /** No two steps of theirs are alike then. */
  sways: fc.constantFrom(0, 0.01, 0.02),
});
type Pair = typeof pair extends fc.Arbitrary<infer One> ? One : never;

function tracksAt(pairs: readonly Pair[], frame: number, nowMs: number): readonly Track[] {
  return pairs.flatMap((one, i) => {
    const { x, apart, feet, speed, turns, swaps, start, frames, hides, hiddenFor, lostEvery, score, sways } = one;
    const age = frame - start;
    if (age < 0 || age >= frames || age % hides < hiddenFor) return [];
    const phase = age % (2 * turns);
    const way = phase < turns ? phase : 2 * turns - phase;
    const height = 0.15;
    return [0, 1].map((who): Track => {
      const away = who === 0 ? -apart - speed.x * way : apart + speed.x * way;
      return {
        id: 1 + 2 * i + (Math.floor(age / swaps) % 2 === 0 ? who : 1 - who),
        label: "person",
        state: age % lostEvery === 0 ? "lost" : "confirmed",
        box: {
          x: x + away - 0.025 + sways * Math.sin(age * age),
          y: feet + speed.y * way - height,
          width: 0.05,
          height,
        },
        score: score + 0.05 * Math.sin(age),
        firstSeenMs: nowMs - age * 200,
        lastSeenMs: nowMs,
        seenNow: age % lostEvery !== 0,
        hits: age + 1,
        velocity: { x: 0, y: 0 },
      };
    });
  });
}

const hourMs = 3_600_000;
/** Frames at the same time, and hours that are skipped and come back: while a calendar is closed nobody is seen. */
const turns = fc
  .array(
    fc.oneof(
      { weight: 240, arbitrary: fc.constant(plainTurn) },
      { weight: 16, arbitrary: fc.constant({ ...plainTurn, stepMs: 0 }) },
      { weight: 2, arbitrary: fc.constant({ ...plainTurn, stepMs: hourMs }) },
      { weight: 4, arbitrary: turn },
    ),
    { minLength: 250, maxLength: 420 },
  )
  .map((all) => all.map((one, i): Turn => (all[i - 40]?.stepMs === hourMs ? { ...one, stepMs: -3_600_000 } : one)));

let folder = "";
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "sides-run-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

test("whoever is left out while he stays on his side changes nothing", async () => {
  let [run, fired] = [0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 4 }), turns, async (pairs, all) => {
      const at = await mkdtemp(join(folder, String((run += 1))));
      await writeTurns(at, all, (frame, nowMs) => tracksAt(pairs, frame, nowMs));
      const log = await readLog(at, 0, 4e12);
      const expected = replayLog(log.entries(), { zones, timezone }).triggers;
      const makers = ruleMakers({ zones, timezone, cameraId: "cam" });
      expect(merged(toldBy(await new Shelf().stretch(at, 0, 4e12), makers))).toEqual(expected);
      fired += expected.length;
    }),
    { numRuns: 150, seed: 3 },
  );
  expect(fired).toBeGreaterThan(2_000);
}, 240_000);
