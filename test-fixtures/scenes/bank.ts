/** Land: the near bank's profile and everything that grows or stands on it, and the far bank across the water. */
import type { Mesh } from "./mesh.ts";
import { limb, upright, type Paint } from "./mesh.ts";
import { hashOf, wave, type Random } from "./random.ts";
import { tint } from "./scenery.ts";
import { LAYER } from "./textures.ts";
import { scale, unit, type Vec3 } from "./vector.ts";

/** The kinds of near bank. */
export const BANK_KINDS = ["embankment", "steps", "shingle", "pier", "reeds", "quay", "street"] as const;

/** One of them. */
export type BankKind = (typeof BANK_KINDS)[number];

interface ProfilePoint {
  readonly z: number;
  readonly y: number;
  readonly layer: number;
  readonly repeat: number;
  readonly colour: Vec3;
}

/** A near bank: from the deep water (first point) to the hinterland (last point). */
export interface Bank {
  readonly kind: BankKind;
  readonly profile: readonly ProfilePoint[];
  readonly rough: number;
  readonly curve: number;
  readonly seed: number;
  /** How far inland from the waterline anglers stand, metres. */
  readonly standZ: readonly [number, number];
  /** Where people walk, metres inland. */
  readonly walkZ: readonly [number, number];
  readonly pier: { readonly x: number; readonly half: number; readonly out: number; readonly y: number } | null;
}

/** Makes a bank of a kind from a variant's chance. */
export function bankOf(kind: BankKind, random: Random): Bank {
  const concrete = tint(random, [0.5, 0.49, 0.46], 0.35);
  const stone = tint(random, [0.45, 0.43, 0.4], 0.35);
  const grass = tint(random, [0.24, 0.33, 0.12], 0.4);
  const soil = tint(random, [0.36, 0.29, 0.2], 0.35);
  const path = random.chance(0.5) ? concrete : tint(random, [0.42, 0.36, 0.32], 0.3);
  const high = random.range(1.6, 4.2);
  const p = (z: number, y: number, layer: number, colour: Vec3, repeat = 0.3): ProfilePoint => ({
    z,
    y,
    layer,
    colour,
    repeat,
  });
  const base = { kind, seed: hashOf("bank", random.int(0, 1e9)), curve: random.range(0, 2.4), pier: null, rough: 0 };
  const beyond = (z: number): ProfilePoint[] => [
    p(z, high, LAYER.concrete, path, 0.4),
    p(z + 3.5, high, LAYER.grass, grass),
    p(z + 45, high + random.range(0, 6), LAYER.grass, grass),
  ];
  switch (kind) {
    case "embankment": {
      const berm = random.range(1.4, 3.2);
      const low = random.range(0.25, 0.7);
      const slope = random.range(1, 2.2) * (high - low);
      return {
        ...base,
        profile: [
          p(-0.6, -1.5, LAYER.masonry, stone),
          p(0, low, LAYER.concrete, concrete),
          p(berm, low, LAYER.masonry, stone, 0.35),
          ...beyond(berm + slope),
        ],
        standZ: [0.25, Math.min(1.2, berm - 0.2)],
        walkZ: [berm + slope + 0.4, berm + slope + 3],
      };
    }
    case "steps": {
      const points: ProfilePoint[] = [p(-0.8, -1.5, LAYER.concrete, concrete)];
      const count = Math.round(high / 0.19);
      for (let i = 0; i < count; i += 1)
        points.push(
          p(i * 0.38, 0.1 + i * 0.19, LAYER.concrete, concrete, 0.5),
          p(i * 0.38 + 0.36, 0.1 + i * 0.19, LAYER.concrete, scale(concrete, 0.7), 0.5),
        );
      return {
        ...base,
        curve: base.curve * 0.3,
        profile: [...points, ...beyond(count * 0.38)],
        standZ: [0.2, 1.6],
        walkZ: [count * 0.38 + 0.4, count * 0.38 + 3],
      };
    }
    case "quay":
      return {
        ...base,
        curve: 0,
        profile: [
          p(-0.15, -2, LAYER.masonry, stone),
          p(0, high * 0.6, LAYER.concrete, concrete, 0.35),
          p(7, high * 0.6, LAYER.concrete, path, 0.3),
          p(11, high * 0.6, LAYER.grass, grass),
          p(50, high * 0.6 + 2, LAYER.grass, grass),
        ],
        standZ: [0.3, 1.2],
        walkZ: [1.5, 6],
      };
    case "street":
      return {
        ...base,
        curve: 0,
        profile: [
          p(-60, 0.3, LAYER.concrete, tint(random, [0.3, 0.3, 0.31], 0.4), 0.2),
          p(2, 0.3, LAYER.concrete, concrete, 0.5),
          p(2.1, 0.45, LAYER.masonry, path, 0.6),
          p(6, 0.45, LAYER.grass, grass),
          p(60, 0.6, LAYER.grass, grass),
        ],
        standZ: [-8, 5],
        walkZ: [-12, 5],
      };
    case "shingle":
      return {
        ...base,
        rough: 0.12,
        profile: [
          p(-8, -1.4, LAYER.gravel, stone, 0.5),
          p(0, 0, LAYER.gravel, stone, 0.5),
          p(3, 0.35, LAYER.gravel, tint(random, stone, 0.2), 0.5),
          p(7, 0.9, LAYER.soil, soil),
          p(10, high, LAYER.grass, grass),
          p(50, high + 4, LAYER.grass, grass),
        ],
        standZ: [0.3, 2.5],
        walkZ: [3, 8],
      };
    case "pier":
    case "reeds": {
      const profile = [
        p(-3, -1.4, LAYER.soil, soil),
        p(0, 0, LAYER.soil, soil, 0.5),
        p(0.9, 0.35, LAYER.grass, grass, 0.5),
        p(4, 0.8, LAYER.grass, grass, 0.5),
        p(9, high, LAYER.grass, grass),
        p(50, high + 3, LAYER.grass, grass),
      ];
      const pier = { x: 0, half: random.range(1, 3), out: random.range(2.5, 6), y: random.range(0.35, 0.8) };
      return {
        ...base,
        rough: 0.16,
        profile,
        standZ: kind === "pier" ? [-pier.out + 0.3, -pier.out + 1.3] : [0.5, 1.6],
        walkZ: [3, 8],
        pier: kind === "pier" ? pier : null,
      };
    }
    default:
      return kind satisfies never;
  }
}

