/** What happens when: a heap of deeds by time, and a clock that jumps from one to the next. */

interface Deed {
  readonly atMs: number;
  readonly order: number;
  readonly act: () => void;
}

/** Simulated time. */
export class Timeline {
  nowMs = 0;
  #order = 0;
  readonly #heap: Deed[] = [];

  /** Does `act` after `ms`; deeds of one moment keep their order. */
  after(ms: number, act: () => void): void {
    this.#order += 1;
    const heap = this.#heap;
    let at = heap.push({ atMs: this.nowMs + ms, order: this.#order, act }) - 1;
    for (let up = (at - 1) >> 1; at > 0 && this.#before(at, up); at = up, up = (at - 1) >> 1) this.#swap(at, up);
  }

  /** Does everything until `endMs`, or until `done` says so between two deeds. */
  run(endMs: number, done: () => boolean = () => false): void {
    for (let next = this.#heap[0]; next && next.atMs <= endMs; next = this.#heap[0]) {
      this.#takeFirst();
      this.nowMs = next.atMs;
      next.act();
      if (done()) return;
    }
    this.nowMs = Math.max(this.nowMs, endMs);
  }

  #takeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    heap[0] = last;
    for (let at = 0; ;) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && this.#before(child, least)) least = child;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #before(a: number, b: number): boolean {
    const x = this.#heap[a];
    const y = this.#heap[b];
    return x !== undefined && y !== undefined && (x.atMs < y.atMs || (x.atMs === y.atMs && x.order < y.order));
  }

  #swap(a: number, b: number): void {
    const x = this.#heap[a];
    const y = this.#heap[b];
    if (!x || !y) return;
    this.#heap[a] = y;
    this.#heap[b] = x;
  }
}
