/** Which model, texture and camera variants each split may draw: the reason why a test picture shows nothing that was trained on. */
import { randomOf, type Random } from "./random.ts";

/** A share of the made-up world; stories have a world of their own beside the three sets. */
export type Split = "train" | "val" | "test" | "story";
/** All splits. */
export const SPLITS = ["train", "val", "test", "story"] as const;

/** The kinds of thing of which there are many variants. */
export const FAMILIES = [
  "person",
  "rod",
  "boat",
  "debris",
  "bird",
  "umbrella",
  "texture",
  "camera",
  "bank",
  "tree",
  "building",
  "light",
  "water",
  "prop",
] as const;
/** One of the families. */
export type Family = (typeof FAMILIES)[number];

/** Variant numbers from first (included) to end (excluded). */
const RANGES: Readonly<Record<Split, readonly [number, number]>> = {
  train: [0, 700],
  val: [700, 780],
  test: [780, 900],
  story: [900, 1000],
};

/** The variant numbers of a split, the same range for every family. */
export function variantRange(split: Split): readonly [number, number] {
  return RANGES[split];
}

/** A variant that was drawn: its number, and the chance from which all its measures follow. */
export interface Variant {
  readonly number: number;
  readonly random: Random;
}

/** Draws a variant of a family that this split may use. */
export function drawVariant(family: Family, split: Split, chance: Random): Variant {
  const [first, end] = RANGES[split];
  return variantOf(family, chance.int(first, end - 1));
}

/** The variant of a family with this number: always the same measures. */
export function variantOf(family: Family, number: number): Variant {
  return { number, random: randomOf("variant", family, number) };
}

/** The seed words of a world; the split is one of them, so that no two splits ever share a seed. */
export function worldSeed(split: Split, seed: number, world: number): readonly [string, string, number, number] {
  return ["world", split, seed, world];
}
