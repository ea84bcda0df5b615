/** The procedural textures of a world: one stack of equally large pictures, made anew from a variant's chance. */
import { gaugeTexel } from "./gauge-board.ts";
import { noiseField, type Random } from "./random.ts";

/** Side of a texture, pixels. */
export const TEXTURE_SIZE = 256;
/** What each layer of the stack shows. Colours are multiplied into the paint, so that most layers are bright and near grey. */
export const LAYER = {
  plain: 0, concrete: 1, masonry: 2, grass: 3, gravel: 4, treeA: 5, treeB: 6, facadeA: 7, facadeB: 8, clothA: 9, clothB: 10, soil: 11, wood: 12, mat: 13, reed: 14, gauge: 15, leaves: 16, clothC: 17,
} as const; // prettier-ignore
/** How many layers the stack has. */
export const LAYER_COUNT = 18;
/** The layers that hold cloth. */
export const CLOTH_LAYERS = [LAYER.clothA, LAYER.clothB, LAYER.clothC] as const;

type Texel = (x: number, y: number, at: number) => readonly [number, number, number, number];

/** Paints the whole stack, RGBA bytes, layer after layer; strange worlds get meaningless patterns on the ground. */
export function paintTextures(random: Random, strange: boolean): Uint8Array {
  const n = TEXTURE_SIZE;
  const coarse = noiseField(n, 4, 6, random);
  const fine = noiseField(n, 24, 4, random);
  const grain = noiseField(n, 96, 2, random);
  const other = noiseField(n, 8, 5, random);
  const stack = new Uint8Array(n * n * 4 * LAYER_COUNT);
  const fill = (layer: number, texel: Texel): void => {
    let o = layer * n * n * 4;
    for (let y = 0; y < n; y += 1) {
      for (let x = 0; x < n; x += 1) {
        const [r, g, b, a] = texel(x, y, y * n + x);
        stack[o] = Math.min(255, Math.max(0, r * 255));
        stack[o + 1] = Math.min(255, Math.max(0, g * 255));
        stack[o + 2] = Math.min(255, Math.max(0, b * 255));
        stack[o + 3] = Math.min(255, Math.max(0, a * 255));
        o += 4;
      }
    }
  };
  const grey = (v: number): readonly [number, number, number, number] => [v, v, v, 1];
  const C = (at: number): number => coarse[at] ?? 0;
  const F = (at: number): number => fine[at] ?? 0;
  const G = (at: number): number => grain[at] ?? 0;
  const O = (at: number): number => other[at] ?? 0;
  fill(LAYER.plain, (_x, _y, at) => grey(0.93 + 0.07 * C(at) + 0.05 * G(at)));
  const joint = random.pick([64, 128, 256]);
  const stain = random.range(0.1, 0.4);
  fill(LAYER.concrete, (x, y, at) => {
    const line = x % joint < 2 || y % joint < 2 ? 0.62 : 1;
    return grey((0.82 + stain * C(at) + 0.12 * G(at) + 0.1 * F(at)) * line);
  });
  fill(LAYER.masonry, masonry(random, C, G));
  const warm = random.range(0.8, 1.15);
  fill(LAYER.grass, (_x, _y, at) => [
    (0.72 + 0.4 * G(at) + 0.35 * C(at)) * warm,
    0.8 + 0.35 * G(at) + 0.2 * F(at),
    0.6 + 0.3 * G(at) + 0.1 * C(at),
    1,
  ]);
  fill(LAYER.gravel, (_x, _y, at) => {
    const stone = Math.abs(F(at)) < 0.09 ? 0.45 : 1;
    const v = (0.75 + 0.5 * O(at) + 0.25 * G(at)) * stone;
    return [v, v * (0.96 + 0.06 * C(at)), v * (0.9 + 0.1 * C(at)), 1];
  });
  fill(LAYER.soil, (_x, _y, at) => grey(0.75 + 0.35 * C(at) + 0.25 * F(at) + 0.15 * G(at)));
  const board = random.pick([16, 32, 43]);
  fill(LAYER.wood, (x, y, at) =>
    grey((x % board < 2 ? 0.4 : 0.8) + 0.12 * Math.sin(x * 0.9 + 7 * C(((y >> 3) * 256 + x) % (n * n))) + 0.15 * G(at)),
  );
  fill(LAYER.mat, (_x, _y, at) => {
    const v = 0.65 + 0.7 * G(at) + 0.4 * F(at);
    return [v, v * (0.95 + 0.25 * C(at)), v * (0.8 + 0.2 * O(at)), C(at) + 0.5 * O(at) > -0.32 ? 1 : 0];
  });
  for (const layer of [LAYER.facadeA, LAYER.facadeB]) fill(layer, facade(random, C, G));
  for (const layer of CLOTH_LAYERS) fill(layer, cloth(random, C, O));
  fill(LAYER.gauge, (x, y) => gaugeTexel(x / n, 1 - (y + 0.5) / n));
  for (const layer of [LAYER.treeA, LAYER.treeB]) paintTree(stack, layer, random);
  paintSprite(stack, LAYER.leaves, random, 130, 0.46);
  paintReeds(stack, random);
  if (strange)
    for (const layer of [
      LAYER.concrete,
      LAYER.masonry,
      LAYER.grass,
      LAYER.gravel,
      LAYER.soil,
      LAYER.facadeA,
      LAYER.facadeB,
    ])
      fill(layer, nonsense(random, [coarse, fine, grain, other]));
  return stack;
}

