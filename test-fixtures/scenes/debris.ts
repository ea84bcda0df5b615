/** Floating debris: bottles, bags, foam boxes, branches, planks, leaf mats, and nameless lumps. */
import type { Mesh } from "./mesh.ts";
import { blob, box, limb, tube, type Paint } from "./mesh.ts";
import { clothColour } from "./person-look.ts";
import { lump } from "./props.ts";
import { hashOf, randomOf, wave, type Random } from "./random.ts";
import { addScaled, cross, heading, rightOf, scale, unit, UP, type Vec3 } from "./vector.ts";

/** The kinds of floating debris. */
export const DEBRIS_KINDS = [
  "bottle",
  "bag",
  "foam-box",
  "branch",
  "plank",
  "leaf-mat",
  "can",
  "lump",
  "chips",
  "tyre",
] as const;

/** One of them. */
export type DebrisKind = (typeof DEBRIS_KINDS)[number];

/** What a piece of debris looks like. */
export interface DebrisLook {
  readonly kind: DebrisKind;
  /** Roughly the longest side, metres. */
  readonly sizeM: number;
  readonly colour: Vec3;
  readonly second: Vec3;
  readonly seed: number;
  readonly squash: number;
}

/** Texture layers that debris uses. */
export interface DebrisLayers {
  readonly mat: number;
  readonly wood: number;
  readonly rough: number;
}

const SIZES: Readonly<Record<DebrisKind, readonly [number, number]>> = {
  bottle: [0.18, 0.42], bag: [0.25, 0.8], "foam-box": [0.3, 0.75], branch: [0.6, 3.2], plank: [0.5, 2.2], "leaf-mat": [0.8, 5], can: [0.12, 0.3], lump: [0.2, 1.2], chips: [0.6, 2.5], tyre: [0.5, 0.75],
}; // prettier-ignore

/** Draws a piece of debris from a variant, of one of the kinds given. */
export function debrisLookOf(random: Random, kinds: readonly DebrisKind[] = DEBRIS_KINDS): DebrisLook {
  const kind = random.pick(kinds);
  const [small, large] = SIZES[kind];
  const plant: Vec3 = [random.range(0.1, 0.34), random.range(0.13, 0.32), random.range(0.03, 0.12)];
  const white = random.range(0.65, 0.98);
  const pale: Vec3 = [white, white, white * random.range(0.9, 1.03)];
  const colour: Vec3 =
    kind === "leaf-mat" || kind === "branch" || kind === "plank" ? (random.chance(0.6) ? plant : [0.3 * random.range(0.5, 1.5), 0.22, 0.13])
    : kind === "tyre" ? [0.03, 0.03, 0.03]
    : kind === "foam-box" ? (random.chance(0.75) ? pale : clothColour(random))
    : random.chance(0.45) ? pale : clothColour(random); // prettier-ignore
  return {
    kind,
    sizeM: random.range(small, large),
    colour,
    second: random.chance(0.5) ? clothColour(random) : plant,
    seed: hashOf("debris", random.int(0, 1e9)),
    squash: random.range(0.25, 0.8),
  };
}

/** Adds one piece of debris lying in the water. */
export function addDebris(
  mesh: Mesh,
  look: DebrisLook,
  at: Vec3,
  yaw: number,
  phase: number,
  id: number,
  layers: DebrisLayers,
): void {
  const f = unit(addScaled(heading(yaw), UP, 0.08 * Math.sin(phase * 1.3)));
  const r = rightOf(f);
  const up = unit(cross(r, f));
  const s = look.sizeM;
  const p = addScaled(at, UP, 0.012 * Math.sin(phase * 1.7));
  const paint: Paint = { colour: look.colour, id };
  switch (look.kind) {
    case "bottle":
    case "can": {
      const w = s * (look.kind === "can" ? 0.27 : 0.15);
      const ring = (t: number, wide: number): { at: Vec3; wide: number } => ({
        at: addScaled(addScaled(p, f, t * s), UP, w * 0.45),
        wide: wide * w,
      });
      tube(
        mesh,
        [ring(-0.5, 0.3), ring(-0.48, 1), ring(-0.1, 0.92), ring(0.2, 1), ring(0.34, 0.45), ring(0.42, 0.4)],
        paint,
        7,
      );
      if (look.kind === "bottle")
        tube(mesh, [ring(0.42, 0.45), ring(0.5, 0.45), ring(0.51, 0.05)], { colour: look.second, id }, 6);
      tube(mesh, [ring(-0.2, 0.97), ring(0.05, 1)], { colour: look.second, id }, 7);
      return;
    }
    case "foam-box":
      box(mesh, addScaled(p, UP, s * 0.1 * look.squash), [scale(f, s / 2), scale(up, s * 0.22), scale(r, s * 0.34)], {
        ...paint,
        layer: layers.rough,
      });
      return;
    case "plank":
      box(mesh, addScaled(p, UP, 0.015), [scale(f, s / 2), scale(up, 0.03), scale(r, s * 0.05 + 0.03)], {
        ...paint,
        layer: layers.wood,
      });
      return;
    case "tyre":
      tube(mesh, ringOf(p, r, f, s * 0.36, s * 0.13), paint, 6);
      return;
    case "branch":
      addBranch(mesh, look, p, f, r, paint);
      return;
    case "leaf-mat":
      addMat(mesh, look, p, f, r, { ...paint, layer: layers.mat });
      addChips(mesh, look, p, f, r, id, 10);
      return;
    case "chips":
      addChips(mesh, look, p, f, r, id, 16);
      return;
    case "bag":
    case "lump":
    default:
      blob(
        mesh,
        addScaled(p, UP, s * 0.08),
        [scale(f, s / 2), scale(up, s * 0.24 * look.squash), scale(r, s * 0.4 * look.squash)],
        { ...paint, layer: look.seed % 3 === 0 ? layers.rough : 0 },
        7,
        lump(look.seed, 0.35),
      );
  }
}

