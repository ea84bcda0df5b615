/** Whether an event was signed by the box that it says it is from. */
import { signatureOf } from "../gateway/delivery/keys/event-signature.ts";
import type { Sm2Engine } from "../gateway/delivery/keys/sm2.ts";

/** none: neither signed nor expected; unknown: signed, but no key of that gateway is enrolled; missing: expected and not there. */
export type SignatureState = "none" | "valid" | "invalid" | "missing" | "unknown";

/** @param sm2Key the point that is enrolled for the gateway that made the event; null: none */
export function checkSignature(body: Uint8Array, sm2Key: string | null, engine: Sm2Engine): SignatureState {
  const found = signatureOf(body);
  if (sm2Key === null) return found ? "unknown" : "none";
  if (!found) return "missing";
  const { message, signature } = found;
  return signature.alg === "sm2" && engine.verify(message, signature.value, sm2Key) ? "valid" : "invalid";
}
