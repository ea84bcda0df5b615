/** Single pictures for training: a random moment in a random place, with hard negatives and unreal worlds among them. */
import { groundAt, shoreAt, type Bank } from "./bank.ts";
import { addDebris, debrisLookOf, type DebrisLayers } from "./debris.ts";
import { cameraOf, inPicture, pointAt, viewProjectionOf, type CameraAim } from "./camera.ts";
import { CONDITIONS, lensOf, lightOf, waterOf, type Condition, type Light } from "./light.ts";
import { Mesh, upright } from "./mesh.ts";
import { addPerson, clothColour, lookOf, type PersonPose } from "./person.ts";
import { randomOf, type Random } from "./random.ts";
import type { Settings, View } from "./picture.ts";
import { CLOTH_LAYERS, LAYER } from "./textures.ts";
import { addBird, addBoat, addBucket, addChair, addUmbrella, birdLookOf, boatLookOf, rodLookOf, rodStrands, umbrellaLookOf, type Strand } from "./things.ts";
import type { ClassName, SceneObject } from "./truth.ts";
import { drawVariant, worldSeed, type Family, type Split } from "./variants.ts";
import { addScaled, heading, sub, unit, UP, type Mat4, type Vec3 } from "./vector.ts";
import { buildWorld, type World } from "./world.ts";

/** Pictures per world; each world has its own place, textures and set of cameras. */
export const SHOTS_PER_WORLD = 10;
export const DEBRIS_LAYERS: DebrisLayers = { mat: LAYER.mat, wood: LAYER.wood, rough: LAYER.soil };

/** Text and coding of a picture. */
export interface Finish {
  readonly clock: string;
  readonly name: string;
  readonly textPx: number;
  readonly textOn: boolean;
  readonly quality: number;
  /** The picture goes through this smaller size first, 1 for none. */
  readonly shrink: number;
  readonly mirror: boolean;
}

export interface Shot {
  readonly view: View;
  readonly moving: Mesh;
  readonly strands: readonly Strand[];
  readonly objects: readonly SceneObject[];
  readonly light: Light;
  readonly water: Settings;
  readonly lens: Settings;
  readonly defocus: number;
  readonly finish: Finish;
  readonly condition: Condition;
  readonly tags: readonly string[];
  readonly variants: readonly string[];
}

/** The world of a number in a set. */
export function setWorld(split: Split, seed: number, number: number): { readonly world: World; readonly aim: CameraAim; readonly strange: boolean } {
  const chance = randomOf(...worldSeed(split, seed, number));
  const kind = chance.next();
  const aim: CameraAim = kind < 0.6 ? "shore" : kind < 0.93 ? "water" : "street";
  const strange = chance.chance(0.16);
  return { world: buildWorld(split, chance, { ...(aim === "street" ? { bank: "street" as const } : {}), strange, ...(strange ? { trees: 0 } : {}) }), aim, strange };
}

/** The stage on which a picture is put together. */
class Cast {
  readonly moving = new Mesh();
  readonly strands: Strand[] = [];
  readonly objects: SceneObject[] = [];
  readonly variants: string[] = [];
  readonly chance: Random;
  readonly split: Split;
  readonly bank: Bank;
  readonly view: View;
  readonly matrix: Mat4;

