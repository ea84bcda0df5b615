/** What the platform is told of a camera's hours, over a power cut. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { cameraSchema } from "../config/schema.ts";
import { zonesSchema } from "../config/zones-schema.ts";
import { ClockDouble } from "../runtime/clock-double.ts";
import { CameraHealth } from "./camera-health.ts";
import { readDiagnosis } from "./diagnosis/kept-diagnosis.ts";

const noonMs = Date.parse("2026-03-14T12:00:00+08:00");
let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "health-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const kept = () => readDiagnosis(join(folder, "diagnosis", "pier.json"));

/** Watches for so long and is cut off; the hours that were told. */
async function watched(clock: ClockDouble, minutes: number): Promise<readonly string[]> {
  const health = await CameraHealth.open({
    camera: cameraSchema.parse({ id: "pier", url: "rtsp://pier/1" }),
    zones: zonesSchema.parse({ schema: "xueliang.zones/1", camera: "pier" }),
    timezone: "Asia/Shanghai",
    storageFolder: folder,
    grey: () => ({ pixels: new Uint8Array(4), widthPx: 2, heightPx: 2, factor: 1 }),
    clockOffsetSec: () => null,
    clock,
  });
  const told: string[] = [];
  for (let sec = 0; sec < minutes * 60; sec += 1) {
    await clock.advance(1_000);
    health.diagnosis.count({ online: true, shedding: false }, clock.nowMs());
    for (const measurement of health.tick()) told.push(new Date(measurement.atMs).toISOString().slice(11, 16));
  }
  return told;
}

test("an hour that was told before a power cut is not told again after it", async () => {
  const clock = new ClockDouble(noonMs - 600_000);
  expect(await watched(clock, 20)).toEqual(["04:00"]);
  // Kept after five minutes, and again when the hour is told: the cut comes after that.
  await expect.poll(async () => (await kept())?.hours.at(-1)?.startMs, { timeout: 20_000 }).toBe(noonMs);
  expect(await watched(clock, 20)).toEqual([]);
  expect((await kept())?.hours.length).toBe(2);
  expect(await watched(clock, 40)).toEqual(["05:00"]);
});
