/** A measurement passes a level, or rises too fast: water, speed, anything with a unit. */
import { reasoning, type Look, type Needs, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { shown, shownSec } from "../shown.ts";

/** Readings come each minute; a pause of three of them still counts as looked at. */
const GRACE_SEC = 180;
/** Readings kept at most for a rise. */
const MAX_READINGS = 600;
/** Sums of tenths do not meet a limit exactly: a level of a tenth of a millimetre less is the same level. */
const HAIR = 1e-4;

/** Holds while the measurement (or its rise over `riseMin` minutes) is at or beyond the threshold; `clearBy` is the way back. */
export class LevelThreshold implements Rule {
  readonly needs: Needs;
  readonly #settings: RuleSettings;
  readonly #measure: string;
  readonly #threshold: number;
  #sinceT: number | null = null;
  #readings: { readonly t: number; readonly value: number }[] = [];

  constructor(settings: RuleSettings, options: { readonly measure: string; readonly threshold: number }) {
    this.#settings = settings;
    this.#measure = options.measure;
    this.#threshold = options.threshold;
    this.needs = { kind: "measure", name: options.measure, graceSec: GRACE_SEC };
  }

  look({ t, measures }: Look): Verdict {
    const { path, suspectedSec, clearBy = 0, below = false, riseMin } = this.#settings;
    const reading = measures[this.#measure] ?? 0;
    const value = riseMin === undefined ? reading : this.#rise(reading, t, riseMin * 60_000);
    const beyond = this.#beyond(value);
    const over = beyond >= -HAIR;
    const back = beyond < -clearBy - HAIR;
    if (over) this.#sinceT ??= t;
    if (back) this.#sinceT = null;
    const heldMs = over && this.#sinceT !== null ? t - this.#sinceT : 0;
    const heldSec = Math.round(heldMs / 100) / 10;
    const sign = below ? "<=" : ">=";
    return {
      state: over ? "holds" : back ? "clear" : "between",
      heldMs,
      value: Math.round(value * 1000) / 1000,
      threshold: this.#threshold,
      measure: {
        [this.#measure]: Math.round(reading * 1000) / 1000,
        ...(riseMin === undefined ? {} : { rise: Math.round(value * 1000) / 1000, riseMin }),
        heldSec,
      },
      objects: [],
      steps: reasoning(
        {
          step: riseMin === undefined ? "level" : "rise",
          passed: over,
          value: shown(value, 3, (one) => this.#beyond(one) >= -HAIR),
          limit: `${sign} ${this.#threshold}`,
          setting: `${path}/threshold`,
        },
        {
          step: "held",
          passed: over && heldMs >= suspectedSec * 1000,
          value: shownSec(heldMs, suspectedSec),
          limit: `>= ${suspectedSec}`,
          setting: `${path}/suspectedSec`,
        },
      ),
    };
  }

  /** How far a value lies beyond the threshold. */
  #beyond(value: number): number {
    return this.#settings.below === true ? this.#threshold - value : value - this.#threshold;
  }

  /** How far the newest reading lies above the lowest of the window. */
  #rise(reading: number, t: number, windowMs: number): number {
    const newest = this.#readings.at(-1);
    if (!newest || t - newest.t >= windowMs / MAX_READINGS) this.#readings.push({ t, value: reading });
    while ((this.#readings[0]?.t ?? t) < t - windowMs) this.#readings.shift();
    return reading - this.#readings.reduce((least, r) => Math.min(least, r.value), reading);
  }
}
