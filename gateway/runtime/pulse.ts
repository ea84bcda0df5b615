/** Threads of one process that feel each other's pulse: one that hangs cannot say so itself. */
import { writeSync } from "node:fs";
import { url as debuggerUrl } from "node:inspector";
import type { Clock } from "./clock.ts";

/** Shared between two threads: how often each has turned. */
export type Pulse = Int32Array<SharedArrayBuffer>;

/** Which of the two somebody is. */
export type Beat = "main" | "analysis";

const cellOf = { main: 0, analysis: 1 } as const;
/** Beats of one's own. At a second each this is longer than anything that a thread does at one go; a large database is opened before any of this begins. */
const patience = 30;

/** A pulse for two threads. */
export function newPulse(): Pulse {
  return new Int32Array(new SharedArrayBuffer(8));
}

/**
 * Beats as `own` until `signal` aborts, and calls `onLost` when the other one has not beaten for thirty of our own beats:
 * a process that was stopped as a whole, or a machine that slept, loses nothing. A thread that never began is not missed.
 */
export async function keepPulse(
  pulse: Pulse,
  own: Beat,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    /** Default: a second. */
    readonly everyMs?: number;
    /** Default: the process is ended, to be started again. */
    readonly onLost?: (lost: Beat) => void;
  },
): Promise<void> {
  const { clock, signal, everyMs = 1_000, onLost = endHung } = options;
  const other = own === "main" ? "analysis" : "main";
  let seen = 0;
  let silent = 0;
  while (!signal.aborted) {
    Atomics.add(pulse, cellOf[own], 1);
    const now = Atomics.load(pulse, cellOf[other]);
    silent = now === seen ? silent + 1 : 0;
    seen = now;
    if (seen !== 0 && silent >= patience) {
      onLost(other);
      silent = 0;
    }
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

/** SIGKILL: nothing else ends a process whose main thread does not turn. The service manager starts it again; its children die with it. */
function endHung(lost: Beat): void {
  if (debuggerUrl() !== undefined) return; // Somebody is looking into it.
  writeSync(2, `xueliang: the ${lost} thread hangs; the process ends, to be started again\n`);
  process.kill(process.pid, "SIGKILL");
}
