/** A hand-over with one slot: the newest wins, what it replaces is counted. */

/** One writer, one reader. `dropped` is told of each value that was replaced before anybody took it. */
export class Latest<T> {
  #value: T | undefined;
  #waiting: ((value: T | undefined) => void) | undefined;
  readonly #dropped: (value: T) => void;
  /** Whom the reader's last wait listened to. */
  #heard: AbortSignal | undefined;
  overwrittenCount = 0;

  constructor(dropped: (value: T) => void = () => undefined) {
    this.#dropped = dropped;
  }

  put(value: T): void {
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting(value);
      return;
    }
    if (this.#value !== undefined) {
      this.overwrittenCount += 1;
      this.#dropped(this.#value);
    }
    this.#value = value;
  }

  /** The newest value, waiting for one if there is none; undefined once `signal` aborts. */
  take(signal: AbortSignal): Promise<T | undefined> {
    const value = this.#value;
    this.#value = undefined;
    if (value !== undefined || signal.aborted) return Promise.resolve(value);
    this.#hear(signal);
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  /** Once for each signal: a listener for each wait costs more than the wait. */
  #hear(signal: AbortSignal): void {
    if (signal === this.#heard) return;
    this.#heard = signal;
    const stop = (): void => {
      if (signal !== this.#heard) return; // Another reader's wait.
      this.#waiting?.(undefined);
      this.#waiting = undefined;
    };
    signal.addEventListener("abort", stop, { once: true });
  }

  /** Takes what lies there without waiting. */
  poll(): T | undefined {
    const value = this.#value;
    this.#value = undefined;
    return value;
  }
}
