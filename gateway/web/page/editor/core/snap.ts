/** Where a point goes when it comes near something: vertices before edges before the border before the grid (pure). */
import type { XY } from "../../../api.ts";
import { distancePx, edgesOf, nearestPoint, projected, type Scale } from "./measure.ts";

/** Grid spacings that can be chosen; 0 is none. */
export const grids = [0, 0.01, 0.05] as const;
export type Grid = (typeof grids)[number];

/** An outline one can snap to. */
export interface SnapOutline {
  readonly points: readonly XY[];
  readonly closed: boolean;
}

/** What there is to snap to. */
export interface SnapField {
  readonly outlines: readonly SnapOutline[];
  readonly scale: Scale;
  readonly grid: Grid;
}

/** Where the point goes, and to what. */
export interface Snapped {
  readonly at: XY;
  readonly to: "vertex" | "edge" | "border" | "grid" | "nothing";
}

const vertexPx = 10;
const edgePx = 8;

/** A vertex is taken with its exact stored value, so that two zones share it and leave no gap. */
export function snap(at: XY, { outlines: all, scale, grid }: SnapField): Snapped {
  const outlines = all.filter(({ points }) => isNear(points, at, scale));
  const vertices = outlines.flatMap(({ points }) => points);
  const vertex = nearestPoint(vertices, at, scale);
  if (vertex !== null && vertex.distancePx <= vertexPx) return { at: vertices[vertex.index] ?? at, to: "vertex" };
  const onEdge = nearestOnEdge(at, outlines, scale);
  if (onEdge !== null) return { at: onEdge, to: "edge" };
  const onBorder: XY = [toBorder(at[0], scale.width), toBorder(at[1], scale.height)];
  if (onBorder[0] !== at[0] || onBorder[1] !== at[1]) return { at: onBorder, to: "border" };
  if (grid === 0) return { at, to: "nothing" };
  return { at: [Math.round(at[0] / grid) * grid, Math.round(at[1] / grid) * grid], to: "grid" };
}

/** Whether the box around an outline comes near enough: asked of all of them at every move, it makes nothing. */
function isNear(points: readonly XY[], [x, y]: XY, { width, height }: Scale): boolean {
  let [left, right, top, bottom] = [1, 0, 1, 0];
  for (const p of points) {
    left = Math.min(left, p[0]);
    right = Math.max(right, p[0]);
    top = Math.min(top, p[1]);
    bottom = Math.max(bottom, p[1]);
  }
  const [dx, dy] = [vertexPx / width, vertexPx / height];
  return x >= left - dx && x <= right + dx && y >= top - dy && y <= bottom + dy;
}

function nearestOnEdge(at: XY, outlines: readonly SnapOutline[], scale: Scale): XY | null {
  let best: XY | null = null;
  let bestPx: number = edgePx;
  for (const { points, closed } of outlines) {
    for (const [a, b] of edgesOf(points, closed)) {
      const on = projected(a, b, at, scale);
      const px = distancePx(on, at, scale);
      if (px > bestPx) continue;
      best = on;
      bestPx = px;
    }
  }
  return best;
}

function toBorder(value: number, sizePx: number): number {
  if (value * sizePx <= edgePx) return 0;
  return (1 - value) * sizePx <= edgePx ? 1 : value;
}
