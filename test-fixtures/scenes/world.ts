/** A place: its near and far bank, trees, houses, textures and water, all drawn from one split's variants. */
import { addBank, BANK_KINDS, bankOf, groundAt, shoreAt, type Bank, type BankKind } from "./bank.ts";
import { limb, Mesh, upright } from "./mesh.ts";
import { addBuoy } from "./props.ts";
import { wave, type Random } from "./random.ts";
import { addBackdrop, addCard, addLitter, addRailing, addTree } from "./scenery.ts";
import { LAYER, paintTextures } from "./textures.ts";
import { drawVariant, type Split } from "./variants.ts";
import { addScaled, heading, scale, UP, type Vec3 } from "./vector.ts";

/** What a place may be told to be; what is left out is drawn. */
export interface WorldWish {
  readonly bank?: BankKind;
  /** Distance to the far bank in metres. */
  readonly wideM?: number;
  readonly strange?: boolean;
  readonly trees?: number;
  readonly railing?: boolean;
}

/** A place that is ready to be drawn. */
export interface World {
  readonly bank: Bank;
  readonly wideM: number;
  readonly textures: Uint8Array;
  readonly still: Mesh;
  readonly far: Mesh;
  /** Half width along x, near z, far z of the water sheet; zeros where there is none. */
  readonly extent: readonly [number, number, number];
  readonly green: Vec3;
  readonly treesAt: readonly Vec3[];
  readonly variants: Readonly<Record<string, number>>;
}

/** Builds a place around x = 0. */
export function buildWorld(split: Split, chance: Random, wish: WorldWish = {}): World {
  const bankVariant = drawVariant("bank", split, chance);
  const textureVariant = drawVariant("texture", split, chance);
  const treeVariant = drawVariant("tree", split, chance);
  const houseVariant = drawVariant("building", split, chance);
  const kind = wish.bank ?? chance.pick(BANK_KINDS.filter((k) => k !== "street"));
  const bank = bankOf(kind, bankVariant.random);
  const strange = wish.strange ?? false;
  const wideM = wish.wideM ?? (chance.chance(0.2) ? chance.range(150, 400) : chance.range(18, 110));
  const trees = treeVariant.random;
  const g = trees.range(0.6, 1.3);
  const green: Vec3 = strange
    ? [chance.next(), chance.next(), chance.next()]
    : [0.24 * g * trees.range(0.7, 1.3), 0.34 * g, 0.13 * g * trees.range(0.6, 1.2)];
  const still = new Mesh();
  const far = new Mesh();
  addBank(still, bank);
  if (wish.railing ?? chance.chance(0.25)) {
    const grey = chance.range(0.3, 0.9);
    addRailing(
      still,
      bank,
      bank.walkZ[0] - 0.1,
      chance.chance(0.3) ? [0.6, 0.15, 0.1] : [grey, grey, grey],
      chance.int(1, 4),
    );
  }
  addLitter(still, bank, [0, 0, 0], green, chance);
  const treesAt = plantTrees(still, bank, wish.trees ?? chance.int(0, 4), green, chance, trees);
  if (kind === "reeds" || (bank.rough > 0 && chance.chance(0.3))) plantReeds(still, bank, green, chance);
  const street = kind === "street";
  if (!street) addFarBank(far, wideM, green, bankVariant.random);
  const backdrop = { green, houses: chance.int(0, 9), trees: chance.int(20, 90), hills: chance.int(0, 2) };
  if (wideM < 150 || street)
    addBackdrop(
      far,
      { ...backdrop, z: street ? -30 : -wideM - 4, sign: -1, ground: street ? 0 : 2 },
      houseVariant.random,
    );
  addBackdrop(
    far,
    {
      ...backdrop,
      houses: chance.int(0, 5),
      trees: chance.int(15, 60),
      z: 20,
      sign: 1,
      ground: (bank.profile[bank.profile.length - 1]?.y ?? 2) - 1.5,
    },
    houseVariant.random,
  );
  if (!street) addWaterMarks(still, wideM, chance);
  return {
    bank, wideM, textures: paintTextures(textureVariant.random, strange), still, far, green, treesAt,
    extent: street ? [0, 0, 0] : [wideM > 140 ? 900 : 320, 14, -wideM - 6],
    variants: { bank: bankVariant.number, texture: textureVariant.number, tree: treeVariant.number, building: houseVariant.number },
  }; // prettier-ignore
}

