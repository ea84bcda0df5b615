import { describe, expect, test } from "vitest";
import type { Detection } from "../detection/detection.ts";
import type { Box } from "../geometry.ts";
import { score, type Labelled, type Scores } from "./testing/score.ts";
import { street, type Difficulty } from "./testing/sequence.ts";
import { byteTrack, type TrackerOptions } from "./tracker-options.ts";
import { Tracker } from "./tracker.ts";

const seen = (box: Box, label = "person", score = 0.9): Detection => ({ label, score, box });
const box = (x: number, y = 0.4, width = 0.05, height = 0.2): Box => ({ x, y, width, height });

function scoreOf(difficulty: Difficulty, options: TrackerOptions): Scores {
  const { truth, frames, lastFrame } = street(difficulty);
  const tracker = new Tracker(options);
  const found: Labelled[] = [];
  for (let frame = 1; frame <= lastFrame; frame += 1) {
    for (const track of tracker.step(frames.get(frame) ?? [], (frame * 1000) / (difficulty.fps ?? 30))) {
      if (track.state === "confirmed" && track.seenNow) found.push({ frame, id: track.id, box: track.box });
    }
  }
  return score(truth, found);
}

describe("made-up streets, scored with HOTA and IDF1", () => {
  const faithful: TrackerOptions = { base: byteTrack, aspect: 1 };
  for (const [name, difficulty, hota, idf1] of [
    ["twelve walkers", { seed: 1, frames: 300, walkers: 12 }, 70, 84],
    ["a shaking camera", { seed: 3, frames: 300, walkers: 20, shake: 12 }, 70, 80],
    ["five frames a second", { seed: 4, frames: 200, walkers: 14, fps: 5 }, 58, 66],
  ] as const) {
    test(name, () => {
      const got = scoreOf(difficulty, faithful);
      expect(got.hota).toBeGreaterThan(hota);
      expect(got.idf1).toBeGreaterThan(idf1);
    });
  }

  test("without low scores and memory it falls far behind: the score can fail", () => {
    const poor = scoreOf(
      { seed: 1, frames: 300, walkers: 12 },
      { base: { ...byteTrack, lowScore: 0.6, gapSec: 0.04 }, aspect: 1 },
    );
    expect(poor.hota).toBeLessThan(60);
  });

  test("the truth scored against itself is perfect", () => {
    const { truth } = street({ seed: 1, frames: 60, walkers: 8 });
    const { hota, idf1 } = score(truth, truth);
    expect(hota).toBeCloseTo(100, 6);
    expect(idf1).toBe(100);
  });
});

test("pixels and shares of the picture give the same tracks", () => {
  const { frames, lastFrame } = street({ seed: 2, frames: 120, walkers: 20 });
  const inPixels = new Tracker({ base: byteTrack, aspect: 1 });
  const inShares = new Tracker({ base: byteTrack, aspect: 16 / 9 });
  for (let frame = 1; frame <= lastFrame; frame += 1) {
    const detections = frames.get(frame) ?? [];
    const shares = detections.map((d) => ({
      ...d,
      box: { x: d.box.x / 1920, y: d.box.y / 1080, width: d.box.width / 1920, height: d.box.height / 1080 },
    }));
    const a = inPixels.step(detections, frame * 33).map((t) => `${t.id} ${t.state}`);
    expect(inShares.step(shares, frame * 33).map((t) => `${t.id} ${t.state}`)).toEqual(a);
  }
});

