/** What people have on over their clothes: coats, ponchos, vests, bags, and heads with hats. */
import type { Mesh } from "./mesh.ts";
import { blob, box, tube, type Paint } from "./mesh.ts";
import type { PersonLook } from "./person-look.ts";
import { addScaled, mix, scale, UP, type Vec3 } from "./vector.ts";

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

/** Adds coat, vest, skirt and bag. */
export function addCoat(mesh: Mesh, look: PersonLook, t: Trunk): void {
  const paint = { ...look.top, id: t.id };
  if (look.coat === "vest") {
    const loud: Paint = { colour: look.hatColour, id: t.id };
    tube(
      mesh,
      [
        { at: mix(t.pelvis, t.neck, 0.25), wide: 0.1 * t.w, deep: 0.078 * t.w },
        { at: mix(t.pelvis, t.neck, 0.85), wide: 0.108 * t.w, deep: 0.08 * t.w },
      ],
      loud,
      9,
      t.right,
    );
  }
  if (look.coat === "poncho") {
    const hem = mix(t.pelvis, t.low, 0.35);
    tube(
      mesh,
      [
        { at: hem, wide: 0.2 * t.w, deep: 0.16 * t.w },
        { at: mix(t.pelvis, t.neck, 0.6), wide: 0.14 * t.w, deep: 0.1 * t.w },
        { at: t.neck, wide: 0.05 * t.w },
      ],
      paint,
      10,
      t.right,
    );
  }
  if ((look.coat === "long" || look.coat === "skirt") && !t.seated) {
    const hem = mix(t.pelvis, t.low, look.coat === "long" ? 0.45 : 0.55);
    tube(
      mesh,
      [
        { at: hem, wide: 0.125 * t.w, deep: 0.11 * t.w },
        { at: addScaled(t.pelvis, UP, 0.04 * t.h), wide: 0.09 * t.w, deep: 0.07 * t.w },
      ],
      look.coat === "long" ? paint : { ...look.bottom, id: t.id },
      9,
      t.right,
    );
  }
  if (look.bag === "none") return;
  const bag: Paint = { colour: look.bagColour, id: t.id };
  const middle =
    look.bag === "backpack"
      ? addScaled(mix(t.pelvis, t.neck, 0.62), t.forward, -0.11 * t.h)
      : addScaled(addScaled(t.pelvis, t.right, 0.12 * t.h), UP, 0.02 * t.h);
  const size = look.bag === "backpack" ? ([0.08, 0.12, 0.05] as const) : ([0.04, 0.07, 0.08] as const);
  box(mesh, middle, [scale(t.right, size[0] * t.h), scale(UP, size[1] * t.h), scale(t.forward, size[2] * t.h)], bag);
}

/** Adds head, hair and hat. */
export function addHead(mesh: Mesh, look: PersonLook, head: Vec3, forward: Vec3, right: Vec3, id: number): void {
  const h = look.heightM;
  const axes = (a: number, b: number, c: number): readonly [Vec3, Vec3, Vec3] => [
    scale(right, a * h),
    scale(UP, b * h),
    scale(forward, c * h),
  ];
  blob(mesh, head, axes(0.046, 0.066, 0.056), { colour: look.skin, id });
  const back = addScaled(addScaled(head, UP, 0.014 * h), forward, -0.012 * h);
  blob(mesh, back, axes(0.049, 0.062, 0.054), { colour: look.hat === "hood" ? look.top.colour : look.hair, id });
  const hat: Paint = { colour: look.hatColour, id };
  const crown = addScaled(head, UP, 0.035 * h);
  if (look.hat === "cap" || look.hat === "bucket" || look.hat === "helmet") {
    blob(mesh, crown, axes(0.054, 0.05, 0.06), hat);
    if (look.hat === "cap") box(mesh, addScaled(crown, forward, 0.07 * h), axes(0.038, 0.004, 0.035), hat);
    if (look.hat === "bucket")
      tube(
        mesh,
        [
          { at: addScaled(crown, UP, -0.01 * h), wide: 0.09 * h },
          { at: addScaled(crown, UP, 0.02 * h), wide: 0.05 * h },
        ],
        hat,
        9,
      );
  }
  if (look.hat === "straw") {
    const straw: Paint = { colour: [0.72, 0.58, 0.33], id };
    tube(
      mesh,
      [
        { at: addScaled(crown, UP, -0.012 * h), wide: 0.135 * h },
        { at: addScaled(crown, UP, 0.03 * h), wide: 0.06 * h },
        { at: addScaled(crown, UP, 0.06 * h), wide: 0.01 * h },
      ],
      straw,
      10,
    );
  }
}
