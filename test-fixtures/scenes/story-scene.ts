/** A story at a moment: where everybody is, what the camera sees, what the faults do to it. */
import { addTree, groundAt, shoreAt, type Bank } from "./bank.ts";
import { addDebris, debrisLookOf } from "./debris.ts";
import { lensOf, lightOf, waterOf, type Light } from "./light.ts";
import { Mesh, sheet } from "./mesh.ts";
import { addPerson, clothColour, lookOf, type PersonParts } from "./person.ts";
import { randomOf, wave, type Random } from "./random.ts";
import type { Picture, Settings, View } from "./picture.ts";
import { DEBRIS_LAYERS, poleOf, rainStrands } from "./shot.ts";
import type { Actor, Fault, Story } from "./story.ts";
import { CLOTH_LAYERS, LAYER } from "./textures.ts";
import { addBird, addBoat, addBucket, addChair, addUmbrella, birdLookOf, boatLookOf, rodLookOf, rodStrands, umbrellaLookOf, type Strand } from "./things.ts";
import type { ClassName, SceneObject } from "./truth.ts";
import { variantOf, variantRange, type Family, type Split } from "./variants.ts";
import { addScaled, heading, sub, unit, UP, type Vec3 } from "./vector.ts";
import { buildWorld, type World } from "./world.ts";

type Angler = Extract<Actor, { kind: "angler" }>;
type Walker = Extract<Actor, { kind: "walker" }>;
type Mat = Extract<Actor, { kind: "mat" }>;

/** A story made ready: the parts that do not change from frame to frame. */
export interface Stage {
  readonly split: Split;
  readonly story: Story;
  readonly world: World;
  readonly light: Light;
  readonly water: Settings;
  readonly lens: Settings;
}

/** One moment: what to draw and what is truly there. */
export interface Moment {
  readonly picture: Picture;
  readonly objects: readonly SceneObject[];
  readonly fault: Fault["kind"] | null;
  /** Centimetres on the gauge, null without one. */
  readonly levelCm: number | null;
}

/** The variant of a family that a seed stands for in a split. */
function variantFor(split: Split, family: Family, seed: number): Random {
  const [first, end] = variantRange(split);
  return variantOf(family, first + (seed % (end - first))).random;
}

/** Builds the place of a story; quiet footage takes its variants from the test split instead. */
export function stageOf(story: Story, split: Split = "story"): Stage {
  const storyVariant = (family: Family, seed: number): Random => variantFor(split, family, seed);
  const chance = randomOf("world", split, story.place.seed);
  const world = buildWorld(split, chance, { bank: story.place.bank, wideM: story.place.wideM, railing: story.place.railing, trees: story.place.trees });
  for (const actor of story.actors) {
    if (actor.kind !== "tree") continue;
    addTree(world.still, onGround(world.bank, actor.at[0], actor.at[1]), actor.highM, world.green, storyVariant("tree", actor.seed));
  }
  if (story.gauge) addGauge(world.still, story.gauge);
  const look = unit(sub(story.camera.target, story.camera.eye));
  const drawn = lightOf(story.light.condition, storyVariant("light", story.light.seed), { eye: story.camera.eye, look, glint: story.light.glint });
  const light = { ...drawn, rain: story.light.rain ?? drawn.rain };
  const air = { ...drawn.air, uTime: 0, ...(story.light.exposure === undefined ? {} : { uExposure: story.light.exposure }), ...(story.light.fog === undefined ? {} : { uFog: story.light.fog }) };
  const w = story.water;
  const water = {
    ...waterOf(storyVariant("water", w.seed), light, { glint: story.light.glint, foam: false }),
    uFoam: w.foam, ...(w.ripple === undefined ? {} : { uRipple: w.ripple }), ...(w.flowMps ? { uFlow: w.flowMps } : {}), ...(w.weir ? { uWeir: [w.weir[0], w.weir[1], 1, 0.8] } : {}),
  }; // prettier-ignore
  return { split, story, world, light: { ...light, air }, water, lens: lensOf(storyVariant("camera", story.camera.seed), drawn, 0) };
}

function addGauge(mesh: Mesh, gauge: NonNullable<Story["gauge"]>): void {
  const [x, z] = gauge.at;
  const y = (cm: number): number => (cm - 100) / 100;
  const corner = (side: number, cm: number): Vec3 => [x + (side * gauge.wideM) / 2, y(cm), z];
  for (let cm = gauge.bottomCm; cm < gauge.topCm; cm += 100) {
    const top = Math.min(gauge.topCm, cm + 100);
    sheet(mesh, [corner(-1, cm), corner(1, cm), corner(1, top), corner(-1, top)], { colour: [0.95, 0.95, 0.95], layer: LAYER.gauge }, [1, (top - cm) / 100], [0, 0.2, -1]);
  }
}

