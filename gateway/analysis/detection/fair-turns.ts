/** Who is next: one waiting request per camera, cameras in the order in which they began to wait (pure). */

/** Requests of type T; a camera that has been served goes to the end of the line. */
export class FairTurns<T> {
  /** Insertion order is the line; replacing a value keeps its place, so a fast camera gains nothing by asking more often. */
  readonly #waiting = new Map<string, T>();

  get size(): number {
    return this.#waiting.size;
  }

  /** @returns the older request of the same camera, which nobody will answer now. */
  put(cameraId: string, request: T): T | undefined {
    const replaced = this.#waiting.get(cameraId);
    this.#waiting.set(cameraId, request);
    return replaced;
  }

  /** The request whose turn it is, taken out of the line. */
  take(): T | undefined {
    for (const [cameraId, request] of this.#waiting) {
      this.#waiting.delete(cameraId);
      return request;
    }
    return undefined;
  }

  isWaiting(cameraId: string, request: T): boolean {
    return this.#waiting.get(cameraId) === request;
  }

  /** Takes `request` out; false when it is not waiting any more. */
  remove(cameraId: string, request: T): boolean {
    return this.#waiting.get(cameraId) === request && this.#waiting.delete(cameraId);
  }

  /** Empties the line. */
  takeAll(): readonly T[] {
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    return all;
  }
}
