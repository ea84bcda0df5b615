/** What must start anew for one config to become another (pure). */
import { isDeepStrictEqual } from "node:util";
import type { LoadedConfig } from "../load.ts";

/** rules: live, no frame lost; camera: reconnects; the others start that part of the box anew. */
export type Reload =
  { readonly what: "rules" | "camera"; readonly camera: string } | { readonly what: "analysis" | "delivery" | "web" };

/** Parts of the config that delivery does not read, or reads anew for each event. */
const notDelivery: readonly string[] = ["cameras", "detector", "ffmpeg", "web"];

/** In the order in which it is done; what starts anew as a whole is not named camera by camera. */
export function reloadPlan(before: LoadedConfig, after: LoadedConfig): readonly Reload[] {
  const [was, is] = [before.gateway, after.gateway];
  const same = (part: (config: typeof was) => unknown): boolean => isDeepStrictEqual(part(was), part(is));
  const isAnalysisSame = same(({ detector, ffmpeg, site, storage }) => [
    detector,
    ffmpeg,
    site.timezone,
    site.place,
    storage.folder,
    storage.trackDays,
    storage.trackMegabytes,
  ]);
  const isDeliverySame = same((config) => Object.entries(config).filter(([key]) => !notDelivery.includes(key)));
  return [
    ...(isDeliverySame ? [] : [{ what: "delivery" } as const]),
    ...(isAnalysisSame ? cameraReloads(before, after) : [{ what: "analysis" } as const]),
    ...(same(({ web }) => web) ? [] : [{ what: "web" } as const]),
  ];
}

function cameraReloads(before: LoadedConfig, after: LoadedConfig): readonly Reload[] {
  const ids = new Set([...before.gateway.cameras, ...after.gateway.cameras].map(({ id }) => id));
  return [...ids].flatMap((camera): readonly Reload[] => {
    const [was, is] = [before, after].map((config) => partsOf(config, camera));
    if (!isDeepStrictEqual(was?.stream, is?.stream)) return [{ what: "camera", camera }];
    return isDeepStrictEqual(was?.rules, is?.rules) ? [] : [{ what: "rules", camera }];
  });
}

/** What a camera's decoder is made of, and what only its rules read. Masks are burnt in before anything looks. */
function partsOf(config: LoadedConfig, id: string): { readonly stream: unknown; readonly rules: unknown } {
  const zones = config.zones[id];
  const camera = config.gateway.cameras.find((one) => one.id === id);
  return {
    stream: [camera, zones?.masks ?? [], config.credentials[id]],
    rules: zones && { ...zones, masks: [] },
  };
}

/** Whether a change may cut the box off from those who made it, or from its platform: such a change must be confirmed. */
export function mustBeConfirmed(plan: readonly Reload[], before: LoadedConfig, after: LoadedConfig): boolean {
  const reach = ({ gateway }: LoadedConfig): unknown => [gateway.web, gateway.uplinks, gateway.relay];
  return (
    plan.some(({ what }) => what === "web" || what === "delivery") && !isDeepStrictEqual(reach(before), reach(after))
  );
}
