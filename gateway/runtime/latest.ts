/** A hand-over with one slot: the newest wins, what it replaces is counted. */

/** One writer, one reader. `dropped` is told of each value that was replaced before anybody took it. */
export class Latest<T> {
  #value: T | undefined;
  #waiting: ((value: T | undefined) => void) | undefined;
  readonly #dropped: (value: T) => void;
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
    return new Promise((resolve) => {
      const stop = (): void => {
        this.#waiting = undefined;
        resolve(undefined);
      };
      signal.addEventListener("abort", stop, { once: true });
      this.#waiting = (next) => {
        signal.removeEventListener("abort", stop);
        resolve(next);
      };
    });
  }

  /** Takes what lies there without waiting. */
  poll(): T | undefined {
    const value = this.#value;
    this.#value = undefined;
    return value;
  }
}
