/** Z85 (ZeroMQ RFC 32): keys arrive in the ZAP request as 32 octets and are written as 40 characters. */
const alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/** Octets (a multiple of four) as text. */
export function z85(octets: Uint8Array): string {
  let text = "";
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  for (let at = 0; at + 4 <= octets.byteLength; at += 4) {
    let value = view.getUint32(at);
    let part = "";
    for (let i = 0; i < 5; i += 1) {
      part = (alphabet[value % 85] ?? "") + part;
      value = Math.floor(value / 85);
    }
    text += part;
  }
  return text;
}
