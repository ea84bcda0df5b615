/** People: bodies of limbs and blobs with clothes of many cuts, standing, sitting, squatting, walking, and what they wear and carry. */
import type { Mesh } from "./mesh.ts";
import { ball, blob, limb, tube, type Paint } from "./mesh.ts";
import { addCoat, addHead } from "./person-coat.ts";
import type { PersonLook } from "./person-look.ts";
import { skeletonOf, type PersonPose } from "./person-pose.ts";
import { add, addScaled, heading, mix, rightOf, scale, sub, unit, UP, type Vec3 } from "./vector.ts";

/** Where hands and head are, for rods and umbrellas. */
export interface PersonParts {
  readonly rightHand: Vec3;
  readonly leftHand: Vec3;
  readonly head: Vec3;
  readonly forward: Vec3;
}

/** Adds one person to the mesh. */
export function addPerson(mesh: Mesh, look: PersonLook, pose: PersonPose, id: number): PersonParts {
  const h = look.heightM;
  const forward = heading(pose.yaw);
  const right = rightOf(forward);
  const base = pose.kind === "wade" ? addScaled(pose.at, UP, -0.45 * h) : pose.at;
  const place = (p: Vec3): Vec3 =>
    addScaled(addScaled(addScaled(base, right, p[0] * h), UP, p[1] * h), forward, p[2] * h);
  const bones = skeletonOf(pose);
  const top = { ...look.top, id };
  const bottom = { ...look.bottom, id };
  const skin: Paint = { colour: look.skin, id };
  const pelvis = place(bones.pelvis);
  const neck = place(bones.neck);
  const head = place(bones.head);
  const spine = unit(sub(neck, pelvis));
  const w = h * look.girth;
  for (const [i, side] of [
    [0, -1],
    [1, 1],
  ] as const) {
    const hip = addScaled(pelvis, right, side * 0.05 * h);
    const knee = place(bones.knees[i]);
    const foot = place(bones.feet[i]);
    limb(mesh, hip, knee, 0.052 * w, 0.038 * w, bottom);
    limb(mesh, knee, addScaled(foot, UP, 0.03 * h), 0.038 * w, 0.026 * w, bottom);
    blob(
      mesh,
      addScaled(foot, forward, 0.03 * h),
      [scale(right, 0.028 * h), scale(UP, 0.025 * h), scale(forward, 0.075 * h)],
      { colour: look.shoes, id },
      4,
    );
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
  addCoat(mesh, look, {
    pelvis,
    neck,
    forward,
    right,
    h,
    w,
    low: place([0, 0, 0]),
    id,
    seated: pose.kind === "sit" || pose.kind === "squat",
  });
  limb(mesh, neck, head, 0.03 * h, 0.03 * h, skin, 6);
  addHead(mesh, look, head, forward, right, id);
  return { ...addArms(mesh, look, pose, { neck, spine, forward, right, top, skin }), head, forward };
}

interface Shoulders {
  readonly neck: Vec3;
  readonly spine: Vec3;
  readonly forward: Vec3;
  readonly right: Vec3;
  readonly top: Paint;
  readonly skin: Paint;
}

function addArms(
  mesh: Mesh,
  look: PersonLook,
  pose: PersonPose,
  s: Shoulders,
): Pick<PersonParts, "rightHand" | "leftHand"> {
  const h = look.heightM;
  const hands: Vec3[] = [];
  for (const side of [-1, 1] as const) {
    const shoulder = addScaled(
      addScaled(s.neck, s.right, side * 0.112 * h * Math.min(1.15, look.girth)),
      s.spine,
      -0.035 * h,
    );
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
  const from = (r: number, u: number, f: number): Vec3 =>
    addScaled(addScaled(addScaled(shoulder, s.right, r * side * h), UP, u * h), s.forward, f * h);
  switch (pose.hands) {
    case "rod":
      return side === 1 ? from(-0.06, -0.18, 0.2) : from(-0.1, -0.2, 0.13);
    case "hold":
      return side === 1 ? from(-0.02, -0.1, 0.15) : swing();
    case "lap":
      return from(-0.05, -0.22, 0.14);
    case "shoulder":
      return side === 1 ? from(-0.02, -0.06, 0.13) : swing();
    case "hang":
    default:
      return swing();
  }
  function swing(): Vec3 {
    const move = pose.kind === "walk" ? Math.sin(pose.phase * 5.6) * side * 0.11 : 0.02;
    return add(from(0.03, -0.3, 0), scale(s.forward, move * h));
  }
}
