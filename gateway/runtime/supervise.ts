/** The only place that restarts things. */
import { backoffMs, defaultBackoff, type BackoffLimits } from "./backoff.ts";
import type { Clock } from "./clock.ts";
import { GatewayError } from "./errors.ts";

/** How a loop is kept alive. */
export interface Supervision {
  readonly clock: Clock;
  readonly limits?: BackoffLimits;
  /** The pause after an error whose policy is "slow" (a refused password). Default 30 min. */
  readonly slowMs?: number;
  /** A run longer than this counts as healthy and resets the back-off. Default 60 s. */
  readonly healthyMs?: number;
  /** Told of every failed run and the wait that follows. */
  readonly onFailure?: (error: unknown, waitMs: number) => void;
  readonly random?: () => number;
  /** Resolves when the next try after `failure` is worth making, before the wait is over or after it, at the latest when the pause's signal aborts; null: when the wait is over. */
  readonly worthTrying?: (failure: unknown, pause: Pause) => Promise<void> | null;
}

/** The wait before a try. */
export interface Pause {
  readonly signal: AbortSignal;
  /** Monotonic time at which it is over. */
  readonly dueMs: number;
}

/**
 * Runs `run` again and again until `signal` aborts. A run that returns or throws a `backoff` error is repeated after
 * a growing, jittered wait; `slow` errors after `slowMs`; `never` errors and bugs are thrown on.
 */
export async function supervise(
  run: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  supervision: Supervision,
): Promise<void> {
  const { clock, limits = defaultBackoff, slowMs = 1_800_000, healthyMs = 60_000, random = Math.random } = supervision;
  let attempt = 0;
  while (!signal.aborted) {
    const startedMs = clock.monotonicMs();
    let failure: unknown;
    try {
      await run(signal);
    } catch (error) {
      failure = error;
    }
    if (isAborted(signal)) return;
    if (failure instanceof GatewayError ? failure.retry === "never" : failure !== undefined) throw failure as Error;
    attempt = clock.monotonicMs() - startedMs >= healthyMs ? 1 : attempt + 1;
    const slow = failure instanceof GatewayError && failure.retry === "slow";
    const waitMs = slow
      ? backoffMs(1, random(), { firstMs: slowMs, maxMs: slowMs, jitter: 0.1 })
      : backoffMs(attempt, random(), limits);
    supervision.onFailure?.(failure, waitMs);
    await pause(waitMs, failure, signal, { ...supervision, limits });
  }
}

/** Returns when the wait is over, or, where somebody knows, when a try is worth making and at the latest after the longest wait; or when `signal` aborts: stopping is not a failure. */
async function pause(
  waitMs: number,
  failure: unknown,
  signal: AbortSignal,
  { clock, worthTrying, limits }: Supervision & { readonly limits: BackoffLimits },
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const asked = worthTrying?.(failure, { signal: either, dueMs: clock.monotonicMs() + waitMs }) ?? null;
  const longestMs = asked ? Math.max(waitMs, limits.maxMs) : waitMs;
  const asleep = clock.sleep(longestMs, either).catch(() => undefined);
  const ended = asked ? [asleep, asked] : [asleep];
  try {
    await Promise.race(ended);
  } finally {
    over.abort();
    await Promise.all(ended);
  }
}

/** A call, so that the type checker does not believe that the flag cannot change during an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
