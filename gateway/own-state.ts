/** What the box says of itself with each event and each beat. */
import { statfsSync } from "node:fs";
import { availableParallelism, freemem, loadavg, totalmem } from "node:os";
import type { Analysis } from "./analysis/analysis.ts";
import type { Delivery } from "./delivery/delivery.ts";

/** A clock that is known to be within a second of a platform's counts as right; nobody asked, nobody knows. */
export function clockOf(known: Delivery["clock"]): {
  readonly synced: boolean | null;
  readonly offsetMs: number | null;
} {
  if (known === null) return { synced: null, offsetMs: null };
  return { synced: Math.abs(known.offsetMs) - known.errorMs < 1_000, offsetMs: Math.round(known.offsetMs) };
}

/** Capacity and load: flat, well below a kilobyte. Shares are 0..1; `loadShare` is above 1 when work waits for a core. */
export function beatHealth(
  status: ReturnType<Analysis["status"]> | null,
  folder: string,
): Readonly<Record<string, number | null>> {
  const cameras = status?.cameras ?? [];
  const enabled = cameras.filter(({ state }) => state !== "disabled");
  const sum = (of: (camera: (typeof cameras)[number]) => number): number =>
    cameras.reduce((total, camera) => total + of(camera), 0);
  const cores = availableParallelism();
  return {
    camerasAll: enabled.length,
    camerasOnline: enabled.filter(({ state }) => state === "streaming").length,
    analysed: sum((camera) => camera.analysed),
    shed: sum((camera) => camera.shed),
    notLookedAt: sum((camera) => camera.notLookedAt),
    modelMsP95: worst((status?.detectors ?? []).map(({ runMsP95 }) => runMsP95)),
    cores,
    loadShare: round((loadavg()[0] ?? 0) / cores),
    memoryFreeShare: round(freemem() / totalmem()),
    rssMegabytes: Math.round(process.memoryUsage.rss() / 1_048_576),
    diskFreeShare: diskFreeShare(folder),
  };
}

function worst(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : round(Math.max(...known));
}

/** Null where the file system does not say. */
function diskFreeShare(folder: string): number | null {
  try {
    const { bavail, blocks } = statfsSync(folder);
    return blocks > 0 ? round(bavail / blocks) : null;
  } catch {
    return null;
  }
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
