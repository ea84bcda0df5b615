/** Who fishes in a zone: whoever stands in it, and whoever stands at its edge with a rod that reaches into it. */
import type { Box } from "../geometry.ts";
import { contains } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import { anchorPoint } from "./anchor.ts";
import { buttDistance, buttSide, distanceToPolygon } from "./nearness.ts";
import { inside, insideStep, type Zone } from "./zone.ts";
import type { TraceStep } from "./trigger.ts";

/** How near is near. */
export interface RodReach {
  /** Of a butt from a person, and of a person's feet from the zone, in body heights. */
  readonly rodReach: number;
  /** Width of the picture divided by its height. */
  readonly aspect: number;
}

/** Whether a person fishes in the zone. Zones are drawn along the water as often as along the bank: both mean its anglers. */
export function isAtZone(zone: Zone, person: Box, rods: readonly Track[], reach: RodReach): boolean {
  return inside(zone, person) || rodIntoZone(zone, person, rods, reach) !== null;
}

/** The step that asks the same; it names the rod where it is one that brings the person in. */
export function atZoneStep(zone: Zone, person: Box, rods: readonly Track[], reach: RodReach): TraceStep {
  const standing = insideStep(zone, person);
  const rod = standing.passed ? null : rodIntoZone(zone, person, rods, reach);
  return rod ? { ...standing, step: "reaches-in", passed: true, value: `${rod.label} ${rod.id}` } : standing;
}

/**
 * A rod within the person's reach that reaches into the zone: its middle or its far end lies there. Only for a person at
 * the zone's edge, since a raised rod covers, in the picture, water far behind that which it is over; and who stands in
 * another zone with the same rule is told of there.
 */
function rodIntoZone(zone: Zone, person: Box, rods: readonly Track[], { rodReach, aspect }: RodReach): Track | null {
  const isCounted = zone.others?.some((other) => inside(other, person)) ?? false;
  const atEdge =
    !isCounted && distanceToPolygon(anchorPoint(person, "bottom"), zone.polygon, aspect) <= rodReach * person.height;
  const into = ({ box }: Track): boolean =>
    buttDistance(box, person, aspect) <= rodReach && reachesInto(zone, box, person, aspect);
  return (atEdge ? rods.find(into) : undefined) ?? null;
}

function reachesInto(zone: Zone, rod: Box, person: Box, aspect: number): boolean {
  const isButtLeft = buttSide(rod, person, aspect) === "left";
  const farEnd = { x: isButtLeft ? rod.x + rod.width : rod.x, y: rod.y };
  return contains(zone.polygon, anchorPoint(rod, "center")) || contains(zone.polygon, farEnd);
}
