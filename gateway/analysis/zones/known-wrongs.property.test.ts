/** The ways in which rules are known to go wrong elsewhere, each thrown at them at random. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Track } from "../tracking/track.ts";
import type { RuleEngine } from "./rule-engine.ts";
import { engineFor, marchNoon, oneZone } from "./testing/story.ts";
import type { Trigger } from "./trigger.ts";

/** Seconds of work become minutes on a busy two-core machine. */
const busyMs = 180_000;
const quick = { clearSec: 1, cooldownSec: 1 };
const middle = [
  [0.3, 0.3],
  [0.7, 0.3],
  [0.7, 0.95],
  [0.3, 0.95],
];
const withLine = (rules: readonly unknown[]) => ({
  schema: "xueliang.zones/1",
  camera: "cam",
  lines: [{ id: "line", from: [0.1, 0.5], to: [0.9, 0.5], rules }],
});

function person(id: number, x: number, y: number, nowMs: number, state: Track["state"] = "confirmed"): Track {
  return {
    id,
    label: "person",
    state,
    box: { x, y, width: 0.05, height: 0.15 },
    score: 0.8,
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
    seenNow: true,
    hits: 5,
    velocity: { x: 0, y: 0 },
  };
}

const starts = (told: readonly Trigger[]): number => told.filter(({ phase }) => phase === "start").length;

/** Runs frames of tracks, 200 ms apart unless told otherwise. */
function run(
  engine: RuleEngine,
  frames: readonly (readonly Track[] | null)[],
  stepMs: (i: number) => number = () => 200,
) {
  let nowMs = marchNoon;
  return frames.flatMap((tracks, i) => {
    nowMs += stepMs(i);
    return engine.step({ tracks, scene: null }, nowMs);
  });
}

test(
  "who trembles on a line crosses it at most as often as it was really on the other side",
  () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -0.02, max: 0.02, noNaN: true }), { minLength: 50, maxLength: 150 }),
        (noise) => {
          const engine = engineFor(withLine([{ type: "perimeter-intrusion", minTrackSec: 0, ...quick }]));
          // Feet at 0.5 + noise, but never two frames in a row on the same side.
          const frames = noise.map((n, i) => [
            person(1, 0.5, 0.35 + (i % 2 === 0 ? 1 : -1) * Math.abs(n) + 1e-6, marchNoon),
          ]);
          expect(run(engine, frames)).toEqual([]);
        },
      ),
      { seed: 21, numRuns: 40 },
    );
  },
  busyMs,
);

