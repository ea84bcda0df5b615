/** The key of an operator: signs commands, lies where the receiver cannot read it, counts what it has signed. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { makeSm2Pair, sm2Engine } from "../../gateway/delivery/keys/sm2.ts";
import { commandBytes, type CommandEnvelope } from "../../gateway/delivery/uplink/protocol/command.ts";
import { GatewayError } from "../../gateway/runtime/errors.ts";
import { writeWhole } from "../../gateway/runtime/whole-file.ts";
import type { SpooledCommand } from "../spool.ts";

const schema = z.object({
  schema: z.literal("xueliang.operator-key/1"),
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/),
  alg: z.enum(["ed25519", "sm2"]),
  public: z.string(),
  secret: z.string(),
  /** Highest counter that was used. */
  counter: z.int().min(0),
});
type KeyFile = z.output<typeof schema>;

/** What a box must know of a key: goes into `commands.keys` of its gateway.yaml. */
export type OperatorPublic = Pick<KeyFile, "id" | "alg" | "public">;

/** What is asked of a box. */
export interface Order {
  readonly gw: string;
  readonly op: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly operator: string;
  readonly reason: string;
  /** Seconds for which it may be obeyed. */
  readonly ttlSec: number;
}

/** Makes a key file (mode 0600) at `path`; returns its public half. Throws GatewayError KEYS_UNREADABLE when there is one already. */
export async function makeOperatorKey(path: string, id: string, alg: KeyFile["alg"]): Promise<OperatorPublic> {
  if (statSync(path, { throwIfNoEntry: false }))
    throw new GatewayError("KEYS_UNREADABLE", { path, detail: "there is a file already" });
  const file: KeyFile = {
    schema: "xueliang.operator-key/1",
    id,
    alg,
    ...(alg === "sm2" ? sm2Pair() : edPair()),
    counter: 0,
  };
  await save(path, file);
  return { id, alg, public: file.public };
}

/** The public half of the key at `path`. Throws GatewayError KEYS_UNREADABLE. */
export function operatorPublic(path: string): OperatorPublic {
  const { id, alg, public: key } = read(path);
  return { id, alg, public: key };
}

/** Signs `order`. The counter is on the disk before the command is anywhere: no two commands ever carry the same one. */
export async function signOrder(path: string, order: Order, nowMs: number): Promise<SpooledCommand> {
  const file = read(path);
  // The time where it is ahead: a key file put back from a backup must not count into the past.
  const ctr = Math.max(file.counter + 1, Math.floor(nowMs));
  await save(path, { ...file, counter: ctr });
  const { ttlSec, ...asked } = order;
  const envelope: CommandEnvelope = {
    cmd: randomBytes(16).toString("hex"),
    ...asked,
    ctr,
    iat: nowMs,
    exp: nowMs + ttlSec * 1_000,
  };
  const payload = Buffer.from(JSON.stringify(envelope));
  return {
    header: { cmd: envelope.cmd, gw: order.gw, alg: file.alg, key: file.id, sig: signature(file, payload) },
    payload: payload.toString("base64"),
  };
}

function signature({ alg, secret, public: known }: KeyFile, payload: Uint8Array): string {
  const bytes = commandBytes(payload);
  if (alg === "sm2") {
    const pair = { privateKey: secret, publicKey: Buffer.from(known, "base64").toString("hex") };
    return Buffer.from(sm2Engine().sign(bytes, pair), "hex").toString("base64");
  }
  const key = createPrivateKey({ key: Buffer.from(secret, "base64"), format: "der", type: "pkcs8" });
  return sign(null, bytes, key).toString("base64");
}

function edPair(): Pick<KeyFile, "public" | "secret"> {
  const { privateKey } = generateKeyPairSync("ed25519");
  return {
    public: createPublicKey(privateKey).export({ type: "spki", format: "der" }).subarray(-32).toString("base64"),
    secret: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
  };
}

function sm2Pair(): Pick<KeyFile, "public" | "secret"> {
  const { publicKey, privateKey } = makeSm2Pair();
  return { public: Buffer.from(publicKey, "hex").toString("base64"), secret: privateKey };
}

function read(path: string): KeyFile {
  try {
    if ((statSync(path).mode & 0o077) !== 0)
      throw new GatewayError("KEYS_UNREADABLE", { path, detail: "others may read it; run chmod 600 on it" });
    return schema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const detail =
      error instanceof Error && "code" in error ? String(error.code) : "its content is not an operator's key";
    throw new GatewayError("KEYS_UNREADABLE", { path, detail }, { cause: error });
  }
}

async function save(path: string, file: KeyFile): Promise<void> {
  await writeWhole(path, Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
}
