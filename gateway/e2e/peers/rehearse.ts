/**
 * Writes ten minutes of a track log into a folder and says what a rule would have told of them. Argument: the folder, which
 * is there.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nativeStatus } from "../../../native/index.ts";
import { fileHead } from "../../analysis/track-log/block-format.ts";
import { BlockWriter } from "../../analysis/track-log/block-writer.ts";
import { dayOf, logFile } from "../../analysis/track-log/log-files.ts";
import { quantise } from "../../analysis/track-log/quantise.ts";
import type { Track } from "../../analysis/tracking/track.ts";
import { ruleMakers } from "../../analysis/zones/rule-engine.ts";
import { zonesSchema } from "../../config/zones-schema.ts";
import { runHappenings } from "../../rehearsal/track-log/run-happenings.ts";
import { Shelf } from "../../rehearsal/track-log/stretch.ts";

const [folder = ""] = process.argv.slice(2);

/** Who walks to and fro along a line of his own, and is gone for a while now and then. */
function walker(who: number, frame: number, nowMs: number): readonly Track[] {
  const step = (frame * (who + 1) + 97 * who) % 400;
  if (step > 330 || frame % 250 > 100 + 8 * who) return [];
  const x = Math.abs(200 - step) / 250;
  const box = { x, y: 0.1 + x / 2 + who / 40, width: 0.05, height: 0.15 };
  const times = { firstSeenMs: nowMs, lastSeenMs: nowMs, hits: 9, seenNow: true, velocity: { x: 0, y: 0 } };
  return [{ id: who + 1, label: "person", state: step % 17 === 0 ? "lost" : "confirmed", score: 0.7, box, ...times }];
}

const startMs = Date.parse("2026-03-14T12:00:00+08:00");
const writer = new BlockWriter();
const blocks = [fileHead(startMs)];
for (let frame = 0; frame < 3_000; frame += 1) {
  const nowMs = startMs + 200 * frame;
  const tracks = Array.from({ length: 8 }, (_, who) => walker(who, frame, nowMs)).flat();
  writer.add({ kind: "frame", nowMs, seen: quantise({ tracks, scene: null, aspect: 16 / 9 }) });
  if (frame % 30 === 29) blocks.push(writer.seal());
}
await writeFile(join(folder, logFile(1, dayOf(startMs)).name), Buffer.concat(blocks));
const corners = [
  [0.21, 0.3],
  [0.63, 0.27],
  [0.71, 0.58],
  [0.4, 0.47],
  [0.17, 0.74],
];
const zones = zonesSchema.parse({
  schema: "xueliang.zones/1",
  camera: "cam",
  zones: ["bottom", "center", "any"].map((anchor) => ({
    id: anchor,
    name: anchor,
    kind: "water",
    polygon: corners,
    anchor,
    rules: [{ type: "person-enter-water", kind: "presence-dwell", suspectedSec: 2, detectedSec: 4, cooldownSec: 5 }],
  })),
});
const stretch = await new Shelf().stretch(folder, 0, 4e12);
const told = runHappenings(stretch, ruleMakers({ zones, timezone: "Asia/Shanghai", cameraId: "cam" }));
process.stdout.write(`${JSON.stringify({ arch: process.arch, kind: nativeStatus.kind, told })}\n`);
