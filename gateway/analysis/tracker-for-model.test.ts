import { expect, test } from "vitest";
import { trackingOf } from "./tracker-for-model.ts";
import type { ModelPackage } from "./detection/model-package.ts";
import { examplePackage } from "./detection/testing/example-package.ts";
import { Tracker } from "./tracking/tracker.ts";
import type { Track } from "./tracking/track.ts";

type Defaults = ModelPackage["defaults"];

/** States of the tracks after one clear look and ten seconds of `score` at the same place. */
function after(defaults: Partial<Defaults>, score: number): readonly Track["state"][] {
  const tracker = new Tracker(
    trackingOf(examplePackage({ labels: ["person"], defaults: { confidence: 0.4, ...defaults } })),
  );
  let tracks: readonly Track[] = [];
  for (let frame = 0; frame <= 50; frame += 1) {
    const seen = {
      label: "person",
      score: frame === 0 ? 0.5 : score,
      box: { x: 0.3, y: 0.4, width: 0.1, height: 0.3 },
    };
    tracks = tracker.step([seen], frame * 200);
  }
  return tracks.map(({ state }) => state);
}

for (const [name, defaults, score, expected] of [
  ["what scores low goes on with a track", {}, 0.2, ["confirmed"]],
  ["below its label's own floor it does not", { perClassFloor: { person: 0.25 } }, 0.2, []],
  ["above it does", { perClassFloor: { person: 0.25 } }, 0.3, ["confirmed"]],
  [
    "a floor above the threshold is none",
    { perClass: { person: 0.3 }, perClassFloor: { person: 0.6 } },
    0.35,
    ["confirmed"],
  ],
] as const) {
  test(name, () => expect(after(defaults, score)).toEqual(expected));
}
