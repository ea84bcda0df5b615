/** Whether all points of an appearance count for a rule, or none of them, without a look at each (pure). */
import type { LogColumns } from "../../analysis/track-log/columns.ts";
import { boxSteps, scoreSteps } from "../../analysis/track-log/quantise.ts";
import { trackStates } from "../../analysis/track-log/block-format.ts";
import { contains, type Box, type Point, type Polygon } from "../../analysis/geometry.ts";
import type { Steady } from "../../analysis/zones/rule.ts";

/** none: no point counts; all: every one does; some: each has to be looked at. */
export type Share = "none" | "some" | "all";

const counting = (1 << trackStates.indexOf("confirmed")) | (1 << trackStates.indexOf("lost"));

/** What share of an appearance's points counts, where that can be told at once; "some" where it cannot. */
export function shareOf(columns: LogColumns, appearance: number, { zone, settings }: Steady): Share {
  const spans = columns.spans;
  const states = spans.states(appearance);
  const [leastScore, greatestScore] = [spans.leastScore(appearance), spans.greatestScore(appearance)];
  const [leastHeight, greatestHeight] = [spans.leastHeight(appearance), spans.greatestHeight(appearance)];
  const { minSize, maxSize, minArea = 0 } = settings;
  if ((states & counting) === 0 || greatestScore / scoreSteps < settings.score) return "none";
  if (greatestHeight / boxSteps < minSize || leastHeight / boxSteps > maxSize) return "none";
  if ((states & ~counting) !== 0 || leastScore / scoreSteps < settings.score || minArea > 0) return "some";
  if (leastHeight / boxSteps < minSize || greatestHeight / boxSteps > maxSize || zone.anchor !== "bottom")
    return "some";
  return shareIn(zone.polygon, columns.spans.anchors(appearance));
}

/** Whether an upright box lies wholly within a polygon, wholly beside it, or neither. */
export function shareIn(polygon: Polygon, box: Box): Share {
  const { x, y } = box;
  const right = x + box.width;
  const bottom = y + box.height;
  // Beyond the picture's edge a place counts as on it: each has to be looked at.
  if (x < 0 || y < 0 || right > 1 || bottom > 1) return "some";
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i, i += 1) {
    const a = polygon[i];
    const b = polygon[j];
    if (a && b && meets(a, b, box)) return "some";
  }
  return contains(polygon, { x, y }) ? "all" : "none";
}

/** Whether an edge may touch a box: unless all corners lie on one side of it, or it lies beyond one side of the box. */
function meets(a: Point, b: Point, { x, y, width, height }: Box): boolean {
  const right = x + width;
  const bottom = y + height;
  if ((a.x < x && b.x < x) || (a.x > right && b.x > right)) return false;
  if ((a.y < y && b.y < y) || (a.y > bottom && b.y > bottom)) return false;
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const first = dx * (y - a.y) - dy * (x - a.x);
  if (Math.abs(first) < 1e-9) return true;
  const second = dx * (y - a.y) - dy * (right - a.x);
  const third = dx * (bottom - a.y) - dy * (x - a.x);
  const fourth = dx * (bottom - a.y) - dy * (right - a.x);
  return !(first * second > 0 && first * third > 0 && first * fourth > 0);
}
