/** The receiver's own CURVE pair: made at its first start, kept beside its database. The receivers in `examples/` read and write the same file. */
import { existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import { arePair } from "../gateway/delivery/uplink/protocol/curve-pair.ts";
import { GatewayError } from "../gateway/runtime/errors.ts";
import { writeWhole } from "../gateway/runtime/whole-file.ts";
import { makeCurvePair, type CurvePair } from "./router.ts";

const pair = { publicKey: z.string().length(40), secretKey: z.string().length(40) };
const isPair = ({ publicKey, secretKey }: CurvePair): boolean => arePair(publicKey, secretKey);
const keysSchema = z
  .object({
    // Without it: by one of the examples, before they said which format it is.
    schema: z.literal("xueliang.receiver-keys/1").default("xueliang.receiver-keys/1"),
    ...pair,
    next: z.object(pair).refine(isPair).optional(),
  })
  .refine(isPair);

/** The pair of a receiver, and the one that boxes are told will take its place. */
export interface ReceiverKeys extends CurvePair {
  readonly next?: CurvePair | undefined;
}

/** Makes the pair that will follow, unless there is one; boxes hear of it after the receiver's next start. Durable on return. */
export async function prepareNextKeys(path: string): Promise<CurvePair> {
  const keys = await receiverKeys(path);
  const next = keys.next ?? makeCurvePair();
  if (!keys.next) await save(path, { ...keys, next });
  return next;
}

/** The pair that was announced takes the place of the present one, which is gone. Durable on return; null: none was announced. */
export async function switchKeys(path: string): Promise<CurvePair | null> {
  const { next } = await receiverKeys(path);
  if (next) await save(path, next);
  return next ?? null;
}

async function save(path: string, keys: ReceiverKeys): Promise<void> {
  const { publicKey, secretKey, next } = keys;
  const file = { schema: "xueliang.receiver-keys/1", publicKey, secretKey, ...(next ? { next } : {}) };
  await writeWhole(path, Buffer.from(`${JSON.stringify(file, null, 2)}\n`));
}

/** Reads the pair at `path`, making it when there is none. Throws GatewayError KEYS_UNREADABLE. */
export async function receiverKeys(path: string): Promise<ReceiverKeys> {
  if (!existsSync(path)) {
    const made = makeCurvePair();
    await save(path, made);
    return made;
  }
  try {
    return keysSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const detail =
      "it is no key file of a receiver (publicKey and secretKey of one pair, 40 characters each); with a new one every box's gateway.yaml needs the new public key";
    throw new GatewayError("KEYS_UNREADABLE", { path, detail }, { cause: error });
  }
}
