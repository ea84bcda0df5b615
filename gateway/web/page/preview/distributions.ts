/** What a camera saw in the last day: the ground that sliders stand on. */
import type { Distributions } from "../../api.ts";
import { call } from "../shell/call.ts";
import { useLoading } from "../shell/loading.tsx";

const dayMs = 86_400_000;

/** Null until it came, and when the log has nothing. */
export function useDistributions(camera: string): Distributions | null {
  const loading = useLoading(
    async (signal) => {
      const toMs = Date.now();
      const path = `/cameras/${camera}/distributions?from=${toMs - dayMs}&to=${toMs}`;
      return (await call<Distributions>("GET", path, { signal })).value;
    },
    [camera],
  );
  return loading.value.value;
}

/** Sums the bins of some labels; of all when the rule names none. Null when nothing was logged. */
export function binsOf(
  byLabel: Readonly<Record<string, readonly number[]>>,
  labels: readonly string[],
): readonly number[] | null {
  const wanted = labels.length === 0 ? Object.keys(byLabel) : labels;
  const found = wanted.flatMap((label) => (byLabel[label] ? [byLabel[label]] : []));
  if (found.length === 0) return null;
  return Array.from({ length: 20 }, (_, bin) => found.reduce((sum, bins) => sum + (bins[bin] ?? 0), 0));
}

/** Counts seconds into twenty equal bins up to `most`. */
export function secondBins(seconds: readonly number[], most: number): readonly number[] {
  const bins = new Array<number>(20).fill(0);
  for (const one of seconds) {
    const bin = Math.min(19, Math.floor((one / most) * 20));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  return bins;
}

/** How many lie at or above a cut, which falls into a bin as evenly as that bin is filled. */
export function keptAbove(bins: readonly number[], cut: number): number {
  return Math.round(bins.reduce((sum, count, bin) => sum + count * Math.min(1, Math.max(0, bin + 1 - cut * 20)), 0));
}
