/** What a rule saw and did not tell: too short, out of hours, in its cool-down, on a view that had moved, not drifting; pure. */
import type { Occurrence } from "./occurrence.ts";
import type { Look, Rule, Verdict } from "./rule.ts";
import type { RuleSettings } from "./settings.ts";
import { shownSec } from "./shown.ts";
import type { TraceStep } from "./trigger.ts";

/** Why something that was seen became no event. */
export const suppressions = ["too-short", "cool-down", "schedule", "view-moved", "drift"] as const;

/** One thing that became no event. Plain data, kept boundedly. */
export interface Suppressed {
  readonly cameraId: string;
  readonly zoneId: string;
  /** Unique per camera: zone id and rule id. */
  readonly ruleId: string;
  readonly eventType: string;
  readonly reason: (typeof suppressions)[number];
  /** When it was known that no event would come of it, wall ms. */
  readonly atMs: number;
  /** The value that fell short and what it would have taken, in seconds or the name of a state. */
  readonly value: TraceStep["value"];
  readonly limit: string;
  /** Path of the setting that decided. */
  readonly setting: string;
  /** Tracks that took part. */
  readonly tracks: readonly number[];
}

/** What a watch tells; the rule adds whose it is. */
export type Note = Pick<Suppressed, "reason" | "value" | "limit" | "setting" | "tracks">;

/** A condition that held for less of its time than this is not worth a word. */
const leastShare = 0.25;
const leastMs = 1_000;
/** The same reason of the same rule is noted once in so long: a flag at the edge of a zone fills no disk. */
const pauseMs = 60_000;

/** Watches one rule. */
export class Suppression {
  readonly #settings: RuleSettings;
  readonly #shadow: () => { readonly rule: Rule; readonly occurrence: Occurrence };
  /** The rule as it would run if it were not held back; null while it is not. */
  #held: { readonly rule: Rule; readonly occurrence: Occurrence; readonly reason: "schedule" | "view-moved" } | null =
    null;
  /** The longest that the condition has held, in vain so far. */
  #best: Verdict | null = null;
  /** What there would be if nothing were left out; null while nothing is. */
  #asIf: Occurrence | null = null;
  readonly #notedT = new Map<Note["reason"], number>();

  /** @param shadow makes the rule anew, with an occurrence that nobody hears of */
  constructor(settings: RuleSettings, shadow: () => { readonly rule: Rule; readonly occurrence: Occurrence }) {
    this.#settings = settings;
    this.#shadow = shadow;
  }

  /** After a look that was made. @param cooling looked-at ms since the open occurrence cleared; null when it has not */
  looked(
    verdict: Verdict,
    { t, nowMs }: Pick<Look, "t" | "nowMs">,
    about: { readonly isOpen: boolean; readonly coolingMs: number | null },
  ): Note | null {
    this.#held = null;
    const left = this.#leftOut(verdict, { t, nowMs, isOpen: about.isOpen });
    if (left) return left;
    const { suspectedSec, cooldownSec, path } = this.#settings;
    const needMs = suspectedSec * 1_000;
    if (verdict.state === "holds" && about.coolingMs !== null) {
      const value = shownSec(about.coolingMs, cooldownSec);
      return this.#note(t, "cool-down", { value, limit: `>= ${cooldownSec}`, setting: `${path}/cooldownSec` }, verdict);
    }
    const best = this.#best;
    if (about.isOpen || verdict.heldMs >= needMs) {
      this.#best = null;
      return null;
    }
    if (verdict.heldMs >= (best?.heldMs ?? 0) && verdict.heldMs > 0) {
      this.#best = verdict;
      return null;
    }
    this.#best = null;
    if (!best || best.heldMs < Math.max(leastMs, leastShare * needMs)) return null;
    const value = shownSec(best.heldMs, suspectedSec);
    return this.#note(t, "too-short", { value, limit: `>= ${suspectedSec}`, setting: `${path}/suspectedSec` }, best);
  }

  /** A look that was not made because of `reason`: what it would have said. */
  heldBack(reason: "schedule" | "view-moved", look: Look, why: Pick<Note, "value" | "limit" | "setting">): Note | null {
    this.#best = null;
    if (this.#held?.reason !== reason) this.#held = { ...this.#shadow(), reason };
    const { rule, occurrence } = this.#held;
    const verdict = rule.look(look);
    const [first] = occurrence.step(verdict, look.t, look.nowMs);
    return first?.phase === "start" ? this.#note(look.t, reason, why, verdict) : null;
  }

  /** What objects that were left out would have become, told once. */
  #leftOut(
    verdict: Verdict,
    { t, nowMs, isOpen }: { readonly t: number; readonly nowMs: number; readonly isOpen: boolean },
  ): Note | null {
    const { asIf } = verdict;
    if (asIf) this.#asIf ??= this.#shadow().occurrence;
    if (!this.#asIf) return null;
    const [first] = this.#asIf.step(asIf?.verdict ?? verdict, t, nowMs);
    if (first?.phase === "end") this.#asIf = null;
    return asIf && !isOpen && first?.phase === "start" ? this.#note(t, "drift", asIf.step, asIf.verdict) : null;
  }

  #note(
    t: number,
    reason: Note["reason"],
    about: Pick<Note, "value" | "limit" | "setting">,
    seen: Verdict,
  ): Note | null {
    if (t - (this.#notedT.get(reason) ?? -Infinity) < pauseMs) return null;
    this.#notedT.set(reason, t);
    const tracks = seen.objects.flatMap(({ track }) => track ?? []).slice(0, 16);
    const { value, limit, setting } = about;
    return { reason, value, limit, setting, tracks };
  }
}
