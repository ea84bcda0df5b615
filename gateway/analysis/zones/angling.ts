/** Who fishes in a zone: whoever stands in it, and whoever stands at its edge with a rod that reaches into it. */
import type { Box } from "../geometry.ts";
import type { RuleConfig, ZoneConfig, ZonesConfig } from "../../config/zones-schema.ts";
import type { Track } from "../tracking/track.ts";
import { anchorPoint } from "./anchor.ts";
import { buttDistance, buttSide, distanceToBox, isNearPolygon } from "./nearness.ts";
import { settle, type RuleSettings } from "./settings.ts";
import { counts, inside, insideStep, isIn, zoneOf, type Zone } from "./zone.ts";
import type { TraceStep } from "./trigger.ts";

/** How near is near. */
export interface RodReach {
  /** Of a butt from a person, and of a person's feet from the zone, in body heights. */
  readonly rodReach: number;
  /** Width of the picture divided by its height. */
  readonly aspect: number;
}

/** Whom the rods of a rule bring into its zone. */
export interface Angling {
  readonly people: readonly string[];
  readonly rods: readonly string[];
  readonly isRod: (track: Track) => boolean;
  readonly rodReach: number;
}

/** Null: the rule counts only who stands in its zone. */
export function anglingOf(settings: RuleSettings): Angling | null {
  const { kind, labels, with: any, withAll, without, rodReach, score } = settings;
  if (kind === "co-presence-ratio" && !any && !withAll && !without) return countedAngling(settings);
  if ((kind !== "presence-dwell" && kind !== "co-presence-ratio") || rodReach === undefined) return null;
  const rods = [...(any ?? []), ...(withAll ?? [])];
  const isSure = ({ state }: Track): boolean => state !== "tentative" && state !== "ended";
  const isRod = (one: Track): boolean => rods.includes(one.label) && isSure(one) && one.score >= score;
  return { people: labels, rods, isRod, rodReach };
}

/** Of a rule that counts rods and persons: a rod that is out of sight in this frame is not counted. */
export function countedAngling(settings: RuleSettings): Angling {
  const { labels, per, rodReach } = settings;
  const isRod = (one: Track): boolean => one.seenNow && counts(one, settings);
  return { people: per ?? ["person"], rods: labels, isRod, rodReach: rodReach ?? 1 };
}

/** A zone as all of its rules together see who is there. */
export interface Water {
  readonly zone: Zone;
  /** Each with the zone as that rule knows it. */
  readonly anglings: readonly (Angling & { readonly zone: Zone })[];
}

/** A zone of the file with the rods of its rules; one that is switched off brings nobody. */
export function waterOf(config: ZoneConfig, all: ZonesConfig): Water {
  const zone = zoneOf(config);
  const anglings = config.rules.flatMap((rule) => {
    const settings = settled(rule);
    const angling = settings && anglingOf(settings);
    return angling ? [{ ...angling, zone: amongItsLike(zone, settings, all) }] : [];
  });
  return { zone, anglings };
}

/** A zone that a rod may bring somebody into knows those in which he would be counted already, so that he is told of once. */
export function amongItsLike(zone: Zone, settings: RuleSettings, { zones }: ZonesConfig): Zone {
  if (anglingOf(settings) === null) return zone;
  const what = ({ type, schedule, hours, season }: RuleSettings): string =>
    JSON.stringify([type, schedule, hours, season]);
  const isLike = (rule: RuleConfig): boolean => {
    const other = settled(rule);
    return other !== null && what(other) === what(settings);
  };
  const others = zones.filter(({ id, rules }) => id !== zone.id && rules.some(isLike)).map(zoneOf);
  return others.length === 0 ? zone : { ...zone, others };
}

/** Null of a rule that does not run. */
function settled(rule: RuleConfig): RuleSettings | null {
  return rule.enabled === false ? null : settle(rule, "");
}

/** Whether a track is there for one of the rules at least. @param all the tracks of its frame, asked for only where a rod could bring it in */
export function isThere({ zone, anglings }: Water, track: Track, all: () => readonly Track[], aspect: number): boolean {
  if (inside(zone, track.box)) return true;
  for (const { zone: of, people, isRod, rodReach } of anglings) {
    const reach = { rodReach, aspect };
    if (!people.includes(track.label) || !isAtEdge(of, track.box, reach)) continue;
    if (all().some((rod) => isRod(rod) && reachesIn(of, track.box, rod.box, reach))) return true;
  }
  return false;
}

/**
 * Whether a person fishes in the zone. Zones are drawn along the water as often as along the bank: both mean its anglers.
 * @param rods asked for only where one could bring the person in
 */
export function isAtZone(zone: Zone, person: Box, rods: () => readonly Track[], reach: RodReach): boolean {
  return inside(zone, person) || rodIntoZone(zone, person, rods, reach) !== null;
}

/** The step that asks the same; it names the rod where it is one that brings the person in. */
export function atZoneStep(zone: Zone, person: Box, rods: readonly Track[], reach: RodReach): TraceStep {
  const standing = insideStep(zone, person);
  const rod = standing.passed ? null : rodIntoZone(zone, person, () => rods, reach);
  return rod ? { ...standing, step: "reaches-in", passed: true, value: `${rod.label} ${rod.id}` } : standing;
}

/**
 * A rod within the person's reach that reaches into the zone: its middle or its far end lies there. Only for a person at
 * the zone's edge, since a raised rod covers, in the picture, water far behind that which it is over; and who stands in
 * another zone with the same rule is told of there.
 */
function rodIntoZone(zone: Zone, person: Box, rods: () => readonly Track[], reach: RodReach): Track | null {
  if (!isAtEdge(zone, person, reach)) return null;
  return rods().find((rod) => reachesIn(zone, person, rod.box, reach)) ?? null;
}

function isAtEdge(zone: Zone, person: Box, { rodReach, aspect }: RodReach): boolean {
  const feet = anchorPoint(person, "bottom");
  const far = rodReach * person.height;
  // Most are far from it: the box around it says so at once.
  if (distanceToBox(feet, zone.bounds, aspect) > far || !isNearPolygon(feet, zone.polygon, far, aspect)) return false;
  return zone.others?.some((other) => inside(other, person)) !== true;
}

function reachesIn(zone: Zone, person: Box, rod: Box, { rodReach, aspect }: RodReach): boolean {
  if (buttDistance(rod, person, aspect) > rodReach) return false;
  const isButtLeft = buttSide(rod, person, aspect) === "left";
  const middle = anchorPoint(rod, "center");
  return isIn(zone, middle.x, middle.y) || isIn(zone, isButtLeft ? rod.x + rod.width : rod.x, rod.y);
}
