/** The chain that binds every message of a box to all before it, in SHA-256 and in SM3 (pure). */
import { createHash } from "node:crypto";
import { signatureRoom } from "../keys/event-signature.ts";

/** The chain before the first event, hex; the same for both digests. */
export const chainStart = "00".repeat(32);

/** The next link of the chain: SHA-256(previous ‖ id ‖ SHA-256(body)), hex. */
export function chained(prevHex: string, id: string, body: Uint8Array): string {
  return createHash("sha256")
    .update(Buffer.from(prevHex, "hex"))
    .update(id)
    .update(createHash("sha256").update(body).digest())
    .digest("hex");
}

/** As every message of the box names the chain before it: last in `data`, where `sm3After` looks for it. */
export function chainBefore({ prev, prevSm3 }: { readonly prev: string; readonly prevSm3: string }): {
  readonly prev: string;
  readonly prevSm3: string;
} {
  return { prev: `sha256:${prev}`, prevSm3: `sm3:${prevSm3}` };
}

const namedSm3 = /"prevSm3":"sm3:([0-9a-f]{64})"\}(,"sig":\{[^{}]*\})?\}$/;

/**
 * SM3 of the chain up to and with this message: SM3(before ‖ id ‖ SM3(body)), hex. What was before is named in the body
 * itself, so the messages alone prove their order; one of a release without SM3 counts as the first.
 */
export function sm3After(id: string, body: Uint8Array): string {
  const end = Buffer.from(body.subarray(Math.max(0, body.length - 2 * signatureRoom))).toString("latin1");
  return createHash("sm3")
    .update(Buffer.from(namedSm3.exec(end)?.[1] ?? chainStart, "hex"))
    .update(id)
    .update(createHash("sm3").update(body).digest())
    .digest("hex");
}
