import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TrackLog } from "../../analysis/track-log/track-log.ts";
import type { OpenOccurrence, Trigger } from "../../analysis/zones/trigger.ts";
import { engineFor, marchNoon, oneZone, still, tracksAt, type Actor } from "../../analysis/zones/testing/story.ts";
import { zonesSchema } from "../../config/zones-schema.ts";
import { ruleMakers } from "../../analysis/zones/rule-engine.ts";
import { ClockDouble } from "../../runtime/clock-double.ts";
import { preview, why } from "./preview.ts";
import { readLog } from "./read-log.ts";
import { replayLog, type Rehearsal } from "./replay-log.ts";
import { everyKind } from "./testing/every-kind.ts";

const person = (id: number, x: number, from: number, to: number): Actor =>
  still(id, "person", { x, y: 0.5, width: 0.06, height: 0.3 }, from, to);
const rod = (id: number, x: number, from: number, to: number): Actor =>
  still(id, "fishing-rod", { x: x + 0.05, y: 0.4, width: 0.15, height: 0.2 }, from, to);

/** The same, walking along the bank, there and back. */
const moving = (actor: Actor, speed: number): Actor => ({
  ...actor,
  at: (sec) => {
    const box = actor.at(sec);
    const way = speed * Math.sin(sec / 4);
    return box && { ...box, x: box.x + way, y: box.y + way };
  },
});

const present = oneZone([
  { type: "fishing-multi-rod" },
  { type: "person-enter-water", kind: "presence-dwell", detectedSec: 8 },
]);
const rehearse = (zones: unknown): Rehearsal => ({
  zones: zonesSchema.parse(zones),
  timezone: "Asia/Shanghai",
  place: { lon: 106.55, lat: 29.56 },
});

let folder = "";
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "replay-log-"))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** What may happen between two frames. */
type Turn = "on" | "blind" | "moved" | "restart" | "lost" | "hour-back" | "hour-on";

/** Lives through the turns as the gateway does: log and rules side by side. Returns what fired live. */
async function live(
  actors: readonly Actor[],
  turns: readonly Turn[],
  { at = folder, rules = present }: { readonly at?: string; readonly rules?: unknown } = {},
): Promise<readonly Trigger[]> {
  const open = () =>
    TrackLog.open({
      folder: at,
      days: 7,
      maxBytes: 64e6,
      clock: new ClockDouble(),
      onError: (e) => {
        throw e;
      },
    });
  await using stack = new AsyncDisposableStack();
  const log = stack.use(await open());
  const triggers: Trigger[] = [];
  let occurrences = 0;
  const engineNow = () => engineFor(rules, () => (occurrences += 1));
  let engine = engineNow();
  let shiftMs = 0;
  log.start(marchNoon);
  engine.resume([], marchNoon);
  for (const [i, turn] of turns.entries()) {
    const sec = i * 0.5;
    if (turn === "hour-back") shiftMs -= 3_600_000;
    if (turn === "hour-on") shiftMs += 3_600_000;
    const nowMs = marchNoon + i * 500 + shiftMs;
    if (turn === "restart") {
      const held: readonly OpenOccurrence[] = engine.open();
      engine = engineNow();
      log.start(nowMs);
      engine.resume(held, nowMs);
    }
    if (turn === "lost") {
      log.lost(nowMs);
      triggers.push(...engine.close(nowMs, "camera-lost"));
    }
    // Irrational noise: nothing here lies on the grid of the log by itself.
    const tracks = tracksAt(actors, sec, marchNoon).map((track) => ({
      ...track,
      score: 0.66 + 0.06 * Math.sin(sec * track.id),
      box: { ...track.box, x: track.box.x + 0.002 * Math.sin(sec * 7) },
    }));
    const measures = { blackShare: Math.sin(sec / 9) ** 2, waterLevelM: 180.5 + 0.3 * Math.sin(sec / 7) };
    const moved = turn === "moved" ? { moved: true } : {};
    const seen = { tracks: turn === "blind" ? null : tracks, scene: null, measures, ...moved };
    triggers.push(...engine.step(log.keep(seen, nowMs), nowMs));
  }
  return triggers;
}

