/** The config as parts see it that live longer than one state of it, and whether two states differ for the rings. */
import type { LoadedConfig } from "./config/load.ts";
import type { GatewayConfig } from "./config/schema.ts";

/** A config whose keys are always those of now: a camera's new name stands in the next event, nothing starts anew for it. */
export function liveView(now: () => GatewayConfig): GatewayConfig {
  const view = {};
  for (const key of Object.keys(now()) as (keyof GatewayConfig)[])
    Object.defineProperty(view, key, { enumerable: true, get: () => now()[key] });
  return view as GatewayConfig;
}

/** Whether cameras want other rings: their streams, masks, logins or the room for them. */
export function ringsDiffer(before: LoadedConfig, after: LoadedConfig): boolean {
  const parts = ({ gateway, zones, credentials }: LoadedConfig): string =>
    JSON.stringify([
      gateway.storage.ringMegabytes,
      gateway.cameras
        .filter(({ clip, evidenceUrl }) => clip !== undefined || evidenceUrl !== undefined)
        .map((camera) => [camera, zones[camera.id]?.masks, credentials[camera.id]]),
    ]);
  return parts(before) !== parts(after);
}
