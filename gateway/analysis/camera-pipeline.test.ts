import { describe, expect, test } from "vitest";
import { ClockDouble } from "../runtime/clock-double.ts";
import { Latest } from "../runtime/latest.ts";
import { CameraPipeline, type Stages } from "./camera-pipeline.ts";
import type { Frame } from "./capture/frame.ts";
import type { Detection } from "./detection/detection.ts";
import { wholePicture } from "./geometry.ts";
import type { Track } from "./tracking/track.ts";
import type { Observation } from "./zones/rule.ts";
import type { Trigger } from "./zones/trigger.ts";

/** Stages that note what passes; each test bends the one it is about. */
function bench(bend: Partial<Stages> = {}) {
  const clock = new ClockDouble();
  const seen: { tracks: readonly Track[] | null }[] = [];
  const observations: Observation[] = [];
  const measures: Observation["measures"][] = [];
  const delivered: { phase: string; withPicture: boolean }[] = [];
  let fire: readonly Trigger[] = [];
  const stages: Stages = {
    camera: {
      frames: new Latest<Frame>(),
      status: () => ({ state: "streaming" }) as ReturnType<Stages["camera"]["status"]>,
    },
    sampler: { admits: () => true },
    sceneMeter: { measure: () => ({ brightness: 1, contrast: 1, sharpness: 1, blackShare: 0, change: null }) },
    diagnosis: {
      look: () => null,
      silent: (noFrameSec) => ({ noFrameSec }),
      pictureBlind: null,
      answered: () => undefined,
      count: () => undefined,
      status: () => ({}) as ReturnType<Stages["diagnosis"]["status"]>,
    },
    gauges: { look: () => null, newest: null },
    flows: { look: () => null, newest: null },
    motionGate: { admits: () => true },
    detector: { detect: async () => [] },
    tracker: { step: () => [], liveCount: 0 },
    trackLog: { keep: (seen) => seen, lost: () => undefined },
    ruleEngine: {
      step: (observation) => {
        seen.push({ tracks: observation.tracks });
        observations.push(observation);
        measures.push(observation.measures);
        return fire;
      },
      close: () => [{ phase: "end" } as Trigger],
      regionOfInterest: () => wholePicture,
    },
    snapshot: async () => ({ jpeg: new Uint8Array(1), widthPx: 2, heightPx: 2 }),
    deliver: (trigger, picture) => delivered.push({ phase: trigger.phase, withPicture: picture !== null }),
    ...bend,
  };
  const pipeline = new CameraPipeline({ id: "a", name: "A" }, stages, clock);
  return {
    clock,
    stages,
    pipeline,
    seen,
    observations,
    measures,
    delivered,
    fire: (triggers: readonly Trigger[]) => (fire = triggers),
  };
}

let disposedCount = 0;
function frame(intact = true, capturedAtMs = 1_000): Frame {
  const pixels = new Uint8Array(12);
  return {
    cameraId: "a",
    seq: 1,
    capturedAtMs,
    widthPx: 2,
    heightPx: 2,
    pixels,
    intact,
    [Symbol.dispose]: () => (disposedCount += 1),
  };
}

describe("what rules are told", () => {
  const blind = async (): Promise<readonly Detection[] | null> => null;
  for (const [name, bend, shot, tracks, counted] of [
    ["looked, nobody there: an empty list", {}, frame(), [], "analysed"],
    ["a dead detector: not looked at, never nobody", { detector: { detect: blind } }, frame(), null, "notLookedAt"],
    [
      "nothing moved: not looked at, and counted apart",
      { motionGate: { admits: () => false } },
      frame(),
      null,
      "gated",
    ],
    ["a damaged frame is not looked at", {}, frame(false), null, "notLookedAt"],
  ] as const)
    test(name, async () => {
      const { pipeline, seen } = bench(bend);
      await pipeline.follow(shot);
      expect(seen).toEqual([{ tracks }]);
      expect(pipeline.status()).toMatchObject({ analysed: 0, notLookedAt: 0, gated: 0, shed: 0, [counted]: 1 });
    });

  test("a camera that is damaged all the time is looked at after ten seconds", async () => {
    const { pipeline } = bench();
    for (const atMs of [0, 5_000, 10_000]) await pipeline.follow(frame(false, atMs));
    expect(pipeline.status()).toMatchObject({ analysed: 0, notLookedAt: 3 });
    await pipeline.follow(frame(false, 10_200));
    expect(pipeline.status()).toMatchObject({ analysed: 1, notLookedAt: 3 });
  });

  test("a shed frame reaches nobody", async () => {
    const { pipeline, seen } = bench({ sampler: { admits: () => false } });
    await pipeline.follow(frame());
    expect([seen, pipeline.status().shed]).toEqual([[], 1]);
  });
});

