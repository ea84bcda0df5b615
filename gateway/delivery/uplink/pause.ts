/** How long an uplink waits before it tries again. */
import { backoffMs, type BackoffLimits } from "../../runtime/backoff.ts";
import type { Ended } from "./conversation.ts";

const defaultBackoff: BackoffLimits = { firstMs: 500, maxMs: 60_000, jitter: 0.5 };

/** Longer with each try that came to nothing. */
export class Pause {
  readonly #limits: BackoffLimits;
  #attempt = 0;

  constructor(limits: BackoffLimits = defaultBackoff) {
    this.#limits = limits;
  }

  /** Milliseconds after a session that ended so. @param random in 0..1 */
  afterMs({ wasOpen, retryAfterSec }: Ended, random: number): number {
    this.#attempt = wasOpen ? 1 : this.#attempt + 1;
    return retryAfterSec === null
      ? backoffMs(this.#attempt, random, this.#limits)
      : retryAfterSec * 1_000 * (1 + random * 0.2);
  }
}