function ringOf(p: Vec3, r: Vec3, f: Vec3, radius: number, wide: number): readonly { at: Vec3; wide: number }[] {
  return Array.from({ length: 13 }, (_, i) => {
    const a = (i / 12) * Math.PI * 2;
    return { at: addScaled(addScaled(p, r, Math.cos(a) * radius), f, Math.sin(a) * radius), wide };
  });
}

function addBranch(mesh: Mesh, look: DebrisLook, p: Vec3, f: Vec3, r: Vec3, paint: Paint): void {
  const s = look.sizeM;
  const point = (t: number): Vec3 =>
    addScaled(
      addScaled(addScaled(p, f, (t - 0.5) * s), r, 0.18 * s * wave(t * 3, look.seed)),
      UP,
      0.02 + 0.05 * s * wave(t * 2.2 + 4, look.seed),
    );
  const wide = 0.012 + s * 0.018;
  tube(
    mesh,
    [0, 0.25, 0.5, 0.75, 1].map((t) => ({ at: point(t), wide: wide * (1 - 0.7 * t) })),
    paint,
    6,
  );
  const twigs = randomOf(look.seed);
  for (let i = 0; i < 6; i += 1) {
    const from = point(twigs.range(0.25, 0.95));
    const out = unit(
      addScaled(addScaled(scale(r, twigs.pick([-1, 1])), f, twigs.range(-0.2, 1)), UP, twigs.range(-0.1, 0.7)),
    );
    limb(mesh, from, addScaled(from, out, s * twigs.range(0.1, 0.3)), wide * 0.4, wide * 0.12, paint, 4);
  }
}

/** A flat carpet with a ragged rim, slightly above the water so that it is seen. */
function addMat(mesh: Mesh, look: DebrisLook, p: Vec3, f: Vec3, r: Vec3, paint: Paint): void {
  const spokes = 22;
  const rings = [0, 0.4, 0.75, 1];
  const first = mesh.vertexCount;
  const start = (look.seed % 97) / 97;
  for (const ring of rings) {
    for (let k = 0; k <= spokes; k += 1) {
      const a = ((k % spokes) / spokes) * Math.PI * 2;
      const rim = 1 + 0.35 * wave(Math.cos(a) * 1.6 + 3, look.seed) + 0.25 * wave(Math.sin(a) * 3 + 8, look.seed + 1);
      const x = Math.cos(a) * ring * rim * look.sizeM * 0.5;
      const z = Math.sin(a) * ring * rim * look.sizeM * 0.5 * (0.35 + look.squash * 0.6);
      const q = addScaled(addScaled(addScaled(p, f, x), r, z), UP, 0.025);
      mesh.vertex(q, UP, start + x * 0.45, start + z * 0.45, paint);
    }
  }
  mesh.skin(first, rings.length, spokes + 1);
}

function addChips(mesh: Mesh, look: DebrisLook, p: Vec3, f: Vec3, r: Vec3, id: number, count: number): void {
  const chance = randomOf(look.seed, "chips");
  for (let i = 0; i < count; i += 1) {
    const a = chance.range(0, 6.28);
    const d = Math.sqrt(chance.next()) * look.sizeM * 0.42;
    const at = addScaled(
      addScaled(addScaled(p, f, Math.cos(a) * d), r, Math.sin(a) * d * (0.35 + look.squash * 0.6)),
      UP,
      0.03,
    );
    const k = chance.range(0.03, 0.13) * Math.min(1.5, 0.6 + look.sizeM * 0.3);
    const turn = heading(chance.range(0, 6.28));
    const colour = chance.chance(0.4) ? look.second : chance.chance(0.4) ? ([0.85, 0.85, 0.82] as const) : look.colour;
    blob(
      mesh,
      at,
      [scale(turn, k), scale(UP, k * 0.4), scale(rightOf(turn), k * chance.range(0.2, 0.8))],
      { colour, id },
      4,
    );
  }
}
