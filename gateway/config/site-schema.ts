/** The site a box belongs to: who it is, where it stands, and how its city numbers what it sees. */
import { z } from "zod";
import { placeSchema } from "./place-schema.ts";

/** One list of a city's own codes. */
const codeListSchema = z.strictObject({
  scheme: z.string().min(1).max(64).describe("name of the list, as each event repeats it | 编码表名称"),
  types: z
    .array(
      z.strictObject({
        type: z
          .string()
          .regex(/^[a-z][a-z0-9-]{1,63}$/)
          .describe("event type of the catalogue or of the site | 事件类型"),
        code: z
          .string()
          .regex(/^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$/)
          .describe("its code in this list | 编码"),
        name: z
          .string()
          .min(1)
          .max(64)
          .optional()
          .describe("its name in this list; the catalogue's when left out | 编码名称"),
      }),
    )
    .min(1)
    .max(256)
    .describe("which event type has which code | 事件类型与编码对照"),
});

/** `site` of `gateway.yaml`. */
export const siteSchema = z.strictObject({
  id: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/)
    .describe("identity of this box upstream: its 20-digit code, or any name the platform knows | 网关编码"),
  name: z.string().min(1).max(64).describe("name for people | 名称"),
  timezone: z.string().default("Asia/Shanghai").describe("IANA time zone of schedules and calendars | 时区"),
  language: z.enum(["zh", "en"]).default("zh").describe("language of event texts and log lines | 语言"),
  place: placeSchema.optional().describe("where the box stands | 位置"),
  codes: z
    .array(codeListSchema)
    .max(4)
    .optional()
    .describe(
      "codes that this city gives to event types; they stand in each event before those of public lists | 本市事件编码，在事件中列于公开编码之前",
    ),
});

/** A city's own code lists. */
export type CodeLists = z.output<typeof siteSchema>["codes"];
