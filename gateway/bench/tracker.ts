/**
 * `npm run bench:tracker -- DETECTIONS OUT`: MOTChallenge detections in, MOTChallenge tracks out, so that anyone can score
 * the tracker. ByteTrack's numbers are used, and its two filters for upright people (area above 100 px, not wider than 1.6
 * times the height).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Detection } from "../analysis/detection/detection.ts";
import { byteTrack } from "../analysis/tracking/tracker-options.ts";
import { Tracker } from "../analysis/tracking/tracker.ts";
import { interpolate, readDetections, writeTracks, type MotFile, type MotRow } from "./mot-text.ts";

const usage =
  "usage: npm run bench:tracker -- DETECTIONS OUT [--fps 30] [--interpolate] [--any-shape]\n" +
  "  DETECTIONS    frame, -1, x, y, w, h, score: one box a line, pixels\n" +
  "  --fps         frames a second of the sequence; the default counts as ByteTrack does: a lost track is kept for 30 frames\n" +
  "  --interpolate fill gaps of up to 20 frames afterwards; it needs the future, so it is off: ByteTrack's test-server result\n" +
  "                was made with it, online comparisons are made without\n" +
  "  --any-shape   keep small boxes and boxes wider than 1.6 times their height\n";

/** Tracks of one sequence and what each frame cost. */
export function track(
  file: MotFile,
  options: { readonly fps: number; readonly anyShape: boolean },
): { rows: MotRow[]; frameMs: Float64Array } {
  const tracker = new Tracker({ base: byteTrack, aspect: 1 });
  const rows: MotRow[] = [];
  const frameMs = new Float64Array(file.lastFrame);
  for (let frame = 1; frame <= file.lastFrame; frame += 1) {
    const seen = file.frames.get(frame) ?? [];
    const before = performance.now();
    const tracks = tracker.step(seen, (frame * 1000) / options.fps);
    frameMs[frame - 1] = performance.now() - before;
    for (const { id, state, seenNow, box, score } of tracks) {
      if (state !== "confirmed" || !seenNow) continue;
      if (!options.anyShape && (box.width * box.height <= 100 || box.width > 1.6 * box.height)) continue;
      rows.push({ frame, id, x: box.x, y: box.y, width: box.width, height: box.height, score });
    }
  }
  return { rows, frameMs };
}

/** CPU milliseconds a frame for 30 walkers who cross each other; CPU time, so that a busy machine measures the same. */
export function costOfThirty(): number {
  const frames = new Map<number, Detection[]>();
  for (let frame = 1; frame <= 600; frame += 1) {
    const seen: Detection[] = [];
    for (let i = 0; i < 30; i += 1) {
      const x = 960 + 900 * Math.sin(frame / (60 + i) + i);
      seen.push({
        label: "object",
        score: 0.5 + ((i * 7 + frame) % 5) / 10,
        box: { x, y: 200 + i * 15, width: 60, height: 160 },
      });
    }
    frames.set(frame, seen);
  }
  const before = process.cpuUsage();
  track({ lastFrame: 600, frames }, { fps: 30, anyShape: false });
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / 600;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, v) => sum + v, 0) / Math.max(1, values.length);
}

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      fps: { type: "string", default: "30" },
      interpolate: { type: "boolean", default: false },
      "any-shape": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const [input, output] = positionals;
  const fps = Number(values.fps);
  if (input === undefined || output === undefined || !(fps > 0)) {
    process.stderr.write(usage);
    return 2;
  }
  const file = readDetections(readFileSync(input, "utf8"));
  const { rows, frameMs } = track(file, { fps, anyShape: values["any-shape"] });
  writeFileSync(output, writeTracks(values.interpolate ? interpolate(rows, 20) : rows));
  const boxes = [...file.frames.values()].reduce((sum, seen) => sum + seen.length, 0);
  const sorted = frameMs.toSorted();
  process.stderr.write(
    `${file.lastFrame} frames, ${boxes} boxes, ${new Set(rows.map((r) => r.id)).size} tracks, ${rows.length} lines; ` +
      `${mean(frameMs).toFixed(3)} ms a frame (99th of 100: ${(sorted[Math.floor(sorted.length * 0.99)] ?? 0).toFixed(3)} ms); ` +
      `${costOfThirty().toFixed(3)} ms of CPU a frame for 30 objects\n`,
  );
  return 0;
}

if (import.meta.main) process.exitCode = main();
