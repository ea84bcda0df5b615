/** A change that returns by itself unless somebody who can still reach the box says that it is good. */
import type { Text } from "../../runtime/texts/fill.ts";
import type { Texts } from "./texts.ts";

/** A change that waits for its confirmation. */
export interface PendingChange {
  readonly revision: string;
  readonly returnsAtMs: number;
  readonly changes: readonly Text[];
}

/** At most one pending change; a further risky one returns to the state before the first. */
export class Confirmation {
  readonly #afterMs: number;
  readonly #onLate: (before: Texts) => void;
  #pending: { readonly change: PendingChange; readonly before: Texts; readonly timer: NodeJS.Timeout } | null = null;

  /** @param onLate gets the texts before the change when nobody confirmed it in time */
  constructor(afterMs: number, onLate: (before: Texts) => void) {
    this.#afterMs = afterMs;
    this.#onLate = onLate;
  }

  get pending(): PendingChange | null {
    return this.#pending?.change ?? null;
  }

  /** Returns when the change goes back, wall ms. */
  begin(
    before: Texts,
    about: { readonly revision: string; readonly changes: readonly Text[]; readonly nowMs: number },
  ): number {
    const { revision, changes, nowMs } = about;
    const first = this.#pending?.before ?? before;
    this.end();
    const timer = setTimeout(() => {
      this.#pending = null;
      this.#onLate(first);
    }, this.#afterMs);
    timer.unref();
    const returnsAtMs = nowMs + this.#afterMs;
    this.#pending = { change: { revision, changes, returnsAtMs }, before: first, timer };
    return returnsAtMs;
  }

  /** The change stays. False when none was pending. */
  end(): boolean {
    if (!this.#pending) return false;
    clearTimeout(this.#pending.timer);
    this.#pending = null;
    return true;
  }
}
