/** Bushes and reeds that the wind moves: what a motion gate and a tracker must not take for anything. */
import { groundAt, shoreAt, type Bank } from "./bank.ts";
import { limb, sheet, type Mesh } from "./mesh.ts";
import type { Random } from "./random.ts";
import { addCard, tint } from "./scenery.ts";
import type { Actor } from "./story.ts";
import { LAYER } from "./textures.ts";
import { add, addScaled, heading, rightOf, scale, unit, UP, type Vec3 } from "./vector.ts";

/** What grows: it stands still but for the wind. */
export type Plant = Extract<Actor, { kind: "tree" | "bush" | "reeds" }>;
/** Whether an actor is one. */
export const grows = (actor: Actor): actor is Plant =>
  actor.kind === "tree" || actor.kind === "bush" || actor.kind === "reeds";

/** A bush: stems and clusters of leaves, as wide as it is high or wider. */
export function addBush(mesh: Mesh, at: Vec3, highM: number, colour: Vec3, random: Random): void {
  const wide = highM * random.range(0.4, 0.75);
  for (let i = 0; i < 4; i += 1) {
    const tip = addScaled(addScaled(at, UP, highM * 0.8), heading(random.range(0, 6.28)), wide * 0.5);
    limb(mesh, addScaled(at, UP, -0.1), tip, highM * 0.015, highM * 0.006, { colour: [0.2, 0.16, 0.11] }, 5);
  }
  for (let i = 0; i < 42; i += 1) {
    const out = scale(heading(random.range(0, 6.28)), Math.sqrt(random.next()) * wide);
    const middle = add(add(at, out), scale(UP, highM * random.range(0.12, 0.95)));
    const facing = unit(add(heading(random.range(0, 6.28)), scale(UP, random.range(-0.5, 0.5))));
    const r = scale(rightOf(facing), highM * random.range(0.12, 0.22));
    const u = scale(unit(add(UP, scale(facing, -facing[1]))), highM * random.range(0.1, 0.18));
    const corner = (s: number, t: number): Vec3 => add(middle, add(scale(r, s), scale(u, t)));
    sheet(
      mesh,
      [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)],
      { colour: scale(colour, 0.5 + (0.6 * (middle[1] - at[1])) / highM), layer: LAYER.leaves },
      [1, 1],
      unit(add(out, scale(UP, highM * 0.3))),
    );
  }
}

/** A bed of reeds around a place on the shore, its blades in tufts. */
export function addReeds(
  mesh: Mesh,
  bank: Bank,
  bed: {
    readonly at: readonly [number, number];
    readonly wideM: number;
    readonly highM: number;
    readonly tufts: number;
  },
  colour: Vec3,
  random: Random,
): void {
  for (let i = 0; i < bed.tufts; i += 1) {
    const x = bed.at[0] + random.range(-0.5, 0.5) * bed.wideM;
    const z = shoreAt(bank, x) + bed.at[1] + random.range(-0.35, 0.35) * Math.min(2, bed.wideM);
    const foot: Vec3 = [x, Math.max(-0.1, groundAt(bank, x, z) - 0.05), z];
    const high = bed.highM * random.range(0.6, 1);
    addCard(mesh, foot, high * random.range(0.35, 0.6), high, heading(random.range(-0.9, 0.9)), {
      colour: tint(random, [colour[0] * 1.15, colour[1], colour[2]], 0.35),
      layer: LAYER.reed,
    });
  }
}
