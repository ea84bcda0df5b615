/** The surface speed of rendered rivers, through a real decoder: three lines each, as a technician would mark them; calm water leaves little to read. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { flowSchema } from "../../config/flow-schema.ts";
import { readClip } from "../capture/clip-source.ts";
import { driftOf } from "./drift.ts";
import { FlowLine } from "./flow-line.ts";

const folder = new URL("../../../test-fixtures/flow/", import.meta.url).pathname;
/** The renderer's ripples also creep by themselves, up to a tenth of a metre a second either way. */
const creepMps = 0.15;

for (const [name, least] of [
  ["river-slow", 1],
  ["river-fast", 2],
  ["river-glint", 2],
] as const)
  test(`${name}: at least ${least} of three lines are read, and none wrongly`, { timeout: 60_000 }, async () => {
    const { speedMps, flow } = JSON.parse(readFileSync(`${folder}${name}.json`, "utf8")) as {
      speedMps: number;
      flow: unknown;
    };
    const lines = flowSchema.parse(flow).lines.map((line) => new FlowLine(line, 5));
    const options = { ffmpegPath: "ffmpeg", widthPx: 640, rate: 5, startMs: 0, cameraId: name };
    for await (const frame of readClip(`${folder}${name}.mp4`, options)) {
      using held = frame;
      if (held.capturedAtMs <= 10_000) for (const line of lines) line.take(held, held.capturedAtMs);
    }
    const read = lines.flatMap(({ seen }) => (seen ? (driftOf(seen).speedMps ?? []) : []));
    expect(read.length).toBeGreaterThanOrEqual(least);
    for (const speed of read) expect(Math.abs(speed - speedMps)).toBeLessThan(creepMps);
    console.log(`${name}: ${speedMps.toFixed(2)} m/s, read ${read.map((speed) => speed.toFixed(2)).join(" ")}`);
  });
