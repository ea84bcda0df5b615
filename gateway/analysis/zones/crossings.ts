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
  #recent: readonly Crossing[] = [];

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
    const [oldest] = this.#recent;
    if (oldest && t - oldest.t >= windowSec * 1000)
      this.#recent = this.#recent.filter((c) => t - c.t < windowSec * 1000);
    if (crossed.length > 0)
      this.#recent = [...this.#recent, ...crossed.map((track) => ({ t, object: asObject(track) }))];
    const recent = this.#recent;
    const enough = recent.length >= threshold;
    return new CrossingsVerdict({
      state: crossed.length > 0 && enough ? "holds" : "clear",
      threshold,
      recent,
      windowSec,
      steps: () =>
        reasoning(...steps, {
          step: "crossings",
          passed: enough,
          value: recent.length,
          limit: `>= ${threshold}`,
          setting: `${path}/threshold`,
        }),
    });
  }
}

interface Crossing {
  readonly t: number;
  readonly object: TriggerObject;
}

/** What was seen in one frame. */
interface Seen extends Pick<Verdict, "state" | "threshold"> {
  readonly recent: readonly Crossing[];
  readonly windowSec: number;
  readonly steps: () => readonly TraceStep[];
}

/** The numbers at once; words and objects only when somebody asks, for most frames nobody does. */
class CrossingsVerdict implements Verdict {
  readonly state: Verdict["state"];
  readonly heldMs = 0;
  readonly value: number;
  readonly threshold: number;
  readonly #seen: Seen;

  constructor(seen: Seen) {
    this.state = seen.state;
    this.value = seen.recent.length;
    this.threshold = seen.threshold;
    this.#seen = seen;
  }

  get measure(): Verdict["measure"] {
    return { crossings: this.value, windowSec: this.#seen.windowSec };
  }

  get objects(): readonly TriggerObject[] {
    return this.#seen.recent.slice(-MOST_OBJECTS).map(({ object }) => object);
  }

  get steps(): readonly TraceStep[] {
    return this.#seen.steps();
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
