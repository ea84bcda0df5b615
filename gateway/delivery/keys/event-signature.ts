/** A signature inside an event, over the very octets of everything else in it: no second form of the message has to be agreed on; pure. */

/** Signs events; a key file, a card or a service may stand behind it. */
export interface EventSigner {
  readonly alg: "sm2";
  /** Name of the key, at most 32 characters of `[0-9a-f]`. */
  readonly key: string;
  /** Over `message`, hex. */
  sign(message: Uint8Array): string;
}

/** The field as it stands in an event. */
export interface EventSignature {
  readonly alg: string;
  readonly key: string;
  readonly value: string;
}

/** Octets that a signature may add to an event. */
export const signatureRoom = 400;
/** Always the last field, in this form: what is before it, closed again by a brace, was signed. */
const tail = /,"sig":\{"alg":"([a-z0-9]{1,16})","key":"([0-9a-f]{1,32})","value":"([0-9a-f]{1,256})"\}\}$/;

/** `body`, the JSON of an event, with its signature as the last field. */
export function withSignature(body: Uint8Array, signer: EventSigner): Uint8Array {
  const { alg, key } = signer;
  const sig = `,"sig":${JSON.stringify({ alg, key, value: signer.sign(body) })}}`;
  const signed = new Uint8Array(body.length - 1 + sig.length);
  signed.set(body.subarray(0, body.length - 1));
  signed.set(new TextEncoder().encode(sig), body.length - 1);
  return signed;
}

/** What was signed, and the signature; null when the event carries none in its place. */
export function signatureOf(
  body: Uint8Array,
): { readonly message: Uint8Array; readonly signature: EventSignature } | null {
  const end = Buffer.from(body.subarray(Math.max(0, body.length - signatureRoom))).toString("latin1");
  const found = tail.exec(end);
  if (!found) return null;
  const [whole, alg = "", key = "", value = ""] = found;
  const message = new Uint8Array(body.length - whole.length + 1);
  message.set(body.subarray(0, body.length - whole.length));
  message[message.length - 1] = 0x7d;
  return { message, signature: { alg, key, value } };
}
