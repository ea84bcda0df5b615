/** Triangles in the making: tubes, boxes, blobs and sheets from which every body and thing of a scene is put together. */
import { add, addScaled, cross, scale, sub, unit, type Vec3 } from "./vector.ts";

/** Numbers per vertex: position 3, normal 3, texture place 2, colour 4 (alpha above 1 glows), texture layer 1, object id 1. */
export const VERTEX_SIZE = 14;

/** How a surface looks; id 0 is anything that nobody has to find. */
export interface Paint {
  readonly colour: Vec3;
  readonly layer?: number;
  /** Texture repeats per metre. */
  readonly repeat?: number;
  readonly alpha?: number;
  readonly id?: number;
}

/** A growing list of vertices and triangles. */
export class Mesh {
  vertices = new Float32Array(VERTEX_SIZE * 4096);
  indices = new Uint32Array(3 * 8192);
  vertexCount = 0;
  indexCount = 0;

  clear(): void {
    this.vertexCount = 0;
    this.indexCount = 0;
  }

  vertex(p: Vec3, n: Vec3, u: number, v: number, paint: Paint): number {
    const at = this.vertexCount * VERTEX_SIZE;
    if (at + VERTEX_SIZE > this.vertices.length) {
      const grown = new Float32Array(this.vertices.length * 2);
      grown.set(this.vertices);
      this.vertices = grown;
    }
    const o = this.vertices;
    o[at] = p[0];
    o[at + 1] = p[1];
    o[at + 2] = p[2]; // prettier-ignore
    o[at + 3] = n[0];
    o[at + 4] = n[1];
    o[at + 5] = n[2]; // prettier-ignore
    o[at + 6] = u;
    o[at + 7] = v; // prettier-ignore
    o[at + 8] = paint.colour[0];
    o[at + 9] = paint.colour[1];
    o[at + 10] = paint.colour[2]; // prettier-ignore
    o[at + 11] = paint.alpha ?? 1;
    o[at + 12] = paint.layer ?? 0;
    o[at + 13] = paint.id ?? 0;
    this.vertexCount += 1;
    return this.vertexCount - 1;
  }

  triangle(a: number, b: number, c: number): void {
    if (this.indexCount + 3 > this.indices.length) {
      const grown = new Uint32Array(this.indices.length * 2);
      grown.set(this.indices);
      this.indices = grown;
    }
    this.indices[this.indexCount] = a;
    this.indices[this.indexCount + 1] = b;
    this.indices[this.indexCount + 2] = c;
    this.indexCount += 3;
  }

  /** Joins rows of equally many vertices into a skin. */
  skin(first: number, rows: number, columns: number): void {
    for (let r = 0; r + 1 < rows; r += 1) {
      for (let c = 0; c + 1 < columns; c += 1) {
        const at = first + r * columns + c;
        this.triangle(at, at + 1, at + columns);
        this.triangle(at + 1, at + columns + 1, at + columns);
      }
    }
  }
}

/** A flat sheet from four corners in order; the texture spans u and v given. */
export function sheet(
  mesh: Mesh,
  corners: readonly [Vec3, Vec3, Vec3, Vec3],
  paint: Paint,
  uv: readonly [number, number] = [1, 1],
  normal?: Vec3,
): void {
  const [a, b, c, d] = corners;
  const n = normal ?? unit(cross(sub(b, a), sub(d, a)));
  const first = mesh.vertex(a, n, 0, uv[1], paint);
  mesh.vertex(b, n, uv[0], uv[1], paint);
  mesh.vertex(c, n, uv[0], 0, paint);
  mesh.vertex(d, n, 0, 0, paint);
  mesh.triangle(first, first + 1, first + 2);
  mesh.triangle(first, first + 2, first + 3);
}

/** A box by its centre and its three half axes. */
export function box(mesh: Mesh, centre: Vec3, axes: readonly [Vec3, Vec3, Vec3], paint: Paint): void {
  const [x, y, z] = axes;
  const repeat = paint.repeat ?? 1;
  const faces: readonly (readonly [Vec3, Vec3, Vec3])[] = [
    [x, y, z], [scale(x, -1), y, scale(z, -1)], [z, y, scale(x, -1)], [scale(z, -1), y, x], [y, scale(z, -1), x], [scale(y, -1), z, x],
  ]; // prettier-ignore
  for (const [out, up, side] of faces) {
    const middle = add(centre, out);
    const corner = (s: number, t: number): Vec3 => addScaled(addScaled(middle, side, s), up, t);
    const span: [number, number] = [2 * Math.hypot(...side) * repeat, 2 * Math.hypot(...up) * repeat];
    sheet(mesh, [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)], paint, span, unit(out));
  }
}

