/** Single pictures for training: a random moment in a random place, with hard negatives and unreal worlds among them. */
import { groundAt, shoreAt } from "./bank.ts";
import { cameraOf, type CameraAim } from "./camera.ts";
import { Cast } from "./cast.ts";
import { finishOf, type Finish } from "./finish.ts";
import { BENDS } from "./lens.ts";
import { CONDITIONS, lensOf, lightOf, waterOf, type Condition, type Light } from "./light.ts";
import type { Mesh } from "./mesh.ts";
import type { Settings, View } from "./picture.ts";
import { addBush, addReeds } from "./plants.ts";
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

/** What a set may ask for beyond the usual; the pictures of a set that asks for nothing stay what they were. */
export interface SetWish {
  /** Share of the cameras whose lens bends lines, 0..1. */
  readonly bent: number;
  /** Share of the worlds with more bushes and reeds, leaning in the wind, 0..1. */
  readonly windy: number;
}

/** A world of a set with what its pictures have to know. */
export interface SetWorld {
  readonly world: World;
  readonly aim: CameraAim;
  readonly strange: boolean;
  readonly wish: SetWish;
  /** How far the wind bends the tops of plants, metres. */
  readonly windM: number;
}

/** The world of a number in a set. */
export function setWorld(split: Split, seed: number, number: number, wish: SetWish = { bent: 0, windy: 0 }): SetWorld {
  const chance = randomOf(...worldSeed(split, seed, number));
  const kind = chance.next();
  const aim: CameraAim = kind < 0.6 ? "shore" : kind < 0.93 ? "water" : "street";
  const strange = chance.chance(0.16);
  const world = buildWorld(split, chance, {
    ...(aim === "street" ? { bank: "street" as const } : {}),
    strange,
    ...(strange ? { trees: 0 } : {}),
  });
  const wind = randomOf("wind", ...worldSeed(split, seed, number));
  const windy = aim !== "street" && wind.chance(wish.windy);
  if (windy) plantMore(world, split, wind);
  return { world, aim, strange, wish, windM: windy ? wind.range(0.05, 0.45) : 0 };
}

/** Bushes and reeds along the bank. */
function plantMore({ still, bank, green }: World, split: Split, wind: Random): void {
  const plant = drawVariant("tree", split, wind).random;
  for (let i = wind.int(1, 7); i > 0; i -= 1) {
    const x = wind.range(-14, 14);
    if (wind.chance(0.5)) {
      const z = shoreAt(bank, x) + wind.range(0.2, 7);
      addBush(still, [x, groundAt(bank, x, z), z], wind.range(0.4, 2.6), green, plant);
      continue;
    }
    const bed = { at: [x, wind.range(-0.8, 0.8)] as const, wideM: wind.range(1, 8), highM: wind.range(0.6, 2.4) };
    addReeds(still, bank, { ...bed, tufts: wind.int(8, 90) }, green, plant);
  }
}

/** Composes picture number `index` of a set in its world. */
export function composeShot(split: Split, seed: number, index: number, place: SetWorld): Shot {
  const chance = randomOf("shot", split, seed, index);
  const { world, aim } = place;
  const cameraVariant = drawVariant("camera", split, randomOf("camera", split, seed, Math.floor(index / 4)));
  const straight = clearView(cameraVariant.random, world, aim);
  const view = { ...straight, bend: bendOf(cameraVariant.number, place.wish.bent) };
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
  const still = lightOf(condition, chance, { eye: view.eye, look, glint });
  const light = { ...still, air: { ...still.air, uWind: place.windM } };
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

/** The lens of a camera variant: straight, or in this share of the variants mostly a barrel. */
function bendOf(camera: number, share: number): number {
  const lens = randomOf("bend", camera);
  if (!lens.chance(share)) return 0;
  return lens.chance(0.8) ? lens.range(0.05, BENDS[1]) : lens.range(BENDS[0], -0.04);
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
