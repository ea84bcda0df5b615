/** Single pictures for training: a random moment in a random place, with hard negatives and unreal worlds among them. */
import { cameraOf, type CameraAim } from "./camera.ts";
import { Cast } from "./cast.ts";
import { finishOf, type Finish } from "./finish.ts";
import { CONDITIONS, lensOf, lightOf, waterOf, type Condition, type Light } from "./light.ts";
import type { Mesh } from "./mesh.ts";
import type { Settings, View } from "./picture.ts";
import { rainStrands } from "./rain.ts";
import { randomOf, type Random } from "./random.ts";
import type { Strand } from "./rod.ts";
import { fillLand } from "./shot-land.ts";
import { fillWater, scatter } from "./shot-water.ts";
import type { SceneObject } from "./truth.ts";
import { drawVariant, worldSeed, type Split } from "./variants.ts";
import { sub, unit } from "./vector.ts";
import { buildWorld, type World } from "./world.ts";

/** Pictures per world; each world has its own place, textures and set of cameras. */
export const SHOTS_PER_WORLD = 10;

/** A single picture, ready to be drawn. */
export interface Shot {
  readonly view: View;
  readonly moving: Mesh;
  readonly strands: readonly Strand[];
  readonly objects: readonly SceneObject[];
  readonly light: Light;
  readonly water: Settings;
  readonly lens: Settings;
  readonly defocus: number;
  readonly finish: Finish;
  readonly condition: Condition;
  readonly tags: readonly string[];
  readonly variants: readonly string[];
}

/** The world of a number in a set. */
export function setWorld(
  split: Split,
  seed: number,
  number: number,
): { readonly world: World; readonly aim: CameraAim; readonly strange: boolean } {
  const chance = randomOf(...worldSeed(split, seed, number));
  const kind = chance.next();
  const aim: CameraAim = kind < 0.6 ? "shore" : kind < 0.93 ? "water" : "street";
  const strange = chance.chance(0.16);
  return {
    world: buildWorld(split, chance, {
      ...(aim === "street" ? { bank: "street" as const } : {}),
      strange,
      ...(strange ? { trees: 0 } : {}),
    }),
    aim,
    strange,
  };
}

/** Composes picture number `index` of a set in its world. */
export function composeShot(split: Split, seed: number, index: number, place: ReturnType<typeof setWorld>): Shot {
  const chance = randomOf("shot", split, seed, index);
  const { world, aim } = place;
  const cameraVariant = drawVariant("camera", split, randomOf("camera", split, seed, Math.floor(index / 4)));
  const view = clearView(cameraVariant.random, world, aim);
  const look = unit(sub(view.target, view.eye));
  const condition = chance.pick([
    ...CONDITIONS,
    "day",
    "day",
    "day",
    "overcast",
    "overcast",
    "low-sun",
    "night",
  ] as const);
  const glint = chance.chance(0.22);
  const negative = chance.chance(0.3);
  const light = lightOf(condition, chance, { eye: view.eye, look, glint });
  const cast = new Cast(split, chance, world.bank, view);
  const busy = aim === "water" ? 0.35 : 1;
  if (aim !== "water" || chance.chance(0.3)) fillLand(cast, negative, aim, light, busy);
  if (aim !== "street") fillWater(cast, negative, aim);
  if (place.strange || chance.chance(0.1)) scatter(cast);
  const lens = lensOf(cameraVariant.random, light, index % 65521);
  const strands = [...cast.strands, ...rainStrands(view, light.rain, chance)];
  return {
    view, moving: cast.moving, strands, objects: cast.objects, light, condition,
    water: waterOf(drawVariant("water", split, chance).random, light, { glint, foam: chance.chance(0.14) }),
    lens: { ...lens, uMotion: chance.chance(0.12) ? [chance.range(-6, 6), chance.range(-3, 3)] : [0, 0] },
    defocus: chance.chance(0.06) ? 1 : 0,
    finish: finishOf(chance),
    tags: [aim, world.bank.kind, ...(place.strange ? ["strange"] : []), ...(negative ? ["negative"] : []), ...(glint ? ["glint"] : [])],
    variants: [...cast.variants, `camera:${cameraVariant.number}`, ...Object.entries(world.variants).map(([family, n]) => `${family}:${n}`)],
  }; // prettier-ignore
}

/** A camera whose view is not filled by a near tree. */
function clearView(random: Random, world: World, aim: CameraAim): View {
  for (let attempt = 0; ; attempt += 1) {
    const view = cameraOf(random, world.bank, aim, world.wideM);
    const look = unit(sub(view.target, view.eye));
    const blocked = world.treesAt.some((tree) => {
      const to = sub(tree, view.eye);
      const distance = Math.hypot(to[0], to[2]);
      return distance < 5 || (distance < 16 && (to[0] * look[0] + to[2] * look[2]) / distance > 0.97);
    });
    if (!blocked || attempt > 12) return view;
  }
}
