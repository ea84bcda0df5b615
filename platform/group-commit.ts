/** Batches of many boxes in one commit: a flush of the disk costs the same for one event as for a hundred. */
import type { Batch } from "../gateway/delivery/uplink/protocol/platform-port.ts";
import type { Clock } from "../gateway/runtime/clock.ts";
import { GatewayError } from "../gateway/runtime/errors.ts";
import type { Committed, Sink } from "./sink.ts";

/** Commits are grouped for this long, alarms included: it is less than a person can see. */
const groupMs = 10;
const groupEvents = 256;

/** What becomes of a group. */
export interface GroupListener {
  /** On the disk, in the order of `group`; took `sec`. */
  committed(group: readonly Batch[], done: readonly Committed[], sec: number): void;
  /** The store does not take it now: nothing is acknowledged. */
  refused(group: readonly Batch[], error: GatewayError): void;
  /** Nothing can be committed any more. */
  failed(error: unknown): void;
}

/** One commit after another. */
export class GroupCommit {
  readonly #sink: Sink;
  readonly #clock: Clock;
  readonly #listener: GroupListener;
  #waiting: Batch[] = [];
  #committing: Promise<void> = Promise.resolve();

  constructor(sink: Sink, clock: Clock, listener: GroupListener) {
    this.#sink = sink;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Takes a batch into the next group; credit bounds how much can wait. */
  add(batch: Batch): void {
    this.#waiting.push(batch);
    if (this.#waiting.length > 1) return; // The first of a group has already ordered the commit.
    this.#committing = this.#committing.then(async () => {
      const events = this.#waiting.reduce((sum, waiting) => sum + waiting.items.length, 0);
      if (events < groupEvents) await this.#clock.sleep(groupMs);
      const group = this.#waiting;
      this.#waiting = [];
      await this.#commit(group);
    });
  }

  /** Resolves when everything that was added has been dealt with. */
  async idle(): Promise<void> {
    await this.#committing;
  }

  async #commit(group: readonly Batch[]): Promise<void> {
    const beganMs = this.#clock.monotonicMs();
    let done: readonly Committed[];
    try {
      done = await this.#sink.commit(group, this.#clock.nowMs());
    } catch (error) {
      if (error instanceof GatewayError && error.retry !== "never") this.#listener.refused(group, error);
      else this.#listener.failed(error);
      return;
    }
    this.#listener.committed(group, done, (this.#clock.monotonicMs() - beganMs) / 1_000);
  }
}
