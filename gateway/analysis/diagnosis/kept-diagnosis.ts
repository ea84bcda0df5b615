/** What a camera's diagnosis knows, in a file: a restart must not forget how the camera looks. */
import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writeWhole } from "../../runtime/whole-file.ts";
import type { KeptDiagnosis } from "./camera-diagnosis.ts";

const numbers = z.array(z.number().min(0).max(10_000)).max(100_000);
const count = z.number().min(0);
const reference = z.object({
  columns: z.int().min(1).max(1_000),
  rows: z.int().min(1).max(1_000),
  looks: z.int().min(0),
  luma: numbers,
  edges: numbers,
  structure: numbers,
  detail: numbers,
});
const schema = z.object({
  schema: z.literal("xueliang.diagnosis/1"),
  references: z.array(reference.nullable()).max(2),
  baselines: z.record(z.string().max(32), z.array(z.tuple([z.number(), count])).max(24)),
  tints: z
    .array(z.tuple([z.number(), z.number(), count]).nullable())
    .max(48)
    .optional(),
  viewMoved: z.boolean().optional(),
  hours: z
    .array(
      z.object({
        startMs: count,
        seconds: count,
        onlineSec: count,
        intactSec: count,
        isTold: z.boolean().optional(),
        blindSec: z.object({
          "no-frame": count.optional(),
          "view-moved": count.optional(),
          covered: count.optional(),
          black: count.optional(),
          frozen: count.optional(),
          detector: count.optional(),
          load: count.optional(),
        }),
      }),
    )
    .max(24),
});

/** What was kept; null when there is no file, or one that is not whole: the camera's look is then learnt anew. */
export async function readDiagnosis(path: string): Promise<KeptDiagnosis | null> {
  try {
    const read = schema.safeParse(JSON.parse(await readFile(path, "utf8")));
    return read.success ? (read.data as KeptDiagnosis) : null;
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof Error && "code" in error)) return null;
    throw error;
  }
}

/** Keeps it; whole or not at all. Throws the system's error when the disk refuses. */
export async function writeDiagnosis(path: string, kept: KeptDiagnosis): Promise<void> {
  await writeWhole(path, Buffer.from(JSON.stringify({ schema: "xueliang.diagnosis/1", ...kept })));
}
