import fc from "fast-check";
import { expect, test } from "vitest";
import { eventTypes } from "../../config/catalogue/catalogue.ts";
import type { Track } from "../tracking/track.ts";
import { engineFor, marchNoon, oneZone } from "./testing/story.ts";
import type { Trigger } from "./trigger.ts";

/** Seconds of work become minutes on a busy two-core machine. */
const busyMs = 180_000;

const rules = [
  { type: "fishing-multi-rod" },
  { type: "site-intrusion", clearSec: 1, cooldownSec: 2 },
  { type: "crowd-gathering", threshold: 2, detectedSec: 2, clearSec: 1, cooldownSec: 1 },
  { type: "floating-debris", labels: ["fishing-rod"], suspectedSec: 1, detectedSec: 3, clearSec: 1, cooldownSec: 1 },
  { id: "drifts", type: "floating-debris", labels: ["person"], minTrackSec: 0, drift: "required", windowSec: 3, detectedSec: 2, clearSec: 1, cooldownSec: 1 }, // prettier-ignore
  { type: "post-absence", detectedSec: 3, clearSec: 1, cooldownSec: 1 },
  { type: "object-left", labels: ["fishing-rod"], detectedSec: 4, suspectedSec: 2 },
  { type: "our-entry", kind: "enter", clearSec: 1, cooldownSec: 1 },
  { type: "our-theft", kind: "removed-object", labels: ["fishing-rod"], minTrackSec: 2, detectedSec: 2 },
  { type: "video-black", detectedSec: 2, clearSec: 1, cooldownSec: 1 },
  { type: "fishing-in-closed-season", suspectedSec: 1, detectedSec: 2 },
];
const zones = {
  ...(oneZone(rules, {
    polygon: [
      [0.2, 0.2],
      [0.8, 0.2],
      [0.8, 0.9],
      [0.2, 0.9],
    ],
  }) as { readonly zones: readonly object[] }),
  lines: [
    {
      id: "line",
      from: [0.1, 0.5],
      to: [0.9, 0.5],
      rules: [{ type: "perimeter-intrusion", minTrackSec: 0, clearSec: 1, cooldownSec: 1 }],
    },
    {
      id: "bent",
      from: [0.3, 0.2],
      via: [
        [0.3, 0.7],
        [0.7, 0.7],
      ],
      to: [0.7, 0.2],
      rules: [{ type: "perimeter-intrusion", minTrackSec: 0, clearSec: 1, cooldownSec: 1 }],
    },
  ],
};

const unit = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
/** Any track a tracker could make, and some it should not: shared ids, unconfirmed, ended, outside the picture. */
const track = fc.record({
  id: fc.integer({ min: 1, max: 4 }),
  label: fc.constantFrom("person", "fishing-rod"),
  state: fc.constantFrom<Track["state"]>("confirmed", "confirmed", "lost", "tentative", "ended"),
  x: unit,
  y: unit,
  seenNow: fc.boolean(),
});
/** One frame: the wall clock may jump, the frame may not have been looked at. */
const frame = fc.record({
  stepMs: fc.oneof(
    { weight: 20, arbitrary: fc.integer({ min: 30, max: 1500 }) },
    { weight: 1, arbitrary: fc.constantFrom(3_600_000, -3_600_000, 30_000, -500) },
  ),
  tracks: fc.option(fc.array(track, { maxLength: 6 }), { freq: 6 }),
  black: fc.option(unit, { freq: 5 }),
  act: fc.oneof(
    { weight: 40, arbitrary: fc.constant("look") },
    { weight: 2, arbitrary: fc.constantFrom("lose", "restart", "edit") },
  ),
});

function asTrack(
  t: { id: number; label: string; state: Track["state"]; x: number; y: number; seenNow: boolean },
  nowMs: number,
): Track {
  return {
    id: t.id,
    label: t.label,
    state: t.state,
    seenNow: t.seenNow,
    box: { x: t.x, y: t.y, width: 0.05, height: 0.15 },
    score: 0.8,
    firstSeenMs: nowMs,
    lastSeenMs: nowMs,
    hits: 5,
    velocity: { x: 0, y: 0 },
  };
}

