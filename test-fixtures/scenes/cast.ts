/** The stage on which a single picture is put together, and places on it that the camera sees. */
import { groundAt, shoreAt, type Bank } from "./bank.ts";
import { inPicture, placesOf, pointAt, type Place } from "./camera.ts";
import type { DebrisLayers } from "./debris.ts";
import { Mesh } from "./mesh.ts";
import type { View } from "./picture.ts";
import type { Random } from "./random.ts";
import type { Strand } from "./rod.ts";
import { LAYER } from "./textures.ts";
import type { ClassName, SceneObject } from "./truth.ts";
import { drawVariant, type Family, type Split } from "./variants.ts";
import { addScaled, UP, type Vec3 } from "./vector.ts";

/** The texture layers of debris. */
export const DEBRIS_LAYERS: DebrisLayers = { mat: LAYER.mat, wood: LAYER.wood, rough: LAYER.soil };

/** The stage on which a picture is put together. */
export class Cast {
  readonly moving = new Mesh();
  readonly strands: Strand[] = [];
  readonly objects: SceneObject[] = [];
  readonly variants: string[] = [];
  readonly chance: Random;
  readonly split: Split;
  readonly bank: Bank;
  readonly view: View;
  readonly place: Place;

  constructor(split: Split, chance: Random, bank: Bank, view: View) {
    this.split = split;
    this.chance = chance;
    this.bank = bank;
    this.view = view;
    this.place = placesOf(view);
  }

  object(name: ClassName, more: { readonly owner?: string; readonly angling?: boolean } = {}): SceneObject {
    const number = this.objects.length + 1;
    const made: SceneObject = { number, id: `${name}-${number}`, class: name, ...more };
    this.objects.push(made);
    return made;
  }

  variant(family: Family): Random {
    const drawn = drawVariant(family, this.split, this.chance);
    this.variants.push(`${family}:${drawn.number}`);
    return drawn.random;
  }

  /** A place on land within the picture, inland metres between two bounds, or null when none is in view. */
  landPlace(inland: readonly [number, number]): Vec3 | null {
    for (let i = 0; i < 24; i += 1) {
      const guess = pointAt(this.view, this.chance.range(0.03, 0.97), this.chance.range(0.1, 0.97), 0.6, 110);
      if (!guess) continue;
      const z = shoreAt(this.bank, guess[0]) + this.chance.range(inland[0], inland[1]);
      const p: Vec3 = [guess[0], groundAt(this.bank, guess[0], z), z];
      if (Math.abs(p[0]) < 70 && inPicture(this.place, addScaled(p, UP, 0.8))) return p;
    }
    return null;
  }

  /** A place on the water within the picture, or null. */
  waterPlace(limit = 160): Vec3 | null {
    for (let i = 0; i < 24; i += 1) {
      const p = pointAt(this.view, this.chance.range(0.02, 0.98), this.chance.range(0.02, 0.98), 0, limit);
      if (p && p[2] < shoreAt(this.bank, p[0]) - 0.6) return p;
    }
    return null;
  }
}
