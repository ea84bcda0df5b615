/** The keys of a box: made on it at the first start, never leave it. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { curveKeyPair } from "./uplink-socket.ts";
import { z } from "zod";
import { GatewayError } from "../../runtime/errors.ts";
import { makeFolder, writeWhole } from "../../runtime/whole-file.ts";

const fileSchema = z.object({
  schema: z.literal("xueliang.keys/1"),
  curvePublic: z.string().length(40),
  curveSecret: z.string().length(40),
  /** PKCS#8, base64. */
  signSecret: z.string().min(1),
});

/** What a platform needs to let this box in; nothing of it is secret. */
export interface Enrolment {
  readonly gw: string;
  readonly curvePublic: string;
  /** Raw Ed25519 public key, 32 octets, base64. */
  readonly signPublic: string;
}

/** The keys of one box. */
export interface BoxKeys {
  readonly curvePublic: string;
  readonly curveSecret: string;
  readonly signPublic: string;
  /** Ed25519 over the UTF-8 bytes of `text`, base64. */
  sign(text: string): string;
}

/** Reads the key file at `path`, making it (mode 0600) when there is none. Throws GatewayError KEYS_UNREADABLE. */
export async function openKeys(path: string): Promise<BoxKeys> {
  const known = readKeys(path);
  if (known) return known;
  const curve = curveKeyPair();
  const { privateKey } = generateKeyPairSync("ed25519");
  const file = {
    schema: "xueliang.keys/1",
    curvePublic: curve.publicKey,
    curveSecret: curve.secretKey,
    signSecret: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
  };
  await makeFolder(dirname(path), 0o700);
  await writeWhole(path, Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
  return boxKeys(fileSchema.parse(file));
}

/** The keys in `folder`, made when there are none. Throws GatewayError KEYS_UNREADABLE. */
export async function ensureKeys(folder: string): Promise<BoxKeys> {
  return openKeys(join(folder, "keys.json"));
}

function readKeys(path: string): BoxKeys | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
    if ((statSync(path).mode & 0o077) !== 0) throw unreadable(path, "others may read it; run chmod 600 on it");
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw unreadable(path, error instanceof Error && "code" in error ? String(error.code) : "unreadable", error);
  }
  try {
    return boxKeys(fileSchema.parse(JSON.parse(text)));
  } catch (error) {
    throw unreadable(path, "its content is not a key file", error);
  }
}

function boxKeys(file: z.output<typeof fileSchema>): BoxKeys {
  const secret = createPrivateKey({ key: Buffer.from(file.signSecret, "base64"), format: "der", type: "pkcs8" });
  return {
    curvePublic: file.curvePublic,
    curveSecret: file.curveSecret,
    signPublic: rawPublic(createPublicKey(secret)),
    sign: (text) => sign(null, Buffer.from(text), secret).toString("base64"),
  };
}

function rawPublic(key: KeyObject): string {
  // The last 32 octets of the SPKI form are the key itself (RFC 8410).
  return key.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
}

/** The record a platform imports with `xueliang receive --enrol`. */
export function enrolment(gw: string, keys: BoxKeys): Enrolment {
  return { gw, curvePublic: keys.curvePublic, signPublic: keys.signPublic };
}

function unreadable(path: string, detail: string, cause?: unknown): GatewayError {
  return new GatewayError("KEYS_UNREADABLE", { path, detail }, cause === undefined ? undefined : { cause });
}