describe("yesterday's rules on yesterday's log", () => {
  test("give yesterday's triggers, to the last digit, over restarts, losses, blindness and clock jumps", async () => {
    const turn = fc.oneof(
      { weight: 60, arbitrary: fc.constant<Turn>("on") },
      { weight: 4, arbitrary: fc.constantFrom<Turn>("blind", "restart", "lost", "hour-back", "hour-on") },
    );
    const actor = fc
      .record({
        isRod: fc.boolean(),
        x: fc.double({ min: 0.1, max: 0.6, noNaN: true }),
        speed: fc.constantFrom(0, 0, 0.4, -0.4),
        from: fc.integer({ min: 0, max: 30 }),
        sec: fc.integer({ min: 1, max: 90 }),
      })
      .map(
        ({ isRod, x, speed, from, sec }) =>
          (id: number): Actor =>
            moving((isRod ? rod : person)(id, x, from, from + sec), speed),
      );
    const everyMaker = ruleMakers({ ...rehearse(everyKind), cameraId: "cam" });
    const kinds = new Set<string>();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(actor, { minLength: 1, maxLength: 5 }),
        fc.array(turn, { minLength: 60, maxLength: 200 }),
        async (made, turns) => {
          const at = join(folder, String((run += 1)));
          const told = await live(
            made.map((make, i) => make(i + 1)),
            turns,
            { at, rules: everyKind },
          );
          const { entries } = await readLog(at, 0, 4e12);
          expect(replayLog(entries(), rehearse(everyKind)).triggers).toEqual(told);
          for (const { ruleKind } of told) kinds.add(ruleKind);
        },
      ),
      { numRuns: 25, seed: 7 },
    );
    expect([...kinds].sort()).toEqual([...new Set(everyMaker.map(({ settings }) => settings.kind))].sort());
  });
});

describe("preview and why on a generated morning", () => {
  // Two visits to the bank: 20 s and 60 s.
  const actors = [person(1, 0.2, 10, 30), person(2, 0.6, 100, 160)];
  const turns = Array.from({ length: 400 }, (): Turn => "on");
  const draft = oneZone([
    { type: "fishing-multi-rod" },
    { type: "person-enter-water", kind: "presence-dwell", suspectedSec: 40, detectedSec: 40 },
  ]);
  const span = () => ({ folder, cameraId: "cam", fromMs: marchNoon, toMs: marchNoon + 3_600_000 });

  test("a longer stay asked for takes the short visit away and keeps the long one", async () => {
    await live(actors, turns);
    const told = await preview(span(), rehearse(present), rehearse(draft));
    expect([told.before.length, told.after.length, told.gone.length, told.added.length]).toEqual([2, 1, 1, 0]);
    expect(told.gone[0]?.tracks).toEqual([1]);
  });

  test("the same rules change nothing", async () => {
    await live(actors, turns);
    const told = await preview(span(), rehearse(present), rehearse(present));
    expect([told.gone, told.added]).toEqual([[], []]);
  });

  test("why not: the trace ends at the first step not passed and names its setting", async () => {
    await live(actors, turns);
    const told = await why({ folder, cameraId: "cam" }, marchNoon + 115_000, rehearse(draft), 2);
    const rule = told.rules.find(({ eventType }) => eventType === "person-enter-water");
    expect(rule?.steps.at(-1)).toMatchObject({ passed: false });
    expect(rule?.steps.at(-1)?.setting).toBe("zones/water/rules/person-enter-water/suspectedSec");
  });

  test.each([0, 200])("who is seen only while the view is elsewhere is told so (from turn %i on)", async (from) => {
    await live(
      actors,
      turns.map((turn, i) => (i < from ? turn : "moved")),
    );
    const told = await why({ folder, cameraId: "cam" }, marchNoon + 115_000, rehearse(present), 2);
    expect(told.tracks.map(({ id }) => id)).toEqual([2]);
    expect(told.rules).toHaveLength(2);
    for (const { steps } of told.rules) expect(steps).toMatchObject([{ step: "view", passed: false }]);
  });

  test("a time of which nothing is known is an error, never an empty answer", async () => {
    await expect(preview(span(), rehearse(present), rehearse(present))).rejects.toMatchObject({
      code: "TRACK_LOG_EMPTY",
    });
  });
});
