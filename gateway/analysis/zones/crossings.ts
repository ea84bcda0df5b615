/** What the three momentary kinds share: crossings of the last while, told as a verdict. */
import type { Track } from "../tracking/track.ts";
import { LazyVerdict } from "./lazy-verdict.ts";
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
    const { windowSec, threshold = 1 } = this.#settings;
    const [oldest] = this.#recent;
    if (oldest && t - oldest.t >= windowSec * 1000)
      this.#recent = this.#recent.filter((c) => t - c.t < windowSec * 1000);
    if (crossed.length > 0)
      this.#recent = [...this.#recent, ...crossed.map((track) => ({ t, object: asObject(track) }))];
    const holds = crossed.length > 0 && this.#recent.length >= threshold;
    return new CrossingsVerdict(this.#settings, this.#recent, { state: holds ? "holds" : "clear", steps });
  }
}

interface Crossing {
  readonly t: number;
  readonly object: TriggerObject;
}

/** How many have crossed of late. */
class CrossingsVerdict extends LazyVerdict {
  readonly #settings: RuleSettings;
  readonly #recent: readonly Crossing[];
  readonly #steps: readonly TraceStep[];

  constructor(settings: RuleSettings, recent: readonly Crossing[], seen: Pick<Verdict, "state" | "steps">) {
    super({ state: seen.state, heldMs: 0, value: recent.length, threshold: settings.threshold ?? 1 });
    this.#settings = settings;
    this.#recent = recent;
    this.#steps = seen.steps;
  }

  get measure(): Verdict["measure"] {
    return { crossings: this.value, windowSec: this.#settings.windowSec };
  }

  get objects(): readonly TriggerObject[] {
    return this.#recent.slice(-MOST_OBJECTS).map(({ object }) => object);
  }

  get steps(): readonly TraceStep[] {
    const { value, threshold } = this;
    const setting = `${this.#settings.path}/threshold`;
    const step = { step: "crossings", passed: value >= threshold, value, limit: `>= ${threshold}`, setting };
    return reasoning(...this.#steps, step);
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
