/** A thing that nobody attends stays where it is. */
import type { Box } from "../../geometry.ts";
import type { Track } from "../../tracking/track.ts";
import { Company } from "../company.ts";
import { asObject, needsTracks, reasoning, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { ShareRun } from "../share-run.ts";
import { shownSec } from "../shown.ts";
import { Stays, type Stay } from "../stays.ts";
import type { TraceStep } from "../trigger.ts";
import { counts, heedOf, inside, type Zone } from "../zone.ts";

/** Least overlap with its first place, unless the rule says otherwise: people shift a bag they stay with. */
const SAME_SPOT = 0.5;
/** Somebody this long beside it attends it; who passes by does not. */
const ATTENDED_MS = 15_000;

/** Holds while a thing has stood alone, in one spot, for long enough. */
export class LeftObject implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  readonly #aspect: number;
  readonly #stays: Stays;
  /** Keyed by the first box of a stay: it is the one thing that stays the same when the id changes. */
  readonly #alone = new WeakMap<Box, ShareRun>();

  constructor(settings: RuleSettings, zone: Zone, aspect: number) {
    this.#settings = { ...settings, without: settings.without ?? ["person"] };
    this.#zone = zone;
    this.#aspect = aspect;
    this.heeds = heedOf(zone, settings.labels);
    this.#stays = new Stays({ aspect, sameSpot: settings.sameSpot ?? SAME_SPOT });
  }

  /** Things alone are remembered; nothing else is. */
  rests(): boolean {
    return true;
  }

  look({ t, beforeT, tracks }: Look): Verdict {
    const settings = this.#settings;
    const things = tracks.filter((track) => counts(track, settings) && inside(this.#zone, track.box));
    let best: { stay: Stay; heldMs: number } | null = null;
    for (const stay of this.#stays.step(things, { t, beforeT })) {
      const heldMs = this.#aloneMs(stay, tracks, t);
      if (heldMs >= (best?.heldMs ?? 0)) best = { stay, heldMs };
    }
    const heldMs = best?.heldMs ?? 0;
    const held = best !== null && heldMs >= settings.suspectedSec * 1000;
    const seconds = Math.round(heldMs / 100) / 10;
    return {
      state: held ? "holds" : "clear",
      heldMs,
      value: seconds,
      threshold: settings.detectedSec,
      measure: { objects: things.length, aloneSec: seconds },
      objects: best ? [asObject(best.stay.track)] : [],
      steps: reasoning(
        {
          step: "objects",
          passed: things.length > 0,
          value: things.length,
          limit: ">= 1",
          setting: `${settings.path}/labels`,
        },
        this.#aloneStep(heldMs),
      ),
    };
  }

  why(track: Track, { t, tracks }: Look): readonly TraceStep[] {
    const company = new Company(track, tracks, this.#settings, this.#aspect);
    const run = this.#stays.firstBox(track.id);
    const longest = run && this.#alone.get(run)?.longest();
    return [...company.steps, this.#aloneStep(longest ? t - longest.sinceT : 0)];
  }

  #aloneStep(heldMs: number): TraceStep {
    const { suspectedSec, path } = this.#settings;
    const value = shownSec(heldMs, suspectedSec);
    const passed = heldMs > 0 && heldMs >= suspectedSec * 1000;
    return { step: "alone", passed, value, limit: `>= ${suspectedSec}`, setting: `${path}/suspectedSec` };
  }

  #aloneMs(stay: Stay, tracks: Look["tracks"], t: number): number {
    const { persistRatio, detectedSec } = this.#settings;
    const run =
      this.#alone.get(stay.firstBox) ??
      new ShareRun({ share: persistRatio, spanMs: (detectedSec + 5) * 1000, gapMs: ATTENDED_MS });
    this.#alone.set(stay.firstBox, run);
    const alone = new Company(stay.track, tracks, this.#settings, this.#aspect).fits;
    run.push(t, alone);
    const longest = run.longest();
    return longest ? t - longest.sinceT : 0;
  }
}
