/** The receiver's own CURVE pair: made at its first start, kept beside its database. */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { GatewayError } from "../gateway/runtime/errors.ts";
import { writeWhole } from "../gateway/runtime/whole-file.ts";
import { makeCurvePair, type CurvePair } from "./router.ts";

const keysSchema = z.object({
  schema: z.literal("xueliang.receiver-keys/1"),
  publicKey: z.string().length(40),
  secretKey: z.string().length(40),
});

/** Reads the pair at `path`, making it when there is none. Throws GatewayError KEYS_UNREADABLE. */
export async function receiverKeys(path: string): Promise<CurvePair> {
  if (!existsSync(path)) {
    const made = makeCurvePair();
    await writeWhole(
      path,
      Buffer.from(`${JSON.stringify({ schema: "xueliang.receiver-keys/1", ...made }, null, 2)}\n`),
    );
    return made;
  }
  try {
    return keysSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    throw new GatewayError("KEYS_UNREADABLE", { path, detail: "its content is not a key file" }, { cause: error });
  }
}