/** How far the waterline swings out at a place along the bank. */
export function shoreAt(bank: Bank, x: number): number {
  return bank.curve * (wave(x * 0.06, bank.seed) + 0.3 * wave(x * 0.21 + 4, bank.seed + 1));
}

/** Height of the ground at a place. */
export function groundAt(bank: Bank, x: number, z: number): number {
  const { pier } = bank;
  if (pier && Math.abs(x - pier.x) < pier.half && z > -pier.out + shoreAt(bank, x) * 0 && z < 1.5) return pier.y;
  const inland = z - shoreAt(bank, x);
  const points = bank.profile;
  const first = points[0];
  if (!first || inland <= first.z) return first?.y ?? 0;
  for (let i = 0; i + 1 < points.length; i += 1) {
    const a = points[i];
    const b = points[i + 1];
    if (!a || !b || inland > b.z) continue;
    const t = (inland - a.z) / Math.max(1e-6, b.z - a.z);
    return a.y + (b.y - a.y) * t + bumps(bank, x, z, a.y + (b.y - a.y) * t);
  }
  return points[points.length - 1]?.y ?? 0;
}

function bumps(bank: Bank, x: number, z: number, y: number): number {
  if (bank.rough === 0) return 0;
  const fade = Math.min(1, Math.abs(y) * 2 + 0.25);
  return (
    bank.rough *
    fade *
    (wave(x * 0.5 + z * 0.13, bank.seed + 2) +
      0.5 * wave(z * 0.9 - x * 0.4, bank.seed + 3) +
      0.25 * wave(x * 2.3 + z * 1.7, bank.seed + 4))
  );
}

/** Adds the near bank's skin. */
export function addBank(mesh: Mesh, bank: Bank): void {
  const half = 75;
  const step = bank.rough > 0 ? 0.9 : 3;
  for (let i = 0; i + 1 < bank.profile.length; i += 1) {
    const a = bank.profile[i];
    const b = bank.profile[i + 1];
    if (!a || !b) continue;
    const long = Math.hypot(b.z - a.z, b.y - a.y);
    const rows = bank.rough > 0 ? Math.max(2, Math.min(12, Math.round(long / 0.8))) : 2;
    const columns = Math.ceil((2 * half) / step) + 1;
    const first = mesh.vertexCount;
    for (let r = 0; r < rows; r += 1) {
      const t = r / (rows - 1);
      for (let c = 0; c < columns; c += 1) {
        const x = -half + c * step;
        const z = a.z + (b.z - a.z) * t + shoreAt(bank, x);
        const flat = a.y + (b.y - a.y) * t;
        const y = flat + bumps(bank, x, z, flat);
        const shade = 0.86 + 0.2 * wave(x * 0.35 + z * 0.2, bank.seed + 11) + 0.1 * wave(x * 1.3 - z, bank.seed + 12);
        const slope = bank.rough > 0 ? groundNormal(bank, x, z) : unit([0, b.z - a.z + 1e-4, -(b.y - a.y)]);
        mesh.vertex([x, y, z], slope, x * a.repeat, (z * 0.7 + y) * a.repeat, {
          colour: scale(a.colour, shade),
          layer: a.layer,
        });
      }
    }
    mesh.skin(first, rows, columns);
  }
  if (bank.pier) addPier(mesh, bank.pier);
}

function groundNormal(bank: Bank, x: number, z: number): Vec3 {
  const e = 0.25;
  return unit([
    groundAt(bank, x - e, z) - groundAt(bank, x + e, z),
    2 * e,
    groundAt(bank, x, z - e) - groundAt(bank, x, z + e),
  ]);
}

function addPier(mesh: Mesh, pier: NonNullable<Bank["pier"]>): void {
  const wood: Paint = { colour: [0.42, 0.34, 0.25], layer: LAYER.wood, repeat: 0.8 };
  upright(mesh, [pier.x, pier.y - 0.06, (1.5 - pier.out) / 2], [pier.half * 2, 0.12, pier.out + 1.5], 0, wood);
  for (let z = -pier.out + 0.1; z < 0.5; z += 1.6) {
    for (const side of [-1, 1])
      limb(
        mesh,
        [pier.x + side * (pier.half - 0.1), -1.5, z],
        [pier.x + side * (pier.half - 0.1), pier.y, z],
        0.09,
        0.09,
        { colour: [0.25, 0.2, 0.15] },
        6,
      );
  }
}
