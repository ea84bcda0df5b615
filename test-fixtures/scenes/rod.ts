/** Fishing rods: thin bent strands of pole and line. */
import { clothColour } from "./person-look.ts";
import type { Random } from "./random.ts";
import { addScaled, mix, unit, UP, type Vec3 } from "./vector.ts";

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

/** Draws a rod from a variant: 2.5 to 5.2 m long, 1.4 to 3.2 cm thick at the butt. */
export function rodLookOf(random: Random): RodLook {
  const dark = random.chance(0.6);
  const grey = dark ? random.range(0.01, 0.1) : random.range(0.3, 0.9);
  return {
    lengthM: random.range(2.5, 5.2),
    thickM: random.range(0.014, 0.032),
    bend: random.range(0.01, 0.13),
    colour: random.chance(0.25)
      ? clothColour(random)
      : [grey, grey * random.range(0.8, 1), grey * random.range(0.6, 1)],
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
    {
      points: [butt, grip],
      thick: [look.thickM * 1.6, look.thickM * 1.4],
      colour: [look.gripColour, look.gripColour],
      alpha: 1,
      id,
    },
    {
      points: [tip, mix(tip, float, 0.5), float],
      thick: [0.001, 0.001],
      colour: [
        [0.7, 0.7, 0.7],
        [0.7, 0.7, 0.7],
      ],
      alpha: 0.22,
      id: 0,
    },
  ];
}
