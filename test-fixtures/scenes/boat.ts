/** Boats of many hulls: sampans, rowing boats, rafts, speedboats, trawlers, barges, kayaks, yachts, ferries. */
import type { Mesh } from "./mesh.ts";
import { blob, limb, upright, type Paint } from "./mesh.ts";
import { clothColour } from "./person-look.ts";
import type { Random } from "./random.ts";
import { add, addScaled, heading, rightOf, scale, unit, UP, type Vec3 } from "./vector.ts";

/** The kinds of hull. */
export type BoatKind =
  "sampan" | "rowboat" | "inflatable" | "speedboat" | "trawler" | "barge" | "kayak" | "sail" | "ferry";

/** The measures and colours of a boat, metres. */
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

/** Draws a boat from a variant; woodLayer is the texture layer of planks. */
export function boatLookOf(random: Random, woodLayer: number): BoatLook {
  const kind = random.pick([
    "sampan",
    "sampan",
    "rowboat",
    "inflatable",
    "speedboat",
    "speedboat",
    "trawler",
    "barge",
    "kayak",
    "sail",
    "ferry",
  ] as const);
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
export function addBoat(
  mesh: Mesh,
  look: BoatLook,
  at: Vec3,
  yaw: number,
  roll: number,
  id: number,
): { readonly deck: Vec3; readonly forward: Vec3 } {
  const forward = heading(yaw);
  const right = unit(addScaled(rightOf(forward), UP, roll));
  const place = (f: number, r: number, u: number): Vec3 =>
    addScaled(addScaled(addScaled(at, forward, f * look.lengthM), right, r), UP, u);
  const stations = 11;
  const skin = (paint: Paint, bottom: number, top: number, shrink: number): void => {
    const first = mesh.vertexCount;
    for (let i = 0; i <= stations; i += 1) {
      const t = i / stations;
      const bow = Math.pow(t, look.bowPower);
      const half =
        (look.beamM / 2) *
        Math.sqrt(Math.max(0.002, 1 - bow)) *
        (look.sternWide + (1 - look.sternWide) * Math.min(1, t * 2.5)) *
        shrink;
      const sheer = look.freeboardM * (1 + bow * look.bowRise + (1 - t) * (1 - t) * 0.15);
      for (const [side, level] of [
        [-1, 1],
        [-1, 0.5],
        [-1, 0],
        [1, 0],
        [1, 0.5],
        [1, 1],
      ] as const) {
        const height = bottom + (top * sheer - bottom) * level;
        const wide = half * (0.72 + 0.28 * level);
        mesh.vertex(
          place(t - 0.5, side * wide, height),
          unit(add(scale(right, side), scale(UP, level < 0.1 ? -0.5 : 0.15))),
          t * look.lengthM * 0.4,
          level,
          paint,
        );
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

function addSuperstructure(
  mesh: Mesh,
  look: BoatLook,
  place: (f: number, r: number, u: number) => Vec3,
  yaw: number,
  id: number,
): void {
  const paint: Paint = { colour: look.cabin, id };
  const glass: Paint = { colour: [0.05, 0.07, 0.09], id };
  const cabin = (f: number, longM: number, high: number): void => {
    const wide = look.beamM * 0.68;
    upright(mesh, place(f, 0, look.freeboardM + high / 2 - 0.1), [wide, high, longM], yaw, paint);
    upright(mesh, place(f, 0, look.freeboardM + high * 0.62), [wide * 1.02, high * 0.3, longM * 0.94], yaw, glass);
    upright(mesh, place(f, 0, look.freeboardM + high), [wide * 1.15, 0.08, longM * 1.15], yaw, {
      colour: look.stripe,
      id,
    });
  };
  const mast = (f: number, high: number): void =>
    limb(
      mesh,
      place(f, 0, look.freeboardM),
      place(f, 0, look.freeboardM + high),
      0.05,
      0.03,
      { colour: [0.7, 0.7, 0.7], id },
      5,
    );
  switch (look.kind) {
    case "sampan":
    case "rowboat":
      for (const f of [-0.25, 0.1])
        upright(mesh, place(f, 0, look.freeboardM * 0.7), [look.beamM * 0.85, 0.05, 0.22], yaw, {
          colour: look.inside,
          layer: look.layer,
          id,
        });
      if (look.bowRise > 0.75) cabin(-0.1, look.lengthM * 0.3, 0.9);
      break;
    case "inflatable":
      for (const side of [-1, 1])
        limb(
          mesh,
          place(-0.45, side * look.beamM * 0.42, look.freeboardM * 0.7),
          place(0.3, side * look.beamM * 0.42, look.freeboardM * 0.8),
          look.freeboardM * 0.55,
          look.freeboardM * 0.5,
          { colour: look.hull, id },
        );
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
      blob(
        mesh,
        place(0.05, 0, look.freeboardM * 0.7),
        [scale(rightOf(heading(yaw)), look.beamM * 0.36), scale(UP, 0.9), scale(heading(yaw), look.lengthM * 0.3)],
        { colour: [0.4, 0.35, 0.27], layer: 11, id },
      );
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
