/** Water with a known current: what is read, and what is rather not read. */
import { describe, expect, test } from "vitest";
import { driftOf, type Drift } from "./drift.ts";
import { FlowLine } from "./flow-line.ts";
import { FlowMeter, type SpeedReading } from "./flow-meter.ts";
import { Flows } from "./flows.ts";
import { flowScene, type FlowScene } from "./testing/flow-scene.ts";

const speeds = [-1.2, -0.4, 0.2, 0.5, 1, 1.8, 3, 4.5];

/** Ten seconds at five pictures a second. */
function drift(scene: FlowScene): Drift {
  const { config, frame } = flowScene(scene);
  const line = new FlowLine(config.lines[0] ?? expect.fail("no line"), config.maxMps);
  for (let i = 0; i < 50; i += 1) line.take(frame(i / 5), i * 200);
  return driftOf(line.seen ?? expect.fail("no scale"));
}

/** Error over all speeds and two seeds each; Infinity when one was not read. */
function worst(scene: Omit<FlowScene, "seed" | "speedMps">): number {
  const errors = speeds.flatMap((speedMps, i) =>
    [1, 2].map((seed) => {
      const read = drift({ ...scene, speedMps, seed: seed + 10 * i }).speedMps;
      return read === null ? Infinity : Math.abs(read - speedMps);
    }),
  );
  return Math.max(...errors);
}

describe("the drift of ten seconds", () => {
  for (const [name, scene] of [
    ["foam and leaves", { texture: 12 }],
    ["faint texture in noise", { texture: 3, noise: 3 }],
    ["over the bank's mirror image and stones", { texture: 10, still: 25 }],
    ["under sparks of the sun", { texture: 8, glint: 0.01 }],
    ["with small waves both ways", { texture: 10, waves: { height: 4, both: true } }],
    ["on a line that runs away from the camera", { texture: 10, perspective: 0.5 }],
  ] as const)
    test(`is read within 5 cm/s: ${name}`, () => expect(worst(scene)).toBeLessThan(0.05));

  for (const [name, scene, reasons] of [
    ["nothing but sparks", { glint: 0.05 }, ["incoherent"]],
    ["nothing but the sensor's noise", { noise: 6 }, ["incoherent"]],
    ["a picture without noise or texture", { noise: 0, still: 20 }, ["no-texture"]],
    [
      "waves that run with the wind, which are no current",
      { waves: { height: 12, both: false } },
      ["waves", "out-of-range"],
    ],
    ["standing waves", { waves: { height: 12, both: true } }, ["incoherent"]],
  ] as const)
    test(`is no reading: ${name}`, () => {
      const told = speeds.flatMap((speedMps) => [1, 2].map((seed) => drift({ ...scene, speedMps, seed })));
      expect(told.filter(({ speedMps }) => speedMps !== null)).toEqual([]);
      expect(reasons).toEqual(expect.arrayContaining([...new Set(told.map(({ reason }) => reason))]));
    });

  test("water faster than the site believes is no reading", () => {
    expect(drift({ seed: 1, speedMps: 5.4, texture: 12 })).toMatchObject({ speedMps: null, reason: "out-of-range" });
  });
});

/** What is read from `fromSec` on, at five pictures a second. */
function watch(
  meter: FlowMeter,
  frame: ReturnType<typeof flowScene>["frame"],
  span: readonly [number, number],
  isUsable = true,
) {
  const readings: SpeedReading[] = [];
  for (let i = span[0] * 5; i < span[1] * 5; i += 1) {
    const reading = meter.look(frame(i / 5), isUsable, i * 200);
    if (reading) readings.push(reading);
  }
  return readings;
}

describe("a section in front of a camera", () => {
  const { config, frame } = flowScene({ seed: 4, speedMps: 1.4, texture: 10 });

  test("is believed after three looks that agree, and never on fewer", () => {
    const readings = watch(new FlowMeter(config), frame, [0, 41]);
    expect(readings.map(({ speedMps }) => speedMps === null)).toEqual([true, true, false, false]);
    expect(readings[0]).toMatchObject({ reason: "unsteady" });
    expect(readings.at(-1)?.speedMps).toBeCloseTo(1.4, 1);
    expect(readings.at(-1)?.confidence).toBeGreaterThan(0.5);
  });

  test("a boat that passes is not the current", () => {
    const passing = flowScene({ seed: 4, speedMps: 0.6, texture: 8, boat: { speedMps: 3, fromSec: 33 } });
    const readings = watch(new FlowMeter(config), passing.frame, [0, 81]).flatMap(({ speedMps }) => speedMps ?? []);
    expect(readings.length).toBeGreaterThan(2);
    for (const speed of readings) expect(Math.abs(speed - 0.6)).toBeLessThan(0.05);
  });

  test("a flood is followed within a minute", () => {
    const meter = new FlowMeter(config);
    watch(meter, frame, [0, 61]);
    const flood = flowScene({ seed: 4, speedMps: 3.2, texture: 10 });
    expect(watch(meter, flood.frame, [61, 122]).at(-1)?.speedMps).toBeCloseTo(3.2, 1);
  });

  test("gives no reading while the picture cannot be trusted, and says so", () => {
    const meter = new FlowMeter(config);
    expect(watch(meter, frame, [0, 21], false).map(({ reason }) => reason)).toEqual(["camera", "camera"]);
  });

  test("a clock that jumps forgets the looks before", () => {
    const meter = new FlowMeter(config);
    watch(meter, frame, [0, 41]);
    expect(meter.look(frame(42), true, 42_000 - 3_600_000)).toBeNull();
    expect(watch(meter, frame, [4_000, 4_011]).at(-1)).toMatchObject({ speedMps: null });
  });

  test("whose marks contradict each other is not read", () => {
    const [line] = config.lines;
    const marks = [
      ...(line?.marks ?? []),
      { at: [0.5, 0.5] as [number, number], m: 11 },
      { at: [0.3, 0.5] as [number, number], m: 1 },
    ];
    const bent = { ...config, lines: line ? [{ ...line, marks }] : [] };
    expect(watch(new FlowMeter(bent), frame, [0, 11]).at(-1)?.reason).toBe("calibration");
  });

  test("gives one measurement a minute, and rules the speed whichever way the water runs", () => {
    const back = flowScene({ seed: 9, speedMps: -1.4, texture: 10 });
    const flows = new Flows(back.config);
    const measures = [];
    for (let i = 0; i < 130 * 5; i += 1) measures.push(flows.look(back.frame(i / 5), true, i * 200));
    const told = measures.filter((one) => one !== null);
    expect(told.at(-1)?.surfaceSpeedMps).toBeCloseTo(1.4, 1);
    const minutes = flows.takeMinutes();
    expect(minutes).toHaveLength(2);
    expect(minutes[1]?.reading.speedMps).toBeCloseTo(-1.4, 1);
    expect(flows.takeMinutes()).toHaveLength(0);
  });
});
