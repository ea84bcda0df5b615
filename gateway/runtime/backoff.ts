/** How long to wait before the next try (pure). */

/** Limits of a back-off; times in milliseconds. */
export interface BackoffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
  /** 0.5 means ±50 %. */
  readonly jitter: number;
}

/** 1 s, 2 s, 4 s … 60 s, each ±50 %: boxes behind one switch must not come back in step. */
export const defaultBackoff: BackoffLimits = { firstMs: 1_000, maxMs: 60_000, jitter: 0.5 };

/**
 * The wait before try number `attempt` (1 is the first repetition).
 * @param random a number in 0..1
 */
export function backoffMs(attempt: number, random: number, limits: BackoffLimits = defaultBackoff): number {
  const plain = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(plain * (1 + limits.jitter * (2 * random - 1)));
}
