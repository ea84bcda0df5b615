/** Distances on the screen between things drawn in 0..1 of the picture (pure). */
import type { XY } from "../../../api.ts";

/** Screen pixels that the whole picture takes at the present zoom. */
export interface Scale {
  readonly width: number;
  readonly height: number;
}

/** Where something was hit: its index and how far away, in screen pixels. */
export interface Hit {
  readonly index: number;
  readonly distancePx: number;
}

/** Screen pixels between two points. */
export function distancePx(a: XY, b: XY, { width, height }: Scale): number {
  return Math.hypot((a[0] - b[0]) * width, (a[1] - b[1]) * height);
}

/** The nearest of `points`; null when there are none. */
export function nearestPoint(points: readonly XY[], at: XY, scale: Scale): Hit | null {
  let best: Hit | null = null;
  for (const [index, point] of points.entries()) {
    const distance = distancePx(point, at, scale);
    if (best === null || distance < best.distancePx) best = { index, distancePx: distance };
  }
  return best;
}

/** The point of the segment a–b that is nearest to `at` on the screen. */
export function projected(a: XY, b: XY, at: XY, { width, height }: Scale): XY {
  const [dx, dy] = [(b[0] - a[0]) * width, (b[1] - a[1]) * height];
  const length2 = dx * dx + dy * dy;
  if (length2 === 0) return a;
  const along = ((at[0] - a[0]) * width * dx + (at[1] - a[1]) * height * dy) / length2;
  const t = Math.min(1, Math.max(0, along));
  return [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];
}

/** Edges of an outline: edge i leads from point i to the next; a line that is not closed has one less. */
export function edgesOf(points: readonly XY[], closed: boolean): readonly (readonly [XY, XY])[] {
  const edges = points.flatMap((a, index) => {
    const b = points[index + 1] ?? (closed ? points[0] : undefined);
    return b === undefined ? [] : [[a, b] as const];
  });
  return edges;
}

/** The nearest edge, measured to the edge itself and not to the box around it; null when there are none. */
export function nearestEdge(points: readonly XY[], closed: boolean, at: XY, scale: Scale): Hit | null {
  let best: Hit | null = null;
  for (const [index, [a, b]] of edgesOf(points, closed).entries()) {
    const distance = distancePx(projected(a, b, at, scale), at, scale);
    if (best === null || distance < best.distancePx) best = { index, distancePx: distance };
  }
  return best;
}

/** Area of an outline as a share of the picture, without sign. */
export function areaOf(points: readonly XY[]): number {
  const twice = edgesOf(points, true).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0);
  return Math.abs(twice) / 2;
}

/** Whether a point lies in an outline (even-odd). Asked for every object and zone of every frame: it makes nothing. */
export function inside(points: readonly XY[], [x, y]: XY): boolean {
  let is = false;
  let a = points.at(-1);
  for (const b of points) {
    if (a && a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0]) is = !is;
    a = b;
  }
  return is;
}

/** The mean of the corners: where a name is written. */
export function centreOf(points: readonly XY[]): XY {
  const sum = points.reduce<XY>(([x, y], point) => [x + point[0], y + point[1]], [0, 0]);
  return [sum[0] / Math.max(1, points.length), sum[1] / Math.max(1, points.length)];
}

/** Moves an outline as a whole; at the border it stops and keeps its form. */
export function shifted(points: readonly XY[], [dx, dy]: XY): readonly XY[] {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const within = (by: number, least: number, most: number): number => Math.min(1 - most, Math.max(-least, by));
  const [x, y] = [within(dx, Math.min(...xs), Math.max(...xs)), within(dy, Math.min(...ys), Math.max(...ys))];
  return points.map((point) => [point[0] + x, point[1] + y]);
}
