/** Lets few cameras connect at once: after a power cut all of them come back in the same second. */

/** A door for `limit` at a time; the others wait in the order in which they came. */
export class ConnectGate {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(limit = 4) {
    this.#free = limit;
  }

  /** Waits for a place; disposing the pass frees it. Rejects with the signal's reason when aborted. */
  async enter(signal: AbortSignal): Promise<Disposable> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#turn(signal);
    let isHeld = true;
    return {
      [Symbol.dispose]: () => {
        if (!isHeld) return;
        isHeld = false;
        const [next] = this.#waiting;
        if (next) next();
        else this.#free += 1;
      },
    };
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
