/** From marks to metres, and which readings are believed. */
import { describe, expect, test } from "vitest";
import { calibrate } from "./calibration.ts";
import { GaugeReader } from "./gauge-reader.ts";
import { Gauges } from "./gauges.ts";
import { LevelTrack } from "./level-track.ts";
import { gaugeScene } from "./testing/gauge-scene.ts";

const [top, bottom] = [
  { x: 0.5, y: 0 },
  { x: 0.5, y: 1 },
];
const mark = (y: number, m: number): { at: { x: number; y: number }; m: number } => ({ at: { x: 0.5, y }, m });

describe("calibration", () => {
  test("two marks make a straight scale", () => {
    const line = calibrate(top, bottom, [mark(0.2, 2), mark(0.8, 1)], 16 / 9);
    expect(line?.levelAt(0.5)).toBeCloseTo(1.5, 9);
    expect(line?.alongAt(1.5)).toBeCloseTo(0.5, 9);
  });

  test("three marks follow a tilted view exactly, far above the sea too", () => {
    const level = (t: number): number => 178 + (2 - 1.6 * t) / (1 + 0.4 * t);
    const curve = calibrate(
      top,
      bottom,
      [0.1, 0.5, 0.9].map((t) => mark(t, level(t))),
      16 / 9,
    );
    expect(curve?.residualM).toBeLessThan(1e-6);
    for (const t of [0, 0.3, 1]) expect(curve?.levelAt(t)).toBeCloseTo(level(t), 6);
    expect(curve?.alongAt(level(0.7))).toBeCloseTo(0.7, 6);
  });

  for (const [name, marks] of [
    ["both marks at one place", [mark(0.5, 1), mark(0.5, 2)]],
    ["all marks of one level", [mark(0.2, 1), mark(0.5, 1), mark(0.8, 1)]],
  ] as const)
    test(`${name}: no scale`, () => expect(calibrate(top, bottom, marks, 1)).toBeNull());

  test("a mark that was clicked wrongly shows as residual", () => {
    const marks = [mark(0, 3), mark(0.33, 2), mark(0.66, 1.2), mark(1, 0)];
    expect(calibrate(top, bottom, marks, 1)?.residualM).toBeGreaterThan(0.02);
  });
});

describe("what is believed", () => {
  const seconds = 1_000;
  for (const [name, readings, believed] of [
    ["nothing before three that agree", [1, 1.01], [null, null]],
    ["then each that the water can have come to", [1, 1, 1, 1.02], [null, null, 1, 1.02]],
    ["a single jump is no reading", [1, 1, 1, 1.5, 1.01], [null, null, 1, null, 1.01]],
    ["a jump that stays is real after three", [1, 1, 1, 1.5, 1.5, 1.5], [null, null, 1, null, null, 1.5]],
  ] as const)
    test(name, () => {
      const track = new LevelTrack(0.3);
      expect(readings.map((levelM, i) => track.take(levelM, i * 5 * seconds))).toEqual(believed);
    });
});

/** Half a second between frames, as long as told. */
function watch(reader: GaugeReader, scene: ReturnType<typeof gaugeScene>, sec: number, isUsable = true) {
  const readings = [];
  for (let now = 0; now <= sec; now += 0.5) readings.push(reader.look(scene.frame(now), isUsable, now * 1_000));
  return readings.filter((one) => one !== null);
}

describe("a gauge in front of a camera", () => {
  test("is read every five seconds once it is known", () => {
    const scene = gaugeScene("calm", 3);
    const readings = watch(new GaugeReader(scene.config), scene, 22);
    expect(readings).toHaveLength(5);
    expect(readings.map(({ reason }) => reason)).toEqual(["too-few-frames", "unsteady", "unsteady", null, null]);
    expect(Math.abs((readings.at(-1)?.levelM ?? 99) - scene.levelM)).toBeLessThan(0.02);
  });

  test("gives no reading while the picture cannot be trusted, and says so", () => {
    const scene = gaugeScene("calm", 3);
    expect(watch(new GaugeReader(scene.config), scene, 11, false).map(({ reason }) => reason)).toEqual(
      Array(3).fill("camera"),
    );
  });

  test("gives none outside what the site calls possible", () => {
    const scene = gaugeScene("calm", 3);
    const readings = watch(new GaugeReader({ ...scene.config, maxM: scene.levelM - 0.1 }), scene, 17);
    expect(readings.at(-1)).toMatchObject({ levelM: null, reason: "out-of-range" });
  });

  test("whose marks contradict each other is not read", () => {
    const { config, frame } = gaugeScene("calm", 3);
    const [first, ...others] = config.marks;
    const bent = {
      ...config,
      marks: [{ at: first?.at ?? [0, 0], m: 9 }, ...others, { at: [0.5, 0.7] as [number, number], m: 0.1 }],
    };
    expect(new GaugeReader(bent).look(frame(0), true, 0)?.reason).toBe("calibration");
  });

  test("gives one measurement a minute", () => {
    const scene = gaugeScene("calm", 5);
    const gauges = new Gauges(scene.config);
    const still = scene.frame(0);
    for (let now = 0; now <= 180_000; now += 500) gauges.look(still, true, now);
    const minutes = gauges.takeMinutes();
    expect(minutes).toHaveLength(3);
    expect(minutes.every(({ reading }) => Math.abs((reading.levelM ?? 99) - scene.levelM) < 0.02)).toBe(true);
    expect(gauges.takeMinutes()).toHaveLength(0);
  });
});
