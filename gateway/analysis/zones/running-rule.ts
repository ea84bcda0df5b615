/** One rule in motion: its clock, its calendar, its memory and its occurrence; live and in every rehearsal. */
import { Occurrence, type PhaseChange } from "./occurrence.ts";
import { RuleClock } from "./rule-clock.ts";
import { clear, reasoning, type Heads, type Look, type Rule, type Verdict } from "./rule.ts";
import type { Place } from "./rules/rule-of.ts";
import type { ArmedSpan, Calendar, Schedule } from "./schedule.ts";
import type { RuleSettings } from "./settings.ts";
import { elsewhereStepOf, scheduleStepsOf } from "./shared-steps.ts";
import { Suppression, type Note, type Suppressed } from "./suppression.ts";
import type { Certainty, OpenOccurrence, TraceStep, Trigger } from "./trigger.ts";
import { countsSteps, insideStep } from "./zone.ts";

/** What a running rule is made of. */
export interface RunningParts {
  readonly cameraId: string;
  readonly settings: RuleSettings;
  readonly place: Place;
  readonly zoneId: string;
  readonly zoneKind: string;
  readonly schedule: Schedule | null;
  readonly calendar: Calendar;
  readonly newId: () => string;
  /** Makes the rule itself anew. */
  readonly fresh: () => Rule;
  /** Told what the rule saw and did not tell; a rehearsal has nobody to tell. */
  readonly onSuppressed?: ((suppressed: Suppressed) => void) | undefined;
}

/** Where one rule stands, for the live view. */
export interface RuleState {
  readonly ruleId: string;
  readonly zoneId: string;
  readonly eventType: string;
  /** The certainty of the open occurrence; null when none is open. */
  readonly open: Certainty | null;
  /** The reasoning of the newest look, up to the first step not passed; empty before the first look. */
  readonly steps: readonly TraceStep[];
  readonly value: number;
  readonly threshold: number;
  readonly heldSec: number;
}

const nothing: readonly Trigger[] = [];
const unchanged: readonly PhaseChange[] = [];

/** Looks come in, triggers go out. */
export class RunningRule {
  readonly settings: RuleSettings;
  readonly place: Place;
  readonly zoneId: string;
  /** Unique per camera. */
  readonly ruleId: string;
  readonly rule: Rule;
  readonly clock: RuleClock;
  readonly occurrence: Occurrence;
  /** When it is armed; null: always. */
  readonly arming: { readonly schedule: Schedule; readonly calendar: Calendar } | null;
  readonly #parts: RunningParts;
  #armedSpan: ArmedSpan | null = null;
  readonly #scheduleSteps: { readonly open: TraceStep; readonly closed: TraceStep } | null;
  readonly #suppression: Suppression | null;
  #newest: Verdict | null = null;
  /** Whether the newest frame showed another view than the zones were drawn for. */
  #isElsewhere = false;

  constructor(parts: RunningParts) {
    const { settings, place, zoneId, schedule, calendar, fresh, onSuppressed } = parts;
    this.#parts = parts;
    this.settings = settings;
    this.place = place;
    this.zoneId = zoneId;
    this.ruleId = `${zoneId}/${settings.ruleId}`;
    this.rule = fresh();
    this.clock = this.rule.needs.kind === "tracks" ? new RuleClock() : new RuleClock(this.rule.needs.graceSec);
    this.occurrence = new Occurrence(settings, parts.newId);
    this.arming = schedule && { schedule, calendar };
    const shadow = () => ({ rule: fresh(), occurrence: new Occurrence(settings, () => "") });
    this.#suppression = onSuppressed ? new Suppression(settings, shadow) : null;
    this.#scheduleSteps = schedule ? scheduleStepsOf(settings) : null;
  }

  /** Whether there is anything in this frame that the rule looks at. */
  sees(
    seen: { readonly tracks: unknown; readonly moved?: boolean },
    measures: Readonly<Record<string, number | null>>,
  ): boolean {
    const { needs } = this.rule;
    // A view that has moved shows other places under the zones: nobody looked at those that were drawn.
    if (needs.kind === "tracks") return seen.tracks !== null && seen.moved !== true;
    return typeof measures[needs.name] === "number";
  }

  /** Takes in one look; `look.t` is the time of the rule's clock. */
  step(look: Look): readonly Trigger[] {
    return this.#triggers(this.phases(look));
  }

