/** All that is drawn, brought along with a camera that was bumped (pure). */
import type { RuleSet, XY } from "../../../api.ts";
import { shapesOf, withPoints } from "./shape.ts";

/** A coordinate that lies on the picture's border stays on it: what was drawn to the border goes on beyond it. */
function along(at: number, by: number): number {
  return at <= 0 || at >= 1 ? at : Math.min(1, Math.max(0, at + by));
}

/** Every point moved by the same way, in 0..1 of the picture; nothing leaves it. */
export function broughtAlong(rules: RuleSet, [dx, dy]: XY): RuleSet {
  if (dx === 0 && dy === 0) return rules;
  return shapesOf(rules).reduce(
    (moved, shape) =>
      withPoints(
        moved,
        shape,
        shape.points.map(([x, y]): XY => [along(x, dx), along(y, dy)]),
      ),
    rules,
  );
}
