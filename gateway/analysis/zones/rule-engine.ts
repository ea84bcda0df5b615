/** Tracks and measurements become triggers: every rule of one camera, looked at once a frame. */
import type { RuleConfig, ZonesConfig } from "../../config/zones-schema.ts";
import type { Box } from "../geometry.ts";
import { Occurrence, type PhaseChange } from "./occurrence.ts";
import { regionOf } from "./region-of-interest.ts";
import { RuleClock } from "./rule-clock.ts";
import type { Observation, Rule, Verdict } from "./rule.ts";
import { ruleOf, type Place } from "./rules/rule-of.ts";
import { Calendar, scheduleOf, type Schedule } from "./schedule.ts";
import { settle, type RuleSettings } from "./settings.ts";
import type { Certainty, OpenOccurrence, TraceStep, Trigger } from "./trigger.ts";
import { lineOf, zoneOf } from "./zone.ts";

/** What a camera's rules are built from. */
export interface RuleEngineOptions {
  readonly cameraId: string;
  readonly zones: ZonesConfig;
  /** IANA name; throws RangeError when it does not exist. */
  readonly timezone: string;
  /** For sunrise and sunset. */
  readonly place?: { readonly lon?: number | undefined; readonly lat?: number | undefined } | undefined;
  /** Gives each occurrence its name. */
  readonly newId: () => string;
  /** Width of the picture divided by its height. */
  readonly aspect?: number;
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

interface Running {
  readonly settings: RuleSettings;
  readonly place: Place;
  readonly zoneId: string;
  readonly zoneKind: string;
  /** Unique per camera. */
  readonly ruleId: string;
  readonly rule: Rule;
  readonly schedule: Schedule | null;
  readonly clock: RuleClock;
  readonly occurrence: Occurrence;
  newest: Verdict | null;
  scheduleStep: TraceStep | null;
}

/** All rules of one camera. Pure: time and observations come in, triggers go out. */
export class RuleEngine {
  readonly #cameraId: string;
  readonly #calendar: Calendar;
  readonly #running: readonly Running[];
  #orphans: OpenOccurrence[] = [];

  constructor(options: RuleEngineOptions) {
    this.#cameraId = options.cameraId;
    const { timezone, place, zones } = options;
    this.#calendar = new Calendar({ timezone, place, holidays: zones.holidays });
    this.#running = [
      ...zones.zones.flatMap((zone) =>
        rulesAt(zone.rules, { id: zone.id, kind: zone.kind, place: { zone: zoneOf(zone) } }, options),
      ),
      ...zones.lines.flatMap((line) =>
        rulesAt(line.rules, { id: line.id, kind: "line", place: { line: lineOf(line) } }, options),
      ),
    ];
  }