/** A value between keyframes; before the first and after the last it rests. */
export function between(keys: readonly (readonly [number, number])[], t: number): number {
  let before = keys[0];
  if (!before) return 0;
  for (const key of keys) {
    if (key[0] <= t) before = key;
    else return before[0] >= key[0] || t < before[0] ? before[1] : before[1] + ((key[1] - before[1]) * (t - before[0])) / (key[0] - before[0]);
  }
  return before[1];
}

/** Where somebody on a way is, whether already or still there, and where he is heading. */
function onWay(way: readonly (readonly [number, number, number])[], t: number): { readonly x: number; readonly inland: number; readonly yaw: number | null; readonly here: boolean } {
  const x = (s: number): number => between(way.map((k) => [k[0], k[1]]), s); // prettier-ignore
  const inland = (s: number): number => between(way.map((k) => [k[0], k[2]]), s); // prettier-ignore
  const dx = x(t + 0.2) - x(t);
  const dz = inland(t + 0.2) - inland(t);
  const first = way[0]?.[0] ?? 0;
  const last = way[way.length - 1]?.[0] ?? 0;
  return { x: x(t), inland: inland(t), yaw: Math.hypot(dx, dz) > 0.01 ? Math.atan2(dx, dz) : null, here: way.length === 1 || (t >= first && t <= last) };
}

function onGround(bank: Bank, x: number, inland: number): Vec3 {
  const z = shoreAt(bank, x) + inland;
  return [x, groundAt(bank, x, z), z];
}

/** The view at a moment: small shake, and the turn of a camera that was pushed aside. */
function viewAt(story: Story, t: number): View {
  const { eye, target, focalPx, shakePx } = story.camera;
  const metres = (shakePx / focalPx) * Math.hypot(...sub(target, eye));
  let aim: Vec3 = addScaled(addScaled(target, [1, 0, 0], metres * wave(t * 1.7, 3)), UP, metres * wave(t * 2.1, 5));
  const turned = story.faults.find((f) => f.kind === "turned" && t >= f.fromSec && t < f.toSec);
  if (turned) {
    const turn = 0.55 * Math.min(1, (t - turned.fromSec) / 2);
    const to = sub(aim, eye);
    aim = addScaled(eye, [to[0] * Math.cos(turn) - to[2] * Math.sin(turn), to[1] + 0.6 * turn, to[2] * Math.cos(turn) + to[0] * Math.sin(turn)], 1);
  }
  return { eye, target: aim, roll: 0, focalPx };
}

/** Who is being put on the stage. */
interface Casting {
  readonly stage: Stage;
  readonly t: number;
  readonly level: number;
  readonly mesh: Mesh;
  readonly strands: Strand[];
  readonly objects: SceneObject[];
}

function cast(c: Casting, id: string, name: ClassName, more: { readonly owner?: string; readonly angling?: boolean } = {}): number {
  const number = c.objects.length + 1;
  c.objects.push({ number, id, class: name, ...more });
  return number;
}

/** Composes the story at t seconds. */
export function momentOf(stage: Stage, t: number): Moment {
  const { story } = stage;
  const fault = story.faults.find((f) => t >= f.fromSec && t < f.toSec) ?? null;
  const frozen = fault?.kind === "frozen" ? fault.fromSec : null;
  const now = frozen ?? t;
  const levelCm = between(story.water.levelCm, now);
  const c: Casting = { stage, t: now, level: levelCm / 100, mesh: new Mesh(), strands: [], objects: [] };
  for (const actor of story.actors) addActor(c, actor);
  const view = viewAt(story, now);
  const rain = rainStrands(view, stage.light.rain, randomOf("rain", story.light.seed, Math.round(now * 100)));
  const seconds = fault ? t - fault.fromSec : 0;
  return {
    picture: {
      view, moving: c.mesh, strands: [...c.strands, ...rain], levelY: c.level, sunDir: stage.light.sunDir, shadows: stage.light.shadows, focus: story.camera.target,
      air: { ...stage.light.air, uTime: now, ...(fault?.kind === "dark" ? { uExposure: 0.015 } : {}) }, water: stage.water,
      lens: lensAt(stage, fault, seconds), defocus: fault?.kind === "defocused" ? Math.min(5, 1 + Math.floor(seconds * 1.5)) : 0,
    },
    objects: c.objects, fault: fault?.kind ?? null, levelCm: story.gauge ? 100 + levelCm : null,
  }; // prettier-ignore
}

