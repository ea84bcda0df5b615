/** The life of an occurrence, in one place: suspected, detected, updates, cleared, ended. */
import type { Verdict } from "./rule.ts";
import { severityOf, type RuleSettings } from "./settings.ts";
import { shownSec } from "./shown.ts";
import type { Certainty, OpenOccurrence, Phase, TraceStep, Trigger } from "./trigger.ts";

/** A value that changed by less than this share is no news. */
const NEWS_SHARE = 0.1;
/** A value in seconds is told in tenths. */
const tenth = 0.1;

/** A graver value must last so long before it is told: one frame of a crowd counted twice calls nobody out. */
const graverMs = 3_000;

/** Far above the rounding of looked-at time, far below the step from frame to frame. */
const hairMs = 1;

const none: readonly never[] = [];

/** What happens to an occurrence in one frame. */
export interface PhaseChange {
  readonly phase: Phase;
  readonly occurrenceId: string;
  readonly certainty: Certainty;
  readonly severity: 1 | 2 | 3 | 4;
  readonly atMs: number;
  readonly onsetMs: number;
  readonly endReason?: NonNullable<Trigger["endReason"]>;
  /** What the rule saw: at this frame, or, for an end, when it last held. Null after a restart that never saw it again. */
  readonly verdict: Verdict | null;
}

interface Open {
  readonly id: string;
  readonly onsetMs: number;
  certainty: Certainty;
  severity: 1 | 2 | 3 | 4;
  /** Looked-at time of the newest update that was not a rise in certainty, or of the start. */
  sentT: number;
  sentValue: number;
  /** Since when the value asks for a graver severity than was told; null while it does not. */
  graverT: number | null;
  lastHeldT: number;
  lastHeldMs: number;
  /** Wall time at which it counted as cleared; it may come back until the cool-down is over. */
  cleared: { readonly t: number; readonly atMs: number } | null;
  verdict: Verdict | null;
}

/** The state of one rule's occurrence; phases run start, any updates, end: once. */
export class Occurrence {
  readonly #settings: RuleSettings;
  readonly #newId: () => string;
  #open: Open | null = null;

  constructor(settings: RuleSettings, newId: () => string) {
    this.#settings = settings;
    this.#newId = newId;
  }

  /** What must survive a restart; null when nothing is open. */
  get open(): Pick<OpenOccurrence, "occurrenceId" | "certainty" | "severity" | "onsetMs" | "lastAtMs"> | null {
    const open = this.#open;
    if (!open) return null;
    const { id, certainty, severity, onsetMs, lastHeldMs } = open;
    return { occurrenceId: id, certainty, severity, onsetMs, lastAtMs: lastHeldMs };
  }

  /** Goes on with what is open of a rule that has been alike so far. */
  adopt(other: Occurrence): void {
    this.#open = other.#open && { ...other.#open };
  }

  /** Looked-at milliseconds since what is open cleared and waits for its cool-down; null when it does not. */
  coolingMs(t: number): number | null {
    return this.#open?.cleared ? t - this.#open.cleared.t : null;
  }

  /** Whether a look at `t` that says "clear" would change nothing. */
  rests(t: number): boolean {
    const open = this.#open;
    if (!open) return true;
    const { clearSec, cooldownSec } = this.#settings;
    return open.cleared ? t - open.cleared.t < cooldownSec * 1000 : t - open.lastHeldT < clearSec * 1000;
  }

