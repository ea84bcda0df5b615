/** Pictures of a stretch of water with a known current, drawn from a seed: drifting texture, waves that run over it, glint, noise, a boat. */
import type { Frame } from "../../capture/frame.ts";
import type { FlowConfig } from "../../../config/flow-schema.ts";
import { seeded } from "../../../../native/seeded.ts";
import { yuvBytes } from "../../../../native/yuv-size.ts";

/** What is on the water; strengths are standard deviations or heights in luma. */
export interface FlowScene {
  readonly seed: number;
  /** Metres a second in the direction of the line. */
  readonly speedMps: number;
  /** What drifts: foam, leaves, eddies. */
  readonly texture?: number;
  /** Waves of gravity of several lengths that run along the line over the current; `both`: as many against it. */
  readonly waves?: { readonly height: number; readonly both: boolean };
  /** Sparks of the sun, each for one picture. */
  readonly glint?: number;
  readonly noise?: number;
  /** What does not flow: the bank's mirror image, stones. */
  readonly still?: number;
  /** Something large that passes at a speed of its own. */
  readonly boat?: { readonly speedMps: number; readonly fromSec: number };
  /** The line runs away from the camera: its far end is this many times smaller. */
  readonly perspective?: number;
}

const widthPx = 320;
const heightPx = 24;
/** Length of the line, metres. */
export const lengthM = 12;
const gravity = 9.81;

/** Smooth noise of about `sizeM`, one value for each metre of the world. */
function noiseOf(seed: number, sizeM: number): (m: number) => number {
  const at = (i: number): number => seeded(seed * 7_919 + i * 104_729)() * 2 - 1;
  const known = new Map<number, number>();
  const value = (i: number): number => {
    const kept = known.get(i);
    if (kept !== undefined) return kept;
    const drawn = at(i);
    known.set(i, drawn);
    return drawn;
  };
  return (m) => {
    const i = Math.floor(m / sizeM);
    const t = m / sizeM - i;
    const share = t * t * (3 - 2 * t);
    return value(i) * (1 - share) + value(i + 1) * share;
  };
}

/** The section as a technician would write it, and the picture at second `sec`. */
export function flowScene(scene: FlowScene): { readonly config: FlowConfig; readonly frame: (sec: number) => Frame } {
  const { seed, speedMps, texture = 0, waves, glint = 0, noise = 1.5, still = 0, boat, perspective = 1 } = scene;
  const random = seeded(seed * 31 + 5);
  const drifting = [0.15, 0.4, 1.1].map((sizeM, i) => noiseOf(seed * 10 + i, sizeM));
  const standing = noiseOf(seed * 10 + 7, 0.6);
  const trains = Array.from({ length: waves ? 14 : 0 }, (_, i) => {
    const lengthOfWave = 0.35 * 1.22 ** i;
    const k = (2 * Math.PI) / lengthOfWave;
    const way = waves?.both && i % 2 === 1 ? -1 : 1;
    return { k, omega: way * Math.sqrt(gravity * k) + k * speedMps, phase: random() * 7, wobble: random() * 7 };
  });
  // Metres at a share of the line: a projective scale when it runs away.
  const metres = (t: number): number => (lengthM * t) / (perspective + (1 - perspective) * t);
  const point = (t: number): [number, number] => [0.05 + 0.9 * t, 0.5];
  const marks = (perspective === 1 ? [0, 1] : [0, 0.25, 0.5, 0.75, 1]).map((t) => ({ at: point(t), m: metres(t) }));
  const config = { id: "section", maxMps: 5, lines: [{ from: point(0), to: point(1), marks }] };
  const frame = (sec: number): Frame => {
    const own = seeded(seed * 104_729 + Math.round(sec * 1_000));
    const pixels = new Uint8Array(yuvBytes(widthPx, heightPx)).fill(128);
    for (let x = 0; x < widthPx; x += 1) {
      const t = ((x + 0.5) / widthPx - 0.05) / 0.9;
      const m = metres(Math.max(-0.05, Math.min(1.05, t)));
      let light = 110 + still * standing(m);
      for (const one of drifting) light += texture * one(m - speedMps * sec + 1_000);
      for (const { k, omega, phase, wobble } of trains)
        light +=
          ((waves?.height ?? 0) / 3) * Math.cos(k * m - omega * sec + phase) * (1 + 0.3 * Math.sin(sec + wobble));
      const boatM = boat && sec >= boat.fromSec ? m - boat.speedMps * (sec - boat.fromSec) + 2 : Infinity;
      if (boatM >= 0 && boatM <= 2) light = 190 + 40 * Math.sin(boatM * 9);
      const spark = own() < glint ? 100 : 0;
      for (let y = 0; y < heightPx; y += 1)
        pixels[y * widthPx + x] = Math.max(
          16,
          Math.min(235, light + spark + noise * 2 * (own() + own() + own() - 1.5)),
        );
    }
    const capturedAtMs = sec * 1_000;
    return {
      cameraId: "river",
      seq: 1,
      capturedAtMs,
      widthPx,
      heightPx,
      pixels,
      intact: true,
      [Symbol.dispose]: () => undefined,
    };
  };
  return { config, frame };
}
