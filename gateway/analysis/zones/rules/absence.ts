/** Something that has to be there is not: a guard, a lifebuoy. */
import type { Track } from "../../tracking/track.ts";
import { needsTracks, reasoning, type Heed, type Look, type Rule, type Steady, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { shownSec } from "../shown.ts";
import type { TraceStep } from "../trigger.ts";
import { counts, heedOf, inside, type Zone } from "../zone.ts";

/** Frames in a row that it takes to believe somebody is back: one false detection must not restart ten minutes. */
const BELIEVE_FRAMES = 2;

/** Holds while fewer than `minObjects` are in the zone. Nobody looked is not nobody there: such frames never get here. */
export class Absence implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly steady: Steady;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  #sinceT: number | null = null;
  #presentFrames = 0;

  constructor(settings: RuleSettings, zone: Zone) {
    this.#settings = settings;
    this.#zone = zone;
    this.heeds = heedOf(zone, settings.labels);
    this.steady = {
      zone,
      settings,
      lookAtMembers: ({ t, tracks }) => this.#say(t, tracks.length),
      sinceT: () => (this.#isDoubted ? undefined : this.#sinceT),
      goneOn: () => {
        // Whoever is left out was believed before, or is nobody.
      },
    };
  }

  look({ t, tracks }: Look): Verdict {
    const present = tracks.filter((track) => counts(track, this.#settings) && inside(this.#zone, track.box));
    return this.#say(t, present.length);
  }

  /** Whether enough are here, and not yet for long enough to be believed. */
  get #isDoubted(): boolean {
    return this.#presentFrames > 0 && this.#presentFrames < BELIEVE_FRAMES;
  }

  #say(t: number, present: number): Verdict {
    const { path, suspectedSec, detectedSec, minObjects = 1 } = this.#settings;
    this.#presentFrames = present >= minObjects ? this.#presentFrames + 1 : 0;
    if (this.#presentFrames >= BELIEVE_FRAMES) this.#sinceT = null;
    else if (this.#presentFrames === 0) this.#sinceT ??= t;
    const heldMs = this.#sinceT === null ? 0 : t - this.#sinceT;
    const held = this.#sinceT !== null && heldMs >= suspectedSec * 1000;
    const seconds = Math.round(heldMs / 100) / 10;
    return {
      state: held ? "holds" : "clear",
      heldMs,
      value: seconds,
      threshold: detectedSec,
      measure: { present, absentSec: seconds },
      objects: [],
      steps: reasoning(
        {
          step: "present",
          passed: this.#sinceT !== null,
          value: present,
          limit: `< ${minObjects}`,
          setting: `${path}/minObjects`,
        },
        {
          step: "absent",
          passed: held,
          value: shownSec(heldMs, suspectedSec),
          limit: `>= ${suspectedSec}`,
          setting: `${path}/suspectedSec`,
        },
      ),
    };
  }

  /** Whoever is here, believed and not too few, is why nothing is amiss. */
  why(_track: Track, _look: Look, frame: readonly TraceStep[]): readonly TraceStep[] {
    const { path, minObjects = 1 } = this.#settings;
    const here = this.#presentFrames;
    const step = { step: "away", passed: here < BELIEVE_FRAMES, setting: `${path}/minObjects` };
    const limit = `fewer than ${minObjects}, or seen in fewer than ${BELIEVE_FRAMES} frames`;
    return [{ ...step, value: here === 0 ? "too few" : `here in ${here} frames`, limit }, ...frame];
  }
}
