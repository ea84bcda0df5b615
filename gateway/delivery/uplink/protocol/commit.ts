/** What one batch does to a store; pure, the same for every sink. */
import type { Batch, BatchItem, Watermark } from "./platform-port.ts";

/** What to write, in one transaction, and what it means. */
export interface Decision {
  /** The watermark after it. */
  readonly mark: Watermark;
  readonly fresh: readonly BatchItem[];
  readonly duplicates: readonly BatchItem[];
  readonly quarantined: readonly BatchItem[];
  readonly gap: { readonly from: number; readonly to: number; readonly reason: string } | null;
}

/**
 * @param mark the watermark under the transaction's lock: another session of the same box may have moved it since the batch was made
 * @param isKnown whether an event with this id is stored already
 */
export function decide(batch: Batch, mark: Watermark, isKnown: (id: string) => boolean): Decision {
  let { acked, lastId } = mark;
  const fresh = new Map<string, BatchItem>();
  const duplicates: BatchItem[] = [];
  const quarantined: BatchItem[] = [];
  for (const item of batch.items) {
    if (item.seq > acked + 1) break;
    if (item.seq <= acked) {
      duplicates.push(item);
      continue;
    }
    if (!item.event) quarantined.push(item);
    else if (fresh.has(item.event.id) || isKnown(item.event.id)) duplicates.push(item);
    else fresh.set(item.event.id, item);
    acked = item.seq;
    lastId = item.event?.id ?? "";
  }
  const { gap } = batch;
  if (!gap || batch.first > acked + 1 || gap.to <= acked) {
    return { mark: { acked, lastId }, fresh: [...fresh.values()], duplicates, quarantined, gap: null };
  }
  const run = { from: acked + 1, to: gap.to, reason: gap.reason };
  return { mark: { acked: gap.to, lastId: "" }, fresh: [...fresh.values()], duplicates, quarantined, gap: run };
}
