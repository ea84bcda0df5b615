/** Two rehearsals of one time, occurrence by occurrence (pure). */
import type { Certainty, Trigger } from "../../analysis/zones/trigger.ts";

/** One occurrence as a whole. */
export interface Happening {
  readonly type: string;
  readonly zone: string;
  readonly rule: string;
  readonly onsetMs: number;
  readonly startMs: number;
  /** null: open at the end of the log. */
  readonly endMs: number | null;
  readonly certainty: Certainty;
  /** The most urgent it became, 1..4. */
  readonly severity: number;
  readonly tracks: readonly number[];
}

/** What a draft changes. */
export interface Difference {
  readonly before: readonly Happening[];
  readonly after: readonly Happening[];
  /** Would not have fired. */
  readonly gone: readonly Happening[];
  /** Would have fired besides. */
  readonly added: readonly Happening[];
}

/** Occurrences that began at `fromMs` or later, by their start. */
export function happenings(triggers: readonly Trigger[], fromMs = -Infinity): readonly Happening[] {
  const byId = new Map<string, Trigger[]>();
  for (const trigger of triggers) {
    const own = byId.get(trigger.occurrenceId);
    if (own) own.push(trigger);
    else byId.set(trigger.occurrenceId, [trigger]);
  }
  return [...byId.values()].flatMap((own) => {
    const [first] = own;
    if (!first || first.phase !== "start" || first.atMs < fromMs) return [];
    const end = own.find(({ phase }) => phase === "end");
    const tracks = own.flatMap(({ objects }) => objects.flatMap(({ track }) => (track === null ? [] : [track])));
    return [
      {
        type: first.eventType,
        zone: first.zoneId,
        rule: first.ruleId,
        onsetMs: first.onsetMs,
        startMs: first.atMs,
        endMs: end?.atMs ?? null,
        certainty: own.some(({ certainty }) => certainty === "detected") ? "detected" : "suspected",
        severity: Math.min(...own.map(({ severity }) => severity)),
        tracks: [...new Set(tracks)].sort((a, b) => a - b),
      } satisfies Happening,
    ];
  });
}

/** Occurrences of one rule and type that overlap in time are the same one, each used once. */
export function differenceOf(before: readonly Happening[], after: readonly Happening[]): Difference {
  const left = new Set(before);
  const added = after.filter((one) => {
    const same = [...left].find((other) => one.rule === other.rule && one.type === other.type && overlap(one, other));
    if (same) left.delete(same);
    return !same;
  });
  return { before, after, gone: [...left], added };
}

function overlap(a: Happening, b: Happening): boolean {
  return a.onsetMs <= (b.endMs ?? Infinity) && b.onsetMs <= (a.endMs ?? Infinity);
}
