/** The staff gauge: E blocks of 5 cm with bars of 1 cm on alternating sides, the decimetres numbered, one board a metre. */
import type { Mesh } from "./mesh.ts";
import type { Story } from "./story.ts";
import { LAYER } from "./textures.ts";
import type { Vec3 } from "./vector.ts";

/** Digits 0 to 9, seven rows of five dots, the leftmost dot the highest bit. */
const DIGITS = [
  [14, 17, 19, 21, 25, 17, 14],
  [4, 12, 4, 4, 4, 4, 14],
  [14, 17, 1, 2, 4, 8, 31],
  [31, 2, 4, 2, 1, 17, 14],
  [2, 6, 10, 18, 31, 2, 2],
  [31, 16, 30, 1, 1, 17, 14],
  [6, 8, 16, 30, 17, 17, 14],
  [31, 1, 2, 4, 8, 8, 8],
  [14, 17, 17, 14, 17, 17, 14],
  [14, 17, 17, 15, 1, 2, 12],
] as const;

const INK = [0.05, 0.13, 0.5, 1] as const;
const ENAMEL = [0.95, 0.95, 0.93, 1] as const;

/** A texture holds a metre of board in strips of this many centimetres side by side, lest its rows be too coarse for digits. */
const STRIP_CM = 25;
const STRIPS = 100 / STRIP_CM;

/** The texture's colour at a place: u from the left, v up from its foot, both 0..1. */
export function gaugeTexel(u: number, v: number): readonly [number, number, number, number] {
  const strip = Math.floor(u * STRIPS);
  return inked(u * STRIPS - strip, (strip + v) * STRIP_CM) ? INK : ENAMEL;
}

/** Whether a board has ink at a place: u across from the left, 0..1, and centimetres over its foot. */
function inked(u: number, cm: number): boolean {
  const side = Math.floor(cm / 5) % 2 === 0 ? u : 1 - u;
  const spine = side > 0.08 && side < 0.2;
  const arm = side >= 0.08 && side < 0.48 && (Math.floor(cm) % 5) % 2 === 0;
  return spine || arm || numbered(u, cm);
}

/** Whether a digit's stroke is here: beside the lower E of each decimetre stands its number, the foot of the metre is 0. */
function numbered(u: number, cm: number): boolean {
  const across = Math.floor(((u - 0.56) / 0.36) * 5);
  const down = 6 - Math.floor(((cm % 10) - 0.6) * (7 / 3.8));
  if (across < 0 || across > 4 || down < 0 || down > 6) return false;
  return (((DIGITS[Math.floor(cm / 10)] ?? DIGITS[0])[down] ?? 0) & (16 >> across)) !== 0;
}

/** Stands a gauge in the water, facing the camera's side of it; centimetre marks are true whatever its ends are. */
export function addGauge(mesh: Mesh, gauge: NonNullable<Story["gauge"]>, eye: Vec3): void {
  const [x, z] = gauge.at;
  const facing = eye[2] < z ? -1 : 1;
  const paint = { colour: [0.95, 0.95, 0.95] as const, layer: LAYER.gauge };
  for (let strip = Math.floor(gauge.bottomCm / STRIP_CM); strip * STRIP_CM < gauge.topCm; strip += 1) {
    const [foot, head] = [strip * STRIP_CM, (strip + 1) * STRIP_CM];
    const first = mesh.vertexCount;
    for (const cm of [Math.max(gauge.bottomCm, foot), Math.min(gauge.topCm, head)])
      for (const side of [0, 1]) {
        const at: Vec3 = [x + facing * (side - 0.5) * gauge.wideM, (cm - 100) / 100, z];
        const u = ((((strip % STRIPS) + STRIPS) % STRIPS) + 0.02 + side * 0.96) / STRIPS;
        mesh.vertex(at, [0, 0.2, -1], u, (head - cm) / STRIP_CM, paint);
      }
    mesh.skin(first, 2, 2);
  }
}
