/** What a camera tells of its own picture although no zone asks for it: nobody draws a zone in order to hear that a camera went blind. */
import type { CameraConfig } from "./schema.ts";
import { emptyZones, zoneSchema, type ZoneConfig, type ZonesConfig } from "./zones-schema.ts";

/** The zone such rules lie in: the whole picture. */
export const pictureZoneId = "picture";

const corners = [[0, 0], [1, 0], [1, 1], [0, 1]]; // prettier-ignore

/** The zones of a camera and its `pictureFaults`, where its zones file has no rule of that type, running or switched off. */
export function withPictureFaults(
  { id, pictureFaults }: Pick<CameraConfig, "id" | "pictureFaults">,
  zones: ZonesConfig = emptyZones(id),
): ZonesConfig {
  const asked = new Set([...zones.zones, ...zones.lines].flatMap(({ rules }) => rules.map(({ type }) => type)));
  const types = pictureFaults.filter((type) => !asked.has(type));
  return types.length === 0 ? zones : { ...zones, zones: [...zones.zones, pictureZone(types)] };
}

function pictureZone(types: readonly string[]): ZoneConfig {
  return zoneSchema.parse({ id: pictureZoneId, polygon: corners, rules: types.map((type) => ({ type })) });
}
