/** Z85 (ZeroMQ RFC 32): keys are 32 octets and are written as 40 characters. */
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

/** The octets of `text`; null when it is no Z85. */
export function fromZ85(text: string): Uint8Array | null {
  if (text.length % 5 !== 0) return null;
  const octets = new Uint8Array((text.length / 5) * 4);
  const view = new DataView(octets.buffer);
  for (let at = 0; at < text.length; at += 5) {
    let value = 0;
    for (const letter of text.slice(at, at + 5)) {
      const digit = alphabet.indexOf(letter);
      if (digit < 0) return null;
      value = value * 85 + digit;
    }
    if (value > 0xffff_ffff) return null;
    view.setUint32((at / 5) * 4, value);
  }
  return octets;
}
