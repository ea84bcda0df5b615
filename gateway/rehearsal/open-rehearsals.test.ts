import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TrackLog } from "../analysis/track-log/track-log.ts";
import { marchNoon, oneZone, still, tracksAt } from "../analysis/zones/testing/story.ts";
import { zonesSchema, type ZonesConfig } from "../config/zones-schema.ts";
import { ClockDouble } from "../runtime/clock-double.ts";
import { openRehearsals, type Rehearsals } from "./preview.ts";

/** A thread has to start on a busy machine. */
const slowMs = 60_000;
const zonesWith = (detectedSec: number) =>
  zonesSchema.parse(
    oneZone([{ type: "site-intrusion", kind: "presence-dwell", detectedSec, suspectedSec: detectedSec, clearSec: 2 }]),
  );
const actors = [
  still(1, "person", { x: 0.2, y: 0.4, width: 0.06, height: 0.3 }, 10, 30),
  still(2, "person", { x: 0.6, y: 0.4, width: 0.06, height: 0.3 }, 100, 160),
];
/** The angler's feet are below the water; his rod's middle lies over it. */
const angling = [
  still(1, "person", { x: 0.2, y: 0.4, width: 0.06, height: 0.3 }, 10, 30),
  still(2, "fishing-rod", { x: 0.26, y: 0.45, width: 0.06, height: 0.15 }, 10, 30),
];
const hour = { camera: "cam", fromMs: marchNoon, toMs: marchNoon + 3_600_000 };

let folder = "";
let rehearsals: Rehearsals;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "rehearsals-"));
  rehearsals = openRehearsals({ storageFolder: folder, timezone: "Asia/Shanghai", places: {} });
  const onError = (error: Error): void => {
    throw error;
  };
  const at = { folder: join(folder, "tracks", "cam"), days: 7, maxBytes: 64e6, clock: new ClockDouble(), onError };
  await using log = await TrackLog.open(at);
  await using bank = await TrackLog.open({ ...at, folder: join(folder, "tracks", "bank") });
  for (const [one, seen] of [
    [log, actors],
    [bank, angling],
  ] as const) {
    one.start(marchNoon);
    for (let i = 0; i < 1_000; i += 1)
      one.keep({ tracks: tracksAt(seen, i / 5, marchNoon), scene: null }, marchNoon + i * 200);
  }
});
afterAll(async () => {
  await rehearsals[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe("the thread behind the page", () => {
  test(
    "a longer stay asked for takes the short visit away, hour by hour; asked again, nothing has to be run",
    async () => {
      const request = { ...hour, live: zonesWith(8), draft: zonesWith(40) };
      const told = await rehearsals.preview(request);
      expect([told.live.length, told.draft.length, told.gone.length, told.added.length]).toEqual([2, 1, 1, 0]);
      expect(told.hours).toEqual([{ atMs: marchNoon, live: 2, draft: 1 }]);
      expect(told.rulesRun).toBe(2);
      expect((await rehearsals.preview(request)).rulesRun).toBe(0);
    },
    slowMs,
  );

  test("the way of a track ends at the moment that is asked about", { timeout: slowMs }, async () => {
    const atMs = marchNoon + 20_000;
    const [path, ...more] = await rehearsals.paths({
      camera: "cam",
      tracks: [1, 77],
      fromMs: atMs - 8_000,
      toMs: atMs,
    });
    expect(more).toEqual([]);
    expect(path?.track).toBe(1);
    expect([path?.points[0]?.atMs, path?.points.at(-1)?.atMs]).toEqual([atMs - 8_000, atMs]);
    expect(path?.points.at(-1)?.at[0]).toBeCloseTo(0.23, 3);
    expect(path?.points.at(-1)?.at[1]).toBeCloseTo(0.7, 3);
  });

  test(
    "a newer preview of the same camera ends the one before it",
    async () => {
      const first = rehearsals.preview({ ...hour, live: zonesWith(8), draft: zonesWith(11) });
      const second = rehearsals.preview({ ...hour, live: zonesWith(8), draft: zonesWith(12) });
      await expect(first).rejects.toMatchObject({ name: "AbortError" });
      expect((await second).draft).toHaveLength(2);
    },
    slowMs,
  );

  test(
    "a time without a log is an error that says so",
    async () => {
      const never = { camera: "cam", fromMs: 1_000, toMs: 2_000, live: zonesWith(8), draft: zonesWith(8) };
      await expect(rehearsals.preview(never)).rejects.toMatchObject({ code: "TRACK_LOG_EMPTY" });
    },
    slowMs,
  );

  test(
    "why not: one track's reasoning ends at the first step not passed, and names its setting",
    async () => {
      const at = { camera: "cam", atMs: marchNoon + 115_000, zones: zonesWith(40) };
      const told = await rehearsals.why({ ...at, track: 2 });
      expect(told.rules[0]?.steps.map(({ step, passed }) => `${step} ${passed}`)).toEqual([
        "label true",
        "followed true",
        "score true",
        "min-size true",
        "max-size true",
        "min-area true",
        "zone true",
        "stayed false",
      ]);
      expect(told.rules[0]?.steps.at(-1)).toMatchObject({ setting: "zones/water/rules/site-intrusion/suspectedSec" });
      await expect(rehearsals.why({ ...at, track: 1 })).rejects.toMatchObject({ code: "TRACK_LOG_EMPTY" });
    },
    slowMs,
  );

  test(
    "histograms count each track once",
    async () => {
      const told = await rehearsals.histograms({ ...hour, zones: zonesWith(8) });
      expect(told.tracks).toBe(2);
      const dwells = told.dwells["water"];
      const at = (seconds: number): number | undefined =>
        dwells?.counts[dwells.edges.findIndex((e) => e > seconds) - 1];
      expect([at(19), at(59)]).toEqual([1, 1]);
    },
    slowMs,
  );

  test(
    "the dwell of an angler whose rod reaches into the water counts where a rule counts him",
    { timeout: slowMs },
    async () => {
      const waterOf = (type: string): ZonesConfig =>
      zonesSchema.parse(oneZone([{ type }], { polygon: [[0, 0.1], [1, 0.1], [1, 0.6], [0, 0.6]] })); // prettier-ignore
      const stays = async (type: string): Promise<number | undefined> => {
        const { dwells } = await rehearsals.histograms({ ...hour, camera: "bank", zones: waterOf(type) });
        return dwells["water"]?.counts.reduce((sum, count) => sum + count, 0);
      };
      // The rod itself lies in the zone too.
      expect(await stays("angler-loitering")).toBe(1);
      expect(await stays("fishing-in-no-fishing-zone")).toBe(2);
    },
  );
});
