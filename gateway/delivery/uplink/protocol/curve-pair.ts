/** Whether two halves are one CURVE pair: exchanged ones would only show as a peer that never answers. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { fromZ85, z85 } from "./z85.ts";

// PKCS#8 of an X25519 key without the key itself (RFC 8410): CURVE's pairs are of this kind.
const head = Buffer.from("302e020100300506032b656e04220420", "hex");

/** Both Z85, 40 characters. Never throws. */
export function arePair(publicKey: string, secretKey: string): boolean {
  const raw = fromZ85(secretKey);
  if (raw?.length !== 32) return false;
  const secret = createPrivateKey({ key: Buffer.concat([head, raw]), format: "der", type: "pkcs8" });
  // The last 32 octets of the SPKI form are the key itself (RFC 8410).
  return z85(createPublicKey(secret).export({ type: "spki", format: "der" }).subarray(-32)) === publicKey;
}
