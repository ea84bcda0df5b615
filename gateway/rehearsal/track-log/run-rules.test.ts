import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileHead } from "../../analysis/track-log/block-format.ts";
import { BlockWriter } from "../../analysis/track-log/block-writer.ts";
import { dayOf, logFile } from "../../analysis/track-log/log-files.ts";
import type { LogEntry } from "../../analysis/track-log/log-entry.ts";
import { quantise } from "../../analysis/track-log/quantise.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import { ruleMakers, type RuleMaker } from "../../analysis/zones/rule-engine.ts";
import { marchNoon } from "../../analysis/zones/testing/story.ts";
import type { Trigger } from "../../analysis/zones/trigger.ts";
import { zonesSchema } from "../../config/zones-schema.ts";
import { readLog } from "./read-log.ts";
import { replayLog } from "./replay-log.ts";
import { happenings } from "./difference.ts";
import { runHappenings } from "./run-happenings.ts";
import { runRules, Stopped } from "./run-rules.ts";
import { Shelf, type Stretch } from "./stretch.ts";

/** Seconds of work become minutes on a busy two-core machine. */
const busyMs = 240_000;
const quick = { clearSec: 2, cooldownSec: 3 };

/** Every kind of rule, in places of every shape, with and without a calendar. */
const zones = zonesSchema.parse({
  schema: "xueliang.zones/1",
  camera: "cam",
  zones: [
    {
      id: "left",
      polygon: [
        [0.05, 0.1],
        [0.45, 0.05],
        [0.5, 0.6],
        [0.3, 0.95],
        [0.1, 0.7],
      ],
      rules: [
        { type: "site-intrusion", ...quick, suspectedSec: 1, detectedSec: 4, updateSec: 5 },
        {
          type: "our-news",
          kind: "presence-dwell",
          ...quick,
          suspectedSec: 1,
          detectedSec: 2,
          updateSec: 5,
          severity: 3,
          escalate: [{ at: 12, severity: 2 }],
        },
        { type: "our-pair", kind: "presence-dwell", ...quick, minObjects: 2, detectedSec: 3, suspectedSec: 2 },
        {
          type: "our-keen",
          kind: "presence-dwell",
          ...quick,
          score: 0.7,
          minSize: 0.12,
          suspectedSec: 0,
          detectedSec: 2,
        },
        { type: "our-still", kind: "presence-dwell", ...quick, sameSpot: 0.4, detectedSec: 5 },
        { type: "our-watched", kind: "presence-dwell", ...quick, with: ["fishing-rod"], detectedSec: 3 },
        { type: "our-hours", kind: "presence-dwell", ...quick, detectedSec: 3, hours: "12:01-12:03" },
        { type: "fishing-multi-rod", ...quick, suspectedSec: 2, detectedSec: 5 },
        { type: "crowd-gathering", threshold: 2, detectedSec: 2, ...quick },
        { type: "floating-debris", labels: ["fishing-rod"], suspectedSec: 1, detectedSec: 3, ...quick },
        { type: "post-absence", detectedSec: 6, ...quick },
        { type: "object-left", labels: ["fishing-rod"], detectedSec: 4, suspectedSec: 2, ...quick },
        {
          type: "our-theft",
          kind: "removed-object",
          labels: ["fishing-rod"],
          minTrackSec: 2,
          detectedSec: 2,
          ...quick,
        },
        { type: "our-entry", kind: "enter", ...quick },
        { type: "our-exit", kind: "exit", ...quick },
        { type: "wrong-way-vehicle", labels: ["person"], heading: 0, suspectedSec: 1, detectedSec: 1, ...quick },
        { type: "video-black", detectedSec: 2, ...quick },
      ],
    },
    {
      id: "edge",
      anchor: "center",
      polygon: [
        [0.6, 0.4],
        [1, 0.4],
        [1, 1],
        [0.6, 1],
      ],
      rules: [{ type: "our-edge", kind: "presence-dwell", ...quick, suspectedSec: 1, detectedSec: 3 }],
    },
    {
      id: "foot",
      polygon: [
        [0.5, 0.5],
        [1, 0.5],
        [1, 1],
        [0.5, 1],
      ],
      rules: [{ type: "our-foot", kind: "presence-dwell", ...quick, suspectedSec: 1, detectedSec: 3 }],
    },
    {
      id: "any",
      anchor: "any",
      polygon: [
        [0.2, 0.2],
        [0.4, 0.2],
        [0.3, 0.4],
      ],
      rules: [{ type: "our-touch", kind: "presence-dwell", ...quick, suspectedSec: 1, detectedSec: 3 }],
    },
  ],
  lines: [
    {
      id: "line",
      from: [0.1, 0.5],
      to: [0.9, 0.55],
      rules: [{ type: "perimeter-intrusion", minTrackSec: 0, ...quick }],
    },
    {
      id: "bent",
      from: [0.2, 0.3],
      via: [
        [0.3, 0.8],
        [0.6, 0.8],
      ],
      to: [0.7, 0.3],
      direction: "left-to-right",
      rules: [{ type: "perimeter-intrusion", minTrackSec: 0, ...quick }],
    },
  ],
});
const rehearsal = { zones, timezone: "Asia/Shanghai" };

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
});
type Walker = typeof walker extends fc.Arbitrary<infer One> ? One : never;
const turn = fc.record({
  stepMs: fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(200, 200, 200, 190, 333) },
    { weight: 2, arbitrary: fc.constantFrom(0, 1_200, 4_500, 7_000, 12_000, 3_600_000, -3_600_000) },
  ),
  act: fc.oneof(
    { weight: 120, arbitrary: fc.constant("look") },
    { weight: 4, arbitrary: fc.constant("blind") },
    { weight: 2, arbitrary: fc.constantFrom("restart", "lost", "moved", "square", "wide", "gap") },
  ),
  black: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 4 }),
  seals: fc.boolean(),
});
type Turn = typeof turn extends fc.Arbitrary<infer One> ? One : never;

