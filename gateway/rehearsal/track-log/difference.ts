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
  const growing = new Happenings();
  // Nothing is copied here: a day may have ten thousand of them.
  for (const trigger of triggers) {
    const { eventType, zoneId, ruleId } = trigger;
    growing.add({ type: eventType, zone: zoneId, rule: ruleId }, trigger);
  }
  return growing.since(fromMs);
}

/** Whose an occurrence is. */
export type Whose = Pick<Happening, "type" | "zone" | "rule">;

/** What of a trigger makes a happening. */
export type HappeningPhase = Pick<
  Trigger,
  "phase" | "occurrenceId" | "certainty" | "severity" | "atMs" | "onsetMs" | "objects"
>;

/** Occurrences that grow phase by phase. */
export class Happenings {
  readonly #byId = new Map<string, Growing>();

  /** Takes in the next phase of one of them. */
  add(whose: Whose, phase: HappeningPhase): void {
    const { occurrenceId, certainty, severity, atMs, onsetMs, objects } = phase;
    let one = this.#byId.get(occurrenceId);
    if (!one) {
      if (phase.phase !== "start") return;
      const { type, zone, rule } = whose;
      one = { type, zone, rule, onsetMs, startMs: atMs, endMs: null, certainty, severity, ids: new Set() };
      this.#byId.set(occurrenceId, one);
    }
    if (phase.phase === "end") one.endMs = atMs;
    if (certainty === "detected") one.certainty = "detected";
    one.severity = Math.min(one.severity, severity);
    for (const { track } of objects) if (track !== null) one.ids.add(track);
  }

  /** Those that began at `fromMs` or later, by their start. */
  since(fromMs = -Infinity): readonly Happening[] {
    const told: Happening[] = [];
    for (const { type, zone, rule, onsetMs, startMs, endMs, certainty, severity, ids } of this.#byId.values()) {
      if (startMs < fromMs) continue;
      const tracks = [...ids].sort((a, b) => a - b);
      told.push({ type, zone, rule, onsetMs, startMs, endMs, certainty, severity, tracks });
    }
    return told;
  }
}

interface Growing extends Omit<Happening, "tracks"> {
  endMs: number | null;
  certainty: Certainty;
  severity: number;
  readonly ids: Set<number>;
}

/** Occurrences of one rule and type that overlap in time are the same one, each used once. */
export function differenceOf(before: readonly Happening[], after: readonly Happening[]): Difference {
  const gone = new Set(before);
  const waiting = Map.groupBy(before, keyOf);
  const added = after.filter((one) => {
    const others = waiting.get(keyOf(one)) ?? [];
    // Both run by their start: what was over before this one began meets none that comes later either.
    while (others[0] && (others[0].endMs ?? Infinity) < one.onsetMs) others.shift();
    const at = others.findIndex((other) => overlap(one, other));
    const [same] = at < 0 ? [] : others.splice(at, 1);
    if (same) gone.delete(same);
    return !same;
  });
  return { before, after, gone: [...gone], added };
}

function keyOf({ rule, type }: Happening): string {
  return `${rule} ${type}`;
}

function overlap(a: Happening, b: Happening): boolean {
  return a.onsetMs <= (b.endMs ?? Infinity) && b.onsetMs <= (a.endMs ?? Infinity);
}
