/** One camera-day of 864,000 points through four zones: bytes on disk, time to decode, time to replay. */
import { fileHead, scanFile } from "../analysis/track-log/block-format.ts";
import { BlockReader } from "../analysis/track-log/block-reader.ts";
import { BlockWriter } from "../analysis/track-log/block-writer.ts";
import type { LogEntry } from "../analysis/track-log/log-entry.ts";
import { quantise } from "../analysis/track-log/quantise.ts";
import type { Track } from "../analysis/tracking/track.ts";
import { zonesSchema } from "../config/zones-schema.ts";
import { replayLog } from "../rehearsal/track-log/replay-log.ts";

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
let fromMs = performance.now();
for (let frame = 0; frame < frames; frame += 1) {
  const seen = quantise({ tracks: tracksAt(frame), scene: null });
  writer.add({ kind: "frame", nowMs: startMs + frame * 200, seen });
  if (frame % 15 === 14) blocks.push(writer.seal());
}
if (writer.sizeBytes > 0) blocks.push(writer.seal());
const writeMs = performance.now() - fromMs;
const file = Buffer.concat(blocks);

function* entries(): Generator<LogEntry> {
  for (const body of scanFile(file).bodies) {
    const reader = new BlockReader(body);
    for (let entry = reader.next(); entry !== null; entry = reader.next()) yield entry;
  }
}
for (let turn = 1; turn <= 3; turn += 1) {
  fromMs = performance.now();
  let points = 0;
  for (const entry of entries()) if (entry.kind === "frame") points += entry.seen.tracks?.length ?? 0;
  const decodeMs = performance.now() - fromMs;
  const cpu = process.cpuUsage();
  fromMs = performance.now();
  const { triggers } = replayLog(entries(), { zones, timezone: "Asia/Shanghai" });
  const replayMs = performance.now() - fromMs;
  const { user, system } = process.cpuUsage(cpu);
  console.log(
    `${points} points, 4 zones: decode ${decodeMs.toFixed(0)} ms, decode and rules ${replayMs.toFixed(0)} ms (${((user + system) / 1_000).toFixed(0)} ms of CPU), ${triggers.length} triggers`,
  );
}
console.log(
  `written in ${writeMs.toFixed(0)} ms, ${(file.length / 1e6).toFixed(1)} MB, ${(file.length / (frames * 2)).toFixed(1)} bytes a point in blocks of 3 s, scene measures left out (12 bytes a frame more)`,
);
