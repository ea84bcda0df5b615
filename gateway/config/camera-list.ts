/** The cameras of a config as its platforms list them: what and where they are, whose, what for; no address, no login (pure). */
import { typeOf } from "./catalogue/catalogue.ts";
import type { LoadedConfig } from "./load.ts";
import type { CameraConfig } from "./schema.ts";
import { withPictureFaults } from "./picture-faults.ts";
import type { ZonesConfig } from "./zones-schema.ts";

/** One camera. Null: the site did not say. */
export interface ListedCamera {
  readonly id: string;
  readonly code: string | null;
  readonly name: string;
  readonly enabled: boolean;
  readonly place: (NonNullable<CameraConfig["place"]> & { readonly crs: "CGCS2000" }) | null;
  readonly directionDeg: number | null;
  readonly owner: string | null;
  readonly purpose: readonly string[];
  /** Event types whose rules run, and the departments that are told of them. */
  readonly eventTypes: readonly string[];
  readonly departments: readonly string[];
  /** What can be had of it: analysed pictures, pictures of the main stream, clips. */
  readonly streams: {
    readonly analysis: { readonly widthPx: number; readonly perSec: number };
    readonly picture: boolean;
    readonly clip: boolean;
  };
  readonly masks: number;
}

/** Every camera of the config, in its order. */
export function cameraListOf({ gateway, zones }: LoadedConfig): readonly ListedCamera[] {
  return gateway.cameras.map((camera) => {
    const place = camera.place ?? gateway.site.place;
    const eventTypes = camera.enabled ? typesOf(withPictureFaults(camera, zones[camera.id])) : [];
    return {
      id: camera.id,
      code: camera.code ?? null,
      name: camera.name ?? camera.id,
      enabled: camera.enabled,
      place: place ? { ...place, crs: "CGCS2000" } : null,
      directionDeg: camera.directionDeg ?? null,
      owner: camera.owner ?? null,
      purpose: camera.purpose,
      eventTypes,
      departments: [...new Set(eventTypes.flatMap((id) => typeOf(id)?.departments ?? []))].sort(),
      streams: {
        analysis: { widthPx: camera.width, perSec: camera.rate },
        picture: camera.evidenceUrl !== undefined,
        clip: camera.clip !== undefined,
      },
      masks: zones[camera.id]?.masks.length ?? 0,
    };
  });
}

function typesOf(zones: ZonesConfig): readonly string[] {
  const rules = [...zones.zones, ...zones.lines].flatMap(({ rules: all }) => all);
  const running = rules.filter((rule) => !("enabled" in rule) || rule.enabled !== false);
  return [...new Set(running.map(({ type }) => type))].sort();
}