/** Upright box by centre, size in metres and turn about the vertical. */
export function upright(mesh: Mesh, centre: Vec3, size: Vec3, yaw: number, paint: Paint): void {
  const c = Math.cos(yaw);
  const s = Math.sin(yaw);
  box(
    mesh,
    centre,
    [
      [(size[0] / 2) * c, 0, (-size[0] / 2) * s],
      [0, size[1] / 2, 0],
      [(size[2] / 2) * s, 0, (size[2] / 2) * c],
    ],
    paint,
  );
}

/** One ring of a tube: where its centre is and how wide it is sideways and, if not round, the other way. */
export interface Ring {
  readonly at: Vec3;
  readonly wide: number;
  readonly deep?: number;
}

/** A skin over rings along a path; `side` says where "wide" points for tubes that are not round. */
export function tube(mesh: Mesh, rings: readonly Ring[], paint: Paint, sides = 8, side?: Vec3): void {
  const first = mesh.vertexCount;
  const repeat = paint.repeat ?? 1;
  let along = 0;
  rings.forEach((ring, i) => {
    const before = rings[Math.max(0, i - 1)] ?? ring;
    const after = rings[Math.min(rings.length - 1, i + 1)] ?? ring;
    const axis = unit(sub(after.at, before.at));
    const across = side ?? unit(cross(axis, Math.abs(axis[1]) > 0.9 ? [1, 0, 0] : [0, 1, 0]));
    const other = unit(cross(axis, across));
    const deep = ring.deep ?? ring.wide;
    if (i > 0) along += Math.hypot(...sub(ring.at, before.at));
    const slope = i === 0 ? 0.6 : i === rings.length - 1 ? -0.6 : 0;
    for (let k = 0; k <= sides; k += 1) {
      const a = (k / sides) * Math.PI * 2;
      const n = add(scale(across, Math.cos(a)), scale(other, Math.sin(a)));
      const p = add(ring.at, add(scale(across, Math.cos(a) * ring.wide), scale(other, Math.sin(a) * deep)));
      mesh.vertex(p, unit(addScaled(n, axis, -slope)), (k / sides) * 2 * repeat, along * repeat * 2, paint);
    }
  });
  mesh.skin(first, rings.length, sides + 1);
}

/** A limb: a tube with rounded ends. */
export function limb(
  mesh: Mesh,
  from: Vec3,
  to: Vec3,
  wideFrom: number,
  wideTo: number,
  paint: Paint,
  sides = 7,
): void {
  const axis = unit(sub(to, from));
  tube(mesh, [
    { at: addScaled(from, axis, -wideFrom * 0.9), wide: wideFrom * 0.25 },
    { at: addScaled(from, axis, -wideFrom * 0.45), wide: wideFrom * 0.85 },
    { at: from, wide: wideFrom },
    { at: to, wide: wideTo },
    { at: addScaled(to, axis, wideTo * 0.5), wide: wideTo * 0.8 },
    { at: addScaled(to, axis, wideTo * 0.9), wide: wideTo * 0.2 },
  ], paint, sides); // prettier-ignore
}

/** A blob by centre and half axes; `shape` may push each point in or out (1 leaves it). */
export function blob(
  mesh: Mesh,
  centre: Vec3,
  axes: readonly [Vec3, Vec3, Vec3],
  paint: Paint,
  rows = 6,
  shape?: (n: Vec3) => number,
): void {
  const first = mesh.vertexCount;
  const columns = rows + 3;
  const sizes = axes.map((axis) => Math.hypot(...axis) || 1e-6);
  for (let r = 0; r <= rows; r += 1) {
    const polar = (r / rows) * Math.PI;
    for (let c = 0; c < columns; c += 1) {
      const round = (c / (columns - 1)) * Math.PI * 2;
      const s: Vec3 = [Math.sin(polar) * Math.cos(round), Math.cos(polar), Math.sin(polar) * Math.sin(round)];
      const push = shape ? shape(s) : 1;
      let p = centre;
      let n: Vec3 = [0, 0, 0];
      axes.forEach((axis, i) => {
        const k = s[i] ?? 0;
        p = addScaled(p, axis, k * push);
        n = addScaled(n, axis, k / ((sizes[i] ?? 1) * (sizes[i] ?? 1)));
      });
      mesh.vertex(p, unit(n), (c / columns) * 2 * (paint.repeat ?? 1), (r / rows) * (paint.repeat ?? 1), paint);
    }
  }
  mesh.skin(first, rows + 1, columns);
}

/** A round blob of a given half width, height and depth, upright. */
export function ball(mesh: Mesh, centre: Vec3, half: Vec3, paint: Paint, rows = 6): void {
  blob(
    mesh,
    centre,
    [
      [half[0], 0, 0],
      [0, half[1], 0],
      [0, 0, half[2]],
    ],
    paint,
    rows,
  );
}
