/** Pictures of a staff gauge in water with a known level, drawn from a seed: E marks, figures, light, dirt, glare, ripples, mirror images. */
import type { Frame } from "../../capture/frame.ts";
import type { GaugeConfig } from "../../../config/gauge-schema.ts";
import { seeded } from "../../../../native/seeded.ts";
import { yuvBytes } from "../../../../native/yuv-size.ts";

/** What makes reading hard. */
export const sceneKinds = [
  "calm",
  "ripples",
  "mirror",
  "night",
  "dirt and shadow",
  "glare",
  "blur",
  "tilted",
  "rain",
] as const;

/** One of them. */
export type SceneKind = (typeof sceneKinds)[number];

/** A gauge of one metre in a picture of its own. */
export interface GaugeScene {
  readonly config: GaugeConfig;
  readonly levelM: number;
  /** The picture at second `sec`; each has its own ripples and noise. */
  readonly frame: (sec: number) => Frame;
}

const heightPx = 400;
const widthPx = 48;

/** How bright the painted board is at `cm` up the gauge and `across` 0..1: blocks of 5 cm on alternate sides, bars of 1 cm, figures. */
function board(cm: number, across: number): number {
  const block = Math.floor(cm / 5);
  const inBlock = cm - block * 5;
  const isLeft = block % 2 === 0;
  const side = isLeft ? across : 1 - across;
  if (side < 0.06 || side > 0.5) return figure(cm, across, isLeft);
  // The spine of the E, then its bars.
  if (side < 0.16) return 0.25;
  return Math.floor(inBlock) % 2 === 0 ? 0.25 : 0.95;
}

/** Something like a figure every ten centimetres, a different one each time. */
function figure(cm: number, across: number, isLeft: boolean): number {
  const decimetre = Math.floor(cm / 10);
  const within = cm - decimetre * 10;
  const place = isLeft ? across - 0.6 : 0.4 - across;
  if (within < 1 || within > 4 || place < 0 || place > 0.25) return 0.95;
  const bit = Math.floor(place / 0.084) + 3 * Math.floor(within - 1);
  return (((decimetre * 2_654_435_761 + 12_345) >>> (bit % 16)) & 1) === 1 ? 0.3 : 0.95;
}