function plantTrees(
  mesh: Mesh,
  bank: Bank,
  count: number,
  green: Vec3,
  chance: Random,
  trees: Random,
): readonly Vec3[] {
  const places: Vec3[] = [];
  for (let i = 0; i < count; i += 1) {
    const x = chance.range(-22, 22);
    const z = shoreAt(bank, x) + chance.range(Math.max(1.5, bank.walkZ[0] - 1), bank.walkZ[1] + 6);
    const at: Vec3 = [x, groundAt(bank, x, z), z];
    addTree(mesh, at, chance.range(4, 9), scale(green, chance.range(0.8, 1.3)), trees);
    places.push(at);
  }
  return places;
}

function plantReeds(mesh: Mesh, bank: Bank, green: Vec3, chance: Random): void {
  const seed = chance.int(0, 1e9);
  for (let i = 0; i < 500; i += 1) {
    const x = chance.range(-40, 40);
    if (wave(x * 0.22, seed) < 0.05) continue;
    const z = shoreAt(bank, x) + chance.range(-1.4, 0.7);
    const shade = chance.range(0.7, 1.5);
    addCard(
      mesh,
      [x, Math.min(0, groundAt(bank, x, z)) - 0.1, z],
      chance.range(0.5, 1.3),
      chance.range(0.8, 2),
      heading(chance.range(-0.9, 0.9)),
      { colour: [green[0] * shade * 1.15, green[1] * shade, green[2] * shade], layer: LAYER.reed },
    );
  }
}

/** The far bank: a revetment or an earth slope with grass behind it. */
function addFarBank(mesh: Mesh, wideM: number, green: Vec3, random: Random): void {
  const wall = random.chance(0.5);
  const high = random.range(1.2, 4.5);
  const seed = random.int(0, 1e9);
  const grey = random.range(0.32, 0.6);
  const rows: readonly (readonly [number, number])[] = [
    [0.5, -1.5],
    [0, 0],
    [wall ? -1.2 : -6, high],
    [-30, high + 1.5],
    [-260, high + 6],
  ];
  for (let i = 0; i + 1 < rows.length; i += 1) {
    const first = mesh.vertexCount;
    const paint =
      i < 2
        ? {
            colour: wall ? ([grey, grey * 0.97, grey * 0.92] as const) : ([0.3, 0.26, 0.17] as const),
            layer: wall ? LAYER.masonry : LAYER.soil,
          }
        : { colour: green, layer: LAYER.grass };
    for (const row of [rows[i], rows[i + 1]]) {
      for (let c = 0; c <= 60; c += 1) {
        const x = (c / 60 - 0.5) * 700;
        const z = -wideM + (row?.[0] ?? 0) + (wall ? 0.6 : 3) * wave(x * 0.03, seed);
        const shade = 0.85 + 0.25 * wave(x * 0.11 + i, seed + 5);
        mesh.vertex([x, row?.[1] ?? 0, z], [0, 0.75, 0.66], x * 0.12, (row?.[1] ?? 0) * 0.3 + (row?.[0] ?? 0) * 0.1, {
          ...paint,
          colour: scale(paint.colour, shade),
        });
      }
    }
    mesh.skin(first, 2, 61);
  }
}

/** Posts, buoys and wires: things in and over the water that nobody has to find. */
function addWaterMarks(mesh: Mesh, wideM: number, chance: Random): void {
  if (chance.chance(0.3))
    for (let i = 0; i < chance.int(1, 6); i += 1)
      addBuoy(mesh, [chance.range(-20, 20), 0, -chance.range(3, Math.min(60, wideM))], chance, 0);
  if (chance.chance(0.2)) {
    for (let i = 0; i < chance.int(1, 7); i += 1) {
      const foot: Vec3 = [chance.range(-16, 16), -0.5, -chance.range(1, Math.min(25, wideM))];
      limb(
        mesh,
        foot,
        addScaled(addScaled(foot, UP, chance.range(1, 2.6)), [1, 0, 0], chance.range(-0.3, 0.3)),
        chance.range(0.03, 0.12),
        0.04,
        { colour: [0.25, 0.2, 0.16] },
        6,
      );
    }
  }
  if (chance.chance(0.12)) {
    const y = chance.range(5, 11);
    upright(mesh, [0, y, -chance.range(12, wideM)], [220, chance.range(0.8, 1.8), 4], chance.range(-0.2, 0.2), {
      colour: [0.55, 0.54, 0.52],
      layer: LAYER.concrete,
      repeat: 0.2,
    });
  }
}
