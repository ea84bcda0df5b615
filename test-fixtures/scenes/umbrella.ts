/** Umbrellas, carried or stuck into the ground. */
import type { Mesh } from "./mesh.ts";
import { limb, type Paint } from "./mesh.ts";
import { clothColour } from "./person-look.ts";
import type { Random } from "./random.ts";
import { add, addScaled, cross, scale, unit, UP, type Vec3 } from "./vector.ts";

/** Radius in metres, depth as a share of it, and the colours of its panels. */
export interface UmbrellaLook {
  readonly radiusM: number;
  readonly depth: number;
  readonly colours: readonly [Vec3, Vec3];
}

/** Draws an umbrella from a variant: a big one for a seat, or a walker's. */
export function umbrellaLookOf(random: Random, big: boolean): UmbrellaLook {
  const first = clothColour(random);
  return {
    radiusM: big ? random.range(0.85, 1.4) : random.range(0.45, 0.62),
    depth: random.range(0.22, 0.5),
    colours: [first, random.chance(0.35) ? clothColour(random) : first],
  };
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
        const p = addScaled(
          addScaled(apex, out, ring * sag * look.radiusM),
          axis,
          -ring * ring * look.depth * look.radiusM,
        );
        mesh.vertex(p, unit(addScaled(axis, out, ring * 0.8)), ring, k, paint);
      }
    }
    mesh.skin(first, rings.length, 3);
  }
}
