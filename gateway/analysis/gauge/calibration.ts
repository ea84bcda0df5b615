/** From a place along the gauge to metres: two marks make a line, three or more the projective curve of a tilted view. */
import type { Point } from "../geometry.ts";

/** A mark of the gauge whose level is known. */
export interface Mark {
  /** Place in the picture, 0..1. */
  readonly at: Point;
  readonly m: number;
}

/** A calibrated gauge line. */
export interface Calibration {
  /** Metres at `along`: 0 at the line's start, 1 at its end. */
  readonly levelAt: (along: number) => number;
  /** Where along the line a level lies; the inverse. */
  readonly alongAt: (levelM: number) => number;
  /** Greatest difference of a mark to the curve, metres. */
  readonly residualM: number;
}

/** A calibration whose marks miss its curve by more is refused: one of them was clicked wrongly. */
export const greatestResidualM = 0.02;

/** (a t + b) / (c t + 1) through the marks; null when they do not determine it. `aspect` is width over height. */
export function calibrate(from: Point, to: Point, marks: readonly Mark[], aspect: number): Calibration | null {
  const dx = (to.x - from.x) * aspect;
  const dy = to.y - from.y;
  const length2 = dx * dx + dy * dy;
  if (length2 <= 0 || marks.length < 2) return null;
  const known = marks.map(({ at, m }) => ({
    t: ((at.x - from.x) * aspect * dx + (at.y - from.y) * dy) / length2,
    m,
  }));
  const curve = marks.length === 2 ? lineThrough(known) : projective(known);
  if (!curve) return null;
  const [a, b, c] = curve;
  // The pole must lie outside what is looked at, or a level would stand at two places.
  if (1 + c * 0 <= 0.05 || 1 + c <= 0.05 || Math.abs(a - b * c) < 1e-9) return null;
  const levelAt = (t: number): number => (a * t + b) / (c * t + 1);
  return {
    levelAt,
    alongAt: (level) => (b - level) / (level * c - a),
    residualM: Math.max(...known.map(({ t, m }) => Math.abs(levelAt(t) - m))),
  };
}

type Known = readonly { readonly t: number; readonly m: number }[];

function lineThrough(known: Known): readonly [number, number, number] | null {
  const [first, second] = known;
  if (!first || !second || Math.abs(first.t - second.t) < 1e-6) return null;
  const a = (second.m - first.m) / (second.t - first.t);
  return [a, first.m - a * first.t, 0];
}

/** Least squares of a t + b - c t m = m; three unknowns, normal equations. */
function projective(known: Known): readonly [number, number, number] | null {
  // Centred levels keep the equations well conditioned: 178 m above the sea is no size of a gauge.
  const centre = known.reduce((sum, { m }) => sum + m, 0) / known.length;
  const rows = known.map(({ t, m }) => [t, 1, -t * (m - centre), m - centre] as const);
  const matrix = [0, 1, 2].map((i) =>
    [0, 1, 2, 3].map((j) => rows.reduce((sum, r) => sum + (r[i] ?? 0) * (r[j] ?? 0), 0)),
  );
  const solved = solve(matrix);
  if (!solved) return null;
  const [a = 0, b = 0, c = 0] = solved;
  return [a + centre * c, b + centre, c];
}

/** Gauss with pivots; null when singular. */
function solve(matrix: number[][]): readonly number[] | null {
  const size = matrix.length;
  for (let i = 0; i < size; i += 1) {
    let pivot = i;
    for (let row = i + 1; row < size; row += 1)
      if (Math.abs(matrix[row]?.[i] ?? 0) > Math.abs(matrix[pivot]?.[i] ?? 0)) pivot = row;
    const [own, best] = [matrix[i], matrix[pivot]];
    if (!own || !best || Math.abs(best[i] ?? 0) < 1e-12) return null;
    [matrix[i], matrix[pivot]] = [best, own];
    for (let row = 0; row < size; row += 1) {
      const target = matrix[row];
      if (row === i || !target) continue;
      const share = (target[i] ?? 0) / (best[i] ?? 1);
      for (let column = i; column <= size; column += 1)
        target[column] = (target[column] ?? 0) - share * (best[column] ?? 0);
    }
  }
  return matrix.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1));
}
