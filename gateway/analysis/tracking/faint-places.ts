/** What stands still may be followed without ever being seen clearly: weak detections that come back to one place add up. */
import type { Box } from "../geometry.ts";
import type { Detection } from "../detection/detection.ts";
import { pair, type Likeness } from "./association.ts";

/** When a place has been seen often enough. */
export interface Patience {
  /** Time constant over which scores are averaged, frames without one as 0. */
  readonly seconds: number;
  /** The mean score at which it is. */
  readonly score: number;
}

/** Greatest cost of a pair, as the tracker's gates: a place is kept to more narrowly than a track. */
const gate = 0.55;
/** How much of a new box goes into the place's own. */
const follow = 0.2;
/** No step weighs more than this share of the time, however long it took: one sight is never enough. */
const heaviest = 1 / 6;
/** A place whose mean has fallen below this share of what is asked is forgotten. */
const forgotten = 0.04;

interface Place {
  readonly box: Box;
  readonly mean: number;
}

/** The places of one label. */
export class FaintPlaces {
  #places: readonly Place[] = [];

  /**
   * Takes in the weak detections of one frame that no track has taken.
   * @returns those that may begin a track; their places begin anew
   */
  step(
    seen: readonly Detection[],
    now: { readonly seconds: number; readonly patience: Patience; readonly likeness: Likeness },
  ): readonly Detection[] {
    const { seconds, score } = now.patience;
    const weight = 1 - Math.exp(-Math.min(now.seconds / seconds, heaviest));
    // Boxes are not widened for what may have moved meanwhile: it stands still.
    const likeness = { ...now.likeness, buffer: 0 };
    const boxes = this.#places.map(({ box }) => box);
    const { pairs, tracks, detections } = pair(boxes, seen, { likeness, gate, fuseScore: false });
    const enough: Detection[] = [];
    const kept: Place[] = [];
    for (const [i, j] of pairs) {
      const [place, detection] = [this.#places[i], seen[j]];
      if (!place || !detection) continue;
      const mean = place.mean + weight * (detection.score - place.mean);
      if (mean >= score) enough.push(detection);
      else kept.push({ box: between(place.box, detection.box), mean });
    }
    for (const i of tracks) {
      const { box, mean } = this.#places[i] ?? { box: null, mean: 0 };
      if (box && mean * (1 - weight) >= forgotten * score) kept.push({ box, mean: mean * (1 - weight) });
    }
    for (const j of detections) {
      const detection = seen[j];
      if (detection) kept.push({ box: detection.box, mean: weight * detection.score });
    }
    this.#places = kept;
    return enough;
  }
}

function between(a: Box, b: Box): Box {
  const at = (from: number, to: number): number => from + follow * (to - from);
  return { x: at(a.x, b.x), y: at(a.y, b.y), width: at(a.width, b.width), height: at(a.height, b.height) };
}
