/** Where a camera stands and looks, and rays from its picture back into the scene. */
import { groundAt, type Bank } from "./bank.ts";
import { bentRadius, widening } from "./lens.ts";
import type { Random } from "./random.ts";
import type { View } from "./picture.ts";
import {
  addScaled,
  cross,
  lookAt,
  multiply,
  perspective,
  project,
  scale,
  sub,
  unit,
  UP,
  type Mat4,
  type Vec3,
} from "./vector.ts";

/** The native picture, pixels. */
export const WIDTH = 960;
/** Rows of the native picture. */
export const HEIGHT = 540;

/** What a camera is meant to watch. */
export type CameraAim = "shore" | "water" | "street";

/** Draws a camera of a variant: it watches the shore, the open water or a street. */
export function cameraOf(random: Random, bank: Bank, aim: CameraAim, wideM: number): View {
  const x = random.range(-4, 4);
  for (let attempt = 0; ; attempt += 1) {
    const turn = random.next();
    const sign = random.chance(0.5) ? 1 : -1;
    const azimuth =
      sign * (turn < 0.6 ? random.range(0, 1.25) : turn < 0.86 ? random.range(1.25, 1.9) : random.range(1.9, 3.14));
    const distance = aim === "water" ? random.range(5, 45) : random.range(8, 38);
    const stand = (bank.standZ[0] + bank.standZ[1]) / 2;
    const z =
      aim === "water"
        ? -random.range(2, Math.min(50, wideM * 0.7))
        : aim === "street"
          ? random.range(-6, 4)
          : stand + random.range(-4, 1.5);
    const target: Vec3 = [x, aim === "water" ? 0 : Math.max(0, groundAt(bank, x, stand)) + random.range(0, 1), z];
    const rise =
      aim === "water"
        ? random.chance(0.6)
          ? random.range(0.05, 0.3)
          : random.range(0.3, 0.9)
        : random.chance(0.65)
          ? random.range(0.06, 0.3)
          : random.range(0.3, 0.6);
    const flat = Math.abs(azimuth) > 1.9 && aim === "water" ? azimuth * 0.5 : azimuth;
    const out: Vec3 = [Math.sin(flat) * Math.cos(rise), Math.sin(rise), Math.cos(flat) * Math.cos(rise)];
    const eye = addScaled(target, out, distance);
    const ground = Math.max(0, groundAt(bank, eye[0], eye[2]));
    const high: Vec3 = [eye[0], Math.max(eye[1], ground + (aim === "water" ? 1.1 : 2.2)), eye[2]];
    if (high[2] < -wideM * 0.9 && attempt < 20) continue;
    const pixelsPerMetre = aim === "water" ? Math.exp(random.range(2.7, 5.4)) : Math.exp(random.range(3.3, 4.95));
    const focalPx = Math.min(3600, Math.max(520, pixelsPerMetre * distance));
    const shift: Vec3 = [random.range(-1, 1), random.range(-0.25, 1) * (random.chance(0.7) ? 1 : 0.3), 0];
    const frame = WIDTH / focalPx / 4;
    return {
      eye: high,
      target: addScaled(target, shift, distance * frame * 0.6),
      roll: random.chance(0.7) ? random.normal() * 0.015 : random.normal() * 0.05,
      focalPx,
      bend: 0,
    };
  }
}

/** The projection of a view as the renderer makes it, before the lens bends it; wider for a barrel, see lens.ts. */
export function viewProjectionOf(view: View): Mat4 {
  const back = unit(sub(view.eye, view.target));
  const right = unit(cross(UP, back));
  const up = unit(addScaled(scale(cross(back, right), Math.cos(view.roll)), right, Math.sin(view.roll)));
  return multiply(
    perspective((2 * view.focalPx) / HEIGHT / widening(view.bend), WIDTH / HEIGHT, 0.3, 2200),
    lookAt(view.eye, view.target, up),
  );
}

/** Where a point lies in the picture, 0..1 from the top left, with its clip depth w (not in front of the camera when w <= 0). */
export type Place = (p: Vec3) => { readonly x: number; readonly y: number; readonly w: number };

/** Where a view's finished picture shows points of the scene, bent by the lens. */
export function placesOf(view: View): Place {
  const matrix = viewProjectionOf(view);
  if (view.bend === 0) return (p) => project(matrix, p);
  const corner = Math.hypot(WIDTH, HEIGHT) / 2;
  return (p) => {
    const { x, y, w } = project(matrix, p);
    const radius = Math.hypot((x - 0.5) * WIDTH, (y - 0.5) * HEIGHT) / corner;
    const s = radius < 1e-9 ? widening(view.bend) : bentRadius(view.bend, radius) / radius;
    return { x: 0.5 + (x - 0.5) * s, y: 0.5 + (y - 0.5) * s, w };
  };
}

/** The point at height y that the picture shows at u, v (0..1 from the top left), or null above the horizon or beyond `limit` metres. */
export function pointAt(view: View, u: number, v: number, y: number, limit = 250): Vec3 | null {
  const forward = unit(sub(view.target, view.eye));
  const right = unit(cross(forward, UP));
  const up = cross(right, forward);
  const ray = unit(
    addScaled(addScaled(forward, right, ((u - 0.5) * WIDTH) / view.focalPx), up, ((0.5 - v) * HEIGHT) / view.focalPx),
  );
  const t = (y - view.eye[1]) / ray[1];
  return t > 0 && t < limit ? addScaled(view.eye, ray, t) : null;
}

/** Whether a point lies inside the picture with a margin. */
export function inPicture(place: Place, p: Vec3, margin = 0.02): boolean {
  const at = place(p);
  return at.w > 0.5 && at.x > margin && at.x < 1 - margin && at.y > margin && at.y < 1 - margin;
}