test("every frame goes back to the pool, and stopping leaves occurrences open", async () => {
  const { pipeline, stages, delivered } = bench();
  const stop = new AbortController();
  const before = disposedCount;
  stages.camera.frames.put(frame());
  const running = pipeline.run(stop.signal);
  await expect.poll(() => disposedCount - before, { timeout: 20_000 }).toBe(1);
  stop.abort();
  await running;
  expect(delivered).toEqual([]);
});

test("a trigger takes its firing frame along; an end needs none", async () => {
  const { pipeline, delivered, fire } = bench();
  fire([{ phase: "start" } as Trigger, { phase: "update" } as Trigger, { phase: "end" } as Trigger]);
  await pipeline.follow(frame());
  expect(delivered).toEqual([
    { phase: "start", withPicture: true },
    { phase: "update", withPicture: true },
    { phase: "end", withPicture: false },
  ]);
});

test("a camera silent for half a minute has gone: once, its open events end", async () => {
  const { pipeline, clock, delivered } = bench();
  pipeline.tick();
  expect(delivered).toEqual([]);
  await pipeline.follow(frame());
  await clock.advance(29_000);
  pipeline.tick();
  expect(delivered).toEqual([]);
  await clock.advance(2_000);
  pipeline.tick();
  pipeline.tick();
  expect(delivered).toEqual([{ phase: "end", withPicture: false }]);
});

test("rules on the silence itself hear of it each second, and the camera that never came is silent too", async () => {
  const { pipeline, clock, measures } = bench();
  await clock.advance(7_000);
  pipeline.tick();
  await pipeline.follow(frame());
  pipeline.tick();
  await clock.advance(3_000);
  pipeline.tick();
  expect(measures).toEqual([{ noFrameSec: 7 }, undefined, { noFrameSec: 3 }]);
});

describe("a picture that shows nothing of the scene", () => {
  for (const [reason, ...told] of [
    ["view-moved", 1, [], true],
    ["covered", 0, null, undefined],
    ["frozen", 0, null, undefined],
  ] as const)
    test(`${reason}: rules are not told of anybody in it, and it is counted apart`, async () => {
      const blind = bench();
      const diagnosis = { ...blind.stages.diagnosis, pictureBlind: reason };
      let asked = 0;
      const detector = { detect: async () => ((asked += 1), []) };
      const { pipeline, observations } = bench({ diagnosis, detector });
      await pipeline.follow(frame());
      expect([asked, observations.at(-1)?.tracks, observations.at(-1)?.moved]).toEqual(told);
      expect(pipeline.status()).toMatchObject({ analysed: 0, notLookedAt: 0, gated: 0, unseen: 1 });
    });

  test("what was open in the scene ends after a minute, once", async () => {
    const blind = bench();
    const { pipeline, delivered } = bench({ diagnosis: { ...blind.stages.diagnosis, pictureBlind: "covered" } });
    for (let sec = 0; sec <= 130; sec += 1) await pipeline.follow(frame(true, sec * 1_000));
    expect(delivered).toEqual([{ phase: "end", withPicture: false }]);
  });
});

test("a jump of the box's clock is no silence", async () => {
  const { pipeline, clock, delivered } = bench();
  await pipeline.follow(frame());
  clock.jump(3_600_000);
  pipeline.tick();
  expect(delivered).toEqual([]);
});

test("who asks for a picture gets the next frame, or null in time", async () => {
  const { pipeline, clock } = bench();
  const wanted = pipeline.nextPicture(2_000);
  await pipeline.follow(frame());
  expect((await wanted)?.widthPx).toBe(2);
  const none = pipeline.nextPicture(2_000);
  await clock.advance(2_000);
  expect(await none).toBeNull();
});

test("several who ask for the same frame get a picture of their own each: it is given away as it is sent", async () => {
  const { pipeline } = bench();
  const wanted = [pipeline.nextPicture(2_000), pipeline.nextPicture(2_000)];
  await pipeline.follow(frame());
  const [first, second] = await Promise.all(wanted);
  expect(second).toEqual(first);
  expect(second?.jpeg.buffer).not.toBe(first?.jpeg.buffer);
});

test("a frame of which no picture can be made: the event goes without, and whoever asked for one hears so", async () => {
  const { pipeline, fire, delivered } = bench({ snapshot: async () => null });
  fire([{ phase: "start" } as Trigger]);
  const asked = pipeline.nextPicture(60_000);
  await pipeline.follow(frame());
  expect([await asked, delivered]).toEqual([null, [{ phase: "start", withPicture: false }]]);
});