  /** Takes in one frame; what was not looked at (null) neither holds nor clears anything. */
  step(seen: Observation, nowMs: number): readonly Trigger[] {
    const triggers = this.#orphans.map((open) => this.#endOfOrphan(open, nowMs));
    this.#orphans = [];
    const measures: Readonly<Record<string, number | null>> = { ...seen.scene, ...seen.measures };
    for (const one of this.#running) {
      const { needs } = one.rule;
      if (needs.kind === "tracks" ? seen.tracks === null : typeof measures[needs.name] !== "number") continue;
      const t = one.clock.advance(nowMs);
      if (!this.#armed(one, nowMs)) {
        for (const change of one.occurrence.close(nowMs, "schedule")) triggers.push(this.#trigger(one, change));
        continue;
      }
      one.newest = one.rule.look({ t, nowMs, tracks: seen.tracks ?? [], measures });
      for (const change of one.occurrence.step(one.newest, t, nowMs)) triggers.push(this.#trigger(one, change));
    }
    return triggers;
  }

  /** Ends everything that is open, for example because the camera has gone. */
  close(nowMs: number, reason: NonNullable<Trigger["endReason"]>): readonly Trigger[] {
    return this.#running.flatMap((one) =>
      one.occurrence.close(nowMs, reason).map((change) => this.#trigger(one, change)),
    );
  }

  /** Goes on with what was open before a restart or an edit; what has no rule any more ends with the next frame. */
  resume(open: readonly OpenOccurrence[], nowMs: number): void {
    for (const known of open) {
      if (known.cameraId !== this.#cameraId) continue;
      const one = this.#running.find(
        (r) => r.ruleId === known.ruleId && r.settings.type === known.eventType && r.occurrence.open === null,
      );
      if (one) one.occurrence.resume(known, one.clock.advance(nowMs));
      else this.#orphans.push(known);
    }
  }

  /** What `resume` of a next engine needs. */
  open(): readonly OpenOccurrence[] {
    return this.#running.flatMap((one) => {
      const open = one.occurrence.open;
      return open
        ? [{ cameraId: this.#cameraId, zoneId: one.zoneId, ruleId: one.ruleId, eventType: one.settings.type, ...open }]
        : [];
    });
  }

  /** The part of the picture the rules look at, 0..1. */
  regionOfInterest(): Box {
    return regionOf(this.#running.filter((one) => one.rule.needs.kind === "tracks").map((one) => one.place));
  }

  /** Why each rule fired or did not. */
  state(): readonly RuleState[] {
    return this.#running.map(({ ruleId, zoneId, settings, occurrence, newest, scheduleStep }) => {
      const steps = scheduleStep ? [scheduleStep] : [];
      if (newest && scheduleStep?.passed !== false) steps.push(...newest.steps);
      return {
        ruleId,
        zoneId,
        eventType: settings.type,
        open: occurrence.open?.certainty ?? null,
        steps,
        value: newest?.value ?? 0,
        threshold: newest?.threshold ?? settings.threshold ?? 0,
        heldSec: Math.round((newest?.heldMs ?? 0) / 100) / 10,
      };
    });
  }

  #armed(one: Running, nowMs: number): boolean {
    if (!one.schedule) return true;
    const armed = this.#calendar.armed(one.schedule, nowMs);
    const { path, schedule, season } = one.settings;
    const key = schedule !== undefined ? "schedule" : season !== undefined ? "season" : "hours";
    const limit = schedule ?? [one.settings.hours, season && `${season.from}..${season.to}`].filter(Boolean).join(" ");
    one.scheduleStep = {
      step: "schedule",
      passed: armed,
      value: armed ? "open" : "closed",
      limit,
      setting: `${path}/${key}`,
    };
    return armed;
  }

  #trigger(one: Running, change: PhaseChange): Trigger {
    const { settings, scheduleStep } = one;
    const { verdict, endReason, ...phase } = change;
    const heldSec = Math.round((verdict?.heldMs ?? 0) / 100) / 10;
    const steps = [...(scheduleStep ? [scheduleStep] : []), ...(verdict?.steps ?? [])].filter((step) => step.passed);
    if (settings.detectedSec > 0 && phase.certainty === "detected" && heldSec >= settings.detectedSec) {
      steps.push({
        step: "detected",
        passed: true,
        value: heldSec,
        limit: `>= ${settings.detectedSec}`,
        setting: `${settings.path}/detectedSec`,
      });
    }
    return {
      ...phase,
      ...(endReason ? { endReason } : {}),
      cameraId: this.#cameraId,
      zoneId: one.zoneId,
      zoneKind: one.zoneKind,
      ruleId: one.ruleId,
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

  #endOfOrphan(open: OpenOccurrence, nowMs: number): Trigger {
    const { lastAtMs, ...rest } = open;
    return {
      ...rest,
      zoneKind: "general",
      ruleKind: "unknown",
      phase: "end",
      atMs: Math.max(nowMs, lastAtMs, open.onsetMs),
      endReason: "rule-changed",
      objects: [],
      measure: {},
      threshold: 0,
      value: 0,
      holdSec: 0,
      trace: [],
    };
  }
}

function rulesAt(
  rules: readonly RuleConfig[],
  where: { readonly id: string; readonly kind: string; readonly place: Place },
  options: RuleEngineOptions,
): readonly Running[] {
  const room = "line" in where.place ? "lines" : "zones";
  return rules.flatMap((config) => {
    const settings = config.enabled === false ? null : settle(config, `${room}/${where.id}`);
    if (!settings) return [];
    const rule = ruleOf(settings, where.place, options.aspect ?? 16 / 9);
    const named = options.zones.schedules?.find((s) => s.id === settings.schedule);
    return [
      {
        settings,
        place: where.place,
        zoneId: where.id,
        zoneKind: where.kind,
        ruleId: `${where.id}/${settings.ruleId}`,
        rule,
        // A name that no schedule has arms nothing rather than everything; the file's check refuses it beforehand.
        schedule:
          settings.schedule === undefined ? scheduleOf(settings.hours, settings.season) : (named ?? { seasons: [] }),
        clock: rule.needs.kind === "tracks" ? new RuleClock() : new RuleClock(rule.needs.graceSec),
        occurrence: new Occurrence(settings, options.newId),
        newest: null,
        scheduleStep: null,
      },
    ];
  });
}