type Field = (at: number) => number;

function masonry(random: Random, C: Field, G: Field): Texel {
  const rows = random.pick([8, 16, 12]);
  const n = TEXTURE_SIZE;
  const rough = random.range(0.1, 0.35);
  const shades = Array.from({ length: 64 }, () => random.range(-rough, rough));
  return (x, y, at) => {
    const bent = y + 5 * C(at);
    const row = Math.floor((bent / n) * rows);
    const wide = n / (rows / 2);
    const shifted = x + (row % 2) * (wide / 2) + 4 * C((at * 7) % (n * n));
    const joint = bent % (n / rows) < 2 || shifted % wide < 2;
    const v = joint ? 0.45 : 0.8 + (shades[(row * 5 + Math.floor(shifted / wide) * 3) & 63] ?? 0) + 0.2 * G(at);
    return [v, v, v * 0.97, 1];
  };
}

/** Windows in a wall; the alpha of a lit window is what the renderer lets glow at dusk. */
function facade(random: Random, C: Field, G: Field): Texel {
  const columns = random.pick([2, 4, 8]);
  const rows = random.pick([4, 8]);
  const n = TEXTURE_SIZE;
  const wide = random.range(0.3, 0.75);
  const high = random.range(0.3, 0.7);
  const glass = random.range(0.15, 0.5);
  return (x, y, at) => {
    const u = ((x / n) * columns) % 1;
    const v = ((y / n) * rows) % 1;
    const window = Math.abs(u - 0.5) < wide / 2 && Math.abs(v - 0.5) < high / 2;
    const shade = window ? glass + 0.15 * C(((at >> 5) * 31) % (n * n)) : 0.88 + 0.1 * C(at) + 0.06 * G(at);
    return [shade, shade, window ? shade * 1.1 : shade, 1];
  };
}

function cloth(random: Random, C: Field, O: Field): Texel {
  const kind = random.pick(["stripe", "hoop", "check", "camouflage", "print"] as const);
  const period = random.pick([16, 32, 64]);
  const low: readonly [number, number, number] = [
    random.range(0.1, 0.9),
    random.range(0.1, 0.9),
    random.range(0.1, 0.9),
  ];
  return (x, y, at) => {
    const on =
      kind === "stripe" ? x % period < period / 2
      : kind === "hoop" ? y % period < period / 2
      : kind === "check" ? (x % period < period / 2) !== (y % period < period / 2)
      : kind === "camouflage" ? C(at) > 0.05 : O(at) > 0.2; // prettier-ignore
    return on ? [low[0], low[1], low[2], 1] : [1, 1, 1, 1];
  };
}

function nonsense(random: Random, fields: readonly Float32Array[]): Texel {
  const colours = Array.from({ length: 3 }, () => [random.next(), random.next(), random.next()] as const);
  const a = random.pick(fields);
  const b = random.pick(fields);
  const sharp = random.range(1, 14);
  return (_x, _y, at) => {
    const s = 1 / (1 + Math.exp(-sharp * (a[at] ?? 0)));
    const t = 0.5 + 0.5 * Math.sin(sharp * 2 * (b[at] ?? 0));
    const mixed = (i: 0 | 1 | 2): number =>
      ((colours[0]?.[i] ?? 0) * s + (colours[1]?.[i] ?? 0) * (1 - s)) * (1 - t * 0.5) +
      (colours[2]?.[i] ?? 0) * t * 0.5;
    return [mixed(0), mixed(1), mixed(2), 1];
  };
}

