/** What grows and stands on land: trees, houses, hills, stones, tufts and railings. */
import { groundAt, shoreAt, type Bank } from "./bank.ts";
import type { Mesh } from "./mesh.ts";
import { ball, box, limb, sheet, tube, upright, type Paint } from "./mesh.ts";
import { wave, type Random } from "./random.ts";
import { LAYER } from "./textures.ts";
import { add, addScaled, heading, rightOf, scale, unit, UP, type Vec3 } from "./vector.ts";

/** A colour lighter or darker by up to a share, and slightly off in hue. */
export function tint(random: Random, base: Vec3, spread: number): Vec3 {
  const v = random.range(1 - spread, 1 + spread);
  return [base[0] * v * random.range(0.92, 1.08), base[1] * v, base[2] * v * random.range(0.9, 1.08)];
}

/** A tree with a trunk and leaf clusters in the round, for those near enough to be looked at. */
export function addTree(mesh: Mesh, at: Vec3, highM: number, colour: Vec3, random: Random): void {
  const bark: Paint = { colour: [0.2, 0.16, 0.12], layer: LAYER.soil, repeat: 1 };
  const lean = heading(random.range(0, 6.28));
  const crown = addScaled(addScaled(at, UP, highM * 0.62), lean, highM * 0.05);
  const wide = highM * random.range(0.018, 0.032);
  tube(
    mesh,
    [
      { at: addScaled(at, UP, -0.2), wide: wide * 1.5 },
      { at: addScaled(at, UP, highM * 0.25), wide },
      { at: crown, wide: wide * 0.5 },
    ],
    bark,
    7,
  );
  for (let i = 0; i < 5; i += 1)
    limb(
      mesh,
      addScaled(at, UP, highM * random.range(0.3, 0.5)),
      add(crown, scale(heading(random.range(0, 6.28)), highM * 0.2)),
      wide * 0.4,
      wide * 0.15,
      bark,
      5,
    );
  for (let i = 0; i < 48; i += 1) {
    const out = scale(heading(random.range(0, 6.28)), Math.sqrt(random.next()) * highM * 0.3);
    const middle = add(add(crown, out), scale(UP, random.range(-0.14, 0.34) * highM));
    const facing = unit(add(heading(random.range(0, 6.28)), scale(UP, random.range(-0.6, 0.6))));
    const r = scale(rightOf(facing), highM * random.range(0.09, 0.16));
    const u = scale(unit(add(UP, scale(facing, -facing[1]))), highM * random.range(0.09, 0.15));
    const light = 0.6 + 0.5 * ((middle[1] - crown[1]) / (highM * 0.35));
    const corner = (s: number, t: number): Vec3 => add(middle, add(scale(r, s), scale(u, t)));
    sheet(
      mesh,
      [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)],
      { colour: scale(colour, Math.max(0.35, light)), layer: LAYER.leaves },
      [1, 1],
      unit(add(out, scale(UP, highM * 0.2))),
    );
  }
}

/** A flat picture of a tree or a tuft that faces a direction. */
export function addCard(mesh: Mesh, foot: Vec3, wideM: number, highM: number, facing: Vec3, paint: Paint): void {
  const r = scale(rightOf(facing), wideM / 2);
  const top = scale(UP, highM);
  sheet(
    mesh,
    [addScaled(foot, r, -1), add(foot, r), add(add(foot, r), top), add(addScaled(foot, r, -1), top)],
    paint,
    [1, 1],
    unit(add(scale(UP, 0.8), scale(facing, 0.6))),
  );
}

/** A house with windows. */
export function addHouse(mesh: Mesh, at: Vec3, size: Vec3, yaw: number, colour: Vec3, random: Random): void {
  const layer = random.pick([LAYER.facadeA, LAYER.facadeB]);
  upright(mesh, addScaled(at, UP, size[1] / 2), size, yaw, { colour, layer, repeat: random.range(0.06, 0.12) });
  upright(mesh, addScaled(at, UP, size[1] + 0.2), [size[0] * 1.03, 0.4, size[2] * 1.03], yaw, {
    colour: scale(colour, 0.6),
  });
}