  /**
   * Until when looks would change nothing if the condition went on to count since `sinceT` (null: not at all), and its
   * value were the seconds since then in tenths; a hair early, so that no rounding matters. After a restart it counts as
   * held for a while, whatever is seen.
   * @param t of the newest look
   */
  quietUntil(sinceT: number | null, t: number): number {
    const { suspectedSec, detectedSec, clearSec, cooldownSec, updateSec, certainty } = this.#settings;
    const open = this.#open;
    const starts = sinceT === null ? Infinity : sinceT + suspectedSec * 1000;
    if (!open) return starts - hairMs;
    // Not told as a state: whoever asks after the start looks at every frame until the last look has held.
    if (open.cleared) return Math.min(starts, open.cleared.t + cooldownSec * 1000) - hairMs;
    const clears = open.lastHeldT + clearSec * 1000;
    if (sinceT === null || t < starts + hairMs) return Math.min(starts, clears) - hairMs;
    // Escalation goes by the value, which may be the time itself.
    if (this.#settings.escalate?.some(({ severity }) => severity < open.severity)) return -Infinity;
    const mayRise = open.certainty === "suspected" && certainty !== "suspected";
    if (mayRise) return sinceT + detectedSec * 1000 - hairMs;
    return Math.max(open.sentT + updateSec * 1000, this.#newsFrom(open, sinceT, t)) - hairMs;
  }

  /** From when on there may be news of what has held since `sinceT`: its value grows by the second. */
  #newsFrom(open: Open, sinceT: number, t: number): number {
    const { sentValue, severity } = open;
    const far = NEWS_SHARE * Math.abs(sentValue);
    // Held anew since: the value may still be too small to be what was told.
    if ((t - sinceT) / 1000 < sentValue - far + tenth || this.#settings.severity < severity) return -Infinity;
    const graver = (this.#settings.escalate ?? []).filter((one) => one.severity < severity).map(({ at }) => at);
    return sinceT + (Math.min(sentValue + far, ...graver) - tenth) * 1000;
  }

  /** The steps after the rule's own: what is open already, and the cool-down in which it comes back instead of anew. */
  steps(t: number): readonly TraceStep[] {
    const cleared = this.#open?.cleared;
    if (!cleared) return [];
    const { cooldownSec, path } = this.#settings;
    const seconds = shownSec(t - cleared.t, cooldownSec);
    const setting = `${path}/cooldownSec`;
    return [{ step: "cool-down", passed: false, value: seconds, limit: `>= ${cooldownSec}`, setting }];
  }

  /** Goes on with an occurrence of an earlier run: it gets as long to show itself again as a new one needs to be detected. */
  resume(known: OpenOccurrence, t: number): void {
    const { detectedSec, windowSec } = this.#settings;
    this.#open = {
      id: known.occurrenceId,
      onsetMs: known.onsetMs,
      certainty: known.certainty,
      severity: known.severity,
      sentT: t,
      sentValue: 0,
      graverT: null,
      lastHeldT: t + Math.max(detectedSec, windowSec) * 1000,
      lastHeldMs: known.lastAtMs,
      cleared: null,
      verdict: null,
    };
  }

  /** Takes in a verdict at looked-at time `t` and wall time `nowMs`. */
  step(verdict: Verdict, t: number, nowMs: number): readonly PhaseChange[] {
    if (verdict.state === "unknown") return none;
    if (!this.#open) return this.#maybeStart(verdict, t, nowMs);
    return this.#follow(this.#open, verdict, { t, nowMs });
  }

  /** Ends what is open. A clock that ran back must not end it before it began. */
  close(nowMs: number, endReason: NonNullable<Trigger["endReason"]>): readonly PhaseChange[] {
    const open = this.#open;
    if (!open) return none;
    this.#open = null;
    const { id, certainty, severity, onsetMs, verdict } = open;
    // What had already cleared has ended then, whatever closes it now.
    const ended = open.cleared
      ? { atMs: Math.max(open.cleared.atMs, onsetMs), endReason: "cleared" as const }
      : { atMs: Math.max(nowMs, onsetMs), endReason };
    return [{ phase: "end", occurrenceId: id, certainty, severity, onsetMs, verdict, ...ended }];
  }

  #maybeStart(verdict: Verdict, t: number, nowMs: number): readonly PhaseChange[] {
    const { suspectedSec } = this.#settings;
    if (verdict.state !== "holds" || verdict.heldMs < suspectedSec * 1000) return none;
    const open: Open = {
      id: this.#newId(),
      onsetMs: nowMs - verdict.heldMs,
      certainty: this.#certaintyOf(verdict),
      severity: this.#severityOf(verdict),
      sentT: t,
      sentValue: verdict.value,
      graverT: null,
      lastHeldT: t,
      lastHeldMs: nowMs,
      cleared: null,
      verdict,
    };
    this.#open = open;
    return [change(open, "start", nowMs)];
  }

  #follow(open: Open, verdict: Verdict, now: { readonly t: number; readonly nowMs: number }): readonly PhaseChange[] {
    const { t, nowMs } = now;
    if (verdict.state === "holds") {
      open.lastHeldT = Math.max(open.lastHeldT, t);
      open.lastHeldMs = nowMs;
      open.cleared = null;
      open.verdict = verdict;
      return this.#news(open, verdict, now);
    }
    // What has cleared is over until it holds again: between the limits its cool-down goes on.
    if (verdict.state === "between" && !open.cleared) {
      open.lastHeldT = Math.max(open.lastHeldT, t);
      return none;
    }
    const { clearSec, cooldownSec } = this.#settings;
    if (!open.cleared) {
      if (t - open.lastHeldT < clearSec * 1000) return none;
      open.cleared = { t, atMs: nowMs };
    }
    return t - open.cleared.t >= cooldownSec * 1000 ? this.close(nowMs, "cleared") : [];
  }

  /** An update: when the certainty rises or the severity has become graver, else at most one each `updateSec`, and only when there is news. */
  #news(
    open: Open,
    verdict: Verdict,
    { t, nowMs }: { readonly t: number; readonly nowMs: number },
  ): readonly PhaseChange[] {
    const severity = this.#severityOf(verdict);
    const rises = open.certainty === "suspected" && this.#certaintyOf(verdict) === "detected";
    // While the certainty may still rise, the one update of the minute is kept for that.
    const settled = open.certainty === "detected" || this.#settings.certainty === "suspected";
    const due = settled && t - open.sentT >= this.#settings.updateSec * 1000;
    open.graverT = severity < open.severity ? (open.graverT ?? t) : null;
    const graver = open.graverT !== null && t - open.graverT >= graverMs;
    const changed = Math.abs(verdict.value - open.sentValue) > NEWS_SHARE * Math.max(Math.abs(open.sentValue), 1e-9);
    // An ordinary update waits for a severity that is on its way.
    const isPlain = due && changed && (open.graverT === null || graver);
    if (!rises && !(settled && graver) && !isPlain) return none;
    if (rises) open.certainty = "detected";
    if (severity < open.severity && (graver || rises)) open.severity = severity;
    open.graverT = null;
    open.sentT = t;
    open.sentValue = verdict.value;
    return [change(open, "update", nowMs)];
  }

  #certaintyOf(verdict: Verdict): Certainty {
    if (this.#settings.certainty === "suspected") return "suspected";
    return verdict.heldMs >= this.#settings.detectedSec * 1000 ? "detected" : "suspected";
  }

  #severityOf(verdict: Verdict): 1 | 2 | 3 | 4 {
    let worst: number = this.#settings.severity;
    const { escalate = [], below = false } = this.#settings;
    for (const { at, severity } of escalate) {
      // What must fall to fire is worse the lower it is.
      if (below ? verdict.value <= at : verdict.value >= at) worst = Math.min(worst, severity);
    }
    return severityOf(worst);
  }
}

function change(open: Open, phase: Phase, nowMs: number): PhaseChange {
  const { id, certainty, severity, onsetMs, verdict } = open;
  return { phase, occurrenceId: id, certainty, severity, atMs: Math.max(nowMs, onsetMs), onsetMs, verdict };
}
