/** Names that every store can hold: what one database refuses, all of them put aside, so that no lane stands still; pure. */
import type { Batch, BatchItem } from "../../gateway/delivery/uplink/protocol/platform-port.ts";

/** PostgreSQL refuses the octet 0 in text, and a lone half of a surrogate pair becomes another character on its way into any store. */
function isText(value: string | undefined): boolean {
  return value === undefined || (value.isWellFormed() && !value.includes("\0"));
}

/** `batch` with events whose names cannot be stored as they are turned into items to be put aside. */
export function storable(batch: Batch): Batch {
  return { ...batch, items: batch.items.map(checked) };
}

function checked(item: BatchItem): BatchItem {
  const { event, why } = item;
  if (!event) return isText(why) ? item : { ...item, why: why.toWellFormed().replaceAll("\0", "�") };
  const { id, type, time, correlationid, data } = event;
  const names = [id, type, time, correlationid, ...(data.departments ?? [])];
  return names.every(isText) ? item : { ...item, event: null, why: "a name holds a character that no store takes" };
}
