/** What lies and floats about: rods, umbrellas, boats, birds, debris, buckets, chairs, buoys. */
import { ball, blob, box, limb, tube, upright, type Mesh, type Paint } from "./mesh.ts";
import { wave, type Random } from "./random.ts";
import { add, addScaled, cross, heading, mix, rightOf, scale, sub, unit, UP, type Vec3 } from "./vector.ts";
import { clothColour } from "./person.ts";

/** A thin bent line that the renderer turns into a ribbon facing the camera. */
export interface Strand {
  readonly points: readonly Vec3[];
  /** Thickness in metres at the first and the last point. */
  readonly thick: readonly [number, number];
  readonly colour: readonly [Vec3, Vec3];
  readonly alpha: number;
  readonly id: number;
}

/** The measures of a rod. */
export interface RodLook {
  readonly lengthM: number;
  readonly thickM: number;
  readonly bend: number;
  readonly colour: Vec3;
  readonly gripColour: Vec3;
  readonly alpha: number;
}

export function rodLookOf(random: Random): RodLook {
  const dark = random.chance(0.6);
  const grey = dark ? random.range(0.01, 0.1) : random.range(0.3, 0.9);
  return {
    lengthM: random.range(2.5, 5.2),
    thickM: random.range(0.014, 0.032),
    bend: random.range(0.01, 0.13),
    colour: random.chance(0.25) ? clothColour(random) : [grey, grey * random.range(0.8, 1), grey * random.range(0.6, 1)],
    gripColour: random.chance(0.5) ? [0.05, 0.05, 0.05] : clothColour(random),
    alpha: random.range(0.75, 1),
  };
}

/** A rod from its butt along a direction, bent by its own weight; gives the strands of pole and line. */
export function rodStrands(look: RodLook, butt: Vec3, direction: Vec3, waterY: number, id: number): readonly Strand[] {
  const points: Vec3[] = [];
  for (let i = 0; i <= 10; i += 1) {
    const s = i / 10;
    points.push(addScaled(addScaled(butt, direction, s * look.lengthM), UP, -look.bend * look.lengthM * s * s));
  }
  const tip = points[10] ?? butt;
  const out = unit([direction[0], 0, direction[2]]);
  const float: Vec3 = addScaled([tip[0], waterY, tip[2]], out, 0.3 + Math.max(0, tip[1] - waterY) * 0.25);
  const grip = mix(butt, points[1] ?? butt, 1);
  return [
    { points, thick: [look.thickM, look.thickM * 0.18], colour: [look.colour, look.colour], alpha: look.alpha, id },
    { points: [butt, grip], thick: [look.thickM * 1.6, look.thickM * 1.4], colour: [look.gripColour, look.gripColour], alpha: 1, id },
    { points: [tip, mix(tip, float, 0.5), float], thick: [0.001, 0.001], colour: [[0.7, 0.7, 0.7], [0.7, 0.7, 0.7]], alpha: 0.22, id: 0 },
  ];
}

export interface UmbrellaLook {
  readonly radiusM: number;
  readonly depth: number;
  readonly colours: readonly [Vec3, Vec3];
}

export function umbrellaLookOf(random: Random, big: boolean): UmbrellaLook {
  const first = clothColour(random);
  return { radiusM: big ? random.range(0.85, 1.4) : random.range(0.45, 0.62), depth: random.range(0.22, 0.5), colours: [first, random.chance(0.35) ? clothColour(random) : first] };
}

/** An open umbrella: panels over a shaft that leans along `lean`. */
export function addUmbrella(mesh: Mesh, look: UmbrellaLook, foot: Vec3, shaftM: number, lean: Vec3, id: number): void {
  const axis = unit(add(UP, lean));
  const across = unit(cross(axis, [0.3, 0, 1]));
  const other = cross(axis, across);
  const apex = addScaled(foot, axis, shaftM);
  limb(mesh, foot, apex, 0.011, 0.009, { colour: [0.2, 0.2, 0.22], id }, 5);
  const rings = [0.02, 0.5, 0.85, 1];
  for (let panel = 0; panel < 8; panel += 1) {
    const paint: Paint = { colour: look.colours[panel % 2] ?? look.colours[0], id };
    const first = mesh.vertexCount;
    for (const ring of rings) {
      for (const k of [0, 0.5, 1]) {
        const a = ((panel + k) / 8) * Math.PI * 2;
        const sag = k === 0.5 ? 0.96 : 1;
        const out = add(scale(across, Math.cos(a)), scale(other, Math.sin(a)));
        const p = addScaled(addScaled(apex, out, ring * sag * look.radiusM), axis, -ring * ring * look.depth * look.radiusM);
        mesh.vertex(p, unit(addScaled(axis, out, ring * 0.8)), ring, k, paint);
      }
    }
    mesh.skin(first, rings.length, 3);
  }
}

