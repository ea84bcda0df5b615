/** `event.mark`: what people at the platform found an event to be, kept where the page keeps what people at the box say. */
import { z } from "zod";
import type { Clock } from "../../runtime/clock.ts";
import type { EventArchive } from "../events/event-archive.ts";
import type { CommandRun } from "./commands.ts";

const markArgs = z.strictObject({
  /** Any message of the occurrence. */
  event: z.string().min(1).max(64),
  /** Null takes back what was said. */
  mark: z.enum(["true", "false", "unsure"]).nullable(),
  note: z.string().max(500).nullable().default(null),
});

/** The doer: the newest word counts, whoever said it; what was said before stands in the answer, and so in the audit. */
export function markEvent(archive: EventArchive, clock: Clock): CommandRun {
  return async (args, { operator, uplinkId }) => {
    const read = markArgs.safeParse(args);
    if (!read.success)
      throw new RangeError("event.mark wants event, mark (true, false, unsure or null) and a short note");
    const { event, mark, note } = read.data;
    const found = archive.find(event);
    if (!found) throw new RangeError(`this box has no event ${event}, or no longer`);
    archive.mark(found.occurrence, { mark, note, user: `${operator}@${uplinkId}`, atMs: Math.round(clock.nowMs()) });
    const before = found.mark === null ? "" : `, before: ${found.mark} (${found.markedBy ?? ""})`;
    const detail = `${found.type} on ${found.camera}: ${mark ?? "no mark"}${before}`;
    return Promise.resolve({ detail, body: { occurrence: found.occurrence, mark, before: found.mark } });
  };
}
