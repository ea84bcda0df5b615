/** Falling rain. */
import type { View } from "./picture.ts";
import type { Random } from "./random.ts";
import type { Strand } from "./rod.ts";
import { addScaled, sub, unit, UP, type Vec3 } from "./vector.ts";

/** Falling rain as short faint streaks in front of the camera. */
export function rainStrands(view: View, amount: number, chance: Random): readonly Strand[] {
  if (amount <= 0) return [];
  const forward = unit(sub(view.target, view.eye));
  const slant = chance.range(-0.25, 0.25);
  return Array.from({ length: Math.round(amount * 420) }, () => {
    const far = chance.range(1.5, 14);
    const wide = (0.6 * far * 960) / view.focalPx;
    const from: Vec3 = addScaled(
      addScaled(addScaled(view.eye, forward, far), unit([-forward[2], 0, forward[0]]), chance.range(-wide, wide)),
      UP,
      chance.range(-wide, wide) * 0.7,
    );
    const long = chance.range(0.1, 0.3) * (0.5 + far * 0.08);
    return {
      points: [from, [from[0] + slant * long, from[1] - long, from[2]]],
      thick: [0.002, 0.002],
      colour: [
        [0.95, 0.95, 1],
        [0.95, 0.95, 1],
      ],
      alpha: chance.range(0.12, 0.4),
      id: 0,
    } as const;
  });
}
