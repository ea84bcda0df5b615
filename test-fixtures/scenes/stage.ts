/** A story made ready: its place, light and lens, which do not change from frame to frame. */
import { groundAt, shoreAt, type Bank } from "./bank.ts";
import { lensOf, lightOf, waterOf, type Light } from "./light.ts";
import type { Mesh } from "./mesh.ts";
import { sheet } from "./mesh.ts";
import type { Settings } from "./picture.ts";
import { randomOf, type Random } from "./random.ts";
import { addTree } from "./scenery.ts";
import type { Story } from "./story.ts";
import { LAYER } from "./textures.ts";
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
  for (const actor of story.actors) {
    if (actor.kind !== "tree") continue;
    addTree(
      world.still,
      onGround(world.bank, actor.at[0], actor.at[1]),
      actor.highM,
      world.green,
      storyVariant("tree", actor.seed),
    );
  }
  if (story.gauge) addGauge(world.still, story.gauge);
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

function addGauge(mesh: Mesh, gauge: NonNullable<Story["gauge"]>): void {
  const [x, z] = gauge.at;
  const y = (cm: number): number => (cm - 100) / 100;
  const corner = (side: number, cm: number): Vec3 => [x + (side * gauge.wideM) / 2, y(cm), z];
  for (let cm = gauge.bottomCm; cm < gauge.topCm; cm += 100) {
    const top = Math.min(gauge.topCm, cm + 100);
    sheet(
      mesh,
      [corner(-1, cm), corner(1, cm), corner(1, top), corner(-1, top)],
      { colour: [0.95, 0.95, 0.95], layer: LAYER.gauge },
      [1, (top - cm) / 100],
      [0, 0.2, -1],
    );
  }
}

/** The point on the ground at a place along the bank, metres inland. */
export function onGround(bank: Bank, x: number, inland: number): Vec3 {
  const z = shoreAt(bank, x) + inland;
  return [x, groundAt(bank, x, z), z];
}

/** The corners of a box on the bank as the picture shows them, 0..1, unclipped. */
export function cornersOf(
  stage: Stage,
  area: { readonly x: readonly [number, number]; readonly inland: readonly [number, number]; readonly highM: number },
): readonly Vec3[] {
  return area.x.flatMap((x) =>
    area.inland.flatMap((inland) =>
      [0, area.highM].map((high): Vec3 => {
        const p = onGround(stage.world.bank, x, inland);
        return [p[0], Math.max(0, p[1]) + high, p[2]];
      }),
    ),
  );
}
