/** What people found an event to be, as an order to the box that made it. */
import { originOf, readEvent } from "../../gateway/delivery/uplink/protocol/read-event.ts";
import { systemClock } from "../../gateway/runtime/clock.ts";
import { openSink } from "../sinks/open-sink.ts";
import type { Order } from "./operator-key.ts";

/** Words that `fleet mark` takes; `none` takes back what was said. */
export const markWords = ["true", "false", "unsure", "none"] as const;

/** The order for an event of the store at `address`, with a note; null: the store does not have the event. */
export async function markOrder(
  event: string,
  mark: (typeof markWords)[number],
  note: string,
  address: string,
): Promise<Pick<Order, "gw" | "op" | "args"> | null> {
  await using sink = await openSink(address, systemClock.nowMs());
  const stored = await sink.event(event);
  // Whoever made it, however many relays it came through.
  const read = stored && readEvent(stored.body, () => true);
  if (!read || "why" in read) return null;
  const args = { event, mark: mark === "none" ? null : mark, note: note === "" ? null : note };
  return { gw: originOf(read), op: "event.mark", args };
}
