/** How a model's own thresholds steer the tracker: what counts by itself starts a track, what lies below only continues one. */
import type { ModelPackage } from "./detection/model-package.ts";
import { Tracker } from "./tracking/tracker.ts";
import type { TrackerOptions } from "./tracking/tracker-options.ts";

/** A tracker for one camera that runs `model`; null: none, so there is nothing to follow yet. */
export function trackerFor(model: ModelPackage | null): Tracker {
  return new Tracker(model ? trackingOf(model) : { labels: {} });
}

/** How a tracker is to treat what `model` finds. */
export function trackingOf({ labels, defaults }: ModelPackage): TrackerOptions {
  const options = labels.map((label) => {
    const highScore = defaults.perClass[label] ?? defaults.confidence;
    const lowScore = Math.min(defaults.perClassFloor[label] ?? defaults.floor, highScore);
    return [label, { highScore, newScore: highScore, lowScore }] as const;
  });
  return { labels: Object.fromEntries(options) };
}
