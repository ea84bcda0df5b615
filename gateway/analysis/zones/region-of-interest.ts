/** The part of the picture that rules need to see. */
import { boundingBox, wholePicture, type Box } from "../geometry.ts";
import type { Place } from "./rules/rule-of.ts";

/** People stand above their anchor, or before the water they fish; rods and companions reach out. Shares of the picture. */
const margin = { side: 0.15, above: 0.35, below: 0.2 } as const;

/** The box around all places with room for what stands in them; the whole picture when there are none. */
export function regionOf(places: readonly Place[]): Box {
  const corners = places.flatMap((place) => ("zone" in place ? place.zone.polygon : place.line.points));
  if (corners.length === 0) return wholePicture;
  const { x, y, width, height } = boundingBox(corners);
  const left = Math.max(0, x - margin.side);
  const top = Math.max(0, y - margin.above);
  return {
    x: left,
    y: top,
    width: Math.min(1, x + width + margin.side) - left,
    height: Math.min(1, y + height + margin.below) - top,
  };
}
