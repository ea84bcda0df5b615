/** A map of so many entries at most: the one set longest ago goes first. */
export class Recent<Value> {
  readonly #most: number;
  readonly #map = new Map<number, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Sets and becomes the newest. */
  set(key: number, value: Value): void {
    this.#map.delete(key);
    this.#map.set(key, value);
    const [oldest] = this.#map.keys();
    if (this.#map.size > this.#most && oldest !== undefined) this.#map.delete(oldest);
  }

  /** What was set; undefined when nothing was or it has gone. */
  get(key: number): Value | undefined {
    return this.#map.get(key);
  }
}
