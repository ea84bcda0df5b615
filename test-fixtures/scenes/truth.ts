/** What is truly in a picture: boxes of visible extents from the id picture, and how much of each object is seen. */
import type { Place } from "./camera.ts";
import type { Mesh } from "./mesh.ts";
import { VERTEX_SIZE } from "./mesh.ts";
import type { Strand } from "./rod.ts";
import type { Vec3 } from "./vector.ts";

/** The classes that are to be found, in the order of their numbers. */
export const CLASSES = ["person", "fishing-rod", "boat", "floating-debris", "bird", "umbrella"] as const;

/** One of them. */
export type ClassName = (typeof CLASSES)[number];

/** Something in the scene that can be found; its number is what the id picture shows. */
export interface SceneObject {
  readonly number: number;
  readonly id: string;
  readonly class: ClassName;
  readonly owner?: string;
  readonly angling?: boolean;
}

/** Where an object is seen: box x, y, width, height in 0..1 of the picture from the top left. */
export interface SeenObject extends SceneObject {
  readonly box: readonly [number, number, number, number];
  /** Share of the object inside the picture and not hidden, 0..1. */
  readonly visible: number;
  readonly pixels: number;
}

/** The id that the id picture gives to water. */
export const WATER_ID = 65535;

interface Tally {
  left: number;
  right: number;
  top: number;
  bottom: number;
  pixels: number;
  points: number;
  shown: number;
}

/** An id picture: numbers row by row from the top. */
export interface IdPicture {
  readonly ids: Uint16Array;
  readonly width: number;
  readonly height: number;
  readonly place: Place;
}

/** Measures every object; one that is fully hidden keeps a box of size 0 at its place and visible 0. */
export function measure(
  picture: IdPicture,
  objects: readonly SceneObject[],
  moving: Mesh,
  strands: readonly Strand[],
): readonly SeenObject[] {
  const { ids, width, height } = picture;
  const tallies = new Map<number, Tally>(
    objects.map((o) => [o.number, { left: width, right: -1, top: height, bottom: -1, pixels: 0, points: 0, shown: 0 }]),
  );
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 1) {
      const number = ids[at] ?? 0;
      if (number === 0 || number === WATER_ID) continue;
      const tally = tallies.get(number);
      if (!tally) continue;
      tally.pixels += 1;
      if (x < tally.left) tally.left = x;
      if (x > tally.right) tally.right = x;
      if (y < tally.top) tally.top = y;
      tally.bottom = y;
    }
  }
  const middle = new Map<number, Vec3>();
  const look = (p: Vec3, number: number): void => {
    const tally = tallies.get(number);
    if (!tally) return;
    tally.points += 1;
    if (!middle.has(number)) middle.set(number, p);
    if (shows(picture, p, number)) tally.shown += 1;
  };
  for (let v = 0; v < moving.vertexCount; v += 1) {
    const o = v * VERTEX_SIZE;
    const number = moving.vertices[o + 13] ?? 0;
    if (number > 0) look([moving.vertices[o] ?? 0, moving.vertices[o + 1] ?? 0, moving.vertices[o + 2] ?? 0], number);
  }
  for (const strand of strands) if (strand.id > 0) for (const p of strand.points) look(p, strand.id);
  return objects.map((object) => {
    const tally = tallies.get(object.number);
    if (!tally || tally.pixels === 0)
      return { ...object, box: placeOf(picture, middle.get(object.number)), visible: 0, pixels: 0 };
    const box = [
      tally.left / width,
      tally.top / height,
      (tally.right + 1 - tally.left) / width,
      (tally.bottom + 1 - tally.top) / height,
    ] as const;
    return { ...object, box, visible: Math.min(1, tally.shown / Math.max(1, tally.points)), pixels: tally.pixels };
  });
}

/** Whether the pixel at a point, or a neighbour, shows this object: half of a body's points face away but lie on its own pixels. */
function shows(picture: IdPicture, p: Vec3, number: number): boolean {
  const at = picture.place(p);
  if (at.w <= 0) return false;
  const px = Math.floor(at.x * picture.width);
  const py = Math.floor(at.y * picture.height);
  for (let y = py - 1; y <= py + 1; y += 1) {
    for (let x = px - 1; x <= px + 1; x += 1) {
      if (x >= 0 && y >= 0 && x < picture.width && y < picture.height && picture.ids[y * picture.width + x] === number)
        return true;
    }
  }
  return false;
}

function placeOf(picture: IdPicture, p: Vec3 | undefined): readonly [number, number, number, number] {
  if (!p) return [0, 0, 0, 0];
  const at = picture.place(p);
  const clamp = (v: number): number => (at.w <= 0 || !Number.isFinite(v) ? 0 : Math.min(1, Math.max(0, v)));
  return [clamp(at.x), clamp(at.y), 0, 0];
}

/** The outline of the visible water as a polygon of points 0..1, taken from columns of the id picture; empty without water. */
export function waterPolygon(picture: Omit<IdPicture, "place">, columns = 16): readonly (readonly [number, number])[] {
  const { ids, width, height } = picture;
  const tops: (readonly [number, number])[] = [];
  const bottoms: (readonly [number, number])[] = [];
  for (let c = 0; c <= columns; c += 1) {
    const x = Math.min(width - 1, Math.round((c / columns) * (width - 1)));
    let top = -1;
    let bottom = -1;
    for (let y = 0; y < height; y += 1) {
      if (ids[y * width + x] !== WATER_ID) continue;
      if (top < 0) top = y;
      bottom = y;
    }
    if (top < 0 || bottom - top < 4) continue;
    tops.push([x / (width - 1), top / height]);
    bottoms.push([x / (width - 1), (bottom + 1) / height]);
  }
  return tops.length < 2 ? [] : [...tops, ...bottoms.reverse()];
}
