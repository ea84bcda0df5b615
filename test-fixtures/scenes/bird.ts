/** Birds in the air and on the water. */
import type { Mesh } from "./mesh.ts";
import { ball, blob, limb, tube, type Paint } from "./mesh.ts";
import type { Random } from "./random.ts";
import { addScaled, heading, rightOf, scale, unit, UP, type Vec3 } from "./vector.ts";

/** The size, colours and neck of a bird; neck 0..1, short to long. */
export interface BirdLook {
  readonly sizeM: number;
  readonly body: Vec3;
  readonly wing: Vec3;
  readonly neck: number;
}

/** Draws a bird from a variant. */
export function birdLookOf(random: Random): BirdLook {
  const white = random.chance(0.45);
  const v = white ? random.range(0.7, 0.95) : random.range(0.03, 0.35);
  return {
    sizeM: random.range(0.3, 0.75),
    body: [v, v * random.range(0.85, 1), v * random.range(0.7, 1)],
    wing: random.chance(0.5) ? [v * 0.5, v * 0.5, v * 0.5] : [v, v, v],
    neck: random.range(0.1, 0.75),
  };
}

/** A bird in the air (flap 0..1 within a beat) or, with flap null, sitting on water or ground. */
export function addBird(mesh: Mesh, look: BirdLook, at: Vec3, yaw: number, flap: number | null, id: number): void {
  const f = heading(yaw);
  const r = rightOf(f);
  const s = look.sizeM;
  const paint: Paint = { colour: look.body, id };
  const body = flap === null ? addScaled(at, UP, 0.1 * s) : at;
  blob(
    mesh,
    body,
    [scale(r, 0.17 * s), scale(UP, 0.15 * s), scale(unit(addScaled(f, UP, flap === null ? 0.15 : 0)), 0.42 * s)],
    paint,
    5,
  );
  const headAt = addScaled(
    addScaled(body, f, (0.4 + look.neck * (flap === null ? 0.1 : 0.4)) * s),
    UP,
    (flap === null ? 0.2 + look.neck * 0.5 : 0.06) * s,
  );
  limb(mesh, addScaled(body, f, 0.3 * s), headAt, 0.07 * s, 0.05 * s, paint, 5);
  ball(mesh, headAt, [0.075 * s, 0.075 * s, 0.09 * s], { colour: look.wing, id }, 4);
  limb(mesh, headAt, addScaled(headAt, f, 0.17 * s), 0.03 * s, 0.012 * s, { colour: [0.7, 0.5, 0.15], id }, 4);
  if (flap === null) {
    for (const side of [-1, 1])
      blob(
        mesh,
        addScaled(addScaled(body, r, side * 0.12 * s), UP, 0.05 * s),
        [scale(r, 0.06 * s), scale(UP, 0.09 * s), scale(f, 0.36 * s)],
        { colour: look.wing, id },
        4,
      );
    return;
  }
  const lift = Math.sin(flap * Math.PI * 2);
  for (const side of [-1, 1]) {
    const mid = addScaled(addScaled(body, r, side * 0.45 * s), UP, lift * 0.3 * s);
    const tip = addScaled(addScaled(addScaled(mid, r, side * 0.5 * s), UP, lift * 0.12 * s - 0.05 * s), f, -0.15 * s);
    tube(
      mesh,
      [
        { at: body, wide: 0.02 * s, deep: 0.2 * s },
        { at: mid, wide: 0.02 * s, deep: 0.17 * s },
        { at: tip, wide: 0.01 * s, deep: 0.04 * s },
      ],
      { colour: look.wing, id },
      6,
      UP,
    );
  }
}
