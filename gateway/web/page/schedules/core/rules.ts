/** Schedules within the rules of a camera: who uses which, put in, taken out, laid over somebody else's change (pure). */
import { without } from "../../parts/without.ts";
import type { Line, Rule, RuleSet, Schedule, Zone } from "../../../api.ts";

/** A rule and the shape it stands on. */
export interface RulePlace {
  readonly shape: string;
  readonly name: string;
  /** Index within the shape's rules. */
  readonly at: number;
  readonly rule: Rule;
}

/** Every rule of a camera. */
export function rulePlaces({ zones, lines }: RuleSet): readonly RulePlace[] {
  return [...zones, ...lines].flatMap(({ id, name, rules }) =>
    rules.map((rule, at) => ({ shape: id, name: name ?? id, at, rule })),
  );
}

/** Replaces a schedule, or adds it. */
export function withSchedule(rules: RuleSet, schedule: Schedule): RuleSet {
  const known = rules.schedules.some(({ id }) => id === schedule.id);
  const schedules = known
    ? rules.schedules.map((one) => (one.id === schedule.id ? schedule : one))
    : [...rules.schedules, schedule];
  return { ...rules, schedules };
}

/** Takes a schedule out, and its name from the rules that used it: they are always armed then. */
export function withoutSchedule(rules: RuleSet, id: string): RuleSet {
  const kept = rulePlaces(rules)
    .filter(({ rule }) => rule.schedule === id)
    .reduce((sum, place) => withUse(sum, place, null), rules);
  return { ...kept, schedules: kept.schedules.filter((one) => one.id !== id) };
}

/** Lets a rule follow a schedule; null: none. */
export function withUse(rules: RuleSet, { shape, at }: RulePlace, schedule: string | null): RuleSet {
  const change = <T extends Zone | Line>(one: T): T =>
    one.id !== shape ? one : { ...one, rules: one.rules.map((rule, n) => (n === at ? used(rule, schedule) : rule)) };
  return { ...rules, zones: rules.zones.map(change), lines: rules.lines.map(change) };
}

function used(rule: Rule, schedule: string | null): Rule {
  return schedule === null ? { ...without(rule, "schedule"), type: rule.type } : { ...rule, schedule };
}

/** A free id like `schedule-2`. */
export function freeId({ schedules }: RuleSet): string {
  const taken = new Set(schedules.map(({ id }) => id));
  for (let n = 1; ; n += 1) if (!taken.has(`schedule-${n}`)) return `schedule-${n}`;
}

/**
 * My schedules, holidays and their use laid over what somebody else applied meanwhile: what is drawn comes from them, what
 * this page edits from me.
 */
export function laidOver(mine: RuleSet, theirs: RuleSet): RuleSet {
  const uses = new Map(rulePlaces(mine).map(({ shape, at, rule }) => [`${shape} ${at} ${rule.type}`, rule.schedule]));
  const schedules = mine.schedules;
  const known = new Set(schedules.map(({ id }) => id));
  const base: RuleSet = { ...theirs, schedules, holidays: mine.holidays };
  return rulePlaces(theirs).reduce((sum, place) => {
    const key = `${place.shape} ${place.at} ${place.rule.type}`;
    const wanted = uses.has(key) ? uses.get(key) : place.rule.schedule;
    const next = wanted !== undefined && known.has(wanted) ? wanted : null;
    return next === (place.rule.schedule ?? null) ? sum : withUse(sum, place, next);
  }, base);
}