export type BoatKind = "sampan" | "rowboat" | "inflatable" | "speedboat" | "trawler" | "barge" | "kayak" | "sail" | "ferry";

export interface BoatLook {
  readonly kind: BoatKind;
  readonly lengthM: number;
  readonly beamM: number;
  readonly freeboardM: number;
  readonly bowRise: number;
  readonly bowPower: number;
  readonly sternWide: number;
  readonly hull: Vec3;
  readonly stripe: Vec3;
  readonly inside: Vec3;
  readonly cabin: Vec3;
  readonly layer: number;
}

const BOAT_SIZES: Readonly<Record<BoatKind, readonly [number, number, number, number]>> = {
  sampan: [4, 9, 0.2, 0.4], rowboat: [2.6, 4.5, 0.35, 0.45], inflatable: [2.2, 4.2, 0.42, 0.35], speedboat: [4.5, 8, 0.33, 0.7],
  trawler: [7, 14, 0.28, 1], barge: [10, 24, 0.24, 0.8], kayak: [2.8, 4.5, 0.18, 0.22], sail: [5, 10, 0.28, 0.7], ferry: [9, 20, 0.25, 0.9],
}; // prettier-ignore

export function boatLookOf(random: Random, woodLayer: number): BoatLook {
  const kind = random.pick(["sampan", "sampan", "rowboat", "inflatable", "speedboat", "speedboat", "trawler", "barge", "kayak", "sail", "ferry"] as const);
  const [short, long, slim, freeboard] = BOAT_SIZES[kind];
  const lengthM = random.range(short, long);
  const wood = (kind === "sampan" || kind === "rowboat") && random.chance(0.6);
  return {
    kind, lengthM, beamM: lengthM * slim * random.range(0.85, 1.15), freeboardM: freeboard * random.range(0.8, 1.3),
    bowRise: random.range(0.2, 1.1), bowPower: random.range(1.6, 3.2), sternWide: random.range(0.55, 0.95),
    hull: wood ? [0.3, 0.2, 0.12] : random.chance(0.4) ? [0.85, 0.86, 0.86] : clothColour(random),
    stripe: clothColour(random), inside: wood ? [0.25, 0.17, 0.1] : random.chance(0.5) ? [0.5, 0.52, 0.52] : clothColour(random),
    cabin: random.chance(0.6) ? [0.85, 0.85, 0.83] : clothColour(random), layer: wood ? woodLayer : 0,
  }; // prettier-ignore
}

/** A boat on the water at a heading; `roll` rocks it. Gives the deck's height for whoever stands in it. */
export function addBoat(mesh: Mesh, look: BoatLook, at: Vec3, yaw: number, roll: number, id: number): { readonly deck: Vec3; readonly forward: Vec3 } {
  const forward = heading(yaw);
  const right = unit(addScaled(rightOf(forward), UP, roll));
  const place = (f: number, r: number, u: number): Vec3 => addScaled(addScaled(addScaled(at, forward, f * look.lengthM), right, r), UP, u);
  const stations = 11;
  const skin = (paint: Paint, bottom: number, top: number, shrink: number): void => {
    const first = mesh.vertexCount;
    for (let i = 0; i <= stations; i += 1) {
      const t = i / stations;
      const bow = Math.pow(t, look.bowPower);
      const half = (look.beamM / 2) * Math.sqrt(Math.max(0.002, 1 - bow)) * (look.sternWide + (1 - look.sternWide) * Math.min(1, t * 2.5)) * shrink;
      const sheer = look.freeboardM * (1 + bow * look.bowRise + (1 - t) * (1 - t) * 0.15);
      for (const [side, level] of [[-1, 1], [-1, 0.5], [-1, 0], [1, 0], [1, 0.5], [1, 1]] as const) {
        const height = bottom + (top * sheer - bottom) * level;
        const wide = half * (0.72 + 0.28 * level);
        mesh.vertex(place(t - 0.5, side * wide, height), unit(add(scale(right, side), scale(UP, level < 0.1 ? -0.5 : 0.15))), t * look.lengthM * 0.4, level, paint);
      }
    }
    mesh.skin(first, stations + 1, 6);
  };
  skin({ colour: look.hull, layer: look.layer, id }, -0.25, 1, 1);
  skin({ colour: look.stripe, id }, look.freeboardM * 0.72, 1.02, 1.035);
  skin({ colour: look.inside, layer: look.layer, id }, look.freeboardM * 0.2, 0.99, 0.9);
  addSuperstructure(mesh, look, place, yaw, id);
  return { deck: place(0, 0, look.freeboardM * 0.25), forward };
}

