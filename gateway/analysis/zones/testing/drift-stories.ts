/** A rule on what floats, where the site says that things drift: what stands, what drifts, what drifted and was caught. */
import { shifted } from "./actors.ts";
import type { CatalogueStory } from "./catalogue-story.ts";
import { oneZone, type Actor } from "./story.ts";

/** The firing one of these stories, told to its rule with `drift: required`. */
export function driftStories(stories: readonly CatalogueStory[], [rule]: readonly object[]): readonly CatalogueStory[] {
  const firing = stories.find((one) => one.fires);
  if (!firing || !rule) return [];
  const zones = oneZone([{ ...rule, drift: "required" }]);
  const carried = (untilSec: number): readonly Actor[] =>
    (firing.actors ?? []).map((a) => ({ ...a, at: (sec) => shifted(a.at(sec), 0.002 * Math.min(sec, untilSec)) }));
  return [
    { ...firing, name: "a reflection where things drift", fires: false, zones },
    { ...firing, name: "drifts where things drift", fires: true, zones, actors: carried(Infinity) },
    { ...firing, name: "drifted there and was caught", fires: true, zones, actors: carried(20) },
  ];
}
