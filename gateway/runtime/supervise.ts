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
  /** Resolves when the next try after `failure` is worth making before the wait is over, at the latest when its signal aborts; null: it never is. */
  readonly sooner?: (failure: unknown, signal: AbortSignal) => Promise<void> | null;
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
    await pause(waitMs, failure, signal, supervision);
  }
}

/** Returns when the wait is over, when it is worth no more waiting, or when `signal` aborts: stopping is not a failure. */
async function pause(
  waitMs: number,
  failure: unknown,
  signal: AbortSignal,
  { clock, sooner }: Supervision,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const asleep = clock.sleep(waitMs, either).catch(() => undefined);
  const asked = sooner?.(failure, either) ?? asleep;
  try {
    await Promise.race([asleep, asked]);
  } finally {
    over.abort();
    await Promise.all([asleep, asked]);
  }
}

/** A call, so that the type checker does not believe that the flag cannot change during an await. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