function lensAt(stage: Stage, fault: Fault | null, seconds: number): Settings {
  if (fault?.kind === "covered") return { ...stage.lens, uCover: [0.1, -0.1, Math.min(2.2, seconds * 1.4), 1], uCoverColour: [0.09, 0.075, 0.06] };
  if (fault?.kind === "black") return { ...stage.lens, uBrightness: -2, uNoiseAmount: 0.004, uChroma: 0 };
  return stage.lens;
}

function addActor(c: Casting, actor: Actor): void {
  switch (actor.kind) {
    case "tree":
      return;
    case "angler":
      addAngler(c, actor);
      return;
    case "walker":
      addWalker(c, actor);
      return;
    case "mat":
      addMat(c, actor);
      return;
    case "boat":
    case "bird":
    case "debris":
      addAfloat(c, actor);
      return;
    default:
      actor satisfies never;
  }
}

function addBody(c: Casting, actor: Angler | Walker, hands: "rod" | "lap" | "hang" | "hold"): PersonParts | null {
  const place = onWay(actor.way, c.t);
  if (!place.here) return null;
  const walking = place.yaw !== null;
  const at = onGround(c.stage.world.bank, place.x, place.inland);
  const number = cast(c, actor.id, "person", actor.kind === "angler" ? { angling: true } : {});
  const yaw = place.yaw ?? Math.PI + (actor.faceDeg * Math.PI) / 180;
  const look = lookOf(variantFor(c.stage.split, "person", actor.seed), CLOTH_LAYERS);
  const kind = walking ? "walk" : actor.pose;
  if (kind === "sit" && actor.kind === "angler" && actor.chair) addChair(c.mesh, addScaled(at, UP, look.heightM * 0.25 - 0.46), yaw, clothColour(variantFor(c.stage.split, "prop", actor.seed)));
  return addPerson(c.mesh, look, { at, yaw, kind, phase: c.t + actor.seed, hands: walking && hands !== "hold" ? "hang" : hands }, number);
}

function addAngler(c: Casting, actor: Angler): void {
  const t = c.t;
  const present = actor.rods.filter((rod) => t >= rod.fromSec && t < (rod.toSec ?? Infinity));
  const place = onWay(actor.way, t);
  const held = present.find((rod) => rod.held && place.yaw === null);
  const parts = addBody(c, actor, held ? "rod" : "lap");
  const home = actor.way[0] ?? [0, 0, 0];
  const spot = onGround(c.stage.world.bank, home[1], home[2]);
  const yaw = Math.PI + (actor.faceDeg * Math.PI) / 180;
  const forward = heading(yaw);
  const right = unit([forward[2], 0, -forward[0]]);
  if (actor.bucket) addBucket(c.mesh, addScaled(addScaled(spot, right, 0.75), forward, -0.2), clothColour(variantFor(c.stage.split, "prop", actor.seed + 5)));
  present.forEach((rod) => {
    const drawn = rodLookOf(variantFor(c.stage.split, "rod", rod.seed));
    const look = { ...drawn, lengthM: rod.lengthM ?? drawn.lengthM };
    const index = actor.rods.indexOf(rod);
    const side = (index % 2 === 0 ? 1 : -1) * (0.38 + 0.3 * Math.floor(index / 2));
    const inHand = rod === held && parts !== null;
    const beside = addScaled(addScaled(spot, right, side), forward, 0.45);
    const butt = inHand ? addScaled(parts.rightHand, forward, -0.25) : addScaled([beside[0], groundAt(c.stage.world.bank, beside[0], beside[2]), beside[2]], UP, 0.55);
    const settle = rod.fromSec === 0 ? 1 : Math.min(1, (t - rod.fromSec) / 1.5);
    const lift = ((75 + (rod.liftDeg - 75) * settle) * Math.PI) / 180;
    const direction = unit(addScaled(heading(yaw - (rod.turnDeg * Math.PI) / 180 + 0.02 * wave(t * 0.7, rod.seed)), UP, Math.tan(lift) + 0.02 * wave(t * 1.1, rod.seed + 9)));
    c.strands.push(...rodStrands(look, butt, direction, c.level, cast(c, rod.id, "fishing-rod", { owner: actor.id })));
    if (!inHand) c.strands.push({ points: [addScaled(butt, direction, 0.5), addScaled(addScaled(butt, direction, 0.5), UP, -0.6)], thick: [0.016, 0.016], colour: [[0.3, 0.3, 0.3], [0.3, 0.3, 0.3]], alpha: 1, id: 0 });
  });
  if (actor.umbrella) addUmbrella(c.mesh, umbrellaLookOf(variantFor(c.stage.split, "umbrella", actor.seed), true), addScaled(addScaled(spot, right, -0.4), forward, -0.35), 2.1, [0.1, 0, 0.05], cast(c, `${actor.id}-umbrella`, "umbrella"));
}