function addSuperstructure(mesh: Mesh, look: BoatLook, place: (f: number, r: number, u: number) => Vec3, yaw: number, id: number): void {
  const paint: Paint = { colour: look.cabin, id };
  const glass: Paint = { colour: [0.05, 0.07, 0.09], id };
  const cabin = (f: number, longM: number, high: number): void => {
    const wide = look.beamM * 0.68;
    upright(mesh, place(f, 0, look.freeboardM + high / 2 - 0.1), [wide, high, longM], yaw, paint);
    upright(mesh, place(f, 0, look.freeboardM + high * 0.62), [wide * 1.02, high * 0.3, longM * 0.94], yaw, glass);
    upright(mesh, place(f, 0, look.freeboardM + high), [wide * 1.15, 0.08, longM * 1.15], yaw, { colour: look.stripe, id });
  };
  const mast = (f: number, high: number): void => limb(mesh, place(f, 0, look.freeboardM), place(f, 0, look.freeboardM + high), 0.05, 0.03, { colour: [0.7, 0.7, 0.7], id }, 5);
  switch (look.kind) {
    case "sampan":
    case "rowboat":
      for (const f of [-0.25, 0.1]) upright(mesh, place(f, 0, look.freeboardM * 0.7), [look.beamM * 0.85, 0.05, 0.22], yaw, { colour: look.inside, layer: look.layer, id });
      if (look.bowRise > 0.75) cabin(-0.1, look.lengthM * 0.3, 0.9);
      break;
    case "inflatable":
      for (const side of [-1, 1]) limb(mesh, place(-0.45, side * look.beamM * 0.42, look.freeboardM * 0.7), place(0.3, side * look.beamM * 0.42, look.freeboardM * 0.8), look.freeboardM * 0.55, look.freeboardM * 0.5, { colour: look.hull, id });
      break;
    case "speedboat":
      cabin(0.05, look.lengthM * 0.22, 0.75);
      upright(mesh, place(-0.52, 0, look.freeboardM * 0.8), [0.35, 0.7, 0.35], yaw, { colour: [0.08, 0.08, 0.09], id });
      break;
    case "trawler":
      cabin(-0.2, look.lengthM * 0.25, 1.9);
      mast(0.05, 3.2);
      break;
    case "ferry":
      cabin(-0.05, look.lengthM * 0.7, 2);
      break;
    case "barge":
      cabin(-0.4, look.lengthM * 0.12, 2.2);
      blob(mesh, place(0.05, 0, look.freeboardM * 0.7), [scale(rightOf(heading(yaw)), look.beamM * 0.36), scale(UP, 0.9), scale(heading(yaw), look.lengthM * 0.3)], { colour: [0.4, 0.35, 0.27], layer: 11, id });
      break;
    case "sail":
      cabin(0, look.lengthM * 0.25, 0.6);
      mast(0.08, look.lengthM * 1.1);
      break;
    case "kayak":
      break;
    default:
      look.kind satisfies never;
  }
}

export interface BirdLook {
  readonly sizeM: number;
  readonly body: Vec3;
  readonly wing: Vec3;
  readonly neck: number;
}

export function birdLookOf(random: Random): BirdLook {
  const white = random.chance(0.45);
  const v = white ? random.range(0.7, 0.95) : random.range(0.03, 0.35);
  return { sizeM: random.range(0.3, 0.75), body: [v, v * random.range(0.85, 1), v * random.range(0.7, 1)], wing: random.chance(0.5) ? [v * 0.5, v * 0.5, v * 0.5] : [v, v, v], neck: random.range(0.1, 0.75) };
}

