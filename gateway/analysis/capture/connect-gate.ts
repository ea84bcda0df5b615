/** Lets few cameras connect at once: after a power cut all of them come back in the same second. */
import { systemClock, type Clock } from "../../runtime/clock.ts";

/** A camera that is not there, or shows nothing for long, must not keep those waiting that would: its place is given on after this, ms. */
const longestMs = 2_000;

/** A door for `limit` at a time; the others wait in the order in which they came. */
export class ConnectGate {
  readonly #waiting = new Set<() => void>();
  readonly #clock: Clock;
  #free: number;

  constructor(limit = 4, clock: Clock = systemClock) {
    this.#free = limit;
    this.#clock = clock;
  }

  /** Waits for a place; disposing the pass frees it, and so do two seconds. Rejects with the signal's reason when aborted. */
  async enter(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    let isHeld = true;
    const over = new AbortController();
    const free = (): void => {
      if (!isHeld) return;
      isHeld = false;
      over.abort();
      const [next] = this.#waiting;
      if (next) next();
      else this.#free += 1;
    };
    void this.#clock.sleep(longestMs, over.signal).then(free, () => undefined);
    return { [Symbol.dispose]: free };
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
