/** A command as it travels: one JSON text, signed as it is, by somebody whom the receiver cannot speak for; pure. */
import { z } from "zod";

/** What a command says. The bytes of this JSON are what is signed and what is checked: nothing is written anew on the way. */
const schema = z.object({
  cmd: z.string().regex(/^[0-9a-f]{32}$/),
  gw: z.string().max(40),
  /** Counts up per key; one that is not higher than the last is a replay. */
  ctr: z.int().min(1).max(Number.MAX_SAFE_INTEGER),
  /** Wall ms: when it was signed, and after when it shall not be obeyed. Only a box that knows the time looks at `exp`. */
  iat: z.number(),
  exp: z.number(),
  operator: z.string().min(1).max(64),
  reason: z.string().max(200),
  op: z.string().regex(/^[a-z]{1,16}\.[a-z]{1,16}$/),
  args: z.record(z.string().max(32), z.unknown()),
});

/** A command that was understood; whether it is obeyed is another question. */
export type CommandEnvelope = z.output<typeof schema>;

/** What the signature stands over: a name for this use of the key, then the very bytes. */
export function commandBytes(payload: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from("UP1-CMD\n"), payload]);
}

/** The command in `payload`, or null. Never throws. */
export function readCommand(payload: Uint8Array): CommandEnvelope | null {
  try {
    const read = schema.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(payload)));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}
