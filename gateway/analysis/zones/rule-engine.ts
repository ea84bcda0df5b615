/** Tracks and measurements become triggers: every rule of one camera, looked at once a frame. */
import type { RuleConfig, ZonesConfig } from "../../config/zones-schema.ts";
import { withStationLevel } from "../../config/station-level.ts";
import type { Box } from "../geometry.ts";
import { amongItsLike } from "./angling.ts";
import { lineOf } from "./line.ts";
import { regionOf } from "./region-of-interest.ts";
import type { Look, Observation } from "./rule.ts";
import { RunningRule, type RuleState } from "./running-rule.ts";
import { ruleOf, type Place } from "./rules/rule-of.ts";
import { Calendar, scheduleOf } from "./schedule.ts";
import { settle, type RuleSettings } from "./settings.ts";
import type { Suppressed } from "./suppression.ts";
import type { OpenOccurrence, TraceStep, Trigger } from "./trigger.ts";
import { zoneOf } from "./zone.ts";

const noTracks: Look["tracks"] = [];

/** What a camera's rules are built from. */
export interface RuleEngineOptions {
  readonly cameraId: string;
  readonly zones: ZonesConfig;
  /** IANA name; one that does not exist throws RangeError when a calendar is asked. */
  readonly timezone: string;
  /** For sunrise and sunset. */
  readonly place?: { readonly lon?: number | undefined; readonly lat?: number | undefined } | undefined;
  /** Gives each occurrence its name. */
  readonly newId: () => string;
  /** Width of the picture divided by its height until a frame tells it; 16:9 when left out. */
  readonly aspect?: number;
  /** Told what was seen and became no event. Pure values; at most one a minute, rule and reason. */
  readonly onSuppressed?: (suppressed: Suppressed) => void;
}

export type { RuleState };

/** One rule's reasoning about one track, in order, up to the first step not passed. */
export interface TrackWhy {
  readonly ruleId: string;
  readonly zoneId: string;
  readonly eventType: string;
  /** Whether the rule has an open occurrence. */
  readonly open: boolean;
  readonly steps: readonly TraceStep[];
}

/** All rules of one camera. Pure: time and observations come in, triggers go out. */
export class RuleEngine {
  readonly #cameraId: string;
  readonly #makers: readonly RuleMaker[];
  readonly #newId: () => string;
  readonly #region: Box;
  #aspect: number;
  #running: readonly RunningRule[];
  #orphans: OpenOccurrence[] = [];
  #newest: Look | null = null;

  constructor(options: RuleEngineOptions) {
    this.#cameraId = options.cameraId;
    this.#makers = ruleMakers(options);
    this.#newId = options.newId;
    this.#aspect = options.aspect ?? 16 / 9;
    this.#running = this.#makers.map(({ make }) => make(this.#aspect, this.#newId));
    this.#region = regionOf(this.#running.filter((one) => one.rule.needs.kind === "tracks").map((one) => one.place));
  }

  /** Takes in one frame; what was not looked at (null) neither holds nor clears anything. */
  step(seen: Observation, nowMs: number): readonly Trigger[] {
    if (isOtherShape(this.#aspect, seen.aspect)) this.#reshape(seen.aspect, nowMs);
    const triggers = this.#orphans.map((open) => this.#endOfOrphan(open, nowMs));
    this.#orphans = [];
    const measures: Readonly<Record<string, number | null>> = { ...seen.scene, ...seen.measures };
    for (const one of this.#running) {
      if (!one.sees(seen, measures)) {
        // Its own time stands still meanwhile; the shadow's runs with the wall.
        if (seen.moved === true && seen.tracks !== null)
          one.passOver({ t: nowMs, beforeT: nowMs, nowMs, tracks: seen.tracks, measures });
        continue;
      }
      const t = one.clock.advance(nowMs);
      const look = { t, beforeT: one.clock.beforeT, nowMs, tracks: seen.tracks ?? noTracks, measures };
      for (const trigger of one.step(look)) triggers.push(trigger);
      if (one.rule.needs.kind === "tracks") this.#newest = look;
    }
    return triggers;
  }

  /** Ends everything that is open, for example because the camera has gone. */
  close(nowMs: number, reason: NonNullable<Trigger["endReason"]>): readonly Trigger[] {
    return this.#running.flatMap((one) => one.close(nowMs, reason));
  }

  /** Goes on with what was open before a restart or an edit; what has no rule any more ends with the next frame. */
  resume(open: readonly OpenOccurrence[], nowMs: number): void {
    this.#resume(open, nowMs, []);
  }

  /** @param edited the rules as they were before an edit */
  #resume(open: readonly OpenOccurrence[], nowMs: number, edited: readonly RunningRule[]): void {
    for (const known of open) {
      if (known.cameraId !== this.#cameraId) continue;
      const one = this.#running.find(
        (r) => r.ruleId === known.ruleId && r.settings.type === known.eventType && r.occurrence.open === null,
      );
      const was = edited.find(({ ruleId }) => ruleId === known.ruleId);
      if (one) one.resume(known, one.clock.advance(nowMs), was?.settings);
      else this.#orphans.push(known);
    }
  }

  /**
   * Takes the place of an engine whose file was edited. A rule that is the same in both, settings, place and calendar,
   * goes on as if nothing had happened: who has stood four of five seconds in its zone is not forgotten. What is open of
   * a rule that was changed is resumed, what has no rule any more ends with the next frame.
   */
  succeed(previous: RuleEngine, nowMs: number): void {
    this.#aspect = previous.#aspect;
    this.#newest = previous.#newest;
    const kept = new Map(previous.#makers.map(({ key }, index) => [key, previous.#running[index]]));
    const left = new Set(previous.#running);
    this.#running = this.#makers.map(({ key, make }) => {
      const same = kept.get(key);
      if (!same || !left.delete(same)) return make(this.#aspect, this.#newId);
      return same;
    });
    this.#orphans = previous.#orphans;
    const unfinished = [...left].flatMap(({ open }) => open ?? []);
    this.#resume(unfinished, nowMs, [...left]);
  }

  /** What `resume` of a next engine needs. */
  open(): readonly OpenOccurrence[] {
    return this.#running.flatMap(({ open }) => open ?? []);
  }

  /** The part of the picture the rules look at, 0..1. */
  regionOfInterest(): Box {
    return this.#region;
  }

  /** Why each rule fired or did not. */
  state(): readonly RuleState[] {
    return this.#running.map((one) => one.state);
  }

  /** Why each rule that looks at tracks does or does not fire for this track of the newest frame that was looked at. */
  why(trackId: number): readonly TrackWhy[] {
    return this.#running.flatMap((one) => {
      const { ruleId, zoneId, settings, occurrence, rule } = one;
      if (rule.needs.kind !== "tracks") return [];
      const steps = this.#newest ? one.why(trackId, { ...this.#newest, t: one.clock.t }) : one.state.steps;
      return [{ ruleId, zoneId, eventType: settings.type, open: occurrence.open !== null, steps }];
    });
  }

