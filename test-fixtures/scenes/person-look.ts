/** What people wear: builds, clothes, hats and bags, drawn from a variant. */
import type { Paint } from "./mesh.ts";
import type { Random } from "./random.ts";
import type { Vec3 } from "./vector.ts";

/** How somebody is built and dressed. */
export interface PersonLook {
  readonly heightM: number;
  readonly girth: number;
  readonly skin: Vec3;
  readonly hair: Vec3;
  readonly top: Paint;
  readonly bottom: Paint;
  readonly shoes: Vec3;
  readonly hat: "none" | "cap" | "straw" | "helmet" | "hood" | "bucket";
  readonly hatColour: Vec3;
  readonly coat: "none" | "long" | "poncho" | "skirt" | "vest";
  readonly bag: "none" | "backpack" | "shoulder";
  readonly bagColour: Vec3;
  readonly sleeves: "long" | "short";
}

/** A colour of clothing: often dark or dull, sometimes loud. */
export function clothColour(random: Random): Vec3 {
  const kind = random.next();
  if (kind < 0.34) {
    const v = random.range(0.02, 0.2);
    return [v * random.range(0.8, 1.2), v, v * random.range(0.8, 1.4)];
  }
  if (kind < 0.5) {
    const v = random.range(0.5, 0.95);
    return [v, v * random.range(0.9, 1), v * random.range(0.85, 1)];
  }
  const hue = random.range(0, 6.28);
  const loud = random.range(0.15, 0.5);
  const mid = random.range(0.15, 0.55);
  const channel = (shift: number): number => Math.min(1, Math.max(0.01, mid + loud * Math.cos(hue + shift)));
  return [channel(0), channel(2.1), channel(4.2)];
}

/** Dresses somebody from a variant's chance; layers are the texture layers that hold cloth. */
export function lookOf(random: Random, clothLayers: readonly number[]): PersonLook {
  const tone = random.range(0.35, 1);
  const child = random.chance(0.07);
  return {
    heightM: child ? random.range(1.1, 1.4) : random.range(1.52, 1.86),
    girth: random.range(0.88, 1.35),
    skin: [0.72 * tone, 0.5 * tone, 0.38 * tone],
    hair: random.chance(0.75) ? [0.03, 0.03, 0.03] : random.chance(0.5) ? [0.45, 0.45, 0.45] : [0.2, 0.12, 0.06],
    top: {
      colour: clothColour(random),
      layer: random.chance(0.45) ? random.pick(clothLayers) : 0,
      repeat: random.range(0.8, 3),
    },
    bottom: { colour: clothColour(random), layer: random.chance(0.12) ? random.pick(clothLayers) : 0, repeat: 1.5 },
    shoes: random.chance(0.6) ? [0.05, 0.05, 0.05] : clothColour(random),
    hat: random.pick(["none", "none", "none", "cap", "cap", "straw", "bucket", "hood", "helmet"] as const),
    hatColour: clothColour(random),
    coat: random.pick(["none", "none", "none", "none", "long", "poncho", "skirt", "vest", "vest"] as const),
    bag: random.pick(["none", "none", "none", "backpack", "shoulder"] as const),
    bagColour: clothColour(random),
    sleeves: random.chance(0.7) ? "long" : "short",
  };
}