  /** The same as changes of the occurrence. `areMembers`: all tracks are known to be members of this steady rule. */
  phases(look: Look, areMembers = false): readonly PhaseChange[] {
    if (!this.isArmed(look.nowMs)) {
      const closed = this.#scheduleSteps?.closed;
      if (this.#suppression && closed) this.#tell(this.#suppression.heldBack("schedule", look, closed), look.nowMs);
      return this.closing(look.nowMs, "schedule");
    }
    const { rule } = this;
    return this.phasesOf(areMembers && rule.steady ? rule.steady.lookAtMembers(look) : rule.look(look), look);
  }

  /** What follows from a look that was made; its calendar is open. */
  phasesOf(verdict: Verdict, look: Pick<Look, "t" | "nowMs">): readonly PhaseChange[] {
    const { t, nowMs } = look;
    this.#newest = verdict;
    this.#isElsewhere = false;
    if (this.#suppression) {
      const about = { isOpen: this.occurrence.open !== null, coolingMs: this.occurrence.coolingMs(t) };
      this.#tell(this.#suppression.looked(verdict, look, about), nowMs);
    }
    return this.occurrence.step(verdict, t, nowMs);
  }

  /**
   * The same of a look that is known to say "clear".
   * @param heads what a counting rule has to remember of it; null: nothing
   */
  phasesIfClear({ t, nowMs }: Pick<Look, "t" | "nowMs">, heads: Heads | null): readonly PhaseChange[] {
    if (!this.isArmed(nowMs)) return this.closing(nowMs, "schedule");
    if (heads) this.rule.counting?.remember(t, heads);
    return this.occurrence.step(clear, t, nowMs);
  }

  /** A frame at which the view was elsewhere: nothing is looked at, and what it would have been is told. */
  passOver(look: Look): void {
    if (this.rule.needs.kind !== "tracks") return;
    this.#isElsewhere = true;
    if (this.#suppression)
      this.#tell(this.#suppression.heldBack("view-moved", look, elsewhereStepOf(this.settings)), look.nowMs);
  }

  #tell(note: Note | null, atMs: number): void {
    if (!note) return;
    const { cameraId, zoneId, settings, onSuppressed } = this.#parts;
    onSuppressed?.({ cameraId, zoneId, ruleId: this.ruleId, eventType: settings.type, atMs, ...note });
  }

  /**
   * Whether a look at which nothing heeded is there can be left out: it would tell nothing and change nothing. What is
   * open may be closed by its schedule at any look.
   */
  rests(t: number): boolean {
    return (this.rule.rests?.(t) ?? false) && this.restsIfClear(t);
  }

  /** The same of a look that is known to say "clear" and to matter to no later one. */
  restsIfClear(t: number): boolean {
    return (this.arming === null || this.occurrence.open === null) && this.occurrence.rests(t);
  }

  /** Until when looks at the same members as at `t` change nothing; never, unless the rule is a steady one. */
  steadyUntil(t: number): number {
    const sinceT = this.rule.steady?.sinceT();
    return sinceT === undefined ? -Infinity : this.occurrence.quietUntil(sinceT, t);
  }

  /** Whether the calendar says of `nowMs` what it said of the newest look, and that was "open". */
  staysArmed(nowMs: number): boolean {
    const span = this.#armedSpan;
    return this.arming === null || (span?.isArmed === true && nowMs >= span.fromMs && nowMs < span.untilMs);
  }

  /** Ends what is open. What is open about the picture itself outlives a camera that has gone: it is not known to be over. */
  close(nowMs: number, reason: NonNullable<Trigger["endReason"]>): readonly Trigger[] {
    return this.#triggers(this.closing(nowMs, reason));
  }

  /** The same as changes of the occurrence. */
  closing(nowMs: number, reason: NonNullable<Trigger["endReason"]>): readonly PhaseChange[] {
    if (reason === "camera-lost" && this.settings.kind === "scene-quality") return unchanged;
    return this.occurrence.close(nowMs, reason);
  }

  /** Goes on with an occurrence of an earlier run. @param was the settings that it had then; left out: as now */
  resume(known: OpenOccurrence, t: number, was: RuleSettings = this.settings): void {
    this.occurrence.resume(known, t);
    if (was.drift === this.settings.drift) this.rule.resumed?.(t);
  }

  /** What is open, as a next run needs it; null when nothing is. */
  get open(): OpenOccurrence | null {
    const { cameraId, settings, zoneId } = this.#parts;
    const open = this.occurrence.open;
    return open ? { cameraId, zoneId, ruleId: this.ruleId, eventType: settings.type, ...open } : null;
  }

  /** Where it stands. */
  get state(): RuleState {
    const { settings } = this;
    const newest = this.#newest;
    const step = this.#scheduleStep;
    const seen = [...(step ? [step] : []), ...(newest && step?.passed !== false ? newest.steps : [])];
    const steps = this.#isElsewhere ? [elsewhereStepOf(settings)] : seen;
    return {
      ruleId: this.ruleId,
      zoneId: this.zoneId,
      eventType: settings.type,
      open: this.occurrence.open?.certainty ?? null,
      steps,
      value: newest?.value ?? 0,
      threshold: newest?.threshold ?? settings.threshold ?? 0,
      heldSec: Math.round((newest?.heldMs ?? 0) / 100) / 10,
    };
  }

  /** Why this rule does or does not fire for one track of the frame it looked at last, up to the first step not passed. */
  why(trackId: number, look: Look): readonly TraceStep[] {
    const { settings, place, rule } = this;
    const track = look.tracks.find(({ id }) => id === trackId);
    if (!track || rule.needs.kind !== "tracks" || this.#isElsewhere) return this.state.steps;
    const schedule = this.#scheduleStep;
    const isClosed = schedule?.passed === false;
    const frame = this.#newest?.steps ?? [];
    if (rule.whyWhole && !isClosed)
      return reasoning(...rule.whyWhole(track, look, frame), ...this.occurrence.steps(look.t));
    const own = isClosed ? [] : (rule.why?.(track, look, frame) ?? frame);
    return reasoning(
      ...countsSteps(track, settings, rule.heeds?.labels ?? settings.labels),
      ...("zone" in place ? [rule.whyHere?.(track, look) ?? insideStep(place.zone, track.box)] : []),
      ...(schedule ? [schedule] : []),
      ...own,
      ...this.occurrence.steps(look.t),
    );
  }

  get #scheduleStep(): TraceStep | null {
    const steps = this.#scheduleSteps;
    if (!steps || !this.#armedSpan) return null;
    return this.#armedSpan.isArmed ? steps.open : steps.closed;
  }

  /** Whether the calendar is open. */
  isArmed(nowMs: number): boolean {
    const { schedule, calendar } = this.#parts;
    if (!schedule) return true;
    const span = this.#armedSpan;
    if (span && nowMs >= span.fromMs && nowMs < span.untilMs) return span.isArmed;
    this.#armedSpan = calendar.armedSpan(schedule, nowMs);
    return this.#armedSpan.isArmed;
  }

  #triggers(changes: readonly PhaseChange[]): readonly Trigger[] {
    return changes.length === 0 ? nothing : changes.map((change) => this.trigger(change));
  }

  /** What ends with its season is told of it too. */
  #season(schedule: Schedule, { atMs, onsetMs }: PhaseChange): Pick<Trigger, "season"> {
    const { calendar } = this.#parts;
    const season = calendar.season(schedule, atMs) ?? calendar.season(schedule, onsetMs);
    return season ? { season: { from: season.from, to: season.to } } : {};
  }

