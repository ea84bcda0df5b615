import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { memberChanges, nativeStatus } from "../../../native/index.ts";
import { LogColumns } from "../../analysis/track-log/columns.ts";
import { searchMembers } from "../../analysis/track-log/member-search.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import { ruleMakers } from "../../analysis/zones/rule-engine.ts";
import { zonesSchema } from "../../config/zones-schema.ts";
import { heededOf } from "./heeded.ts";
import { areFoundTogether, MemberChanges } from "./member-changes.ts";
import { Membership } from "./membership.ts";
import { pathsOf } from "./run-rules.ts";
import { Shelf, type Stretch } from "./stretch.ts";
import { plainTurn, turn, writeTurns } from "./testing/log-of-turns.ts";

/** Mostly a frame in which nothing is wrong. */
const calm = fc.oneof({ weight: 12, arbitrary: fc.constant(plainTurn) }, { weight: 1, arbitrary: turn });

let folder = "";
beforeAll(async () => (folder = await mkdtemp(join(tmpdir(), "member-changes-"))));
afterAll(async () => rm(folder, { recursive: true, force: true }));

const share = fc.integer({ min: 0, max: 40 }).map((n) => n / 40);
/** Somebody who stands at an edge or walks; in steps of a fortieth, as corners of zones are, so that some stand on an edge. */
const actor = fc.record({
  id: fc.integer({ min: 1, max: 40 }),
  label: fc.constantFrom<string>("person", "person", "boat", "fishing-rod"),
  foot: fc.record({ x: share, y: share }),
  speed: fc.constantFrom<number>(0, 0.0005, 0.01, -0.02),
  height: fc.constantFrom<number>(0.02, 0.1, 0.4),
  score: fc.double({ min: 0.3, max: 0.95, noNaN: true }),
  from: fc.nat(60),
  frames: fc.integer({ min: 4, max: 60 }),
  lostEvery: fc.integer({ min: 2, max: 40 }),
});
type Actor = typeof actor extends fc.Arbitrary<infer One> ? One : never;

function tracksAt(actors: readonly Actor[], frame: number, nowMs: number): readonly Track[] {
  return actors.flatMap(({ label, foot, speed, height, score, from, frames, lostEvery, id }) => {
    const age = frame - from;
    if (age < 0 || age >= frames) return [];
    const x = foot.x + speed * age - height / 4;
    return {
      id,
      label,
      state: age < 2 ? ("tentative" as const) : age % lostEvery === 0 ? ("lost" as const) : ("confirmed" as const),
      box: { x, y: foot.y - height, width: height / 2, height },
      score: score + 0.02 * Math.sin(age),
      firstSeenMs: nowMs - 200 * age,
      lastSeenMs: nowMs,
      seenNow: true,
      hits: age + 1,
      velocity: { x: 0, y: 0 },
    };
  });
}

const zone = fc.record({
  polygon: fc.constantFrom(
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
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ],
    [
      [0.1, 0.9],
      [0.5, 0.2],
      [0.9, 0.9],
      [0.5, 0.6],
    ],
  ),
  anchor: fc.constantFrom("bottom", "center", "any"),
  score: fc.constantFrom(0.25, 0.5, 0.6),
  minSize: fc.constantFrom(0, 0.1, 0.2),
  maxSize: fc.constantFrom(1, 0.3),
  company: fc.constantFrom(
    {},
    {},
    { with: ["boat", "fishing-rod"], reach: 0.5 },
    { with: ["fishing-rod"], rodReach: 1, reach: 1 },
    { with: ["fishing-rod", "boat"], rodReach: 2, reach: 2 },
    { withAll: ["fishing-rod", "boat"], reach: 1 },
    { with: ["boat"], withAll: ["fishing-rod"], reach: 2, rodReach: 1 },
    { with: ["person"], reach: 0.3 },
    { without: ["boat"], reach: 0.3 },
    { with: ["fishing-rod"], without: ["boat", "person"], reach: 0.5 },
  ),
});

/** Another zone with the same rule: no rod brings its people into the first one. */
const beside = [
  [0.75, 0.2],
  [0.9, 0.2],
  [0.9, 0.8],
  [0.75, 0.8],
];