/** A bird in the air (flap 0..1 within a beat) or, with flap null, sitting on water or ground. */
export function addBird(mesh: Mesh, look: BirdLook, at: Vec3, yaw: number, flap: number | null, id: number): void {
  const f = heading(yaw);
  const r = rightOf(f);
  const s = look.sizeM;
  const paint: Paint = { colour: look.body, id };
  const body = flap === null ? addScaled(at, UP, 0.1 * s) : at;
  blob(mesh, body, [scale(r, 0.17 * s), scale(UP, 0.15 * s), scale(unit(addScaled(f, UP, flap === null ? 0.15 : 0)), 0.42 * s)], paint, 5);
  const headAt = addScaled(addScaled(body, f, (0.4 + look.neck * (flap === null ? 0.1 : 0.4)) * s), UP, (flap === null ? 0.2 + look.neck * 0.5 : 0.06) * s);
  limb(mesh, addScaled(body, f, 0.3 * s), headAt, 0.07 * s, 0.05 * s, paint, 5);
  ball(mesh, headAt, [0.075 * s, 0.075 * s, 0.09 * s], { colour: look.wing, id }, 4);
  limb(mesh, headAt, addScaled(headAt, f, 0.17 * s), 0.03 * s, 0.012 * s, { colour: [0.7, 0.5, 0.15], id }, 4);
  if (flap === null) {
    for (const side of [-1, 1]) blob(mesh, addScaled(addScaled(body, r, side * 0.12 * s), UP, 0.05 * s), [scale(r, 0.06 * s), scale(UP, 0.09 * s), scale(f, 0.36 * s)], { colour: look.wing, id }, 4);
    return;
  }
  const lift = Math.sin(flap * Math.PI * 2);
  for (const side of [-1, 1]) {
    const mid = addScaled(addScaled(body, r, side * 0.45 * s), UP, lift * 0.3 * s);
    const tip = addScaled(addScaled(addScaled(mid, r, side * 0.5 * s), UP, lift * 0.12 * s - 0.05 * s), f, -0.15 * s);
    tube(mesh, [{ at: body, wide: 0.02 * s, deep: 0.2 * s }, { at: mid, wide: 0.02 * s, deep: 0.17 * s }, { at: tip, wide: 0.01 * s, deep: 0.04 * s }], { colour: look.wing, id }, 6, UP);
  }
}

/** Small things that give a bank its life and belong to no class. */
export function addChair(mesh: Mesh, at: Vec3, yaw: number, colour: Vec3): void {
  const f = heading(yaw);
  const r = rightOf(f);
  const seat = addScaled(at, UP, 0.4);
  box(mesh, seat, [scale(r, 0.22), scale(UP, 0.02), scale(f, 0.2)], { colour });
  box(mesh, addScaled(addScaled(seat, f, -0.22), UP, 0.22), [scale(r, 0.22), scale(UP, 0.22), scale(f, 0.02)], { colour });
  for (const [a, b] of [[-1, -1], [-1, 1], [1, -1], [1, 1]] as const) {
    const top = addScaled(addScaled(seat, r, a * 0.19), f, b * 0.17);
    limb(mesh, top, [top[0], at[1], top[2]], 0.014, 0.014, { colour: [0.3, 0.3, 0.3] }, 4);
  }
}

export function addBucket(mesh: Mesh, at: Vec3, colour: Vec3): void {
  tube(mesh, [{ at, wide: 0.11 }, { at: addScaled(at, UP, 0.28), wide: 0.15 }], { colour }, 9);
  tube(mesh, [{ at: addScaled(at, UP, 0.27), wide: 0.145 }, { at: addScaled(at, UP, 0.2), wide: 0.01 }], { colour: scale(colour, 0.3) }, 9);
}

export function addBuoy(mesh: Mesh, at: Vec3, random: Random, phase: number): void {
  const colour: Vec3 = random.chance(0.5) ? [0.85, 0.25, 0.05] : random.chance(0.5) ? [0.8, 0.75, 0.1] : [0.75, 0.75, 0.75];
  const r = random.range(0.12, 0.45);
  const bob = addScaled(at, UP, r * 0.3 + 0.03 * Math.sin(phase));
  ball(mesh, bob, [r, r * random.range(0.7, 1.2), r], { colour }, 6);
  if (random.chance(0.4)) limb(mesh, bob, addScaled(bob, UP, r * 4), r * 0.25, r * 0.12, { colour }, 5);
}

/** A lump whose surface is never twice the same. */
export function lump(seed: number, rough: number): (n: Vec3) => number {
  return (n) => 1 + rough * (wave(n[0] * 2.1 + n[1] * 1.7 + 9, seed) + 0.6 * wave(n[2] * 3.3 - n[1] * 2.3 + 5, seed + 7));
}

/** The far end of a direction at a distance: a shorthand for things laid out along a line. */
export const along = (from: Vec3, to: Vec3, t: number): Vec3 => addScaled(from, sub(to, from), t);
