/** One camera-day of 864,000 points through four zones: bytes on disk, time to preview cold and warm, beside a bare read. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileHead } from "../analysis/track-log/block-format.ts";
import { BlockWriter } from "../analysis/track-log/block-writer.ts";
import { dayOf, logFile } from "../analysis/track-log/log-files.ts";
import { quantise } from "../analysis/track-log/quantise.ts";
import type { Track } from "../analysis/tracking/track.ts";
import { zonesSchema } from "../config/zones-schema.ts";
import { Rehearsing } from "../rehearsal/track-log/preview.ts";

const frames = 432_000; // Five a second for a day.
const startMs = Date.parse("2026-03-14T00:00:00+08:00");
const corners = [
  [0, 0],
  [0.5, 0],
  [0, 0.5],
  [0.5, 0.5],
] as const;
const zones = zonesSchema.parse({
  schema: "xueliang.zones/1",
  camera: "bench",
  zones: corners.map(([x, y], i) => ({
    id: `zone-${i}`,
    polygon: [
      [x, y],
      [x + 0.5, y],
      [x + 0.5, y + 0.5],
      [x, y + 0.5],
    ],
    rules: [{ type: "person-enter-water", kind: "presence-dwell" }],
  })),
});

/** The first zone as somebody has just redrawn it. */
const drawn: [number, number][] = [
  [0.02, 0.03],
  [0.48, 0.01],
  [0.5, 0.47],
  [0.01, 0.49],
];

/** Two persons walking to and fro, a new track every minute. */
function tracksAt(frame: number): readonly Track[] {
  const nowMs = startMs + frame * 200;
  return [0, 1].map((who) => ({
    id: 1 + who + 2 * Math.floor(frame / 300),
    label: "person",
    state: "confirmed",
    box: { x: 0.45 + 0.4 * Math.sin(frame / 90 + who), y: 0.3 + 0.2 * Math.cos(frame / 70), width: 0.05, height: 0.2 },
    score: 0.6 + 0.2 * Math.sin(frame / 11),
    firstSeenMs: startMs + Math.floor(frame / 300) * 60_000,
    lastSeenMs: nowMs,
    seenNow: true,
    hits: 1 + (frame % 300),
    velocity: { x: 0.01, y: 0 },
  }));
}

const writer = new BlockWriter();
const blocks: Buffer[] = [fileHead(startMs)];
const fromMs = performance.now();
for (let frame = 0; frame < frames; frame += 1) {
  const seen = quantise({ tracks: tracksAt(frame), scene: null });
  writer.add({ kind: "frame", nowMs: startMs + frame * 200, seen });
  if (frame % 15 === 14) blocks.push(writer.seal());
}
if (writer.sizeBytes > 0) blocks.push(writer.seal());
const writeMs = performance.now() - fromMs;
const file = Buffer.concat(blocks);

const folder = await mkdtemp(join(tmpdir(), "bench-track-log-"));
try {
  const path = join(folder, logFile(1, dayOf(startMs)).name);
  await writeFile(path, file);
  await measure(path);
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(
  `written in ${writeMs.toFixed(0)} ms, ${(file.length / 1e6).toFixed(1)} MB, ${(file.length / (frames * 2)).toFixed(1)} bytes a point in blocks of 3 s, scene measures left out (12 bytes a frame more)`,
);

async function measure(path: string): Promise<void> {
  const draft = { ...zones, zones: zones.zones.map((zone, i) => (i === 0 ? { ...zone, polygon: drawn } : zone)) };
  const present = { zones, timezone: "Asia/Shanghai" };
  const span = { folder, cameraId: "bench", fromMs: startMs, toMs: startMs + 86_400_000 };
  for (let turn = 1; turn <= 5; turn += 1) {
    const rehearsal = new Rehearsing();
    await timed(`${turn}: floor, a bare read of the file`, async () => `${(await readFile(path)).length} bytes`);
    await timed(`${turn}: cold preview, one zone edited`, async () => {
      const told = await rehearsal.preview(span, present, { ...present, zones: draft });
      return `${told.points} points, ${told.before.length} before, ${told.after.length} after, ${told.rulesRun} rules run`;
    });
    await timed(`${turn}: warm preview, the zone edited again`, async () => {
      const again = zones.zones.map((zone, i) => (i === 0 ? { ...zone, polygon: drawn.slice(0, 3) } : zone));
      const told = await rehearsal.preview(span, present, { ...present, zones: { ...draft, zones: again } });
      return `${told.after.length} after, ${told.rulesRun} rules run`;
    });
  }
}

async function timed(name: string, run: () => Promise<string>): Promise<void> {
  const cpu = process.cpuUsage();
  const fromMs = performance.now();
  const said = await run();
  const { user, system } = process.cpuUsage(cpu);
  const ms = performance.now() - fromMs;
  console.log(`${name}: ${ms.toFixed(0)} ms (${((user + system) / 1_000).toFixed(0)} ms of CPU), ${said}`);
}