  constructor(split: Split, chance: Random, bank: Bank, view: View) {
    this.split = split;
    this.chance = chance;
    this.bank = bank;
    this.view = view;
    this.matrix = viewProjectionOf(view);
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
      if (Math.abs(p[0]) < 70 && inPicture(this.matrix, addScaled(p, UP, 0.8))) return p;
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

/** Composes picture number `index` of a set in its world. */
export function composeShot(split: Split, seed: number, index: number, place: ReturnType<typeof setWorld>): Shot {
  const chance = randomOf("shot", split, seed, index);
  const { world, aim } = place;
  const cameraVariant = drawVariant("camera", split, randomOf("camera", split, seed, Math.floor(index / 4)));
  const view = clearView(cameraVariant.random, world, aim);
  const look = unit(sub(view.target, view.eye));
  const condition = chance.pick([...CONDITIONS, "day", "day", "day", "overcast", "overcast", "low-sun", "night"] as const);
  const glint = chance.chance(0.22);
  const negative = chance.chance(0.3);
  const light = lightOf(condition, chance, { eye: view.eye, look, glint });
  const cast = new Cast(split, chance, world.bank, view);
  const busy = aim === "water" ? 0.35 : 1;
  if (aim !== "water" || chance.chance(0.3)) fillLand(cast, negative, aim, light, busy);
  if (aim !== "street") fillWater(cast, negative, aim);
  if (place.strange || chance.chance(0.1)) scatter(cast);
  const lens = lensOf(cameraVariant.random, light, index % 65521);
  const strands = [...cast.strands, ...rainStrands(view, light.rain, chance)];
  return {
    view, moving: cast.moving, strands, objects: cast.objects, light, condition,
    water: waterOf(drawVariant("water", split, chance).random, light, { glint, foam: chance.chance(0.14) }),
    lens: { ...lens, uMotion: chance.chance(0.12) ? [chance.range(-6, 6), chance.range(-3, 3)] : [0, 0] },
    defocus: chance.chance(0.06) ? 1 : 0,
    finish: finishOf(chance),
    tags: [aim, world.bank.kind, ...(place.strange ? ["strange"] : []), ...(negative ? ["negative"] : []), ...(glint ? ["glint"] : [])],
    variants: [...cast.variants, `camera:${cameraVariant.number}`, ...Object.entries(world.variants).map(([family, n]) => `${family}:${n}`)],
  }; // prettier-ignore
}

/** A camera whose view is not filled by a near tree. */
function clearView(random: Random, world: World, aim: CameraAim): View {
  for (let attempt = 0; ; attempt += 1) {
    const view = cameraOf(random, world.bank, aim, world.wideM);
    const look = unit(sub(view.target, view.eye));
    const blocked = world.treesAt.some((tree) => {
      const to = sub(tree, view.eye);
      const distance = Math.hypot(to[0], to[2]);
      return distance < 5 || (distance < 16 && (to[0] * look[0] + to[2] * look[2]) / distance > 0.97);
    });
    if (!blocked || attempt > 12) return view;
  }
}

const towardsWater = (chance: Random, spread: number): number => Math.PI + chance.range(-spread, spread);

function fillLand(cast: Cast, negative: boolean, aim: CameraAim, light: Light, busy: number): void {
  const { chance } = cast;
  if (!negative && aim !== "street") for (let i = chance.int(0, Math.round(3 * busy)) + (chance.chance(0.6) ? 1 : 0); i > 0; i -= 1) addAngler(cast);
  const walkers = aim === "street" ? chance.int(1, 9) : chance.chance(0.55) ? chance.int(1, negative ? 5 : 3) : 0;
  for (let i = 0; i < walkers; i += 1) addWalker(cast, light.rain > 0);
  if (chance.chance(0.2)) {
    const at = cast.landPlace([0.2, 9]);
    if (at) addUmbrella(cast.moving, umbrellaLookOf(cast.variant("umbrella"), true), at, chance.range(1.5, 2.1), [chance.normal() * 0.15, 0, chance.normal() * 0.15], cast.object("umbrella").number);
  }
}

function addAngler(cast: Cast): void {
  const { chance } = cast;
  const at = cast.landPlace(cast.bank.standZ);
  if (!at) return;
  const me = cast.object("person", { angling: true });
  const kind = chance.pick(["stand", "stand", "sit", "sit", "sit", "squat"] as const);
  const yaw = towardsWater(chance, 0.7);
  const rods = chance.pick([1, 1, 1, 2, 2, 3, 4]);
  const held = chance.chance(0.72);
  const look = lookOf(cast.variant("person"), CLOTH_LAYERS);
  const parts = addPerson(cast.moving, look, { at, yaw, kind, phase: chance.range(0, 9), hands: held ? "rod" : chance.pick(["lap", "hang"] as const) }, me.number);
  if (kind === "sit") addChair(cast.moving, addScaled(at, UP, look.heightM * 0.25 - 0.46), yaw, clothColour(cast.variant("prop")));
  const right = unit([parts.forward[2], 0, -parts.forward[0]]);
  for (let i = 0; i < rods; i += 1) {
    const rod = rodLookOf(cast.variant("rod"));
    const hand = i === 0 && held;
    const beside = addScaled(addScaled(at, right, (i % 2 === 0 ? 1 : -1) * chance.range(0.3, 0.5) * (1 + Math.floor(i / 2))), parts.forward, chance.range(0.1, 0.6));
    const butt = hand ? addScaled(parts.rightHand, parts.forward, -0.2) : addScaled([beside[0], groundAt(cast.bank, beside[0], beside[2]), beside[2]], UP, chance.range(0.15, 0.75));
    const direction = unit(addScaled(heading(yaw + chance.normal() * 0.3), UP, chance.range(0.02, hand ? 1.1 : 0.7)));
    cast.strands.push(...rodStrands(rod, butt, direction, 0, cast.object("fishing-rod", { owner: me.id }).number));
    if (!hand) cast.strands.push({ points: [addScaled(butt, direction, 0.4), [butt[0] + direction[0] * 0.4, butt[1] - 0.5, butt[2] + direction[2] * 0.4]], thick: [0.015, 0.015], colour: [[0.3, 0.3, 0.3], [0.3, 0.3, 0.3]], alpha: 1, id: 0 });
  }
  if (chance.chance(0.6)) addBucket(cast.moving, addScaled(addScaled(at, right, chance.range(-0.8, 0.8)), parts.forward, -0.3), clothColour(cast.variant("prop")));
  if (chance.chance(0.4)) upright(cast.moving, addScaled(addScaled(at, right, chance.pick([-0.7, 0.75])), UP, 0.16), [0.5, 0.32, 0.35], yaw, { colour: clothColour(cast.variant("prop")) });
  if (chance.chance(0.28)) addUmbrella(cast.moving, umbrellaLookOf(cast.variant("umbrella"), true), addScaled(addScaled(at, right, -0.35), parts.forward, -0.3), chance.range(1.7, 2.2), [chance.normal() * 0.2, 0, chance.normal() * 0.2], cast.object("umbrella").number);
}

function addWalker(cast: Cast, rain: boolean): void {
  const { chance } = cast;
  const at = cast.landPlace(chance.chance(0.7) ? cast.bank.walkZ : [cast.bank.standZ[0], cast.bank.walkZ[1]]);
  if (!at) return;
  const me = cast.object("person");
  const carry = rain && chance.chance(0.7) ? "umbrella" : chance.pick(["none", "none", "umbrella", "pole", "stick", "shouldered"] as const);
  const pose: PersonPose = { at, yaw: chance.range(0, 6.28), kind: chance.pick(["walk", "walk", "walk", "stand", "stand", "bend", "squat", "sit"] as const), phase: chance.range(0, 9), hands: carry === "none" || carry === "stick" ? "hang" : "hold" };
  const parts = addPerson(cast.moving, lookOf(cast.variant("person"), CLOTH_LAYERS), pose, me.number);
  const prop = cast.variant("prop");
  if (carry === "umbrella") addUmbrella(cast.moving, umbrellaLookOf(cast.variant("umbrella"), false), parts.rightHand, prop.range(0.6, 0.85), [prop.normal() * 0.15, 0, prop.normal() * 0.15], cast.object("umbrella").number);
  if (carry === "pole" || carry === "stick" || carry === "shouldered") cast.strands.push(poleOf(prop, carry, parts.rightHand, parts.forward));
}

/** A stick, broom, hoe or carrying pole: long and thin like a rod, but thicker, straight, and not over water. */
export function poleOf(prop: Random, carry: "pole" | "stick" | "shouldered", hand: Vec3, forward: Vec3): Strand {
  const long = carry === "stick" ? prop.range(0.8, 1.3) : prop.range(1.4, 2.8);
  const direction = carry === "stick" ? unit(addScaled(forward, UP, -3)) : carry === "pole" ? unit(addScaled(forward, UP, prop.range(2, 9))) : unit(addScaled(forward, UP, prop.range(-0.5, 0.25)));
  const back = carry === "stick" ? 0.05 : 0.45;
  const colour: Vec3 = prop.chance(0.6) ? [0.45, 0.33, 0.18] : clothColour(prop);
  return { points: [addScaled(hand, direction, -long * back), addScaled(hand, direction, long * (1 - back))], thick: [prop.range(0.022, 0.045), prop.range(0.02, 0.045)], colour: [colour, colour], alpha: 1, id: 0 };
}

function fillWater(cast: Cast, negative: boolean, aim: CameraAim): void {
  const { chance } = cast;
  const open = aim === "water";
  const debris = negative ? 0 : chance.chance(open ? 0.85 : 0.55) ? chance.pick([1, 2, 3, 4, 6, 9, 14, 22]) : 0;
  for (let i = 0; i < debris; i += 1) {
    const at = cast.waterPlace(open ? 60 : 45);
    if (!at) continue;
    const variant = cast.variant("debris");
    const look = debrisLookOf(variant);
    const distance = Math.hypot(...sub(at, cast.view.eye));
    const least = (9 * distance) / cast.view.focalPx;
    addDebris(cast.moving, { ...look, sizeM: Math.max(look.sizeM, least * variant.range(0.7, 2.4)) }, at, chance.range(0, 6.28), chance.range(0, 9), cast.object("floating-debris").number, DEBRIS_LAYERS);
  }
  if (chance.chance(open ? 0.5 : 0.3)) for (let i = chance.pick([1, 1, 1, 2, 3, 5]); i > 0; i -= 1) placeBoat(cast);
  if (chance.chance(0.3)) for (let i = chance.pick([1, 2, 3, 6]); i > 0; i -= 1) placeBird(cast);
}

function placeBoat(cast: Cast): void {
  const { chance } = cast;
  const at = cast.waterPlace(140);
  if (!at || at[2] > shoreAt(cast.bank, at[0]) - 2.2 || Math.hypot(...sub(at, cast.view.eye)) < 5) return;
  const boat = addBoat(cast.moving, boatLookOf(cast.variant("boat"), LAYER.wood), at, chance.range(0, 6.28), chance.normal() * 0.03, cast.object("boat").number);
  for (let i = chance.pick([0, 1, 1, 2]); i > 0; i -= 1) {
    const me = cast.object("person");
    const spot = addScaled(boat.deck, boat.forward, chance.range(-0.8, 0.8));
    addPerson(cast.moving, lookOf(cast.variant("person"), CLOTH_LAYERS), { at: spot, yaw: chance.range(0, 6.28), kind: chance.pick(["stand", "sit"] as const), phase: chance.range(0, 9), hands: chance.pick(["hang", "lap"] as const) }, me.number);
  }
}

function placeBird(cast: Cast): void {
  const { chance } = cast;
  const look = birdLookOf(cast.variant("bird"));
  if (chance.chance(0.5)) {
    const at = cast.waterPlace(50);
    if (at) addBird(cast.moving, look, at, chance.range(0, 6.28), null, cast.object("bird").number);
    return;
  }
  const at = pointAt(cast.view, chance.range(0.03, 0.97), chance.range(0.03, 0.9), chance.range(0.8, Math.max(1, cast.view.eye[1] - 1)), 60);
  if (at && (look.sizeM * cast.view.focalPx) / Math.hypot(...sub(at, cast.view.eye)) < 110) addBird(cast.moving, look, at, chance.range(0, 6.28), chance.next(), cast.object("bird").number);
}

/** Meaningless blocks on land and lines in the air, so that no single edge means anything by itself. */
function scatter(cast: Cast): void {
  const { chance } = cast;
  for (let i = chance.int(2, 14); i > 0; i -= 1) {
    const at = cast.landPlace([0.5, 12]);
    if (at) upright(cast.moving, addScaled(at, UP, 0.2), [chance.range(0.1, 1.2), chance.range(0.1, 1.4), chance.range(0.1, 1)], chance.range(0, 3), { colour: clothColour(chance), layer: chance.int(0, 4) });
  }
  for (let i = chance.int(0, 4); i > 0; i -= 1) {
    const y = chance.range(3, 9);
    const colour: Vec3 = [0.05, 0.05, 0.05];
    cast.strands.push({ points: [[-40, y, chance.range(-12, 6)], [0, y - 0.6, chance.range(-12, 6)], [40, y, chance.range(-12, 6)]], thick: [0.02, 0.02], colour: [colour, colour], alpha: 1, id: 0 });
  }
}

/** Falling rain as short faint streaks in front of the camera. */
export function rainStrands(view: View, amount: number, chance: Random): readonly Strand[] {
  if (amount <= 0) return [];
  const forward = unit(sub(view.target, view.eye));
  const slant = chance.range(-0.25, 0.25);
  return Array.from({ length: Math.round(amount * 420) }, () => {
    const far = chance.range(1.5, 14);
    const wide = (0.6 * far * 960) / view.focalPx;
    const from: Vec3 = addScaled(addScaled(addScaled(view.eye, forward, far), unit([-forward[2], 0, forward[0]]), chance.range(-wide, wide)), UP, chance.range(-wide, wide) * 0.7);
    const long = chance.range(0.1, 0.3) * (0.5 + far * 0.08);
    return { points: [from, [from[0] + slant * long, from[1] - long, from[2]]], thick: [0.002, 0.002], colour: [[0.95, 0.95, 1], [0.95, 0.95, 1]], alpha: chance.range(0.12, 0.4), id: 0 } as const;
  });
}

const RIVERS = ["清水河", "嘉陵江", "花溪河", "梁滩河", "龙溪", "御临河", "青江", "白沙河"] as const;
const SPOTS = ["滨江路段", "东岸01", "码头", "下游3号", "公园亲水平台", "拦河坝", "桥下", "北侧枪机"] as const;

/** Two digits. */
export const two = (n: number): string => String(Math.floor(n)).padStart(2, "0");

function finishOf(chance: Random): Finish {
  const clock = `2026-${two(chance.int(1, 12))}-${two(chance.int(1, 28))} ${two(chance.int(0, 23))}:${two(chance.int(0, 59))}:${two(chance.int(0, 59))}`;
  return { clock: chance.chance(0.3) ? `${clock} 星期${chance.pick(["一", "二", "三", "四", "五", "六", "日"])}` : clock, name: `${chance.pick(RIVERS)}${chance.pick(SPOTS)}`, textPx: chance.range(16, 32), textOn: chance.chance(0.75), quality: chance.range(0.35, 0.95), shrink: chance.chance(0.35) ? chance.range(0.4, 0.85) : 1, mirror: chance.chance(0.5) };
}