/** One that shares ground with both. */
const acrossBoth = [
  [0.2, 0.3],
  [0.85, 0.3],
  [0.85, 0.7],
  [0.2, 0.7],
];

/** Each change of members of one of some rules, found one after the other or together: rule, entry and points. */
function changesOf(
  stretch: Stretch,
  zones: unknown,
  options: ConstructorParameters<typeof MemberChanges>[1],
  isTogether = true,
): unknown {
  const makers = ruleMakers({ zones: zonesSchema.parse(zones), timezone: "Asia/Shanghai", cameraId: "cam" });
  const rules = makers.map((maker) => {
    const { heeds, steady } = maker.make(16 / 9, () => "").rule;
    if (!heeds?.within || !steady) throw new Error("the rule is no steady one");
    return { heeds, membership: new Membership(steady, heeds.within) };
  });
  expect(areFoundTogether(rules.map(({ membership }) => membership))).toBe(true);
  const found: unknown[][] = rules.map(() => []);
  const groups = isTogether ? [rules] : rules.map((rule) => [rule]);
  for (const group of groups) {
    const changes = new MemberChanges(
      group.map(({ membership }) => membership),
      options,
    );
    for (const { columns, blocks } of stretch.parts) {
      const run = { columns, blocks: blocks.filter(({ isPlain }) => isPlain), from: 0 };
      const asked = group.map(({ heeds }) => ({ heeded: heededOf(heeds, columns, pathsOf(stretch)), jerks: null }));
      for (let from = 0; from < run.blocks.length;) {
        const part = changes.find(run, from, asked);
        from += part.blocks;
        for (const [i, one] of part.changes.entries()) {
          const to = found[rules.findIndex((rule) => rule === group[i])];
          while (one.next()) to?.push([one.entry, Array.from({ length: one.there }, (_, k) => one.pointAt(k))]);
        }
      }
    }
  }
  return found;
}

test("the addon finds the members that looking at each point finds", async () => {
  expect(nativeStatus.kind).toBe("native");
  let run = 0;
  let told = 0;
  let byAddon = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(actor, { minLength: 10, maxLength: 30 }),
      fc.array(calm, { minLength: 60, maxLength: 140 }),
      zone,
      fc.constantFrom(300, 700, 16_384),
      // Few blocks at a time, or so many that they are shared out.
      fc.constantFrom(900, 100_000),
      async (actors, turns, { polygon, anchor, score, minSize, maxSize, company }, room, chunk) => {
        const at = await mkdtemp(join(folder, String((run += 1))));
        await writeTurns(at, turns, (frame, nowMs) =>
          // Now and then in another order.
          tracksAt(frame % 7 === 3 ? actors.toReversed() : actors, frame, nowMs),
        );
        const stretch = await new Shelf({ chunk }).stretch(at, 0, 4e12);
        const rule = { type: "person-enter-water", kind: "presence-dwell", score, minSize, maxSize, ...company };
        const zones = {
          schema: "xueliang.zones/1",
          camera: "cam",
          zones: [
            { id: "a", name: "a", kind: "water", polygon, anchor, rules: [rule] },
            { id: "b", name: "b", kind: "water", polygon: beside, rules: [rule] },
            { id: "c", name: "c", kind: "water", polygon: acrossBoth, anchor, rules: [rule] },
          ],
        };
        const search: typeof searchMembers = (...all) => {
          const runs = searchMembers(...all);
          byAddon += all[3].done[0] ?? 0;
          return runs;
        };
        const expected = changesOf(stretch, zones, { search: () => false }, false);
        expect(changesOf(stretch, zones, { search, room })).toEqual(expected);
        told += (expected as unknown[][]).flat().length;
      },
    ),
    { numRuns: 400, seed: 11 },
  );
  expect(told).toBeGreaterThan(2_000);
  expect(byAddon).toBeGreaterThan(2_000);
}, 120_000);

