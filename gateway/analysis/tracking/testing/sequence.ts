/** Made-up streets for tests: walkers who cross and hide each other, a shaking camera, misses, false and low scores. */
import type { Detection } from "../../detection/detection.ts";
import type { Box } from "../../geometry.ts";
import type { Labelled } from "./score.ts";

/** How hard a sequence is. Pixels and frames. */
export interface Difficulty {
  readonly seed: number;
  readonly frames: number;
  readonly walkers: number;
  readonly fps?: number;
  /** Standard deviation of a box's edges, as a share of its size. */
  readonly jitter?: number;
  /** Camera shake in pixels. */
  readonly shake?: number;
  /** False detections a frame. */
  readonly falseRate?: number;
  /** Chance that a fully visible walker is not seen in a frame. */
  readonly missRate?: number;
}

/** A sequence with its truth; pixels of a 1920 by 1080 picture, frames from 1. */
export interface Sequence {
  readonly truth: readonly Labelled[];
  readonly frames: ReadonlyMap<number, readonly Detection[]>;
  readonly lastFrame: number;
}

/** Random numbers that are the same each time (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Makes a sequence. */
export function street(options: Difficulty): Sequence {
  const { frames: lastFrame, walkers, fps = 30, jitter = 0.03, shake = 0, falseRate = 0.5, missRate = 0.03 } = options;
  const random = randomFrom(options.seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const people = Array.from({ length: walkers }, (_, id) => {
    const height = 80 + 320 * random();
    return {
      id: id + 1,
      height,
      x: 1920 * random(),
      // Whoever stands lower in the picture is nearer and therefore taller.
      bottom: 300 + 700 * ((height - 80) / 320) + 40 * random(),
      speed: (random() < 0.15 ? 0 : 0.35 + 0.5 * random()) * height * (random() < 0.5 ? -1 : 1),
      sway: random() * 6,
      confidence: 0.72 + 0.22 * random(),
    };
  });
  const truth: Labelled[] = [];
  const frames = new Map<number, Detection[]>();
  for (let frame = 1; frame <= lastFrame; frame += 1) {
    const sec = frame / fps;
    const dx = shake * (Math.sin(sec * 9) + 0.5 * normal());
    const dy = shake * 0.6 * (Math.cos(sec * 11) + 0.5 * normal());
    const boxes = people
      .map((p) => ({
        p,
        lap: Math.floor((p.x + p.speed * sec + 8 * Math.sin(sec + p.sway)) / SPAN),
        box: {
          x: wrap(p.x + p.speed * sec + 8 * Math.sin(sec + p.sway)) + dx - p.height * 0.2,
          y: p.bottom - p.height + dy,
          width: p.height * 0.4,
          height: p.height,
        },
      }))
      .filter(({ box }) => box.x > -box.width / 2 && box.x < 1920 - box.width / 2)
      .sort((a, b) => b.p.bottom - a.p.bottom);
    const seen: Detection[] = [];
    for (const [i, { p, lap, box }] of boxes.entries()) {
      const visible = visibleShare(
        box,
        boxes.slice(0, i).map((b) => b.box),
      );
      truth.push({ frame, id: p.id + 1000 * (lap + 100), box });
      if (visible < 0.15 || random() < missRate + 0.5 * Math.max(0, 0.4 - visible)) continue;
      const blur = (share: number): number => normal() * jitter * (1 + 2 * (1 - visible)) * share;
      const measured = {
        x: box.x + blur(box.width),
        y: box.y + blur(box.height),
        width: box.width * (1 + blur(1)),
        height: box.height * (1 + blur(1)),
      };
      const confidence = p.confidence * (0.35 + 0.65 * visible) + 0.06 * normal();
      seen.push({ label: "object", score: Math.min(0.99, Math.max(0.05, confidence)), box: measured });
    }
    for (let n = random() < falseRate % 1 ? Math.ceil(falseRate) : Math.floor(falseRate); n > 0; n -= 1) {
      const height = 60 + 200 * random();
      seen.push({
        label: "object",
        score: 0.1 + 0.55 * random() ** 2,
        box: { x: 1800 * random(), y: 800 * random(), width: height * 0.4, height },
      });
    }
    frames.set(frame, seen);
  }
  return { truth, frames, lastFrame };
}

/** Width of the street in pixels: whoever leaves it is somebody else when the other side is reached. */
const SPAN = 2400;

function wrap(x: number): number {
  return (((x % SPAN) + SPAN) % SPAN) - 240;
}

function visibleShare(box: Box, inFront: readonly Box[]): number {
  let hidden = 0;
  for (const b of inFront) {
    const width = Math.min(box.x + box.width, b.x + b.width) - Math.max(box.x, b.x);
    const height = Math.min(box.y + box.height, b.y + b.height) - Math.max(box.y, b.y);
    if (width > 0 && height > 0) hidden = Math.max(hidden, (width * height) / (box.width * box.height));
  }
  return 1 - hidden;
}
