/** The signer of a box whose key lies in a file; whoever has a card or a service writes another EventSigner. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { GatewayError } from "../../runtime/errors.ts";
import { writeWhole } from "../../runtime/whole-file.ts";
import type { EventSigner } from "./event-signature.ts";
import { makeSm2Pair, sm2Engine, type Sm2Engine } from "./sm2.ts";

const fileSchema = z.object({
  schema: z.literal("xueliang.sm2-key/1"),
  privateKey: z.string().regex(/^[0-9a-f]{64}$/),
  publicKey: z.string().regex(/^04[0-9a-f]{128}$/),
});

/** A signer whose public half may be shown. */
export interface FileSigner extends EventSigner {
  /** The point 04‖X‖Y, hex: what a platform enrols. */
  readonly publicKey: string;
}

/** The name of a key: the first 16 digits of the SM3 of its point. */
export function sm2KeyName(publicKey: string): string {
  return createHash("sm3").update(Buffer.from(publicKey, "hex")).digest("hex").slice(0, 16);
}

/** Reads the key at `path`, making it (mode 0600) when there is none. Throws GatewayError KEYS_UNREADABLE, SM2_UNAVAILABLE. */
export async function openSm2Signer(path: string, engine: Sm2Engine = sm2Engine()): Promise<FileSigner> {
  const unreadable = (detail: string, cause?: unknown): GatewayError =>
    new GatewayError("KEYS_UNREADABLE", { path, detail }, { cause });
  if (!existsSync(path)) {
    const file = { schema: "xueliang.sm2-key/1", ...makeSm2Pair() };
    await writeWhole(path, Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
  }
  if ((statSync(path).mode & 0o077) !== 0) throw unreadable("others may read it; run chmod 600 on it");
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw unreadable("unreadable", error);
  }
  const read = fileSchema.safeParse(parsed(text));
  if (!read.success) throw unreadable("its content is not a key file");
  const pair = read.data;
  return {
    alg: "sm2",
    key: sm2KeyName(pair.publicKey),
    publicKey: pair.publicKey,
    sign: (message) => engine.sign(message, pair),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
