/** Somebody moves against the allowed direction of a lane. */
import type { Point } from "../../geometry.ts";
import type { Track } from "../../tracking/track.ts";
import { asObject, needsTracks, reasoning, type Heed, type Look, type Rule, type Verdict } from "../rule.ts";
import type { RuleSettings } from "../settings.ts";
import { shown, shownSec } from "../shown.ts";
import type { TraceStep } from "../trigger.ts";
import { anchorPoint, counts, heedOf, inside, type Zone } from "../zone.ts";

/** A direction is taken from the way of the last while; shorter ones are noise. */
const WAY_MS = 1_000;
/** Least way in heights of the object: what stands and trembles has no direction. */
const LEAST_WAY = 0.3;
/** A track that is not seen, or not wrong, for longer begins again. */
const GAP_MS = 1_000;
const DEFAULT_TOLERANCE = 60;

interface Path {
  points: { readonly t: number; readonly at: Point }[];
  sinceT: number | null;
  wrongT: number;
  /** Degrees off the opposite of the allowed direction at the newest look; null without a way. */
  off: number | null;
}

/** Holds while some object has gone the wrong way for long enough. */
export class WrongDirection implements Rule {
  readonly needs = needsTracks;
  readonly heeds: Heed;
  readonly #settings: RuleSettings;
  readonly #zone: Zone;
  readonly #aspect: number;
  readonly #heading: number;
  readonly #paths = new Map<number, Path>();

  /** @param options.heading allowed direction in degrees on the screen: 0 to the right, 90 down. */
  constructor(settings: RuleSettings, zone: Zone, options: { readonly heading: number; readonly aspect: number }) {
    this.#settings = settings;
    this.#zone = zone;
    this.#aspect = options.aspect;
    this.heeds = heedOf(zone, settings.labels);
    this.#heading = options.heading;
  }

  /** Only the ways of who is there are remembered. */
  rests(): boolean {
    return true;
  }

  look({ t, beforeT, tracks }: Look): Verdict {
    const { suspectedSec, detectedSec } = this.#settings;
    let longest: { track: Track; heldMs: number } | null = null;
    let off: number | null = null;
    for (const track of tracks) {
      if (!track.seenNow || !counts(track, this.#settings) || !inside(this.#zone, track.box)) continue;
      const deviation = this.#follow(track, { t, beforeT });
      if (deviation !== null) off = Math.min(off ?? 180, deviation);
      const { sinceT } = this.#paths.get(track.id) ?? { sinceT: null };
      const heldMs = sinceT === null ? 0 : t - sinceT;
      if (heldMs > (longest?.heldMs ?? 0)) longest = { track, heldMs };
    }
    for (const [id, kept] of this.#paths) if (t - (kept.points.at(-1)?.t ?? 0) > GAP_MS) this.#paths.delete(id);
    const heldMs = longest?.heldMs ?? 0;
    const heldSec = Math.round(heldMs / 100) / 10;
    const held = heldMs > 0 && heldMs >= suspectedSec * 1000;
    return {
      state: held ? "holds" : "clear",
      heldMs,
      value: heldSec,
      threshold: detectedSec,
      measure: { wrongSec: heldSec },
      objects: longest ? [asObject(longest.track)] : [],
      steps: reasoning(...this.#steps(off, heldMs)),
    };
  }

  why(track: Track, { t }: Look): readonly TraceStep[] {
    const kept = this.#paths.get(track.id);
    const since = kept?.sinceT ?? null;
    return this.#steps(kept?.off ?? null, since === null ? 0 : t - since);
  }

  #steps(off: number | null, heldMs: number): readonly TraceStep[] {
    const { path, suspectedSec, headingTolerance = DEFAULT_TOLERANCE } = this.#settings;
    return [
      {
        step: "direction",
        passed: off !== null && off <= headingTolerance,
        value: off === null ? "no way yet" : shown(off, 0, (one) => one <= headingTolerance),
        limit: `<= ${headingTolerance} off the opposite`,
        setting: `${path}/headingTolerance`,
      },
      {
        step: "held",
        passed: heldMs > 0 && heldMs >= suspectedSec * 1000,
        value: shownSec(heldMs, suspectedSec),
        limit: `>= ${suspectedSec}`,
        setting: `${path}/suspectedSec`,
      },
    ];
  }

  /** Degrees between the object's way and the opposite of the allowed one; null while it has no way. */
  #follow(track: Track, { t, beforeT }: Pick<Look, "t" | "beforeT">): number | null {
    const at = anchorPoint(track.box, "center");
    const known = this.#paths.get(track.id);
    const isFresh = known !== undefined && beforeT - (known.points.at(-1)?.t ?? 0) <= GAP_MS;
    const kept = isFresh ? known : { points: [], sinceT: null, wrongT: t, off: null };
    this.#paths.set(track.id, kept);
    kept.points.push({ t, at });
    while ((kept.points[1]?.t ?? t) <= t - WAY_MS) kept.points.shift();
    const from = kept.points[0];
    const dx = from ? (at.x - from.at.x) * this.#aspect : 0;
    const dy = from ? at.y - from.at.y : 0;
    const enough = from !== undefined && t - from.t >= WAY_MS / 2 && Math.hypot(dx, dy) >= LEAST_WAY * track.box.height;
    const deviation = enough ? 180 - Math.abs(turned((Math.atan2(dy, dx) * 180) / Math.PI - this.#heading)) : null;
    kept.off = deviation;
    const wrong = deviation !== null && deviation <= (this.#settings.headingTolerance ?? DEFAULT_TOLERANCE);
    if (wrong) {
      kept.sinceT ??= from?.t ?? t;
      kept.wrongT = t;
    } else if (t - kept.wrongT > GAP_MS) kept.sinceT = null;
    return deviation;
  }
}

/** An angle as -180..180. */
function turned(degrees: number): number {
  return ((((degrees + 180) % 360) + 360) % 360) - 180;
}
