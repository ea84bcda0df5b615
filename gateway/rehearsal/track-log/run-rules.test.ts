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
import { everyKind } from "./testing/every-kind.ts";

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
          // Without a rule that measures, blocks are opened only where somebody looks.
          const ofTracks = makers.filter(({ make }) => make(1, () => "").rule.needs.kind === "tracks");
          const happenedOfTracks = happened.filter((_, rule) => ofTracks.includes(makers[rule] as RuleMaker));
          expect(runHappenings(await new Shelf().stretch(at, 0, 4e12), ofTracks)).toEqual(happenedOfTracks);
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
