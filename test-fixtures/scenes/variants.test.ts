import { expect, test } from "vitest";
import { composeShot, setWorld } from "./shot.ts";
import { randomOf } from "./random.ts";
import { drawVariant, FAMILIES, SPLITS, variantRange, worldSeed } from "./variants.ts";

test("no two splits share a variant number", () => {
  const owner = new Map<number, string>();
  for (const split of SPLITS) {
    const [first, end] = variantRange(split);
    for (let n = first; n < end; n += 1) {
      expect(owner.get(n)).toBeUndefined();
      owner.set(n, split);
    }
  }
});

test("drawing stays inside the split's own variants, in every family", () => {
  for (const split of SPLITS) {
    const [first, end] = variantRange(split);
    const chance = randomOf("draw", split);
    for (const family of FAMILIES) {
      for (let i = 0; i < 200; i += 1) {
        const { number } = drawVariant(family, split, chance);
        expect(number >= first && number < end).toBe(true);
      }
    }
  }
});

test("the same seed numbers give different worlds in different splits", () => {
  const seeds = SPLITS.map((split) => randomOf(...worldSeed(split, 1, 0)).next());
  expect(new Set(seeds).size).toBe(SPLITS.length);
});

test("a picture uses only variants of its split, and the same seed composes the same picture", () => {
  for (const split of ["train", "test"] as const) {
    const [first, end] = variantRange(split);
    const place = setWorld(split, 1, 0);
    const shot = composeShot(split, 1, 3, place);
    for (const name of shot.variants) {
      const number = Number(name.split(":")[1]);
      expect(number >= first && number < end, `${name} in ${split}`).toBe(true);
    }
    const again = composeShot(split, 1, 3, setWorld(split, 1, 0));
    expect(again.objects).toEqual(shot.objects);
    expect(again.view).toEqual(shot.view);
    expect(again.strands).toEqual(shot.strands);
  }
});

test("bent lenses and windy banks come only where a set asks for them, and leave everything else where it was", () => {
  const plain = setWorld("val", 2, 0);
  const asked = setWorld("val", 2, 0, { bent: 1, windy: 1 });
  expect(plain.windM).toBe(0);
  expect(asked.windM).toBeGreaterThan(0);
  expect(asked.world.still.vertexCount).toBeGreaterThan(plain.world.still.vertexCount);
  const [before, after] = [plain, asked].map((place) => composeShot("val", 2, 3, place));
  expect(before?.view.bend).toBe(0);
  expect(before?.light.air.uWind).toBe(0);
  expect(after?.view.bend).not.toBe(0);
  expect(after?.view).toEqual({ ...before?.view, bend: after?.view.bend });
  expect(after?.objects).toEqual(before?.objects);
});
