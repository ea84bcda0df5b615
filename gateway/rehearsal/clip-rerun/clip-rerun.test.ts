/** A clip of the story set through the real path in the real process: what fires, why not, how it ends. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { zonesSchema, type ZonesConfig } from "../../config/zones-schema.ts";
import { openClipReruns, type ClipReruns, type ClipRerunRequest } from "./clip-rerun.ts";
import { family } from "./testing/family.ts";

const path = (name: string): string => new URL(`../../../${name}`, import.meta.url).pathname;
const slowMs = 120_000;
const fromMs = Date.parse("2026-11-08T09:30:00+08:00");
const everywhere = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];
const drawn = (bend: object = {}): ZonesConfig =>
  zonesSchema.parse({
    schema: "xueliang.zones/1",
    camera: "cam",
    zones: [
      {
        id: "all",
        polygon: everywhere,
        rules: [{ type: "angler-loitering", score: 0.3, suspectedSec: 1, detectedSec: 2, ...bend }],
      },
    ],
  });
const asked = (bend: Partial<ClipRerunRequest> = {}): ClipRerunRequest => ({
  clip: path("test-fixtures/clips/second-rod.mp4"),
  ...{ fromMs, seconds: 6, zones: drawn(), confidence: null },
  model: { id: "river-starter", folder: path("models/river-starter") },
  ...{ ffmpegPath: "ffmpeg", rate: 5, widthPx: 960, timezone: "Asia/Shanghai", place: {} },
  ...bend,
});
const nobody = new AbortController().signal;

describe("a recorded clip with a draft", { timeout: slowMs }, () => {
  let reruns: ClipReruns;
  let folder = "";
  beforeAll(async () => {
    reruns = openClipReruns();
    folder = await mkdtemp(join(tmpdir(), "rerun-"));
  });
  afterAll(async () => {
    await reruns[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  test("tells what fires, when and why, frame by frame on the way, below everything that is live", async () => {
    const counts: number[] = [];
    let nice: readonly number[] = [];
    const told = await reruns.run(
      asked(),
      (frames) => {
        counts.push(frames);
        nice = family().map((one) => one.nice);
      },
      nobody,
    );
    expect(told.frames).toBe(30);
    expect(told.toMs - told.fromMs).toBe(29 * 200);
    expect(told.notLookedAt).toBe(0);
    expect(told.model).toContain("river-starter ");
    const [happening] = told.happenings;
    expect(happening).toMatchObject({ type: "angler-loitering", zone: "all" });
    expect(happening?.startMs).toBeGreaterThanOrEqual(fromMs + 1_000);
    expect(happening?.steps.length).toBeGreaterThan(0);
    expect(happening?.steps.every(({ passed }) => passed)).toBe(true);
    expect(told.quiet).toEqual([]);
    expect(counts.length).toBeGreaterThan(1);
    expect([...counts].sort((a, b) => a - b)).toEqual(counts);
    // The process, its detector, its decoder.
    expect(nice.length).toBeGreaterThanOrEqual(2);
    expect(new Set(nice)).toEqual(new Set([19]));
    expect(family()).toEqual([]);
  });

  test("what a rule lacks is told at the moment at which it came nearest", async () => {
    const { happenings, quiet } = await reruns.run(
      asked({ zones: drawn({ suspectedSec: 30, detectedSec: 60 }) }),
      () => undefined,
      nobody,
    );
    expect(happenings).toEqual([]);
    expect(quiet).toHaveLength(1);
    const last = quiet[0]?.steps.at(-1);
    expect(last).toMatchObject({ passed: false, limit: ">= 30" });
    expect(Number(last?.value)).toBeGreaterThan(2);
  });

  test("the zone is the water, as its story tells where it lies: the angler on the bank beside it is in it", async () => {
    const [header = ""] = readFileSync(path("test-fixtures/clips/second-rod.truth.jsonl"), "utf8").split("\n", 1);
    const { waterPolygon: polygon } = JSON.parse(header) as { waterPolygon: unknown };
    const rules = ["fishing-multi-rod", "fishing-in-no-fishing-zone", "angler-loitering"];
    const zones = zonesSchema.parse({ ...drawn(), zones: [{ id: "water", kind: "water", polygon, rules }] });
    const told = await reruns.run(asked({ seconds: 30, zones }), () => undefined, nobody);
    expect(told.happenings.map(({ type }) => type).toSorted()).toEqual([
      "fishing-in-no-fishing-zone",
      "fishing-multi-rod",
    ]);
  });

  test("a threshold nobody reaches leaves nothing to follow; a privacy mask of the draft leaves nothing to see", async () => {
    const high = await reruns.run(asked({ seconds: 3, confidence: 0.99 }), () => undefined, nobody);
    expect(high.happenings).toEqual([]);
    const zones = { ...drawn(), masks: zonesSchema.shape.masks.parse([{ id: "m", polygon: everywhere }]) };
    const dark = await reruns.run(asked({ seconds: 3, zones }), () => undefined, nobody);
    expect(dark.happenings).toEqual([]);
  });

  test("one at a time; whoever gives it up leaves no process behind, and the next one runs", async () => {
    const stop = new AbortController();
    const begun = Promise.withResolvers<true>();
    const first = reruns.run(asked({ seconds: 60 }), () => begun.resolve(true), stop.signal);
    await begun.promise;
    await expect(reruns.run(asked(), () => undefined, nobody)).rejects.toMatchObject({ code: "CLIP_RERUN_BUSY" });
    stop.abort(new Error("given up"));
    await expect(first).rejects.toThrow("given up");
    await expect.poll(family, { timeout: 60_000 }).toEqual([]);
    expect((await reruns.run(asked({ seconds: 1 }), () => undefined, nobody)).frames).toBe(5);
  });

  test("what cannot be run says so in the words of its part", async () => {
    const clip = join(folder, "broken.mp4");
    await writeFile(clip, "no film");
    const failing = (bend: Partial<ClipRerunRequest>) => reruns.run(asked(bend), () => undefined, nobody);
    await expect(failing({ clip })).rejects.toMatchObject({ code: "CLIP_UNREADABLE" });
    await expect(failing({ model: { id: "none", folder } })).rejects.toMatchObject({ code: "MODEL_MISSING" });
    await expect(failing({ timezone: "Nowhere/Never" })).rejects.toMatchObject({ code: "CLIP_RERUN_ENDED" });
  });

  test("it ends with the gateway", async () => {
    const own = openClipReruns();
    const begun = Promise.withResolvers<true>();
    const running = own.run(asked({ seconds: 60 }), () => begun.resolve(true), nobody);
    running.catch(() => undefined);
    await begun.promise;
    await own[Symbol.asyncDispose]();
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    await expect(own.run(asked(), () => undefined, nobody)).rejects.toMatchObject({ name: "AbortError" });
  });
});