interface Dab {
  readonly x: number;
  readonly y: number;
  readonly r: number;
  readonly light: number;
  readonly tilt: number;
}

function stamp(stack: Uint8Array, layer: number, dab: Dab): void {
  const n = TEXTURE_SIZE;
  const start = layer * n * n * 4;
  const c = Math.cos(dab.tilt);
  const s = Math.sin(dab.tilt);
  for (let y = Math.max(0, Math.floor(dab.y - dab.r)); y <= Math.min(n - 1, dab.y + dab.r); y += 1) {
    for (let x = Math.max(0, Math.floor(dab.x - dab.r)); x <= Math.min(n - 1, dab.x + dab.r); x += 1) {
      const u = ((x - dab.x) * c + (y - dab.y) * s) / dab.r;
      const v = ((y - dab.y) * c - (x - dab.x) * s) / (dab.r * 0.55);
      if (u * u + v * v > 1) continue;
      const o = start + (y * n + x) * 4;
      const shade = Math.min(255, 255 * dab.light * (1 - 0.25 * v));
      stack[o] = shade * 0.95;
      stack[o + 1] = shade;
      stack[o + 2] = shade * 0.8;
      stack[o + 3] = 255;
    }
  }
}

/** A tree from the side: a trunk and clumps of leaves that are lighter above. */
function paintTree(stack: Uint8Array, layer: number, random: Random): void {
  clearSprite(stack, layer);
  const n = TEXTURE_SIZE;
  const slim = random.range(0.35, 1);
  for (let y = n * 0.45; y < n; y += 2)
    stamp(stack, layer, { x: n / 2 + 3 * Math.sin(y * 0.05), y, r: 4 + (y / n) * 5, light: 0.28, tilt: 1.57 });
  for (let clump = 0; clump < 26; clump += 1) {
    const a = random.range(0, 6.28);
    const d = Math.sqrt(random.next()) * 0.36 * n;
    const cx = n / 2 + Math.cos(a) * d * slim;
    const cy = n * 0.4 + Math.sin(a) * d;
    for (let leaf = 0; leaf < 46; leaf += 1) {
      const b = random.range(0, 6.28);
      const e = Math.sqrt(random.next()) * n * 0.105;
      const y = cy + Math.sin(b) * e;
      stamp(stack, layer, {
        x: cx + Math.cos(b) * e,
        y,
        r: random.range(2, 6),
        light: 0.95 - 0.5 * ((y - cy) / (n * 0.1) + 1) * 0.5 - 0.3 * (cy / n) + random.range(-0.16, 0.16),
        tilt: random.range(0, 3),
      });
    }
  }
}

function paintSprite(stack: Uint8Array, layer: number, random: Random, count: number, spread: number): void {
  clearSprite(stack, layer);
  const n = TEXTURE_SIZE;
  for (let i = 0; i < count; i += 1) {
    const a = random.range(0, 6.28);
    const d = Math.sqrt(random.next()) * spread * n;
    stamp(stack, layer, {
      x: n / 2 + Math.cos(a) * d,
      y: n / 2 + Math.sin(a) * d,
      r: random.range(6, 15),
      light: random.range(0.45, 1),
      tilt: random.range(0, 6.28),
    });
  }
}

function paintReeds(stack: Uint8Array, random: Random): void {
  clearSprite(stack, LAYER.reed);
  const n = TEXTURE_SIZE;
  for (let blade = 0; blade < 46; blade += 1) {
    const foot = random.range(0.08, 0.92) * n;
    const lean = random.range(-0.3, 0.3);
    const high = random.range(0.4, 0.97) * n;
    const light = random.range(0.4, 1);
    for (let t = 0; t < 1; t += 0.018)
      stamp(stack, LAYER.reed, {
        x: foot + lean * t * t * high,
        y: n - 1 - t * high,
        r: 3.4 * (1.15 - t),
        light: light * (0.55 + 0.5 * t),
        tilt: 1.5 - lean,
      });
  }
}

/** Transparent, but of a leafy colour, lest smaller pictures of the sprite get dark rims. */
function clearSprite(stack: Uint8Array, layer: number): void {
  const n = TEXTURE_SIZE * TEXTURE_SIZE;
  for (let i = 0; i < n; i += 1) stack.set([130, 140, 105, 0], (layer * n + i) * 4);
}
