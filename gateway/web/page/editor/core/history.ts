/** A hundred steps back and forth (pure). A run of small steps with the same name counts as one. */

/** What was, what is, what was taken back. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** Name of the run that the last step belongs to; null when the next step stands alone. */
  readonly run: string | null;
}

/** More steps than anybody takes back; the oldest is forgotten. */
export const historySteps = 100;

/** A history of one state. */
export function begun<T>(present: T): History<T> {
  return { past: [], present, future: [], run: null };
}

/** Goes on to `next`; nothing happens when it is the present one. Steps of the same `run` are taken back together. */
export function stepped<T>(history: History<T>, next: T, run: string | null = null): History<T> {
  if (next === history.present) return history;
  if (run !== null && run === history.run) return { ...history, present: next, future: [] };
  return { past: [...history.past, history.present].slice(-historySteps), present: next, future: [], run };
}

/** Ends a run: the next step stands alone. */
export function rested<T>(history: History<T>): History<T> {
  return history.run === null ? history : { ...history, run: null };
}

/** One step back; the same history when there is none. */
export function undone<T>({ past, present, future, ...rest }: History<T>): History<T> {
  const before = past.at(-1);
  if (before === undefined) return { ...rest, past, present, future };
  return { past: past.slice(0, -1), present: before, future: [present, ...future], run: null };
}

/** One step forth; the same history when there is none. */
export function redone<T>({ past, present, future, ...rest }: History<T>): History<T> {
  const next = future[0];
  if (next === undefined) return { ...rest, past, present, future };
  return { past: [...past, present], present: next, future: future.slice(1), run: null };
}