function tracksAt(walkers: readonly Walker[], frame: number, nowMs: number): readonly Track[] {
  return walkers.flatMap(({ isRod, from, speed, start, frames, score, seen }, i) => {
    const age = frame - start;
    if (age < 0 || age >= frames) return [];
    return [
      {
        id: i + 1,
        label: isRod ? "fishing-rod" : "person",
        state: age < 2 ? "tentative" : age % seen === 0 ? "lost" : "confirmed",
        box: { x: from.x + speed.x * age, y: from.y - 0.15 + speed.y * age, width: 0.06, height: 0.15 },
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

async function written(at: string, walkers: readonly Walker[], turns: readonly Turn[]) {
  const writer = new BlockWriter();
  const blocks = [fileHead(marchNoon)];
  const add = (entry: LogEntry): void => {
    if (!writer.takes(entry)) blocks.push(writer.seal());
    writer.add(entry);
  };
  let nowMs = marchNoon;
  let aspect = 16 / 9;
  add({ kind: "start", nowMs });
  for (const [frame, { stepMs, act, black, seals }] of turns.entries()) {
    nowMs += stepMs;
    if (act === "restart") add({ kind: "start", nowMs });
    if (act === "lost") add({ kind: "lost", nowMs });
    if (act === "gap") add({ kind: "gap", nowMs, frames: 3 });
    if (act === "square") aspect = 4 / 3;
    if (act === "wide") aspect = 16 / 9;
    const seen = {
      tracks: act === "blind" ? null : tracksAt(walkers, frame, nowMs),
      scene: null,
      measures: { blackShare: black },
      aspect,
      ...(act === "moved" ? { moved: true } : {}),
    };
    add({ kind: "frame", nowMs, seen: quantise(seen) });
    if (seals && frame % 3 === 0) blocks.push(writer.seal());
  }
  if (writer.sizeBytes > 0) blocks.push(writer.seal());
  // Two files: who is there goes on from one into the next.
  const [day, half] = [dayOf(marchNoon), Math.ceil(blocks.length / 2)];
  const second = [fileHead(nowMs), ...blocks.slice(half)];
  await writeFile(join(at, logFile(1, day).name), Buffer.concat(blocks.slice(0, half)));
  await writeFile(join(at, logFile(2, day).name), Buffer.concat(second));
}

interface Told {
  readonly entry: number;
  readonly trigger: Trigger;
}

/** The triggers of each rule with the entries that brought them. */
function toldBy(stretch: Stretch, makers: readonly RuleMaker[]): readonly (readonly Told[])[] {
  const told = makers.map((): Told[] => []);
  runRules(
    stretch,
    makers,
    (rule) => (entry, change, running) => told[rule]?.push({ entry, trigger: running.trigger(change) }),
  );
  return told;
}

/** The triggers of all rules of one file in the order in which they were told, their occurrences numbered anew. */
function merged(ofRules: readonly (readonly Told[])[]): readonly Trigger[] {
  const all = ofRules.flatMap((told, rule) => told.map((one) => ({ ...one, rule })));
  all.sort((a, b) => a.entry - b.entry || a.rule - b.rule);
  const names = new Map<string, string>();
  return all.map(({ trigger, rule }) => {
    const own = `${rule} ${trigger.occurrenceId}`;
    const name = names.get(own) ?? `occ-${names.size + 1}`;
    names.set(own, name);
    return { ...trigger, occurrenceId: name };
  });
}

test(
  "rules looked at only where something can happen tell what they tell look by look",
  async () => {
    let fired = 0;
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(walker, { minLength: 2, maxLength: 8 }),
        fc.array(turn, { minLength: 200, maxLength: 420 }),
        async (walkers, turns) => {
          const at = await mkdtemp(join(folder, String((run += 1))));
          await written(at, walkers, turns);
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
        },
      ),
      { numRuns: 40, seed: 7 },
    );
    expect(fired).toBeGreaterThan(500);
  },
  busyMs,
);

test("a run that is stopped says so", async () => {
  const at = await mkdtemp(join(folder, "stopped"));
  const look: Turn = { stepMs: 200, act: "look", black: null, seals: true };
  await written(
    at,
    [],
    Array.from({ length: 50 }, () => look),
  );
  const stretch = await new Shelf().stretch(at, 0, 4e12);
  expect(() => runHappenings(stretch, ruleMakers({ ...rehearsal, cameraId: "cam" }), () => true)).toThrow(Stopped);
});
