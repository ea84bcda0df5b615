/** The platform's store in memory: shared by its receivers, restored from a backup now and then. */
import { decide } from "../protocol/commit.ts";
import type { Batch, Watermark } from "../protocol/platform-port.ts";
import type { Variant } from "./variant.ts";

/** What a batch did. */
export interface StoreOutcome {
  readonly ticket: number;
  readonly lane: number;
  readonly acked: number;
}

/** What a receiver in the simulator keeps things in. */
export interface SimStore {
  watermarks(gw: string, epoch: string): ReadonlyMap<number, Watermark>;
  /** One transaction; `rest` is the second half of it where a variant tears it apart. */
  commit(batch: Batch): { readonly outcome: StoreOutcome; readonly rest: () => void };
}

/** Events by id, each with how often it was stored, and watermarks. */
export class Store implements SimStore {
  readonly #variant: Variant;
  #events = new Map<string, number>();
  #marks = new Map<string, Watermark>();

  constructor(variant: Variant) {
    this.#variant = variant;
  }

  backup(): () => void {
    const events = new Map(this.#events);
    const marks = new Map(this.#marks);
    return () => {
      this.#events = new Map(events);
      this.#marks = new Map(marks);
    };
  }

  count(id: string): number {
    return this.#events.get(id) ?? 0;
  }

  watermarks(gw: string, epoch: string): ReadonlyMap<number, Watermark> {
    return new Map(
      [0, 1, 2].flatMap((lane) => {
        const mark = this.#marks.get(`${gw}/${epoch}/${lane}`);
        return mark ? [[lane, mark] as const] : [];
      }),
    );
  }

  /** One transaction; with `watermark-first` only the first half of it, and the second half is handed back. */
  commit(batch: Batch): { readonly outcome: StoreOutcome; readonly rest: () => void } {
    const key = `${batch.gw}/${batch.epoch}/${batch.lane}`;
    const isKnown = (id: string): boolean => this.#variant.knowsIds && this.#events.has(id);
    const { mark, fresh } = decide(batch, this.#marks.get(key) ?? { acked: 0, lastId: "" }, isKnown);
    this.#marks.set(key, mark);
    const rest = (): void => {
      for (const { event } of fresh) if (event) this.#events.set(event.id, this.count(event.id) + 1);
    };
    if (this.#variant.commit !== "watermark-first") rest();
    return { outcome: { ticket: batch.ticket, lane: batch.lane, acked: mark.acked }, rest };
  }
}