test(
  "whatever happens, phases run start, updates, end: once, and one at a time for each rule",
  () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 30, maxLength: 120 }), (frames) => {
        let n = 0;
        const numbered = (): number => (n += 1);
        let engine = engineFor(zones, numbered);
        const told: Trigger[] = [];
        let nowMs = marchNoon;
        const next = (file: unknown): void => {
          const open = engine.open();
          // Names do not repeat between runs: the real ones never do.
          engine = engineFor(file, numbered);
          engine.resume(open, nowMs);
        };
        for (const { stepMs, tracks, black, act } of frames) {
          nowMs += stepMs;
          if (act === "lose") told.push(...engine.close(nowMs, "camera-lost"));
          if (act === "restart") next(zones);
          if (act === "edit") next({ ...zones, lines: [] });
          const seen = {
            tracks: tracks?.map((t) => asTrack(t, nowMs)) ?? null,
            scene: null,
            measures: { blackShare: black },
          };
          told.push(...engine.step(seen, nowMs));
        }
        told.push(...engine.close(nowMs, "camera-lost"));
        checkPhases(told);
      }),
      { seed: 11, numRuns: 40 },
    );
  },
  busyMs,
);

function checkPhases(told: readonly Trigger[]): void {
  const state = new Map<string, "open" | "ended">();
  const openOfRule = new Map<string, string>();
  for (const t of told) {
    const was = state.get(t.occurrenceId);
    if (t.phase === "start") {
      expect(was).toBeUndefined();
      expect(openOfRule.get(t.ruleId)).toBeUndefined();
      state.set(t.occurrenceId, "open");
      openOfRule.set(t.ruleId, t.occurrenceId);
    } else {
      expect(was).toBe("open");
      if (t.phase === "end") {
        state.set(t.occurrenceId, "ended");
        openOfRule.delete(t.ruleId);
        expect(t.endReason).toBeDefined();
      }
    }
    expect(t.atMs).toBeGreaterThanOrEqual(t.onsetMs);
    expect(t.trace.every((s) => s.passed)).toBe(true);
  }
  expect([...state.values()].every((s) => s === "ended")).toBe(true);
}

test("unconfirmed tracks never start anything, whatever the type", () => {
  const all = oneZone(
    eventTypes
      .filter((t) => t.rule.kind !== "absence")
      .slice(0, 30)
      .map((t) => ({ type: t.id })),
  );
  const engine = engineFor(all);
  for (let i = 0; i < 300; i += 1) {
    const nowMs = marchNoon + i * 200;
    const tracks = ["person", "fishing-rod", "boat", "floating-debris"].map((label, k) => ({
      ...asTrack({ id: k + 1, label, state: "tentative", x: 0.3 + 0.05 * k, y: 0.4, seenNow: true }, nowMs),
    }));
    expect(engine.step({ tracks, scene: null }, nowMs)).toEqual([]);
  }
});

test(
  "the frame rate does not change what happens, only how finely it is timed",
  () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 25 }), fc.integer({ min: 5, max: 40 }), (fps, stayed) => {
        const engine = engineFor(oneZone([{ type: "site-intrusion", detectedSec: 10 }]));
        const told: Trigger[] = [];
        for (let i = 0; i <= 60 * fps; i += 1) {
          const sec = i / fps;
          const nowMs = Math.round(marchNoon + sec * 1000);
          const tracks =
            sec <= stayed
              ? [asTrack({ id: 1, label: "person", state: "confirmed", x: 0.4, y: 0.4, seenNow: true }, nowMs)]
              : [];
          told.push(...engine.step({ tracks, scene: null }, nowMs));
        }
        const start = told.find((t) => t.phase === "start");
        expect(start !== undefined).toBe(stayed >= 10);
        if (start) expect(start.atMs - marchNoon - 10_000).toBeLessThanOrEqual(1000 / fps + 1);
      }),
      { seed: 5, numRuns: 25 },
    );
  },
  busyMs,
);

