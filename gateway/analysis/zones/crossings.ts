/** What the three momentary kinds share: crossings of the last while, told as a verdict. */
import type { Track } from "../tracking/track.ts";
import { asObject, reasoning, type Verdict } from "./rule.ts";
import type { RuleSettings } from "./settings.ts";
import type { TraceStep, TriggerObject } from "./trigger.ts";

/** Newest crossings that are told with an event. */
const MOST_OBJECTS = 16;

/** Crossings of one rule within its window. */
export class Crossings {
  readonly #settings: RuleSettings;
  #recent: { readonly t: number; readonly object: TriggerObject }[] = [];

  constructor(settings: RuleSettings) {
    this.#settings = settings;
  }

  /**
   * The verdict of one frame: it holds in the very frame in which enough tracks have crossed.
   * @param crossed tracks that crossed in this frame.
   * @param steps the reasoning about this frame's best candidate.
   */
  verdict(crossed: readonly Track[], t: number, steps: readonly TraceStep[]): Verdict {
    const { windowSec, threshold = 1, path } = this.#settings;
    this.#recent = this.#recent.filter((c) => t - c.t < windowSec * 1000);
    for (const track of crossed) this.#recent.push({ t, object: asObject(track) });
    const total = this.#recent.length;
    const enough = total >= threshold;
    const passed = crossed.length > 0 && enough;
    return {
      state: passed ? "holds" : "clear",
      heldMs: 0,
      value: total,
      threshold,
      measure: { crossings: total, windowSec },
      objects: this.#recent.slice(-MOST_OBJECTS).map((c) => c.object),
      steps: reasoning(...steps, {
        step: "crossings",
        passed: enough,
        value: total,
        limit: `>= ${threshold}`,
        setting: `${path}/threshold`,
      }),
    };
  }
}

/** The step that asks how long a track has been followed. */
export function followedStep(followedMs: number, settings: RuleSettings): TraceStep {
  const seconds = Math.round(followedMs / 100) / 10;
  const { minTrackSec, path } = settings;
  return {
    step: "followed",
    passed: seconds >= minTrackSec,
    value: seconds,
    limit: `>= ${minTrackSec}`,
    setting: `${path}/minTrackSec`,
  };
}