describe("one object", () => {
  test("an unconfirmed track is tentative, then confirmed at the second sight", () => {
    const tracker = new Tracker();
    tracker.step([], 0);
    expect(tracker.step([seen(box(0.3))], 200)).toMatchObject([{ id: 1, state: "tentative", seenNow: true, hits: 1 }]);
    expect(tracker.step([seen(box(0.305))], 400)).toMatchObject([{ id: 1, state: "confirmed", hits: 2 }]);
  });

  test("a low score goes on with a track, it never begins one", () => {
    const tracker = new Tracker();
    expect(tracker.step([seen(box(0.3), "person", 0.2)], 0)).toEqual([]);
    tracker.step([seen(box(0.3))], 200);
    tracker.step([seen(box(0.3))], 400);
    expect(tracker.step([seen(box(0.3), "person", 0.2)], 600)).toMatchObject([
      { id: 1, state: "confirmed", score: 0.2 },
    ]);
  });

  test("lost for less than the gap: the same id; its end is told once", () => {
    const tracker = new Tracker({ base: { gapSec: 2 } });
    for (let ms = 0; ms <= 1000; ms += 200) tracker.step([seen(box(0.3))], ms);
    for (let ms = 1200; ms <= 2600; ms += 200)
      expect(tracker.step([], ms)).toMatchObject([{ id: 1, state: "lost", seenNow: false }]);
    expect(tracker.step([seen(box(0.3))], 2800)).toMatchObject([{ id: 1, state: "confirmed", seenNow: true }]);
    const states = [];
    for (let ms = 3000; ms <= 6000; ms += 200) states.push(...tracker.step([], ms).map((t) => t.state));
    expect(states.filter((s) => s === "ended")).toHaveLength(1);
    expect(tracker.liveCount).toBe(0);
  });

  for (const [name, jumpMs] of [
    ["an hour ahead", 3_600_000],
    ["an hour back", -3_600_000],
    ["back to 1970", -1_774_000_000_000],
  ] as const) {
    test(`a clock that jumps ${name} keeps who stands still`, () => {
      const tracker = new Tracker();
      const start = 1_774_000_000_000;
      for (let ms = 0; ms <= 2000; ms += 200) tracker.step([seen(box(0.3))], start + ms);
      for (let ms = 2200; ms <= 4000; ms += 200) {
        expect(tracker.step([seen(box(0.3))], start + jumpMs + ms)).toMatchObject([{ id: 1, state: "confirmed" }]);
      }
    });
  }

  test("a box that is no box is not followed", () => {
    const tracker = new Tracker();
    const bad = [
      { ...box(0.1), width: 0 },
      { ...box(0.1), x: Number.NaN },
      { ...box(0.1), height: -1 },
    ];
    expect(
      tracker.step(
        bad.map((b) => seen(b)),
        0,
      ),
    ).toEqual([]);
  });
});

describe("a rod that is only ever seen faintly", () => {
  /** Tracks after `seconds` at five frames a second; of each frame the detections there are. */
  const after = (seconds: number, at: (frame: number) => readonly Detection[], tracker = new Tracker()) => {
    let tracks: ReturnType<Tracker["step"]> = [];
    for (let frame = 0; frame <= seconds * 5; frame += 1) tracks = tracker.step(at(frame), frame * 200);
    return tracks.filter(({ state }) => state !== "ended");
  };
  const rod = (score: number, x = 0.3, label = "fishing-rod"): Detection[] => [
    seen({ x, y: 0.5, width: 0.2, height: 0.1 }, label, score),
  ];

  test("is followed after some seconds at one place", () => {
    expect(after(2, () => rod(0.2))).toEqual([]);
    expect(after(4, () => rod(0.2))).toMatchObject([{ label: "fishing-rod", state: "confirmed", score: 0.2 }]);
  });

  for (const [name, at] of [
    ["seen once", (frame: number) => (frame === 3 ? rod(0.34) : [])],
    ["seen every other second", (frame: number) => (frame % 10 === 0 ? rod(0.3) : [])],
    ["too faint", () => rod(0.1)],
    ["never twice at one place", (frame: number) => rod(0.3, 0.25 * (frame % 4))],
    ["no thing that stands still", () => rod(0.3, 0.3, "person")],
  ] as const)
    test(`is not: ${name}`, () => expect(after(30, at)).toEqual([]));

  test("looked at once in two seconds it takes more than one sight", () => {
    const tracker = new Tracker();
    tracker.step(rod(0.34), 0);
    expect(tracker.step(rod(0.34), 2_000)).toEqual([]);
  });

  test("does not have every frame looked at until it is seen clearly", () => {
    const tracker = new Tracker();
    expect(after(10, () => rod(0.2), tracker)).toHaveLength(1);
    expect(tracker.liveCount).toBe(0);
    tracker.step(rod(0.5), 10_200);
    expect(tracker.liveCount).toBe(1);
  });

  test("is left to the sure detections where the options say so", () => {
    const tracker = new Tracker({ labels: { "fishing-rod": { patientSec: 0 } } });
    expect(after(30, () => rod(0.3), tracker)).toEqual([]);
  });
});

test("labels never mix: a person does not become a dog", () => {
  const tracker = new Tracker();
  tracker.step([seen(box(0.3))], 0);
  const tracks = tracker.step([seen(box(0.3), "dog")], 200);
  expect(tracks.map((t) => `${t.id} ${t.label} ${t.state}`)).toEqual(["1 person lost", "2 dog tentative"]);
});

describe("a thin rod that sways out of its own box", () => {
  const follow = (label: string): number => {
    const tracker = new Tracker();
    const ids = new Set<number>();
    for (let frame = 0; frame < 50; frame += 1) {
      // A rod of two pixels that sways by ten: plain IoU is zero in every other frame.
      const sway = frame % 2 === 0 ? 0 : 0.018;
      for (const track of tracker.step(
        [seen({ x: 0.3, y: 0.5 + sway, width: 0.2, height: 0.004 }, label, 0.5)],
        frame * 200,
      ))
        ids.add(track.id);
    }
    return ids.size;
  };
  test("is one track", () => expect(follow("fishing-rod")).toBe(1));
  test("would be many without fattening", () => expect(follow("car")).toBeGreaterThan(1));
});
