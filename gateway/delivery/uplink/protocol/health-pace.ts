/** Which beats carry what a box says of itself: a line that is paid by the octet does not hear the same words again. Pure. */
import { quietBeats } from "./limits.ts";
import type { Header } from "./messages.ts";

/** Flat, at most a kilobyte. */
export type Health = NonNullable<Header<"BEAT">["health"]>;

/** One session's beats. */
export class HealthPace {
  #words = "";
  #quiet = 0;

  /** Whether this beat tells: the first one, each fourth, and any before which more than numbers changed. */
  tells(health: Health): boolean {
    const words = wordsOf(health);
    this.#quiet += 1;
    if (words === this.#words && this.#quiet < quietBeats) return false;
    this.#words = words;
    this.#quiet = 0;
    return true;
  }
}

/** Everything but the numbers, which change from beat to beat. Names are there in any case, so that nothing has the words of no beat. */
function wordsOf(health: Health): string {
  return JSON.stringify(Object.entries(health).map(([name, value]) => [name, typeof value === "number" ? 0 : value]));
}
