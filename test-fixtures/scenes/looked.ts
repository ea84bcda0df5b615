/** What has been looked at so far, kept line by line so that a run of hours may be broken off anywhere. */
import { existsSync } from "node:fs";
import { appendFile, readFile, rename, writeFile } from "node:fs/promises";
import { z } from "zod";

/** What must not change between two parts of one run. */
const orderSchema = z.strictObject({
  seed: z.int(),
  clipSeconds: z.number(),
  pictureEverySec: z.number(),
  /** Looks a second of presentation time. */
  rate: z.number(),
  model: z.string(),
});
export type Order = z.output<typeof orderSchema>;

const clipSchema = z.strictObject({
  index: z.int(),
  seconds: z.number(),
  falseAlarms: z.int(),
  lines: z.array(z.string()),
});
/** One clip's outcome. */
export type LookedAt = z.output<typeof clipSchema>;

/** A record of another run lies where this one's should. */
export class OtherRun extends Error {
  override readonly name = "OtherRun";
}

/** Reads the clips of a record and begins it where there is none; a last line that was cut off is dropped. @throws OtherRun, ZodError */
export async function resume(path: string, order: Order): Promise<readonly LookedAt[]> {
  const text = existsSync(path) ? await readFile(path, "utf8") : "";
  const [head, ...clips] = text.slice(0, text.lastIndexOf("\n") + 1).split("\n").slice(0, -1); // prettier-ignore
  if (head !== undefined) {
    const was = orderSchema.parse(JSON.parse(head));
    const changed = Object.entries(order).filter(([key, value]) => was[key as keyof Order] !== value);
    if (changed.length > 0)
      throw new OtherRun(
        `${path} holds a run with ${changed.map(([key]) => `another ${key} (${was[key as keyof Order]})`).join(", ")}: give the same, or another --dir`,
      );
  }
  const lines = [head ?? JSON.stringify(order), ...clips];
  await writeFile(`${path}.part`, `${lines.join("\n")}\n`);
  await rename(`${path}.part`, path);
  return clips.map((line) => clipSchema.parse(JSON.parse(line)));
}

/** Adds a clip that was looked at to its end. */
export const note = (path: string, clip: LookedAt): Promise<void> => appendFile(path, `${JSON.stringify(clip)}\n`);
