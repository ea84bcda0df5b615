/** Which point of a box stands for it. */
import type { Box, Point } from "../geometry.ts";

/** The point of a box that must lie inside. `any`: a shared point is enough. */
export type Anchor = "bottom" | "center" | "any";

/** The point of a box that stands for it. */
export function anchorPoint(box: Box, anchor: Anchor): Point {
  const x = box.x + box.width / 2;
  return { x, y: anchor === "bottom" ? box.y + box.height : box.y + box.height / 2 };
}
