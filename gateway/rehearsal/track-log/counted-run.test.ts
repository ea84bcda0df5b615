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
import { merged, plainTurn, toldBy, writeTurns } from "./testing/log-of-turns.ts";

const rods = {
  type: "fishing-multi-rod",
  windowSec: 2,
  suspectedSec: 0.4,
  detectedSec: 1,
  clearSec: 1,
  cooldownSec: 2,
};
const timezone = "Asia/Shanghai";
const zones = zonesSchema.parse({
  schema: "xueliang.zones/1",
  camera: "cam",
  zones: [
    {
      id: "near",
      polygon: [
        [0.1, 0.5],
        [0.5, 0.5],
        [0.5, 0.9],
        [0.1, 0.9],
      ],
      rules: [rods, { ...rods, id: "hours", hours: "12:00-12:01" }, { ...rods, id: "two", threshold: 2 }],
    },
    {
      id: "beside",
      polygon: [
        [0.5, 0.5],
        [0.9, 0.5],
        [0.9, 0.9],
        [0.5, 0.9],
      ],
      rules: [rods],
    },
  ],
});

/** Somebody with rods who stands about, comes and goes, and is out of sight now and then. */
const angler = fc.record({
  x: fc.double({ min: 0.15, max: 0.85, noNaN: true }),
  speed: fc.constantFrom(0, 0, 0.0005, -0.0004),
  feet: fc.double({ min: 0.4, max: 0.85, noNaN: true }),
  start: fc.integer({ min: 0, max: 600 }),
  frames: fc.integer({ min: 40, max: 500 }),
  hides: fc.integer({ min: 15, max: 120 }),
  hiddenFor: fc.integer({ min: 1, max: 14 }),
  /** The second one is there for a while only. */
  second: fc.option(
    fc.record({
      from: fc.integer({ min: 0, max: 300 }),
      frames: fc.integer({ min: 1, max: 60 }),
      /** Seen in every so manieth frame. */
      every: fc.constantFrom(1, 1, 3, 5),
    }),
    { freq: 4 },
  ),
});
type Angler = typeof angler extends fc.Arbitrary<infer One> ? One : never;

function tracksAt(anglers: readonly Angler[], frame: number, nowMs: number): readonly Track[] {
  return anglers.flatMap(({ x, speed, feet, start, frames, hides, hiddenFor, second }, i) => {
    const age = frame - start;
    if (age < 0 || age >= frames) return [];
    const at = x + speed * age;
    const isHidden = age > 20 && age % hides < hiddenFor;
    const one = (id: number, label: string, seenNow: boolean, left: number): Track => ({
      id: 10 * i + id,
      label,
      state: age < 2 ? "tentative" : seenNow ? "confirmed" : "lost",
      box: { x: left, y: feet - 0.2, width: label === "person" ? 0.05 : 0.12, height: 0.2 },
      score: 0.9,
      firstSeenMs: nowMs - age * 200,
      lastSeenMs: nowMs,
      seenNow,
      hits: age + 1,
      velocity: { x: speed * 5, y: 0 },
    });
    const hasSecond =
      second !== null && age >= second.from && age < second.from + second.frames && age % second.every === 0;
    return [
      one(1, "person", !isHidden, at),
      one(2, "fishing-rod", true, at + 0.04),
      ...(hasSecond ? [one(3, "fishing-rod", true, at + 0.03)] : []),
    ];
  });
}

let folder = "";
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "counted-run-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

test("frames that a rule on rods and persons does not look at change nothing", async () => {
  let fired = 0;
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(angler, { minLength: 2, maxLength: 6 }), async (anglers) => {
      const at = await mkdtemp(join(folder, String((run += 1))));
      const turns = Array.from({ length: 1_200 }, () => plainTurn);
      await writeTurns(at, turns, (frame, nowMs) => tracksAt(anglers, frame, nowMs));
      const expected = replayLog((await readLog(at, 0, 4e12)).entries(), { timezone, zones });
      const makers = ruleMakers({ timezone, zones, cameraId: "cam" });
      const told = merged(toldBy(await new Shelf().stretch(at, 0, 4e12), makers));
      fired += told.length;
      expect(told).toEqual(expected.triggers);
    }),
    { numRuns: 60, seed: 7, endOnFailure: true },
  );
  expect(fired).toBeGreaterThan(200);
}, 240_000);
