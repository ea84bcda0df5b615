/** Polygons that cannot mean an area (pure). Coordinates are 0..1; corners and edges count from 1, as people do. */
import type { KeyPath, Problem } from "./diagnostic.ts";

type Corner = readonly [number, number];

/** Half a thousandth of a 1,000-pixel picture's side: nobody places two corners closer on purpose. */
const sameCorner = 5e-4;
/** A square of one hundredth of the picture's side; smaller is a slip of the mouse. */
const leastArea = 1e-4;
const onOneLine = 1e-9;
const besideText = {
  en: "Its corners stand on one line: move at least one of them beside it.",
  zh: "各顶点在一条直线上：请将至少一个顶点移到线外。",
};

/** At most one problem: a crossing outline makes its area meaningless, so the first finding is the one to correct. */
export function polygonProblem(polygon: readonly Corner[], path: KeyPath): Problem | null {
  const about = { severity: "error", path, at: "value" } as const;
  const repeated = repeatedCorner(polygon);
  if (repeated) return { ...about, code: "CONFIG_POLYGON_REPEATS", values: { a: repeated[0] + 1, b: repeated[1] + 1 } };
  const crossing = crossingEdges(polygon, "closed");
  if (crossing) {
    const [i, j] = crossing;
    const to = (edge: number): number => ((edge + 1) % polygon.length) + 1;
    return {
      ...about,
      code: "CONFIG_POLYGON_CROSSES",
      values: { a: i + 1, a1: i + 1, a2: to(i), b: j + 1, b1: j + 1, b2: to(j), swapA: to(i), swapB: j + 1 },
    };
  }
  const area = Math.abs(signedArea(polygon));
  if (area >= leastArea) return null;
  const values = { percent: Number((area * 100).toPrecision(2)) };
  return { ...about, code: "CONFIG_POLYGON_TINY", values, ...(area < onOneLine ? { hint: { text: besideText } } : {}) };
}

/** Zero-based indices of two corners at one place, or null. */
export function repeatedCorner(polygon: readonly Corner[]): [number, number] | null {
  for (const [i, a] of polygon.entries()) {
    for (const [j, b] of polygon.entries()) {
      if (j > i && Math.abs(a[0] - b[0]) < sameCorner && Math.abs(a[1] - b[1]) < sameCorner) return [i, j];
    }
  }
  return null;
}

/** Zero-based indices of two edges that meet and are not neighbours, or null. Edge i leads from corner i to corner i + 1. */
export function crossingEdges(polygon: readonly Corner[], ends: "closed" | "open"): [number, number] | null {
  const count = polygon.length;
  const edges = ends === "closed" ? count : count - 1;
  const corner = (index: number): Corner => polygon[index % count] ?? [0, 0];
  for (let i = 0; i < edges; i += 1) {
    for (let j = i + 2; j < edges; j += 1) {
      if (ends === "closed" && i === 0 && j === count - 1) continue;
      if (meet(corner(i), corner(i + 1), corner(j), corner(j + 1))) return [i, j];
    }
  }
  return null;
}

function meet(a: Corner, b: Corner, c: Corner, d: Corner): boolean {
  const abc = side(a, b, c);
  const abd = side(a, b, d);
  const cda = side(c, d, a);
  const cdb = side(c, d, b);
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (
    (abc === 0 && within(a, b, c)) ||
    (abd === 0 && within(a, b, d)) ||
    (cda === 0 && within(c, d, a)) ||
    (cdb === 0 && within(c, d, b))
  );
}

/** -1, 0 or 1: on which side of a→b the point lies. */
function side(a: Corner, b: Corner, p: Corner): number {
  const cross = (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]);
  return Math.abs(cross) < 1e-12 ? 0 : Math.sign(cross);
}

function within(a: Corner, b: Corner, p: Corner): boolean {
  const inside = (axis: 0 | 1): boolean =>
    p[axis] >= Math.min(a[axis], b[axis]) && p[axis] <= Math.max(a[axis], b[axis]);
  return inside(0) && inside(1);
}

function signedArea(polygon: readonly Corner[]): number {
  return polygon.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = polygon[(index + 1) % polygon.length] ?? [0, 0];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}
