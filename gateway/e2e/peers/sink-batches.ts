/** Batches as sessions hand them to a store, for tests of stores. */
import type { Batch, BatchItem } from "../../delivery/uplink/protocol/platform-port.ts";
import { readEvent } from "../../delivery/uplink/protocol/read-event.ts";

/** The 32 hex digits of an epoch. */
export const epochOf = (letter: string): string => letter.repeat(32);

/** An event as `gw` would have made it: `n` names it. */
export function bodyOf(gw: string, n: number, departments: readonly string[] = ["yuzheng", "gongan"]): Uint8Array {
  const message = {
    specversion: "1.0",
    id: `${gw}-${n}`,
    source: `/gateways/${gw}`,
    type: "vision.fishing-multi-rod.v1",
    time: "2026-03-14T14:25:31.240+08:00",
    correlationid: `occ-${n}`,
    data: { phase: "start", certainty: "suspected", severity: 3, nameZh: "一人多竿垂钓", departments },
  };
  return Buffer.from(JSON.stringify(message));
}

/** An item at `seq`; what is no event becomes poison, as a session finds it. */
export function itemOf(gw: string, seq: number, body: Uint8Array): BatchItem {
  const read = readEvent(body, gw);
  return { seq, body, event: "id" in read ? read : null, why: "id" in read ? "" : read.why };
}

/** Events `from` to `to`, numbered like themselves plus `shift`. */
export function batchOf(
  gw: string,
  from: number,
  to: number,
  { epoch = epochOf("a"), shift = 0, ticket = 1, lane = 1 } = {},
): Batch {
  const items = Array.from({ length: to - from + 1 }, (_, i) => itemOf(gw, from + i + shift, bodyOf(gw, from + i)));
  return { ticket, gw, epoch, lane, first: from + shift, items, gap: null };
}
