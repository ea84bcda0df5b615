/** Chairs, buckets and buoys: small things that belong to no class, and lumps. */
import type { Mesh } from "./mesh.ts";
import { ball, box, limb, tube } from "./mesh.ts";
import { wave, type Random } from "./random.ts";
import { addScaled, heading, rightOf, scale, UP, type Vec3 } from "./vector.ts";

/** Small things that give a bank its life and belong to no class. */
export function addChair(mesh: Mesh, at: Vec3, yaw: number, colour: Vec3): void {
  const f = heading(yaw);
  const r = rightOf(f);
  const seat = addScaled(at, UP, 0.4);
  box(mesh, seat, [scale(r, 0.22), scale(UP, 0.02), scale(f, 0.2)], { colour });
  box(mesh, addScaled(addScaled(seat, f, -0.22), UP, 0.22), [scale(r, 0.22), scale(UP, 0.22), scale(f, 0.02)], {
    colour,
  });
  for (const [a, b] of [
    [-1, -1],
    [-1, 1],
    [1, -1],
    [1, 1],
  ] as const) {
    const top = addScaled(addScaled(seat, r, a * 0.19), f, b * 0.17);
    limb(mesh, top, [top[0], at[1], top[2]], 0.014, 0.014, { colour: [0.3, 0.3, 0.3] }, 4);
  }
}

/** A bucket, open above. */
export function addBucket(mesh: Mesh, at: Vec3, colour: Vec3): void {
  tube(
    mesh,
    [
      { at, wide: 0.11 },
      { at: addScaled(at, UP, 0.28), wide: 0.15 },
    ],
    { colour },
    9,
  );
  tube(
    mesh,
    [
      { at: addScaled(at, UP, 0.27), wide: 0.145 },
      { at: addScaled(at, UP, 0.2), wide: 0.01 },
    ],
    { colour: scale(colour, 0.3) },
    9,
  );
}

/** A buoy that bobs with its phase. */
export function addBuoy(mesh: Mesh, at: Vec3, random: Random, phase: number): void {
  const colour: Vec3 = random.chance(0.5)
    ? [0.85, 0.25, 0.05]
    : random.chance(0.5)
      ? [0.8, 0.75, 0.1]
      : [0.75, 0.75, 0.75];
  const r = random.range(0.12, 0.45);
  const bob = addScaled(at, UP, r * 0.3 + 0.03 * Math.sin(phase));
  ball(mesh, bob, [r, r * random.range(0.7, 1.2), r], { colour }, 6);
  if (random.chance(0.4)) limb(mesh, bob, addScaled(bob, UP, r * 4), r * 0.25, r * 0.12, { colour }, 5);
}

/** A lump whose surface is never twice the same. */
export function lump(seed: number, rough: number): (n: Vec3) => number {
  return (n) =>
    1 + rough * (wave(n[0] * 2.1 + n[1] * 1.7 + 9, seed) + 0.6 * wave(n[2] * 3.3 - n[1] * 2.3 + 5, seed + 7));
}