test(
  "what is born inside a zone never entered it, however it moves in there",
  () => {
    const inside = fc.record({
      x: fc.double({ min: 0.35, max: 0.6, noNaN: true }),
      y: fc.double({ min: 0.2, max: 0.7, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(inside, { minLength: 10, maxLength: 120 }), (places) => {
        const engine = engineFor(oneZone([{ type: "our-entry", kind: "enter", ...quick }], { polygon: middle }));
        const frames = places.map(({ x, y }) => [person(1, x, y, marchNoon)]);
        expect(run(engine, frames)).toEqual([]);
      }),
      { seed: 22, numRuns: 60 },
    );
  },
  busyMs,
);

test(
  "one id for two objects on both sides of a line crosses nothing",
  () => {
    fc.assert(
      fc.property(
        fc.array(fc.boolean(), { minLength: 20, maxLength: 120 }),
        fc.integer({ min: 1, max: 12 }),
        (flips, hold) => {
          const engine = engineFor(withLine([{ type: "perimeter-intrusion", minTrackSec: 0, ...quick }]));
          // Far apart: no body gets from one place to the other between two frames.
          const frames = flips.flatMap((above) =>
            Array.from({ length: hold }, () => [person(1, above ? 0.2 : 0.8, above ? 0.0 : 0.75, marchNoon)]),
          );
          expect(run(engine, frames)).toEqual([]);
        },
      ),
      { seed: 23, numRuns: 40 },
    );
  },
  busyMs,
);

test(
  "unconfirmed tracks cross, enter and stay nowhere",
  () => {
    const place = fc.record({
      // Whole hundredths: doubles from zero on are nearly all nearly zero.
      x: fc.integer({ min: 0, max: 90 }).map((n) => n / 100),
      y: fc.integer({ min: 0, max: 80 }).map((n) => n / 100),
    });
    fc.assert(
      fc.property(fc.array(place, { minLength: 30, maxLength: 100 }), (places) => {
        const zones = {
          ...(oneZone(
            [
              { type: "our-entry", kind: "enter", ...quick },
              { type: "site-intrusion", suspectedSec: 0, detectedSec: 0, ...quick },
            ],
            { polygon: middle },
          ) as object),
          ...{ lines: withLine([{ type: "perimeter-intrusion", minTrackSec: 0, ...quick }]).lines },
        };
        const frames = places.map(({ x, y }) => [person(1, x, y, marchNoon, "tentative")]);
        expect(run(engineFor(zones), frames)).toEqual([]);
      }),
      { seed: 24, numRuns: 40 },
    );
  },
  busyMs,
);

test(
  "gaps up to five seconds do not begin a stay anew, and blind frames neither hold nor clear",
  () => {
    const gap = fc.record({
      at: fc.integer({ min: 5, max: 90 }),
      frames: fc.integer({ min: 1, max: 22 }),
      blind: fc.boolean(),
    });
    fc.assert(
      fc.property(gap, ({ at, frames: length, blind }) => {
        const engine = engineFor(oneZone([{ type: "site-intrusion", suspectedSec: 20, detectedSec: 20 }]));
        const there = (): readonly Track[] => [person(1, 0.4, 0.4, marchNoon)];
        const frames = Array.from({ length: 160 }, (_, i) =>
          i >= at && i < at + length ? (blind ? null : []) : there(),
        );
        let n = -1;
        let first = -1;
        let nowMs = marchNoon;
        for (const tracks of frames) {
          n += 1;
          nowMs += 200;
          if (engine.step({ tracks, scene: null }, nowMs).length > 0 && first < 0) first = n;
        }
        expect(first).toBeGreaterThanOrEqual(100);
        expect(first).toBeLessThanOrEqual(Math.max(101, at + length));
      }),
      { seed: 25, numRuns: 60 },
    );
  },
  busyMs,
);

test(
  "a clock that is set an hour on or back, or to 1970, changes neither how long somebody stayed nor how often it is told",
  () => {
    const jump = fc.record({
      at: fc.integer({ min: 1, max: 140 }),
      byMs: fc.constantFrom(3_600_000, -3_600_000, -marchNoon, 86_400_000),
    });
    fc.assert(
      fc.property(fc.array(jump, { minLength: 1, maxLength: 4 }), (jumps) => {
        const engine = engineFor(oneZone([{ type: "site-intrusion", suspectedSec: 10, detectedSec: 10, clearSec: 2 }]));
        const byFrame = new Map(jumps.map(({ at, byMs }) => [at, byMs]));
        const frames = Array.from({ length: 150 }, (_, i) => (i < 100 ? [person(1, 0.4, 0.4, marchNoon)] : []));
        const told = run(engine, frames, (i) => 200 + (byFrame.get(i) ?? 0));
        const closed = engine.close(marchNoon, "camera-lost");
        expect(starts(told)).toBe(1);
        // Never sooner than ten looked-at seconds: the jumps count as one ordinary step each.
        expect(told[0]?.holdSec).toBeLessThan(10.5);
        expect([...told, ...closed].filter(({ phase }) => phase === "end")).toHaveLength(1);
        for (const { atMs, onsetMs } of [...told, ...closed]) expect(atMs).toBeGreaterThanOrEqual(onsetMs);
      }),
      { seed: 26, numRuns: 60 },
    );
  },
  busyMs,
);

test(
  "a frame rate that changes all the time does not change when it is told by more than one frame",
  () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 40, max: 1_500 }), { minLength: 60, maxLength: 120 }), (steps) => {
        const engine = engineFor(oneZone([{ type: "site-intrusion", suspectedSec: 15, detectedSec: 15 }]));
        const frames = steps.map(() => [person(1, 0.4, 0.4, marchNoon)]);
        const total = steps.slice(1).reduce((sum, ms) => sum + ms, 0);
        const [start] = run(engine, frames, (i) => steps[i] ?? 0).filter(({ phase }) => phase === "start");
        expect(start !== undefined).toBe(total >= 15_000);
        if (start) expect(start.atMs - marchNoon - (steps[0] ?? 0)).toBeLessThan(15_000 + 1_500);
      }),
      { seed: 27, numRuns: 60 },
    );
  },
  busyMs,
);

test(
  "rules edited while something is open: it goes on or ends, and nothing is told twice",
  () => {
    const file = fc.constantFrom("same", "longer", "gone", "moved");
    fc.assert(
      fc.property(fc.array(file, { minLength: 1, maxLength: 6 }), fc.integer({ min: 8, max: 40 }), (edits, every) => {
        const rule = { type: "site-intrusion", suspectedSec: 2, detectedSec: 4, ...quick };
        const elsewhere = middle.map(([x = 0, y = 0]) => [x * 0.1, y * 0.1]);
        const zonesOf = (edit: string): unknown =>
          oneZone(edit === "gone" ? [] : [edit === "longer" ? { ...rule, detectedSec: 9 } : rule], {
            polygon: edit === "moved" ? elsewhere : middle,
          });
        let n = 0;
        const number = (): number => (n += 1);
        let engine = engineFor(zonesOf("same"), number);
        const told: Trigger[] = [];
        let nowMs = marchNoon;
        for (let i = 0; i < every * (edits.length + 1); i += 1) {
          nowMs += 200;
          const edit = i % every === every - 1 ? edits[Math.floor(i / every)] : undefined;
          if (edit !== undefined) {
            const next = engineFor(zonesOf(edit), number);
            next.succeed(engine, nowMs);
            engine = next;
          }
          told.push(...engine.step({ tracks: [person(1, 0.45, 0.5, nowMs)], scene: null }, nowMs));
        }
        told.push(
          ...engine.step({ tracks: [], scene: null }, nowMs + 200),
          ...engine.close(nowMs + 400, "camera-lost"),
        );
        const byId = Map.groupBy(told, ({ occurrenceId }) => occurrenceId);
        for (const phases of byId.values()) {
          expect(phases[0]?.phase).toBe("start");
          expect(phases.at(-1)?.phase).toBe("end");
          expect(phases.filter(({ phase }) => phase === "update").length).toBe(phases.length - 2);
        }
      }),
      { seed: 28, numRuns: 60 },
    );
  },
  busyMs,
);