/** Draws one scene; the same kind and seed give the same pictures. */
export function gaugeScene(kind: SceneKind, seed: number): GaugeScene {
  const random = seeded(seed * 7_919 + sceneKinds.indexOf(kind));
  const between = (from: number, to: number): number => from + (to - from) * random();
  const topM = 1;
  const pxPerCm = between(2.6, 4.2);
  const bottomM = topM - (heightPx - 20) / pxPerCm / 100;
  const levelM = between(bottomM + 0.08, topM - 0.35);
  const isNight = kind === "night";
  const light = isNight ? between(0.22, 0.4) : between(0.6, 1);
  const slope = between(-0.25, 0.25);
  const noise = isNight ? between(4, 9) : between(1, 4);
  const mirror = kind === "mirror" ? between(0.5, 0.85) : between(0, 0.35);
  const wave = kind === "ripples" ? between(0.6, 1.6) : kind === "rain" ? between(0.3, 0.9) : between(0.05, 0.4);
  const water = between(0.2, 0.55);
  const blurPx = kind === "blur" ? between(1.2, 2.6) : 0;
  const lean = kind === "tilted" ? between(-0.06, 0.06) : between(-0.01, 0.01);
  const wetM = levelM + between(0.01, 0.06);
  const patches = Array.from({ length: kind === "dirt and shadow" ? 5 : kind === "glare" ? 2 : 0 }, () => ({
    cm: between((levelM - 0.05) * 100, 95),
    sizeCm: kind === "glare" ? between(3, 9) : between(1, 5),
    across: between(0, 1),
    wide: between(0.2, 0.7),
    strength: kind === "glare" ? between(0.6, 1) : -between(0.3, 0.8),
  }));
  const shadowCm = kind === "dirt and shadow" ? between(levelM * 100 + 10, 95) : -1_000;
  const boardPx = 34;
  const middle = (y: number): number => widthPx / 2 + lean * (y - heightPx / 2);
  const yOf = (m: number): number => 10 + (topM - m) * 100 * pxPerCm;
  const mOf = (y: number): number => topM - (y - 10) / (100 * pxPerCm);
  const point = (m: number): [number, number] => [(middle(yOf(m)) + 0.5) / widthPx, (yOf(m) + 0.5) / heightPx];

  const dry = (m: number, across: number): number => {
    let value = board(m * 100, across) * (1 - (m < wetM ? 0.15 : 0));
    for (const { cm, sizeCm, across: x, wide, strength } of patches) {
      const near = Math.max(0, 1 - Math.hypot((m * 100 - cm) / sizeCm, (across - x) / wide));
      value +=
        strength > 0 ? (1.1 - value) * Math.min(1, 2 * near) * strength : value * strength * Math.min(1, 2 * near);
    }
    if (m * 100 < shadowCm) value *= 0.6;
    return value;
  };
  // The dry board as it stands in the picture, drawn once: direct and mirrored views look it up.
  const boards = new Float32Array(widthPx * heightPx);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) {
      const across = (x - middle(y)) / boardPx + 0.5;
      const onBoard = across >= 0 && across <= 1;
      boards[y * widthPx + x] = onBoard ? dry(mOf(y), across) : 0.42 + 0.05 * Math.sin(x * 0.9 + y * 0.37);
    }
  }
  const lines = Array.from({ length: widthPx }, () => 0);
  const frame = (sec: number): Frame => {
    const own = seeded(seed * 104_729 + Math.round(sec * 1_000));
    const pixels = new Uint8Array(yuvBytes(widthPx, heightPx)).fill(128);
    const [phase, phase2] = [own() * 7, own() * 7];
    const plane = new Float32Array(widthPx * heightPx);
    for (let x = 0; x < widthPx; x += 1) {
      const ripple = Math.sin(x * 0.3 + phase) * 0.6 + Math.sin(x * 0.11 + phase2) * 0.4;
      lines[x] = yOf(levelM + (wave / 100) * ripple);
    }
    for (let y = 0; y < heightPx; y += 1) {
      const brightness = 255 * light * (1 + slope * (y / heightPx - 0.5));
      const shine = 0.06 * (0.3 + wave) * Math.sin(y * 0.23 + phase2);
      for (let x = 0; x < widthPx; x += 1) {
        const depth = y - (lines[x] ?? 0);
        let value = boards[y * widthPx + x] ?? 0;
        if (depth > 0) {
          const bend = wave * pxPerCm * 2 * Math.sin((depth / pxPerCm) * 1.6 + phase + x * 0.2);
          const mirrored = Math.min(heightPx - 1, Math.max(0, Math.round(y - 2 * depth + bend)));
          const image = boards[mirrored * widthPx + x] ?? 0;
          value = water * (1 - mirror) + image * mirror * 0.85 + shine * Math.sin(y * 0.8 + phase * 3 + x * 0.35);
        }
        plane[y * widthPx + x] = brightness * value;
      }
    }
    if (blurPx > 0) blur(plane, Math.round(blurPx));
    for (let i = 0; i < plane.length; i += 1) {
      const drop = kind === "rain" && own() < 0.01 ? 60 : 0;
      const value = Math.min(255, Math.max(0, (plane[i] ?? 0) + drop + noise * (own() + own() - 1) * 2.5));
      pixels[i] = 16.5 + (value * 219) / 255;
    }
    const capturedAtMs = sec * 1_000;
    return {
      cameraId: "gauge",
      seq: 1,
      capturedAtMs,
      widthPx,
      heightPx,
      pixels,
      intact: true,
      [Symbol.dispose]: () => undefined,
    };
  };
  const middleM = (topM + bottomM) / 2;
  return {
    levelM,
    frame,
    config: {
      id: "gauge",
      from: point(topM),
      to: point(bottomM),
      width: boardPx / widthPx,
      marks: [topM, middleM, bottomM].map((m) => ({ at: point(m), m })),
      maxRiseMPerMin: 0.3,
    },
  };
}

/** A box blur, twice. */
function blur(plane: Float32Array, reach: number): void {
  for (let pass = 0; pass < 2; pass += 1) {
    const before = plane.slice();
    for (let y = reach; y < heightPx - reach; y += 1)
      for (let x = 0; x < widthPx; x += 1) {
        let sum = 0;
        for (let d = -reach; d <= reach; d += 1) sum += before[(y + d) * widthPx + x] ?? 0;
        plane[y * widthPx + x] = sum / (2 * reach + 1);
      }
  }
}