  /** Distances are measured in the picture's real shape: with another one the rules begin anew, what is open goes on. */
  #reshape(aspect: number, nowMs: number): void {
    const open = this.open();
    this.#aspect = aspect;
    this.#running = this.#makers.map(({ make }) => make(aspect, this.#newId));
    this.resume(open, nowMs);
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

/** Whether a picture has another shape than the rules were made for. */
export function isOtherShape(aspect: number, seen: number | undefined): seen is number {
  return seen !== undefined && seen > 0 && Math.abs(seen - aspect) > 0.01;
}

/** How to make a rule anew, and what makes it the rule it is. */
export interface RuleMaker {
  /** Equal for rules that must behave alike. */
  readonly key: string;
  /** Equal for rules that differ in nothing but which other zones have the same rule. */
  readonly likeness: string;
  readonly settings: RuleSettings;
  /** @param aspect width of the picture divided by its height */
  readonly make: (aspect: number, newId: () => string) => RunningRule;
}

/** Every rule of a zones file that is switched on and complete enough to be one, in the order of the file. */
export function ruleMakers(options: Omit<RuleEngineOptions, "newId" | "aspect">): readonly RuleMaker[] {
  const { timezone, place, zones } = options;
  const calendar = new Calendar({ timezone, place, holidays: zones.holidays });
  return [
    ...zones.zones.flatMap((zone) =>
      makersAt(zone.rules, { id: zone.id, kind: zone.kind, place: { zone: zoneOf(zone) } }, { ...options, calendar }),
    ),
    ...zones.lines.flatMap((line) =>
      makersAt(line.rules, { id: line.id, kind: "line", place: { line: lineOf(line) } }, { ...options, calendar }),
    ),
  ];
}

function makersAt(
  rules: readonly RuleConfig[],
  where: { readonly id: string; readonly kind: string; readonly place: Place },
  options: Omit<RuleEngineOptions, "newId"> & { readonly calendar: Calendar },
): readonly RuleMaker[] {
  const room = "line" in where.place ? "lines" : "zones";
  const { cameraId, calendar, timezone, place: site, zones, onSuppressed } = options;
  return rules.flatMap((config) => {
    const settings =
      config.enabled === false ? null : settle(withStationLevel(config, zones.gauge), `${room}/${where.id}`);
    if (!settings) return [];
    const named = zones.schedules?.find((s) => s.id === settings.schedule);
    // A name that no schedule has arms nothing rather than everything; the file's check refuses it beforehand.
    const schedule =
      settings.schedule === undefined ? scheduleOf(settings.hours, settings.season) : (named ?? { seasons: [] });
    const { id: zoneId, kind: zoneKind } = where;
    const place = "zone" in where.place ? { zone: amongItsLike(where.place.zone, settings, zones) } : where.place;
    const parts = { cameraId, settings, place, zoneId, zoneKind, schedule };
    const known = { ...parts, calendar: schedule && { timezone, site, holidays: zones.holidays } };
    return [
      {
        key: JSON.stringify(known),
        likeness: JSON.stringify({ ...known, place: where.place }),
        settings,
        make: (aspect, newId) =>
          new RunningRule({ ...parts, calendar, newId, onSuppressed, fresh: () => ruleOf(settings, place, aspect) }),
      },
    ];
  });
}
