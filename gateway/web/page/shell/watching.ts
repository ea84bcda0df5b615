/** The ten minutes after a change of the config: remembered here, shown on every page as a way to the watch panel. */
import { effect, signal } from "@preact/signals";
import { configState } from "./live.ts";
import { readStored, writeStored } from "./stored.ts";

/** Long enough for a rule that fires too often to show itself. */
export const watchMs = 10 * 60_000;

/** What is watched: the revision that runs since then, and the one before it. */
export interface Watched {
  readonly revision: string;
  readonly before: string;
  /** Wall time of this device. */
  readonly sinceMs: number;
}

function kept(): Watched | null {
  try {
    const value = JSON.parse(readStored("watched") ?? "null") as Watched | null;
    return typeof value?.sinceMs === "number" && Date.now() - value.sinceMs < watchMs ? value : null;
  } catch {
    return null;
  }
}

/** Null when nothing is watched. */
export const watched = signal<Watched | null>(kept());

let running: string | null = null;

effect(() => {
  const next = configState.value?.running ?? null;
  if (next === null || next === running) return;
  if (running !== null) watched.value = { revision: next, before: running, sinceMs: Date.now() };
  running = next;
});

effect(() => {
  writeStored("watched", watched.value === null ? null : JSON.stringify(watched.value));
});
