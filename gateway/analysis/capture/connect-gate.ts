/** Lets few cameras connect at once: after a power cut all of them come back in the same second. */
import { systemClock, type Clock } from "../../runtime/clock.ts";

/** A camera that is not there must not keep those waiting that are: its place is given on when it has not answered for this long, ms. */
const silentMs = 500;
/** And that of one which answers and then takes long, ms. */
const longestMs = 2_000;

/** A place inside; disposing it frees it. */
export interface Place extends Disposable {
  /** The camera has answered: the place is kept for longer. */
  answered(): void;
}

/** A door for `limit` at a time; the others wait in the order in which they came. */
export class ConnectGate {
  readonly #waiting = new Set<() => void>();
  readonly #clock: Clock;
  #free: number;

  constructor(limit = 4, clock: Clock = systemClock) {
    this.#free = limit;
    this.#clock = clock;
  }

  /** Waits for a place, which is given on after half a second without an answer and after two seconds in all. Rejects with the signal's reason when aborted. */
  async enter(signal: AbortSignal): Promise<Place> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    let [isHeld, hasAnswered] = [true, false];
    const over = new AbortController();
    const free = (): void => {
      if (!isHeld) return;
      isHeld = false;
      over.abort();
      const [next] = this.#waiting;
      if (next) next();
      else this.#free += 1;
    };
    const giveOn = async (): Promise<void> => {
      await this.#clock.sleep(silentMs, over.signal);
      if (hasAnswered) await this.#clock.sleep(longestMs - silentMs, over.signal);
      free();
    };
    giveOn().catch(() => undefined); // Freed before.
    return { answered: () => (hasAnswered = true), [Symbol.dispose]: free };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(enter);
        reject(signal.reason as Error);
      };
      const enter = (): void => {
        this.#waiting.delete(enter);
        signal.removeEventListener("abort", leave);
        resolve();
      };
      this.#waiting.add(enter);
      signal.addEventListener("abort", leave, { once: true });
    });
  }
}
