/** The level of rendered gauges, through a real decoder: marked at three places, as a technician would; each reading is held against the truth of the moment that it names. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { gaugeSchema } from "../../config/gauge-schema.ts";
import { readClip } from "../capture/clip-source.ts";
import { GaugeReader } from "./gauge-reader.ts";

interface Mark {
  readonly at: readonly [number, number];
  readonly cm: number;
}

const fixtures = new URL("../../../test-fixtures/", import.meta.url).pathname;
const gauges = readdirSync(`${fixtures}gauge`).flatMap((file) => /^(.+)\.mp4$/.exec(file)?.[1] ?? []);
/** Errors of all readings, centimetres. */
const errors: number[] = [];

for (const [folder, name, least] of [
  // A board that is seen from 17° to the side is not read; it must not be read wrongly either.
  ...gauges.map((gauge) => ["gauge", gauge, gauge === "gauge-aside" ? 0 : 4] as const),
  ["clips", "water-rising", 12] as const,
])
  test(`${name}: at least ${least} readings`, { timeout: 120_000 }, async () => {
    const { marks, widthShare, levelAt } = truthOf(`${fixtures}${folder}/${name}`);
    const seen = marks.filter(({ at: [, y] }) => y > 0.02 && y < 0.98);
    const three = [seen[0], seen[seen.length >> 1], seen.at(-1)].flatMap((mark) => mark ?? []);
    const [to, , from] = three;
    const points = three.map(({ at, cm }) => ({ at, m: cm / 100 }));
    const reader = new GaugeReader(
      // The water of the story rises faster than any river.
      gaugeSchema.parse({ id: "g", from: from?.at, to: to?.at, width: widthShare, marks: points, maxRiseMPerMin: 1 }),
    );
    const off: number[] = [];
    const options = { ffmpegPath: "ffmpeg", widthPx: 960, rate: 5, startMs: 0, cameraId: name };
    for await (const frame of readClip(`${fixtures}${folder}/${name}.mp4`, options)) {
      using held = frame;
      const reading = reader.look(held, true, held.capturedAtMs);
      if (reading && reading.levelM !== null) off.push(reading.levelM * 100 - levelAt(reading.atMs));
    }
    errors.push(...off);
    console.log(`${name}: ${off.length} readings, off by ${off.map((cm) => cm.toFixed(1)).join(" ")} cm`);
    expect(off.length).toBeGreaterThanOrEqual(least);
  });

test("95 of 100 readings are within 2 cm, and none is wrong by 5", () => {
  const near = errors.filter((cm) => Math.abs(cm) <= 2).length;
  expect(near / errors.length).toBeGreaterThanOrEqual(0.95);
  expect(Math.max(...errors.map(Math.abs))).toBeLessThan(5);
});

function truthOf(path: string): {
  readonly marks: readonly Mark[];
  readonly widthShare: number;
  readonly levelAt: (ms: number) => number;
} {
  const [head = "", ...rows] = readFileSync(`${path}.truth.jsonl`, "utf8").trim().split("\n");
  const { gauge } = JSON.parse(head) as { gauge: { marks: readonly Mark[]; widthShare: number } };
  const levels = rows.map((row) => JSON.parse(row) as { t: number; levelCm: number });
  const levelAt = (ms: number): number => {
    const next = levels.findIndex(({ t }) => t * 1_000 >= ms);
    return levels[next < 0 ? levels.length - 1 : next]?.levelCm ?? NaN;
  };
  return { ...gauge, levelAt };
}