  /** What is told of a change of this rule's occurrence, before the next look. */
  trigger(change: PhaseChange): Trigger {
    const { settings, cameraId, zoneId, zoneKind, schedule: calendar } = this.#parts;
    const { verdict, endReason, phase, occurrenceId, certainty, severity, atMs, onsetMs } = change;
    const heldSec = Math.round((verdict?.heldMs ?? 0) / 100) / 10;
    const schedule = this.#scheduleStep;
    const steps: TraceStep[] = schedule?.passed === true ? [schedule] : [];
    for (const step of verdict?.steps ?? []) if (step.passed) steps.push(step);
    if (settings.detectedSec > 0 && certainty === "detected" && heldSec >= settings.detectedSec) {
      steps.push({
        step: "detected",
        passed: true,
        value: heldSec,
        limit: `>= ${settings.detectedSec}`,
        setting: `${settings.path}/detectedSec`,
      });
    }
    return {
      phase,
      occurrenceId,
      certainty,
      severity,
      atMs,
      onsetMs,
      ...(endReason ? { endReason } : {}),
      ...(calendar?.seasons ? this.#season(calendar, change) : {}),
      cameraId,
      zoneId,
      zoneKind,
      ruleId: this.ruleId,
      ruleKind: settings.kind,
      eventType: settings.type,
      objects: verdict?.objects ?? [],
      measure: verdict?.measure ?? {},
      threshold: verdict?.threshold ?? settings.threshold ?? 0,
      value: verdict?.value ?? 0,
      holdSec: heldSec,
      trace: steps,
    };
  }
}
