/** Lines that nobody can cross, or that cross themselves (pure). Points and pieces count from 1, as people do. */
import type { KeyPath, Problem } from "./diagnostic.ts";
import { crossingEdges, repeatedCorner } from "./polygon-problems.ts";

type Place = readonly [number, number];

/** Half a hundredth of the picture: a shorter line is a double click. */
export const leastLine = 0.005;
/** A line shorter than this share of the picture is stepped over by whoever stands in the middle of it. */
const shortLine = 0.05;

/** How long a line is along its bends, as a share of the picture's side. */
export function lengthOf(points: readonly Place[]): number {
  return points.reduce((sum, [x, y], index) => {
    const [fromX, fromY] = points[index - 1] ?? [x, y];
    return sum + Math.hypot(x - fromX, y - fromY);
  }, 0);
}

/** Shape of most pictures: a step to the side is so much longer than one of the same share down. */
const usualAspect = 16 / 9;

/**
 * A line that is shorter than the least object its rules count is high: most who step over it pass beside its ends. Of
 * nearly every picture; its real shape is not known to a file. `least` is a share of the picture's height.
 */
export function lineBelowObjects(points: readonly Place[], least: number, path: KeyPath): Problem | null {
  const high = lengthOf(points.map(([x, y]) => [x * usualAspect, y] as const));
  if (high >= least) return null;
  const values = { percent: Number((high * 100).toFixed(1)), least: Number((least * 100).toFixed(1)) };
  const at = [...path, points.length > 2 ? "via" : "to"];
  return { severity: "warning", at: "value", code: "CONFIG_LINE_OBJECTS", path: at, values };
}

/** At most one problem, the first one to correct. `path` is the line's own. */
export function lineProblem(points: readonly Place[], path: KeyPath): Problem | null {
  const isBent = points.length > 2;
  const about = { severity: "error", path: [...path, isBent ? "via" : "to"], at: "value" } as const;
  const length = lengthOf(points);
  if (length < leastLine) return { ...about, code: "CONFIG_LINE_SHORT", values: {} };
  const repeated = isBent ? repeatedCorner(points) : null;
  if (repeated) return { ...about, code: "CONFIG_LINE_REPEATS", values: { a: repeated[0] + 1, b: repeated[1] + 1 } };
  const crossing = crossingEdges(points, "open");
  if (crossing) return { ...about, code: "CONFIG_LINE_CROSSES", values: { a: crossing[0] + 1, b: crossing[1] + 1 } };
  if (length >= shortLine) return null;
  const values = { percent: Number((length * 100).toFixed(1)), least: shortLine * 100 };
  return { ...about, severity: "warning", code: "CONFIG_LINE_TINY", values };
}