function addWalker(c: Casting, actor: Walker): void {
  const parts = addBody(c, actor, actor.carry === "none" || actor.carry === "stick" ? "hang" : "hold");
  if (!parts || actor.carry === "none") return;
  if (actor.carry === "umbrella") addUmbrella(c.mesh, umbrellaLookOf(variantFor(c.stage.split, "umbrella", actor.seed), false), parts.rightHand, 0.7, [0.05, 0, 0.05], cast(c, `${actor.id}-umbrella`, "umbrella"));
  else c.strands.push(poleOf(variantFor(c.stage.split, "prop", actor.seed), actor.carry, parts.rightHand, parts.forward));
}

function addAfloat(c: Casting, actor: Extract<Actor, { kind: "boat" | "bird" | "debris" }>): void {
  const place = onWay(actor.way, c.t);
  if (!place.here) return;
  const at: Vec3 = [place.x, c.level, place.inland];
  const rest = (actor.seed * 1.7) % 6.28;
  if (actor.kind === "boat") {
    const yaw = actor.turnDeg === undefined ? (place.yaw ?? rest) : (actor.turnDeg * Math.PI) / 180;
    const boat = addBoat(c.mesh, boatLookOf(variantFor(c.stage.split, "boat", actor.seed), LAYER.wood), addScaled(at, UP, 0.02 * Math.sin(c.t * 1.3)), yaw, 0.02 * Math.sin(c.t * 1.1), cast(c, actor.id, "boat"));
    for (let i = 0; i < actor.crew; i += 1) {
      addPerson(c.mesh, lookOf(variantFor(c.stage.split, "person", actor.seed * 7 + i), CLOTH_LAYERS), { at: addScaled(boat.deck, boat.forward, 0.9 * i - 0.4), yaw, kind: i === 0 ? "sit" : "stand", phase: c.t, hands: "lap" }, cast(c, `${actor.id}-crew-${i + 1}`, "person"));
    }
  } else if (actor.kind === "bird") {
    const flying = actor.highM > 0;
    addBird(c.mesh, birdLookOf(variantFor(c.stage.split, "bird", actor.seed)), flying ? [at[0], actor.highM + 0.4 * wave(c.t, actor.seed), at[2]] : at, place.yaw ?? rest, flying ? (c.t * 2.3) % 1 : null, cast(c, actor.id, "bird"));
  } else {
    const look = debrisLookOf(variantFor(c.stage.split, "debris", actor.seed), [actor.of]);
    addDebris(c.mesh, { ...look, sizeM: actor.sizeM ?? look.sizeM }, at, rest + 0.1 * wave(c.t * 0.2, actor.seed), c.t, cast(c, actor.id, "floating-debris"), DEBRIS_LAYERS);
  }
}

/** A field of pieces that fills up and empties again: piece i is there while the amount is above its own share. */
function addMat(c: Casting, actor: Mat): void {
  const amount = between(actor.amount, c.t);
  const chance = randomOf("mat", actor.id, actor.seed);
  for (let i = 0; i < actor.pieces; i += 1) {
    const angle = chance.range(0, 6.28);
    const out = Math.sqrt((i + 0.5) / actor.pieces);
    const kind = chance.pick(["leaf-mat", "leaf-mat", "leaf-mat", "chips", "bag", "bottle", "foam-box", "branch"] as const);
    const look = debrisLookOf(variantFor(c.stage.split, "debris", actor.seed + i), [kind]);
    const turn = chance.range(0, 6.28);
    const share = (i + 0.5) / actor.pieces;
    if (amount < share) continue;
    const at: Vec3 = [actor.centre[0] + Math.cos(angle) * out * actor.spreadM[0] + actor.driftMps * c.t, c.level, actor.centre[1] + Math.sin(angle) * out * actor.spreadM[1]];
    const grown = Math.min(1, (amount - share) * actor.pieces * 0.5 + 0.3);
    addDebris(c.mesh, { ...look, sizeM: (kind === "leaf-mat" ? actor.sizeM : look.sizeM) * grown }, at, turn, c.t, cast(c, `${actor.id}-${i + 1}`, "floating-debris"), DEBRIS_LAYERS);
  }
}

/** The corners of a box on the bank as the picture shows them, 0..1, unclipped. */
export function cornersOf(stage: Stage, area: { readonly x: readonly [number, number]; readonly inland: readonly [number, number]; readonly highM: number }): readonly Vec3[] {
  return area.x.flatMap((x) => area.inland.flatMap((inland) => [0, area.highM].map((high): Vec3 => { const p = onGround(stage.world.bank, x, inland); return [p[0], Math.max(0, p[1]) + high, p[2]]; })));
}
