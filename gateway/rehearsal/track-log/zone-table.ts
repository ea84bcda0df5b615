/** Zones of several rules, as the addon gets them (pure). */
import type { Zone } from "../../analysis/zones/zone.ts";

/** As many zones as the addon knows at once: each is a bit of a number. */
export const mostZones = 32;

/** Anchors by their number in the addon. */
const anchors: readonly Zone["anchor"][] = ["bottom", "center", "any"];

/** Every zone that rules on some zones know, once. */
export function zoneTable(zones: readonly Zone[]): readonly Zone[] {
  const all = zones.flatMap((zone) => [zone, ...(zone.others ?? [])]);
  return [...new Map(all.map((zone) => [placeOf(zone), zone])).values()];
}

/** The zones of a table in the numbers of `AnglersJob.zones`. */
export function tableNumbers(table: readonly Zone[]): Float64Array {
  return Float64Array.from(table.flatMap(zoneNumbers));
}

/** A zone in the numbers of the addon. */
export function zoneNumbers({ anchor, bounds: { x, y, width, height }, polygon }: Zone): readonly number[] {
  const corners = polygon.flatMap((corner) => [corner.x, corner.y]);
  return [anchors.indexOf(anchor), x, y, width, height, polygon.length, ...corners];
}

/** Of a rule on each of some zones, its own zone and the others with the same rule, as `AnglersJob.waters`. */
export function waterBits(zones: readonly Zone[], table: readonly Zone[]): Uint32Array {
  return Uint32Array.from(zones.flatMap((zone) => [bitsOf([zone], table), bitsOf(zone.others ?? [], table)]));
}

/** Some zones of a table as bits. */
function bitsOf(some: readonly Zone[], table: readonly Zone[]): number {
  const places = some.map(placeOf);
  return table.reduce((bits, zone, i) => (places.includes(placeOf(zone)) ? bits | (1 << i) : bits), 0);
}

function placeOf({ anchor, polygon }: Zone): string {
  return JSON.stringify([anchor, polygon]);
}
