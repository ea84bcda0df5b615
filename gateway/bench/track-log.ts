/**
 * One camera-day of 864,000 points through four zones: bytes on disk, time to preview cold and warm, beside a bare read.
 * Each turn is a process of its own. Cold: the log was not read before. Warm: the same log with another draft. Then the
 * same as the page asks it, of its thread: what stands behind the sliders first, and a preview with the first move.
 */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileHead } from "../analysis/track-log/block-format.ts";
import { BlockWriter } from "../analysis/track-log/block-writer.ts";
import { dayOf, logFile } from "../analysis/track-log/log-files.ts";
import { quantise } from "../analysis/track-log/quantise.ts";
import { inside, zoneOf } from "../analysis/zones/zone.ts";
import { zonesSchema, type ZonesConfig } from "../config/zones-schema.ts";
import { openRehearsals } from "../rehearsal/preview.ts";
import { Rehearsing } from "../rehearsal/track-log/preview.ts";
import { trackFolder } from "../rehearsal/track-log/read-log.ts";
import { bank, dayFrames, dayStartMs, everywhere, frameMs, type TrackDay } from "./track-day.ts";

const days: Readonly<Record<string, TrackDay>> = { bank, everywhere };
const turns = 3;
const { name } = logFile(1, dayOf(dayStartMs));

const stays = [{ type: "person-enter-water", kind: "presence-dwell" }];
const rods = [{ type: "fishing-multi-rod" }];

function zonesOf({ zones }: TrackDay, rules: readonly unknown[] = stays): ZonesConfig {
  return zonesSchema.parse({
    schema: "xueliang.zones/1",
    camera: "bench",
    zones: zones.map((zone) => ({ ...zone, rules })),
  });
}

const [day, storage = "", asked = ""] = process.argv.slice(2);
if (day === undefined) for (const one of Object.keys(days)) await written(one);
else if (asked === "page") await measurePage(dayOfName(day), storage);
else await measure(dayOfName(day), trackFolder(storage, "bench"));

function dayOfName(called: string): TrackDay {
  const found = days[called];
  if (!found) throw new RangeError(`no day ${called}: choose one of ${Object.keys(days).join(", ")}`);
  return found;
}

/** Writes the log of a day, then looks at it from fresh processes. */
async function written(called: string): Promise<void> {
  const trackDay = dayOfName(called);
  const zones = zonesOf(trackDay).zones.map(zoneOf);
  const writer = new BlockWriter();
  const blocks: Buffer[] = [fileHead(dayStartMs)];
  let [frame, points, within] = [0, 0, 0];
  let writeMs = 0;
  for (const tracks of trackDay.frames()) {
    points += tracks.length;
    for (const { box } of tracks) if (zones.some((zone) => inside(zone, box))) within += 1;
    const fromMs = performance.now();
    writer.add({ kind: "frame", nowMs: dayStartMs + frame * frameMs, seen: quantise({ tracks, scene: null }) });
    if (frame % 30 === 29) blocks.push(writer.seal());
    writeMs += performance.now() - fromMs;
    frame += 1;
  }
  const file = Buffer.concat(blocks);
  const share = Math.round((100 * within) / points);
  console.log(
    `day "${called}": ${points} points in ${dayFrames} frames, ${share} % of them in a zone; written in ${writeMs.toFixed(0)} ms, ${(file.length / 1e6).toFixed(1)} MB, ${(file.length / points).toFixed(1)} bytes a point in blocks of 6 s, scene measures left out (12 bytes a frame more)`,
  );
  const at = await mkdtemp(join(tmpdir(), "bench-track-log-"));
  try {
    await mkdir(trackFolder(at, "bench"), { recursive: true });
    await writeFile(join(trackFolder(at, "bench"), name), file);
    for (const asks of ["here", "page"])
      for (let turn = 1; turn <= turns; turn += 1)
        execFileSync(process.execPath, [import.meta.filename, called, at, asks], { stdio: "inherit" });
  } finally {
    await rm(at, { recursive: true, force: true });
  }
}

/** The zones with the first one drawn anew, once and once more. */
function redrawn(trackDay: TrackDay, rules: readonly unknown[] = stays): readonly ZonesConfig[] {
  const zones = zonesOf(trackDay, rules);
  return trackDay.redrawn.map((polygon) => ({
    ...zones,
    zones: zones.zones.map((zone, i) => (i === 0 ? { ...zone, polygon } : zone)),
  }));
}

async function measurePage(trackDay: TrackDay, storageFolder: string): Promise<void> {
  const zones = zonesOf(trackDay);
  await using rehearsals = openRehearsals({ storageFolder, timezone: "Asia/Shanghai", places: {} });
  const span = { camera: "bench", fromMs: dayStartMs, toMs: dayStartMs + 86_400_000 };
  await timed("the page: what stands behind the sliders", async () => {
    const { tracks } = await rehearsals.histograms({ ...span, zones });
    return `${tracks} tracks`;
  });
  for (const draft of redrawn(trackDay))
    await timed("the page: a preview with the next move", async () => {
      const told = await rehearsals.preview({ ...span, live: zones, draft });
      return `${told.live.length} before, ${told.draft.length} after, ${told.rulesRun} rules run, ${told.ms} ms by its own word`;
    });
}

async function measure(trackDay: TrackDay, at: string): Promise<void> {
  const present = { zones: zonesOf(trackDay), timezone: "Asia/Shanghai" };
  const [once, again] = redrawn(trackDay).map((zones) => ({ ...present, zones }));
  const span = { folder: at, cameraId: "bench", fromMs: dayStartMs, toMs: dayStartMs + 86_400_000 };
  const previewed = async (rehearsing: Rehearsing, draft: typeof present): Promise<string> => {
    const told = await rehearsing.preview(span, present, draft);
    return `${told.before.length} before, ${told.after.length} after, ${told.rulesRun} rules run`;
  };
  let rehearsing = new Rehearsing();
  await timed("floor, a bare read of the file", async () => `${(await readFile(join(at, name))).length} bytes`);
  await timed("cold preview, one zone redrawn, the first of its process", () => previewed(rehearsing, once ?? present));
  await timed("warm preview, the zone redrawn again", () => previewed(rehearsing, again ?? present));
  for (let turn = 0; turn < 3; turn += 1) {
    rehearsing = new Rehearsing();
    await timed("cold preview, one zone redrawn", () => previewed(rehearsing, once ?? present));
  }
  await timed("warm preview, the zone redrawn again", () => previewed(rehearsing, again ?? present));
  // Zones with this rule know of one another: whoever stands in one is not brought into the next by his rod.
  const counted = { ...present, zones: zonesOf(trackDay, rods) };
  for (const zones of redrawn(trackDay, rods))
    await timed("rods against persons in every zone, one redrawn", async () => {
      const told = await rehearsing.preview(span, counted, { ...present, zones });
      return `${told.before.length} before, ${told.after.length} after, ${told.rulesRun} rules run`;
    });
}

async function timed(what: string, run: () => Promise<string>): Promise<void> {
  // Of this thread alone: what compiles and sweeps beside it has a core of its own, but for a busy machine.
  const cpu = process.threadCpuUsage();
  const fromMs = performance.now();
  const said = await run();
  const ms = performance.now() - fromMs;
  const { user, system } = process.threadCpuUsage(cpu);
  console.log(`  ${what}: ${ms.toFixed(0)} ms (${((user + system) / 1_000).toFixed(0)} ms of its thread), ${said}`);
}
