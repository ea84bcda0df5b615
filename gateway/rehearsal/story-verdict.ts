/** Expected events against what fired (pure). */
import type { Trigger } from "../analysis/zones/trigger.ts";

/** A span of seconds of the clip, both ends included. */
export type Span = readonly [number, number];

/** One event that ought to fire. */
export interface Expected {
  readonly type: string;
  readonly zone?: string | undefined;
  readonly startsAtSec: Span;
  readonly phases: readonly { readonly state: "suspected" | "detected" | "cleared"; readonly atSec: Span }[];
  readonly severity?: number | undefined;
}

/** What became of one story. */
export interface Verdict {
  readonly right: number;
  readonly missed: number;
  readonly falseAlarms: number;
  readonly late: number;
  /** Seconds from the earliest expected start to the start, one for each expected event that fired. */
  readonly lateness: readonly number[];
  /** One line for each thing that is not right, and for each that is. */
  readonly lines: readonly string[];
}

/** One occurrence as seconds of the clip. */
interface Happened {
  readonly type: string;
  readonly zone: string;
  readonly suspected: number | null;
  readonly detected: number | null;
  readonly cleared: number | null;
  readonly severity: number;
}

/** Judges the triggers of one clip; `startMs` is the wall time of its first frame. */
export function judge(expected: readonly Expected[], triggers: readonly Trigger[], startMs: number): Verdict {
  const happened = occurrencesOf(triggers, startMs);
  const open = new Set(happened);
  const count = { right: 0, missed: 0, falseAlarms: 0, late: 0 };
  const lines: string[] = [];
  const lateness: number[] = [];
  for (const wanted of expected) {
    const match = [...open].find(
      ({ type, zone }) => type === wanted.type && (wanted.zone === undefined || zone === wanted.zone),
    );
    if (!match) {
      count.missed += 1;
      lines.push(`missed: ${wanted.type}, expected within ${span(wanted.startsAtSec)}`);
      continue;
    }
    open.delete(match);
    const first = match.suspected ?? match.detected;
    if (first !== null) lateness.push(Math.round(first * 10 - wanted.startsAtSec[0] * 10) / 10);
    const wrong = faultsOf(wanted, match);
    if (wrong.length === 0) count.right += 1;
    else if (wrong.every((line) => line.startsWith("late"))) count.late += 1;
    else if (wrong.some((line) => line.startsWith("early"))) count.falseAlarms += 1;
    else count.missed += 1;
    lines.push(...(wrong.length === 0 ? [`right: ${said(match)}`] : wrong.map((line) => `${line} (${said(match)})`)));
  }
  for (const extra of open) {
    count.falseAlarms += 1;
    lines.push(`false: ${said(extra)}`);
  }
  return { ...count, lateness, lines };
}

function faultsOf(wanted: Expected, happened: Happened): readonly string[] {
  const first = happened.suspected ?? happened.detected;
  const checks: readonly (readonly [string, number | null, Span])[] = [
    ["start", first, wanted.startsAtSec],
    ...wanted.phases.map(({ state, atSec }) => [state, happened[state], atSec] as const),
  ];
  const faults = checks.flatMap(([what, at, [from, to]]) => {
    if (at === null) return [`missing: ${wanted.type} ${what}`];
    if (at < from) return [`early: ${wanted.type} ${what} at ${at.toFixed(1)} s, not before ${from} s`];
    if (at > to) return [`late: ${wanted.type} ${what} at ${at.toFixed(1)} s, not after ${to} s`];
    return [];
  });
  if (wanted.severity !== undefined && wanted.severity !== happened.severity)
    faults.push(`missing: ${wanted.type} severity ${wanted.severity}, got ${happened.severity}`);
  return faults;
}

/** Occurrences in the order of their start. */
function occurrencesOf(triggers: readonly Trigger[], startMs: number): readonly Happened[] {
  const ids = [...new Set(triggers.map(({ occurrenceId }) => occurrenceId))];
  return ids.map((id) => {
    const own = triggers.filter(({ occurrenceId }) => occurrenceId === id);
    const at = (phase: (trigger: Trigger) => boolean): number | null => {
      const trigger = own.find(phase);
      return trigger ? (trigger.atMs - startMs) / 1_000 : null;
    };
    return {
      type: own[0]?.eventType ?? "",
      zone: own[0]?.zoneId ?? "",
      suspected: at(({ certainty, phase }) => certainty === "suspected" && phase !== "end"),
      detected: at(({ certainty, phase }) => certainty === "detected" && phase !== "end"),
      cleared: at(({ phase }) => phase === "end"),
      severity: Math.min(...own.map(({ severity }) => severity)),
    };
  });
}

function said({ type, zone, suspected, detected, cleared, severity }: Happened): string {
  const times = Object.entries({ suspected, detected, cleared }).flatMap(([what, at]) =>
    at === null ? [] : [`${what} ${at.toFixed(1)} s`],
  );
  return `${type} in ${zone}: ${times.join(", ")}, severity ${severity}`;
}

function span([from, to]: Span): string {
  return `${from}..${to} s`;
}
