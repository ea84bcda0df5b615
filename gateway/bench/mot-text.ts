/** MOTChallenge text: one box a line, `frame, id, x, y, w, h, score, ...`, pixels, frames counted from 1. */
import type { Detection } from "../analysis/detection/detection.ts";

/** Boxes of one sequence by frame; a frame without boxes is missing here but still counts. */
export interface MotFile {
  readonly lastFrame: number;
  readonly frames: ReadonlyMap<number, readonly Detection[]>;
}

/** One line of output. */
export interface MotRow {
  readonly frame: number;
  readonly id: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly score: number;
}

/** Reads detections, in any order; throws RangeError with the line number on a line that is not seven numbers, or whose frame is none. */
export function readDetections(text: string): MotFile {
  const frames = new Map<number, Detection[]>();
  let lastFrame = 0;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const [frame, , x, y, width, height, score] = line
      .split(/[,\s]+/)
      .filter((part) => part !== "")
      .map(Number);
    const numbers = [frame, x, y, width, height, score];
    if (frame === undefined || numbers.some((n) => n === undefined || !Number.isFinite(n))) {
      throw new RangeError(`line ${index + 1}: expected frame, -1, x, y, w, h, score`);
    }
    if (!Number.isInteger(frame) || frame < 1)
      throw new RangeError(`line ${index + 1}: frame ${frame} is none; frames count from 1`);
    lastFrame = Math.max(lastFrame, frame);
    const seen = frames.get(frame) ?? [];
    seen.push({
      label: "object",
      score: score ?? 0,
      box: { x: x ?? 0, y: y ?? 0, width: width ?? 0, height: height ?? 0 },
    });
    frames.set(frame, seen);
  }
  return { lastFrame, frames };
}

/** Writes tracks in the order given. */
export function writeTracks(rows: readonly MotRow[]): string {
  const two = (n: number): string => n.toFixed(2);
  return rows
    .map(
      (r) => `${r.frame},${r.id},${two(r.x)},${two(r.y)},${two(r.width)},${two(r.height)},${two(r.score)},-1,-1,-1\n`,
    )
    .join("");
}

/** Fills gaps of at most `maxGap` frames in a straight line; offline only, because it needs the future. */
export function interpolate(rows: readonly MotRow[], maxGap: number): MotRow[] {
  const byId = new Map<number, MotRow[]>();
  for (const row of rows) byId.set(row.id, [...(byId.get(row.id) ?? []), row]);
  const filled = [...rows];
  for (const life of byId.values()) {
    for (const [i, to] of life.entries()) {
      const from = life[i - 1];
      if (!from || to.frame - from.frame > maxGap) continue;
      for (let frame = from.frame + 1; frame < to.frame; frame += 1) {
        const share = (frame - from.frame) / (to.frame - from.frame);
        const between = (a: number, b: number): number => a + (b - a) * share;
        filled.push({
          frame,
          id: to.id,
          x: between(from.x, to.x),
          y: between(from.y, to.y),
          width: between(from.width, to.width),
          height: between(from.height, to.height),
          score: between(from.score, to.score),
        });
      }
    }
  }
  return filled.sort((a, b) => a.frame - b.frame || a.id - b.id);
}