test(
  "two who swap their ids beside each other in a zone keep their dwell",
  () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 45 }), (swapAt) => {
        const engine = engineFor(oneZone([{ type: "site-intrusion", detectedSec: 10 }]));
        const starts: number[] = [];
        for (let i = 0; i <= 60; i += 1) {
          const nowMs = marchNoon + i * 200;
          const [a, b] = i >= swapAt ? [2, 1] : [1, 2];
          const tracks = [a, b].map((id, k) =>
            asTrack({ id, label: "person", state: "confirmed", x: 0.4 + 0.06 * k, y: 0.4, seenNow: true }, nowMs),
          );
          for (const t of engine.step({ tracks, scene: null }, nowMs)) if (t.phase === "start") starts.push(i);
        }
        expect(starts).toEqual([50]);
      }),
      { seed: 3, numRuns: 20 },
    );
  },
  busyMs,
);

test(
  "a single outlier frame beyond a line counts nothing, wherever it falls",
  () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 30 }), (at) => {
        // Outliers two frames apart are still single ones.
        const outliers = new Set(at.map((i) => i * 2));
        const engine = engineFor({ ...zones, zones: [] });
        for (let i = 0; i < 200; i += 1) {
          const nowMs = marchNoon + i * 200;
          const y = outliers.has(i) ? 0.4 : 0.2;
          expect(
            engine.step(
              {
                tracks: [asTrack({ id: 1, label: "person", state: "confirmed", x: 0.5, y, seenNow: true }, nowMs)],
                scene: null,
              },
              nowMs,
            ),
          ).toEqual([]);
        }
      }),
      { seed: 9, numRuns: 40 },
    );
  },
  busyMs,
);

test(
  "applying a file never changes what an unchanged rule fires: not the same file, not an edit of another zone",
  () => {
    const others = [
      zones,
      { ...zones, lines: [] },
      { ...zones, zones: [...zones.zones, { ...zones.zones[0], id: "more", rules: ["site-intrusion"] }] },
      { ...zones, zones: zones.zones.map((zone) => ({ ...zone, name: "renamed" })) },
    ];
    const edited = frame.map((one) => ({
      ...one,
      file: one.act === "look" ? null : (others[one.stepMs % 4] ?? zones),
    }));
    fc.assert(
      fc.property(fc.array(edited, { minLength: 30, maxLength: 120 }), (frames) => {
        const run = (applies: boolean): readonly unknown[] => {
          let engine = engineFor(zones);
          let nowMs = marchNoon;
          return frames.flatMap(({ stepMs, tracks, black, file }) => {
            nowMs += stepMs;
            if (applies && file !== null) {
              const next = engineFor(file);
              next.succeed(engine, nowMs);
              engine = next;
            }
            const seen = { tracks: tracks?.map((t) => asTrack(t, nowMs)) ?? null, scene: null };
            return engine
              .step({ ...seen, measures: { blackShare: black } }, nowMs)
              .filter(({ zoneId }) => zoneId === "water")
              .map((told) => ({ ...told, occurrenceId: "" }));
          });
        };
        expect(run(true)).toEqual(run(false));
      }),
      { seed: 12, numRuns: 40 },
    );
  },
  busyMs,
);

test("two edits between two frames: what lost its rule with the first still ends", () => {
  const file = oneZone([{ type: "site-intrusion", suspectedSec: 1, detectedSec: 2 }]);
  let engine = engineFor(file);
  let nowMs = marchNoon;
  const look = (): readonly Trigger[] => {
    nowMs += 500;
    const one = asTrack({ id: 1, label: "person", state: "confirmed", x: 0.4, y: 0.4, seenNow: true }, nowMs);
    return engine.step({ tracks: [one], scene: null }, nowMs);
  };
  for (let i = 0; i < 8; i += 1) look();
  for (const edit of [oneZone([]), oneZone(["crowd-gathering"])]) {
    const next = engineFor(edit);
    next.succeed(engine, nowMs);
    engine = next;
  }
  expect(look()).toMatchObject([{ phase: "end", endReason: "rule-changed" }]);
});
