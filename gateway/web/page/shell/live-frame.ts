/** A binary message of the live socket, taken apart (pure). */
import type { FrameHeader } from "../../api.ts";

/** A frame as it came: what was seen, and the picture it was seen in. */
export interface LiveFrame {
  readonly header: FrameHeader;
  readonly jpeg: Uint8Array<ArrayBuffer>;
}

/** A header is a few hundred bytes a track; more is no message of ours. */
const maxHeaderBytes = 256 * 1024;

/** Null for anything that is no frame. */
export function frameOf(message: ArrayBuffer): LiveFrame | null {
  if (message.byteLength < 4) return null;
  const size = new DataView(message).getUint32(0);
  if (size > maxHeaderBytes || 4 + size > message.byteLength) return null;
  try {
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, size))) as FrameHeader;
    return { header, jpeg: new Uint8Array(message, 4 + size) };
  } catch {
    return null;
  }
}
