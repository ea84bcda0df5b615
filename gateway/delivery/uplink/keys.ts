/** The keys of a box: made on it at the first start, never leave it. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { arePair } from "./protocol/curve-pair.ts";
import { curveKeyPair } from "./uplink-socket.ts";
import { z } from "zod";
import { GatewayError } from "../../runtime/errors.ts";
import { makeFolder, writeWhole } from "../../runtime/whole-file.ts";

const pairSchema = z.object({
  curvePublic: z.string().length(40),
  curveSecret: z.string().length(40),
  /** PKCS#8, base64. */
  signSecret: z.string().min(1),
});
const fileSchema = pairSchema.extend({
  schema: z.literal("xueliang.keys/1"),
  /** Those before: a platform that does not know the newest yet, or was put back to a backup, still knows these. */
  former: pairSchema.optional(),
});
type Pair = z.output<typeof pairSchema>;

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

/** The newest keys of the file at `path`, made (mode 0600) when there is none. Throws GatewayError KEYS_UNREADABLE. */
export async function openKeys(path: string): Promise<BoxKeys> {
  return (await KeyFile.open(path)).newest;
}

/** The newest keys in `folder`, made when there are none. Throws GatewayError KEYS_UNREADABLE. */
export async function ensureKeys(folder: string): Promise<BoxKeys> {
  return openKeys(keyPath(folder));
}

/** Where the keys of a box lie in its storage folder. */
export function keyPath(folder: string): string {
  return join(folder, "keys.json");
}

/** The keys of one box in their file: the newest, and those before them. */
export class KeyFile {
  readonly #path: string;
  #pairs: { readonly newest: Pair; readonly former: Pair | null };
  newest: BoxKeys;
  former: BoxKeys | null;

  private constructor(path: string, newest: Pair, former: Pair | null) {
    this.#path = path;
    this.#pairs = { newest, former };
    this.newest = boxKeys(newest);
    this.former = former && boxKeys(former);
  }

  /** Throws GatewayError KEYS_UNREADABLE. */
  static async open(path: string): Promise<KeyFile> {
    const known = readKeys(path);
    if (known) return known;
    await makeFolder(dirname(path), 0o700);
    const made = new KeyFile(path, freshPair(), null);
    await made.#save();
    return made;
  }

  /** From the text of a file. Throws whatever is wrong with it. */
  static read(path: string, text: string): KeyFile {
    const { former, ...newest } = fileSchema.parse(JSON.parse(text));
    return new KeyFile(path, newest, former ?? null);
  }

  /** Makes fresh keys; the newest become the former ones. On the disk in one step, or nothing has changed. */
  async renew(): Promise<void> {
    const before = this.#pairs;
    this.#pairs = { newest: freshPair(), former: before.newest };
    try {
      await this.#save();
    } catch (error) {
      this.#pairs = before;
      throw error;
    }
    this.newest = boxKeys(this.#pairs.newest);
    this.former = boxKeys(before.newest);
  }

  async #save(): Promise<void> {
    const { newest, former } = this.#pairs;
    const file = { schema: "xueliang.keys/1", ...newest, ...(former ? { former } : {}) };
    await writeWhole(this.#path, Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
  }
}

function freshPair(): Pair {
  const { publicKey, secretKey } = curveKeyPair();
  const { privateKey } = generateKeyPairSync("ed25519");
  const signSecret = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
  return { curvePublic: publicKey, curveSecret: secretKey, signSecret };
}

function readKeys(path: string): KeyFile | null {
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
    return KeyFile.read(path, text);
  } catch (error) {
    throw unreadable(path, error instanceof RangeError ? error.message : "its content is not a key file", error);
  }
}

function boxKeys(file: Pair): BoxKeys {
  if (!arePair(file.curvePublic, file.curveSecret))
    throw new RangeError("curvePublic and curveSecret do not belong together");
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
