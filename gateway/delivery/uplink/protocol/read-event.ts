/** An event as the platform reads it: only what it needs to name and route it; pure. */
import { z } from "zod";

const schema = z.object({
  specversion: z.literal("1.0"),
  id: z.string().min(1).max(128),
  source: z.string().min(1).max(256),
  type: z.string().min(1).max(128),
  time: z.string().max(64),
  correlationid: z.string().max(128).optional(),
  data: z.looseObject({
    phase: z.enum(["start", "update", "end"]).optional(),
    certainty: z.enum(["suspected", "detected"]).optional(),
    severity: z.int().min(1).max(4).optional(),
    nameZh: z.string().optional(),
    nameEn: z.string().optional(),
    title: z.object({ zh: z.string(), en: z.string() }).optional(),
    departments: z.array(z.string()).optional(),
    site: z.looseObject({ id: z.string(), name: z.string() }).optional(),
    camera: z.looseObject({ id: z.string(), name: z.string() }).optional(),
    evidence: z.array(z.looseObject({ sha256: z.string(), mediaType: z.string(), bytes: z.number() })).optional(),
  }),
});

/** The fields a receiver looks at; everything else stays in the bytes. */
export type ReadEvent = z.output<typeof schema>;

const sourceHead = "/gateways/";

/** Name of the gateway that made an event. */
export function originOf(event: ReadEvent): string {
  return event.source.slice(sourceHead.length);
}

/** Reads one event; `mayCome` is the name of the box that must have made it, or judges that name. `why` says what makes it unusable. Never throws. */
export function readEvent(
  body: Uint8Array,
  mayCome: string | ((origin: string) => boolean),
): ReadEvent | { readonly why: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return { why: "not JSON" };
  }
  const read = schema.safeParse(parsed);
  if (!read.success) return { why: `not an event: ${read.error.issues[0]?.path.join(".") ?? ""}`.slice(0, 200) };
  const { source } = read.data;
  const origin = originOf(read.data);
  if (!source.startsWith(sourceHead) || !(typeof mayCome === "string" ? origin === mayCome : mayCome(origin)))
    return { why: `source ${source.slice(0, 64)} is not this box` };
  return read.data;
}
