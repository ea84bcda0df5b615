/** Forms that only our own pages can send: a cookie and a field that fit together (double submit, signed). */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

const secret = randomBytes(32);

/** A new cookie value. */
export function formNonce(): string {
  return randomBytes(16).toString("base64url");
}

/** The field that fits to a cookie value. */
export function formToken(nonce: string): string {
  return createHmac("sha256", secret).update(nonce).digest("base64url");
}

/** Whether field and cookie fit together. */
export function formFits(nonce: string | undefined, token: string | undefined): boolean {
  if (nonce === undefined || token === undefined) return false;
  const expected = Buffer.from(formToken(nonce));
  const given = Buffer.from(token);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
