/** A story made ready: its place, light and lens, which do not change from frame to frame. */
import { groundAt, shoreAt, type Bank } from "./bank.ts";
import { addGauge } from "./gauge-board.ts";
import { lensOf, lightOf, waterOf, type Light } from "./light.ts";
import type { Settings } from "./picture.ts";
import { addBush, addReeds, grows, type Plant } from "./plants.ts";
import { randomOf, type Random } from "./random.ts";
import { addTree } from "./scenery.ts";
import type { Story } from "./story.ts";
import { variantOf, variantRange, type Family, type Split } from "./variants.ts";
import { sub, unit, type Vec3 } from "./vector.ts";
import { buildWorld, type World } from "./world.ts";

/** A story made ready: the parts that do not change from frame to frame. */
export interface Stage {
  readonly split: Split;
  readonly story: Story;
  readonly world: World;
  readonly light: Light;
  readonly water: Settings;
  readonly lens: Settings;
}

/** The variant of a family that a seed stands for in a split. */
export function variantFor(split: Split, family: Family, seed: number): Random {
  const [first, end] = variantRange(split);
  return variantOf(family, first + (seed % (end - first))).random;
}

/** Builds the place of a story; quiet footage takes its variants from the test split instead. */
export function stageOf(story: Story, split: Split = "story"): Stage {
  const storyVariant = (family: Family, seed: number): Random => variantFor(split, family, seed);
  const chance = randomOf("world", split, story.place.seed);
  const world = buildWorld(split, chance, {
    bank: story.place.bank,
    wideM: story.place.wideM,
    railing: story.place.railing,
    trees: story.place.trees,
  });
  for (const actor of story.actors.filter(grows)) addPlant(world, actor, storyVariant("tree", actor.seed));
  if (story.gauge) addGauge(world.still, story.gauge, story.camera.eye);
  const look = unit(sub(story.camera.target, story.camera.eye));
  const drawn = lightOf(story.light.condition, storyVariant("light", story.light.seed), {
    eye: story.camera.eye,
    look,
    glint: story.light.glint,
  });
  const light = { ...drawn, rain: story.light.rain ?? drawn.rain };
  const air = {
    ...drawn.air,
    uTime: 0,
    uWind: story.windM,
    ...(story.light.exposure === undefined ? {} : { uExposure: story.light.exposure }),
    ...(story.light.fog === undefined ? {} : { uFog: story.light.fog }),
  };
  const w = story.water;
  const water = {
    ...waterOf(storyVariant("water", w.seed), light, { glint: story.light.glint, foam: false }),
    uFoam: w.foam, ...(w.ripple === undefined ? {} : { uRipple: w.ripple }), ...(w.flowMps ? { uFlow: w.flowMps } : {}), ...(w.weir ? { uWeir: [w.weir[0], w.weir[1], 1, 0.8] } : {}),
  }; // prettier-ignore
  return {
    split,
    story,
    world,
    light: { ...light, air },
    water,
    lens: lensOf(storyVariant("camera", story.camera.seed), drawn, 0),
  };
}

function addPlant({ still, bank, green }: World, plant: Plant, random: Random): void {
  const at = onGround(bank, plant.at[0], plant.at[1]);
  if (plant.kind === "tree") addTree(still, at, plant.highM, green, random);
  else if (plant.kind === "bush") addBush(still, at, plant.highM, green, random);
  else addReeds(still, bank, plant, green, random);
}

/** The point on the ground at a place along the bank, metres inland. */
export function onGround(bank: Bank, x: number, inland: number): Vec3 {
  const z = shoreAt(bank, x) + inland;
  return [x, groundAt(bank, x, z), z];
}

/** Points of a box on the bank, close enough together that what lies behind the camera leaves no gap. */
export function surfaceOf(
  stage: Stage,
  area: { readonly x: readonly [number, number]; readonly inland: readonly [number, number]; readonly highM: number },
): readonly Vec3[] {
  const steps = Array.from({ length: 13 }, (_, i) => i / 12);
  const along = ([from, to]: readonly [number, number], s: number): number => from + (to - from) * s;
  return steps.flatMap((a) =>
    steps.flatMap((b) =>
      [0, area.highM].map((high): Vec3 => {
        const p = onGround(stage.world.bank, along(area.x, a), along(area.inland, b));
        return [p[0], Math.max(0, p[1]) + high, p[2]];
      }),
    ),
  );
}
