/** Three-dimensional vectors and 4x4 matrices (column by column, as WebGL wants them). Metres, y up, z towards the near land. */

/** x, y, z. */
export type Vec3 = readonly [number, number, number];
/** Sixteen numbers, column by column. */
export type Mat4 = Float32Array;

/** Straight up. */
export const UP: Vec3 = [0, 1, 0];
/** Sum. */
export const add = (a: Vec3, b: Vec3): Vec3 => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
/** Difference. */
export const sub = (a: Vec3, b: Vec3): Vec3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
/** Multiple. */
export const scale = (a: Vec3, s: number): Vec3 => [a[0] * s, a[1] * s, a[2] * s];
/** a and s times b. */
export const addScaled = (a: Vec3, b: Vec3, s: number): Vec3 => [a[0] + b[0] * s, a[1] + b[1] * s, a[2] + b[2] * s];
/** Inner product. */
export const dot = (a: Vec3, b: Vec3): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** Length. */
export const length = (a: Vec3): number => Math.hypot(a[0], a[1], a[2]);
/** The point between a (t 0) and b (t 1). */
export const mix = (a: Vec3, b: Vec3, t: number): Vec3 => addScaled(a, sub(b, a), t);
/** Outer product. */
export const cross = (a: Vec3, b: Vec3): Vec3 => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** The vector of length 1 in the same direction; the zero vector gives straight up. */
export function unit(a: Vec3): Vec3 {
  const l = length(a);
  return l > 1e-9 ? scale(a, 1 / l) : UP;
}

/** The horizontal direction of a heading: 0 looks to +z (towards the near land), positive turns to +x. */
export const heading = (yaw: number): Vec3 => [Math.sin(yaw), 0, Math.cos(yaw)];

/** The direction on the right hand of somebody who looks along a heading. */
export const rightOf = (forward: Vec3): Vec3 => unit(cross(forward, UP));

/** Matrix product a times b. */
export function multiply(a: Mat4, b: Mat4): Mat4 {
  const out = new Float32Array(16);
  for (let c = 0; c < 4; c += 1) {
    for (let r = 0; r < 4; r += 1) {
      let sum = 0;
      for (let k = 0; k < 4; k += 1) sum += (a[k * 4 + r] ?? 0) * (b[c * 4 + k] ?? 0);
      out[c * 4 + r] = sum;
    }
  }
  return out;
}

/** A perspective projection from the focal length in units of half the picture's height. */
export function perspective(focal: number, aspect: number, near: number, far: number): Mat4 {
  const m = new Float32Array(16);
  m[0] = focal / aspect;
  m[5] = focal;
  m[10] = (far + near) / (near - far);
  m[11] = -1;
  m[14] = (2 * far * near) / (near - far);
  return m;
}

/** A projection without perspective of a square of given half side. */
export function orthographic(half: number, near: number, far: number): Mat4 {
  const m = new Float32Array(16);
  m[0] = 1 / half;
  m[5] = 1 / half;
  m[10] = 2 / (near - far);
  m[14] = (far + near) / (near - far);
  m[15] = 1;
  return m;
}

/** The view from an eye to a target. */
export function lookAt(eye: Vec3, target: Vec3, up: Vec3): Mat4 {
  const back = unit(sub(eye, target));
  const right = unit(cross(up, back));
  const top = cross(back, right);
  return Float32Array.of(
    right[0], top[0], back[0], 0,
    right[1], top[1], back[1], 0,
    right[2], top[2], back[2], 0,
    -dot(right, eye), -dot(top, eye), -dot(back, eye), 1,
  ); // prettier-ignore
}

/** Where a point lies in the picture, 0..1 from the top left, with its clip depth w (not in front of the camera when w <= 0). */
export function project(viewProjection: Mat4, p: Vec3): { readonly x: number; readonly y: number; readonly w: number } {
  const m = viewProjection;
  const row = (r: number): number =>
    (m[r] ?? 0) * p[0] + (m[4 + r] ?? 0) * p[1] + (m[8 + r] ?? 0) * p[2] + (m[12 + r] ?? 0);
  const w = row(3);
  return { x: (row(0) / w) * 0.5 + 0.5, y: 0.5 - (row(1) / w) * 0.5, w };
}
