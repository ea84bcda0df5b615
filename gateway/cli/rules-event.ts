/** `xueliang rules why --event ID`: the ordered reasoning of an event, from the very messages that were sent. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { LoadedConfig } from "../config/load.ts";
import { Database } from "../database/database.ts";
import { EventArchive } from "../delivery/events/event-archive.ts";
import { toldTrace } from "../delivery/events/told-trace.ts";
import { say } from "../runtime/texts/say.ts";
import { finish, type CommandIo } from "./command.ts";
import { certaintyText, endReasonText, phaseText } from "./occurrence-text.ts";
import { usage } from "./read-args.ts";
import { shownTime } from "./rules-site.ts";
import { stepLines } from "./rules-why.ts";
import { storageFolder } from "./storage-folder.ts";

/** What of a message is told; one of an older version may lack some of it. */
const messageSchema = z.object({
  data: z.object({
    certainty: z.string().catch(""),
    title: z.object({ en: z.string(), zh: z.string() }).catch({ en: "", zh: "" }),
    endReason: z.string().nullish(),
    rule: z.object({ id: z.string(), zone: z.string() }).catch({ id: "", zone: "" }),
    measure: z.record(z.string(), z.number()).catch({}),
    trace: toldTrace,
    traceLeftOut: z.number().catch(0),
    provenance: z.object({ configRevision: z.string() }).catch({ configRevision: "" }),
  }),
});

/** Works beside a running gateway: its events are only read. @param id of a message, or of an occurrence */
export async function whyEvent(id: string, config: LoadedConfig, io: CommandIo): Promise<number> {
  const path = join(storageFolder(config), "gateway.db");
  // A box that has not run yet has recorded nothing.
  if (!existsSync(path)) throw usage(io.language, "rulesNoEvent", { event: id });
  using database = await Database.read(path);
  const archive = new EventArchive(database);
  const found = archive.find(id) ?? archive.find(archive.idOf(id) ?? "");
  if (!found) throw usage(io.language, "rulesNoEvent", { event: id });
  const messages = archive.messages(found.occurrence).flatMap(({ id: message, phase, atMs, body }) => {
    const read = messageSchema.safeParse(body);
    return read.success ? [{ id: message, phase, atMs, ...read.data.data }] : [];
  });
  const { occurrence, camera, type } = found;
  return finish(io, 0, { event: found.id, occurrence, camera, eventType: type, messages }, () => {
    const { language } = io;
    const first = messages[0];
    const rule = first?.rule ?? { id: "", zone: "" };
    const revision = first?.provenance.configRevision ?? "";
    const lines = [
      `${type} · ${camera} · ${first?.title[language] ?? ""}`,
      say(language, "rulesEventOf", { rule: rule.id, zone: rule.zone, revision }),
    ];
    for (const { phase, atMs, certainty, endReason, trace, traceLeftOut } of messages) {
      const at = shownTime(atMs, config.gateway.site.timezone);
      const how = phase === "end" ? endReasonText(endReason ?? "", language) : certaintyText(certainty, language);
      lines.push("", `${at} ${phaseText(phase, language)} (${how})`, ...stepLines(trace, language));
      if (traceLeftOut > 0) lines.push(say(language, "rulesEventLeftOut", { count: traceLeftOut }));
    }
    return lines.join("\n");
  });
}
