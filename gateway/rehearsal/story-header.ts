/** The first line of a story's truth: its zones, its length and the events that ought to fire. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { zonesSchema, type ZonesConfig } from "../config/zones-schema.ts";
import type { Expected } from "./story-verdict.ts";

const secondsSpan = z.tuple([z.number(), z.number()]);
const headerSchema = z.object({
  seconds: z.number(),
  zones: z.array(z.looseObject({ id: z.string() })),
  expected: z.array(
    z.object({
      type: z.string(),
      zone: z.string().optional(),
      startsAtSec: secondsSpan,
      phases: z.array(z.object({ state: z.enum(["suspected", "detected", "cleared"]), atSec: secondsSpan })),
      severity: z.number().optional(),
    }),
  ),
});

/** What a story is judged by. */
export interface StoryHeader {
  readonly seconds: number;
  readonly zones: ZonesConfig;
  readonly expected: readonly Expected[];
}

/** Reads the header of `path`, a `.truth.jsonl` file. Throws ZodError or SyntaxError for one that is no story's. */
export async function readStoryHeader(path: string): Promise<StoryHeader> {
  const [first = ""] = (await readFile(path, "utf8")).split("\n", 1);
  const { seconds, zones: drawn, expected } = headerSchema.parse(JSON.parse(first));
  return { seconds, expected, zones: zonesSchema.parse({ schema: "xueliang.zones/1", camera: "story", zones: drawn }) };
}