/** A row of trees, houses and hills behind a line: z at the front, `sign` -1 for the far side of the water. */
export function addBackdrop(
  mesh: Mesh,
  options: {
    readonly z: number;
    readonly sign: 1 | -1;
    readonly ground: number;
    readonly green: Vec3;
    readonly houses: number;
    readonly trees: number;
    readonly hills: number;
  },
  random: Random,
): void {
  const facing: Vec3 = [0, 0, -options.sign];
  const at = (x: number, deep: number): Vec3 => [x, options.ground + deep * 0.04, options.z + options.sign * deep];
  for (let i = 0; i < options.trees; i += 1) {
    const high = random.range(3, 13);
    addCard(
      mesh,
      at(random.range(-130, 130), random.range(1, 45)),
      high * random.range(0.6, 1.1),
      high,
      unit(add(facing, [random.range(-0.4, 0.4), 0, 0])),
      { colour: tint(random, options.green, 0.45), layer: random.pick([LAYER.treeA, LAYER.treeB]) },
    );
  }
  for (let i = 0; i < options.houses; i += 1) {
    const wall = random.range(0.3, 0.85);
    addHouse(
      mesh,
      at(random.range(-170, 170), random.range(25, 120)),
      [random.range(8, 34), random.range(5, 48), random.range(8, 16)],
      random.range(-0.3, 0.3),
      [wall, wall * random.range(0.85, 1), wall * random.range(0.7, 1)],
      random,
    );
  }
  for (let ridge = 0; ridge < options.hills; ridge += 1)
    addRidge(mesh, at(0, 220 + ridge * 160), 26 + ridge * 34, options.green, random);
}

function addRidge(mesh: Mesh, foot: Vec3, high: number, colour: Vec3, random: Random): void {
  const seed = random.int(0, 1e9);
  const first = mesh.vertexCount;
  const columns = 60;
  for (const top of [0, 1]) {
    for (let c = 0; c < columns; c += 1) {
      const x = (c / (columns - 1) - 0.5) * 1500;
      const y = top * high * (0.55 + 0.45 * wave(x * 0.006, seed) + 0.12 * wave(x * 0.03, seed + 1));
      mesh.vertex([x, foot[1] - 4 + y, foot[2]], [0, 0.8, 0.6], x * 0.02, y * 0.02, {
        colour: scale(colour, 0.7),
        layer: LAYER.grass,
      });
    }
  }
  mesh.skin(first, 2, columns);
}

/** Stones, tufts and poles that make a bank look used. */
export function addLitter(mesh: Mesh, bank: Bank, around: Vec3, green: Vec3, random: Random): void {
  const count = bank.kind === "shingle" ? 70 : bank.kind === "street" ? 4 : 26;
  for (let i = 0; i < count; i += 1) {
    const x = around[0] + random.range(-16, 16);
    const z = shoreAt(bank, x) + random.range(0.1, 12);
    const foot: Vec3 = [x, groundAt(bank, x, z) - 0.04, z];
    if (bank.rough > 0 && random.chance(bank.kind === "shingle" ? 0.25 : 0.75)) {
      addCard(mesh, foot, random.range(0.5, 1.5), random.range(0.25, 0.9), heading(random.range(0, 6.28)), {
        colour: tint(random, green, 0.4),
        layer: LAYER.reed,
      });
    } else if (random.chance(0.5)) {
      const r = random.range(0.06, bank.kind === "shingle" ? 0.5 : 0.22);
      ball(
        mesh,
        foot,
        [r, r * random.range(0.4, 0.9), r * random.range(0.6, 1.2)],
        { colour: tint(random, [0.42, 0.4, 0.37], 0.4), layer: LAYER.gravel },
        5,
      );
    }
  }
}

/** A railing along the bank: posts and bars, a hard negative for rods. */
export function addRailing(mesh: Mesh, bank: Bank, inland: number, colour: Vec3, bars: number): void {
  let before: Vec3 | null = null;
  for (let x = -45; x <= 45; x += 2.2) {
    const z = shoreAt(bank, x) + inland;
    const foot: Vec3 = [x, groundAt(bank, x, z), z];
    upright(mesh, addScaled(foot, UP, 0.55), [0.08, 1.1, 0.08], 0, { colour });
    if (before) {
      for (let b = 1; b <= bars; b += 1) {
        const high = (1.08 * b) / bars;
        const from = addScaled(before, UP, high);
        const to = addScaled(foot, UP, high);
        box(mesh, scale(add(from, to), 0.5), [scale(add(to, scale(from, -1)), 0.5), [0, 0.025, 0], [0, 0, 0.025]], {
          colour,
        });
      }
    }
    before = foot;
  }
}