test("it tells who was there at the look before", async () => {
  const at = await mkdtemp(join(folder, "before"));
  const base = { speed: 0, height: 0.1, score: 0.9, lostEvery: 1_000, label: "person" };
  const actors = [
    { ...base, id: 1, foot: { x: 0.5, y: 0.5 }, from: 0, frames: 40 },
    { ...base, id: 2, foot: { x: 0.6, y: 0.5 }, from: 10, frames: 90 },
  ];
  await writeTurns(
    at,
    Array.from({ length: 90 }, () => plainTurn),
    (frame, nowMs) => tracksAt(actors, frame, nowMs),
  );
  const stretch = await new Shelf().stretch(at, 0, 4e12);
  const befores: unknown[] = [];
  const search: typeof searchMembers = (...all) => {
    const runs = searchMembers(...all);
    const [, , , job] = all;
    for (let i = 0; i < (job.done[1] ?? 0);) {
      const [entry = 0, count = 0, before = 0, was = 0] = job.changes.subarray(i, i + 4);
      befores.push([entry - before, was]);
      i += 4 + count + was;
    }
    return runs;
  };
  const zones = {
    schema: "xueliang.zones/1",
    camera: "cam",
    zones: [
      {
        id: "a",
        name: "a",
        kind: "water",
        polygon: [
          [0.4, 0.4],
          [0.7, 0.4],
          [0.7, 0.6],
          [0.4, 0.6],
        ],
        rules: [{ type: "person-enter-water", kind: "presence-dwell" }],
      },
    ],
  };
  changesOf(stretch, zones, { search });
  // The second comes to the first; the first goes.
  expect(befores.filter((one) => (one as number[])[1] !== 0)).toEqual([
    [1, 1],
    [1, 2],
  ]);
});

test("arrays that do not fit together are refused", () => {
  const columns = new LogColumns();
  const { looked, pointCount, pointsAt, idOf, labelOf, pointsOf } = columns;
  const job = {
    bytes: new Uint8Array(16),
    rows: Uint32Array.of(0, 1, 0, 1, 1, 1, 0, 0, 1),
    extents: columns.blockExtents.values,
    looked,
    pointCount,
    pointsAt,
    idOf,
    pointsOf,
    spanValues: columns.spans.values,
    matters: new Uint8Array(1),
    labelOf,
    roles: new Uint8Array(256),
    rule: new Float64Array(11),
    zones: Float64Array.of(0, 0, 0, 1, 1, 3, 0, 0, 1, 0, 1, 1),
    waters: Uint32Array.of(1, 0, 1, 1),
    members: new Uint32Array(512),
    changes: new Uint32Array(2_000),
    done: new Uint32Array(3),
  };
  expect(memberChanges(job)).toBe(true);
  expect(() => memberChanges({ ...job, rows: Uint32Array.of(0, 2_000, 0, 1, 1, 1, 0, 0, 1) })).toThrow(/^rows must be/);
  expect(() => memberChanges({ ...job, rows: Uint32Array.of(0, 1, 0, 2, 1, 1, 0, 0, 1) })).toThrow(/^rows must be/);
  expect(() => memberChanges({ ...job, matters: new Uint8Array(300) })).toThrow(/^matters must be/);
  expect(() => memberChanges({ ...job, extents: new Int32Array(11) })).toThrow(/^extents must hold/);
  expect(() => memberChanges({ ...job, zones: new Float64Array(7) })).toThrow(/^zones must be/);
  expect(() => memberChanges({ ...job, waters: Uint32Array.of(1, 2, 1, 0) })).toThrow(/^waters must be/);
  expect(() => memberChanges({ ...job, waters: Uint32Array.of(0, 1, 1, 0) })).toThrow(/^waters must be/);
  expect(() => memberChanges({ ...job, waters: new Uint32Array(0) })).toThrow(/^waters must be/);
  expect(() => memberChanges({ ...job, waters: new Uint32Array(18).fill(1) })).toThrow(/^waters must be/);
  expect(() => memberChanges({ ...job, roles: new Uint8Array(255) })).toThrow(/^roles/);
  expect(() => memberChanges({ ...job, members: new Uint32Array(511) })).toThrow(/^members holds 511/);
  expect(() => memberChanges({ ...job, looked: new Uint8Array(3) })).toThrow(/^pointCount has another/);
});
