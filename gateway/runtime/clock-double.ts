/** A clock that tests turn by hand. */
import type { Clock } from "./clock.ts";

/** Starts at `startMs` (wall); `advance` moves wall and monotonic time together, `jump` only the wall. */
export class ClockDouble implements Clock {
  #wallMs: number;
  #monotonicMs = 0;
  readonly #sleepers = new Set<{ readonly dueMs: number; readonly wake: () => void }>();

  constructor(startMs = Date.UTC(2026, 2, 14)) {
    this.#wallMs = startMs;
  }

  nowMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { dueMs: this.#monotonicMs + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", () => {
        if (this.#sleepers.delete(sleeper)) reject(new DOMException("aborted", "AbortError"));
      });
    });
  }

  /** How many sleeps are pending. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Lets time pass and wakes whoever is due, letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    await new Promise((settled) => setImmediate(settled)); // Whoever is about to sleep goes to bed first.
    const endMs = this.#monotonicMs + ms;
    for (;;) {
      const next = [...this.#sleepers].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next || next.dueMs > endMs) break;
      this.#step(next.dueMs - this.#monotonicMs);
      this.#sleepers.delete(next);
      next.wake();
      await new Promise((settled) => setImmediate(settled));
    }
    this.#step(endMs - this.#monotonicMs);
    await new Promise((settled) => setImmediate(settled));
  }

  /** Steps the wall clock as a time server or a dead battery does. */
  jump(ms: number): void {
    this.#wallMs += ms;
  }

  #step(ms: number): void {
    this.#wallMs += ms;
    this.#monotonicMs += ms;
  }
}
