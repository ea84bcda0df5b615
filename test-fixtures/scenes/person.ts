/** People: bodies of limbs and blobs with clothes of many cuts, standing, sitting, squatting, walking, and what they wear and carry. */
import { ball, blob, box, limb, tube, type Mesh, type Paint } from "./mesh.ts";
import { add, addScaled, heading, mix, rightOf, scale, sub, unit, UP, type Vec3 } from "./vector.ts";
import type { Random } from "./random.ts";

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

/** What somebody is doing. */
export interface PersonPose {
  readonly at: Vec3;
  readonly yaw: number;
  readonly kind: "stand" | "sit" | "squat" | "walk" | "bend" | "wade";
  /** Seconds of walking, or any number that moves the body a little. */
  readonly phase: number;
  readonly hands: "hang" | "rod" | "hold" | "lap" | "shoulder";
}

/** Where hands and head are, for rods and umbrellas. */
export interface PersonParts {
  readonly rightHand: Vec3;
  readonly leftHand: Vec3;
  readonly head: Vec3;
  readonly forward: Vec3;
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
    top: { colour: clothColour(random), layer: random.chance(0.45) ? random.pick(clothLayers) : 0, repeat: random.range(0.8, 3) },
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

interface Skeleton {
  readonly pelvis: Vec3;
  readonly neck: Vec3;
  readonly head: Vec3;
  readonly knees: readonly [Vec3, Vec3];
  readonly feet: readonly [Vec3, Vec3];
}

/** Joints in body heights: sideways, up, forward. */
function skeletonOf(pose: PersonPose): Skeleton {
  const sway = Math.sin(pose.phase * 0.9) * 0.006;
  switch (pose.kind) {
    case "sit":
      return { pelvis: [0, 0.27, 0], neck: [sway, 0.57, 0.05], head: [sway, 0.665, 0.075], knees: [[-0.08, 0.28, 0.25], [0.08, 0.29, 0.25]], feet: [[-0.08, 0.02, 0.27], [0.09, 0.02, 0.3]] };
    case "squat":
      return { pelvis: [0, 0.15, -0.02], neck: [sway, 0.42, 0.11], head: [sway, 0.51, 0.15], knees: [[-0.11, 0.27, 0.17], [0.11, 0.26, 0.17]], feet: [[-0.08, 0.02, 0.05], [0.08, 0.02, 0.06]] };
    case "bend":
      return { pelvis: [0, 0.5, -0.08], neck: [sway, 0.66, 0.2], head: [sway, 0.68, 0.3], knees: [[-0.06, 0.27, 0.02], [0.06, 0.27, 0.03]], feet: [[-0.07, 0.02, 0], [0.07, 0.02, 0.02]] };
    case "walk": {
      const swing = Math.sin(pose.phase * 5.6);
      const lift = (s: number): number => Math.max(0, s) * 0.06;
      return { pelvis: [0, 0.52, 0], neck: [0, 0.82, 0.03], head: [0, 0.925, 0.045], knees: [[-0.05, 0.28, 0.13 * swing + 0.03], [0.05, 0.28, -0.13 * swing + 0.03]], feet: [[-0.05, 0.02 + lift(Math.cos(pose.phase * 5.6)), 0.2 * swing - 0.03], [0.05, 0.02 + lift(-Math.cos(pose.phase * 5.6)), -0.2 * swing - 0.03]] };
    }
    default:
      return { pelvis: [0, 0.52, 0], neck: [sway, 0.82, 0.015], head: [sway, 0.925, 0.03], knees: [[-0.06, 0.28, 0.01], [0.065, 0.28, 0.02]], feet: [[-0.075, 0.02, 0], [0.08, 0.02, 0.03]] };
  }
}

/** Adds one person to the mesh. */
export function addPerson(mesh: Mesh, look: PersonLook, pose: PersonPose, id: number): PersonParts {
  const h = look.heightM;
  const forward = heading(pose.yaw);
  const right = rightOf(forward);
  const base = pose.kind === "wade" ? addScaled(pose.at, UP, -0.45 * h) : pose.at;
  const place = (p: Vec3): Vec3 => addScaled(addScaled(addScaled(base, right, p[0] * h), UP, p[1] * h), forward, p[2] * h);
  const bones = skeletonOf(pose);
  const top = { ...look.top, id };
  const bottom = { ...look.bottom, id };
  const skin: Paint = { colour: look.skin, id };
  const pelvis = place(bones.pelvis);
  const neck = place(bones.neck);
  const head = place(bones.head);
  const spine = unit(sub(neck, pelvis));
  const w = h * look.girth;
  for (const [i, side] of [[0, -1], [1, 1]] as const) {
    const hip = addScaled(pelvis, right, side * 0.05 * h);
    const knee = place(bones.knees[i]);
    const foot = place(bones.feet[i]);
    limb(mesh, hip, knee, 0.052 * w, 0.038 * w, bottom);
    limb(mesh, knee, addScaled(foot, UP, 0.03 * h), 0.038 * w, 0.026 * w, bottom);
    blob(mesh, addScaled(foot, forward, 0.03 * h), [scale(right, 0.028 * h), scale(UP, 0.025 * h), scale(forward, 0.075 * h)], { colour: look.shoes, id }, 4);
  }
  const along = (t: number): Vec3 => mix(pelvis, neck, t);
  tube(mesh, [
    { at: addScaled(pelvis, spine, -0.05 * h), wide: 0.05 * w, deep: 0.04 * w },
    { at: along(0), wide: 0.093 * w, deep: 0.066 * w },
    { at: along(0.3), wide: 0.086 * w, deep: 0.064 * w },
    { at: along(0.72), wide: 0.108 * w, deep: 0.07 * w },
    { at: along(0.92), wide: 0.088 * w, deep: 0.052 * w },
    { at: along(1.04), wide: 0.03 * w, deep: 0.03 * w },
  ], top, 9, right); // prettier-ignore
  addCoat(mesh, look, { pelvis, neck, forward, right, h, w, low: place([0, 0, 0]), id, seated: pose.kind === "sit" || pose.kind === "squat" });
  limb(mesh, neck, head, 0.03 * h, 0.03 * h, skin, 6);
  addHead(mesh, look, head, forward, right, id);
  return { ...addArms(mesh, look, pose, { neck, spine, forward, right, top, skin }), head, forward };
}

interface Trunk {
  readonly pelvis: Vec3;
  readonly neck: Vec3;
  readonly forward: Vec3;
  readonly right: Vec3;
  readonly h: number;
  readonly w: number;
  readonly low: Vec3;
  readonly id: number;
  readonly seated: boolean;
}

function addCoat(mesh: Mesh, look: PersonLook, t: Trunk): void {
  const paint = { ...look.top, id: t.id };
  if (look.coat === "vest") {
    const loud: Paint = { colour: look.hatColour, id: t.id };
    tube(mesh, [{ at: mix(t.pelvis, t.neck, 0.25), wide: 0.1 * t.w, deep: 0.078 * t.w }, { at: mix(t.pelvis, t.neck, 0.85), wide: 0.108 * t.w, deep: 0.08 * t.w }], loud, 9, t.right);
  }
  if (look.coat === "poncho") {
    const hem = mix(t.pelvis, t.low, 0.35);
    tube(mesh, [{ at: hem, wide: 0.2 * t.w, deep: 0.16 * t.w }, { at: mix(t.pelvis, t.neck, 0.6), wide: 0.14 * t.w, deep: 0.1 * t.w }, { at: t.neck, wide: 0.05 * t.w }], paint, 10, t.right);
  }
  if ((look.coat === "long" || look.coat === "skirt") && !t.seated) {
    const hem = mix(t.pelvis, t.low, look.coat === "long" ? 0.45 : 0.55);
    tube(mesh, [{ at: hem, wide: 0.125 * t.w, deep: 0.11 * t.w }, { at: addScaled(t.pelvis, UP, 0.04 * t.h), wide: 0.09 * t.w, deep: 0.07 * t.w }], look.coat === "long" ? paint : { ...look.bottom, id: t.id }, 9, t.right);
  }
  if (look.bag === "none") return;
  const bag: Paint = { colour: look.bagColour, id: t.id };
  const middle = look.bag === "backpack" ? addScaled(mix(t.pelvis, t.neck, 0.62), t.forward, -0.11 * t.h) : addScaled(addScaled(t.pelvis, t.right, 0.12 * t.h), UP, 0.02 * t.h);
  const size = look.bag === "backpack" ? ([0.08, 0.12, 0.05] as const) : ([0.04, 0.07, 0.08] as const);
  box(mesh, middle, [scale(t.right, size[0] * t.h), scale(UP, size[1] * t.h), scale(t.forward, size[2] * t.h)], bag);
}

function addHead(mesh: Mesh, look: PersonLook, head: Vec3, forward: Vec3, right: Vec3, id: number): void {
  const h = look.heightM;
  const axes = (a: number, b: number, c: number): readonly [Vec3, Vec3, Vec3] => [scale(right, a * h), scale(UP, b * h), scale(forward, c * h)];
  blob(mesh, head, axes(0.046, 0.066, 0.056), { colour: look.skin, id });
  const back = addScaled(addScaled(head, UP, 0.014 * h), forward, -0.012 * h);
  blob(mesh, back, axes(0.049, 0.062, 0.054), { colour: look.hat === "hood" ? look.top.colour : look.hair, id });
  const hat: Paint = { colour: look.hatColour, id };
  const crown = addScaled(head, UP, 0.035 * h);
  if (look.hat === "cap" || look.hat === "bucket" || look.hat === "helmet") {
    blob(mesh, crown, axes(0.054, 0.05, 0.06), hat);
    if (look.hat === "cap") box(mesh, addScaled(crown, forward, 0.07 * h), axes(0.038, 0.004, 0.035), hat);
    if (look.hat === "bucket") tube(mesh, [{ at: addScaled(crown, UP, -0.01 * h), wide: 0.09 * h }, { at: addScaled(crown, UP, 0.02 * h), wide: 0.05 * h }], hat, 9);
  }
  if (look.hat === "straw") {
    const straw: Paint = { colour: [0.72, 0.58, 0.33], id };
    tube(mesh, [{ at: addScaled(crown, UP, -0.012 * h), wide: 0.135 * h }, { at: addScaled(crown, UP, 0.03 * h), wide: 0.06 * h }, { at: addScaled(crown, UP, 0.06 * h), wide: 0.01 * h }], straw, 10);
  }
}

interface Shoulders {
  readonly neck: Vec3;
  readonly spine: Vec3;
  readonly forward: Vec3;
  readonly right: Vec3;
  readonly top: Paint;
  readonly skin: Paint;
}

function addArms(mesh: Mesh, look: PersonLook, pose: PersonPose, s: Shoulders): Pick<PersonParts, "rightHand" | "leftHand"> {
  const h = look.heightM;
  const hands: Vec3[] = [];
  for (const side of [-1, 1] as const) {
    const shoulder = addScaled(addScaled(s.neck, s.right, side * 0.112 * h * Math.min(1.15, look.girth)), s.spine, -0.035 * h);
    const hand = handOf(shoulder, side, pose, s, h);
    const middle = mix(shoulder, hand, 0.5);
    const reach = Math.hypot(...sub(hand, shoulder));
    const slack = Math.sqrt(Math.max(0, 0.16 * 0.16 * h * h - (reach * reach) / 4));
    const elbow = addScaled(addScaled(middle, UP, -slack * 0.8), s.right, side * slack * 0.5);
    limb(mesh, shoulder, elbow, 0.034 * h * look.girth, 0.026 * h, s.top, 6);
    limb(mesh, elbow, hand, 0.025 * h, 0.019 * h, look.sleeves === "long" ? s.top : s.skin, 6);
    ball(mesh, hand, [0.022 * h, 0.026 * h, 0.022 * h], s.skin, 4);
    hands.push(hand);
  }
  const [leftHand, rightHand] = hands;
  if (!leftHand || !rightHand) throw new Error("a person has two hands");
  return { leftHand, rightHand };
}

function handOf(shoulder: Vec3, side: -1 | 1, pose: PersonPose, s: Shoulders, h: number): Vec3 {
  const from = (r: number, u: number, f: number): Vec3 => addScaled(addScaled(addScaled(shoulder, s.right, r * side * h), UP, u * h), s.forward, f * h);
  switch (pose.hands) {
    case "rod":
      return side === 1 ? from(-0.06, -0.18, 0.2) : from(-0.1, -0.2, 0.13);
    case "hold":
      return side === 1 ? from(-0.02, -0.1, 0.15) : swing();
    case "lap":
      return from(-0.05, -0.22, 0.14);
    case "shoulder":
      return side === 1 ? from(-0.02, -0.06, 0.13) : swing();
    default:
      return swing();
  }
  function swing(): Vec3 {
    const move = pose.kind === "walk" ? Math.sin(pose.phase * 5.6) * side * 0.11 : 0.02;
    return add(from(0.03, -0.3, 0), scale(s.forward, move * h));
  }
}
