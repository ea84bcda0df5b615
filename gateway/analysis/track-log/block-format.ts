/**
 * Bytes of the log. A file is a head and blocks; a block stands on its own: length, CRC-32, then its base, a head with its
 * tracks and labels, what there is of each entry, and all its points. Little endian throughout.
 */
import { crc32 } from "node:zlib";
import { wholeBlocks } from "../../../native/index.ts";

/** First eight bytes of every file; the CR LF shows a copy that was taken for text. */
export const fileMagic = Buffer.from("XLTRK1\r\n", "latin1");
/** Magic, wall time of the first block (f64), CRC-32 of both. */
export const fileHeadBytes = 20;
/** Mark, body length, CRC-32 of the body: u32 each. */
export const blockHeadBytes = 12;
/** "XLBK". */
export const blockMark = Buffer.from("XLBK", "latin1");
const mark = blockMark.readUInt32LE(0);
/** No body is longer; a length beyond it is damage. */
export const maxBodyBytes = 4 * 1024 * 1024;

/** Records by their first byte; each goes on with i32 ms since the block's base, but for the head: `block-head.ts`. */
export const recordKinds = { frame: 1, start: 2, lost: 3, gap: 4, earlierHead: 5, head: 6 } as const;
/** What a frame record holds. */
export const frameFlags = { tracks: 1, scene: 2, measures: 4, aspect: 8, moved: 16 } as const;
/** In the order of their number. */
export const trackStates = ["tentative", "confirmed", "lost", "ended"] as const;
/** A label's slot that says: a new label follows. */
export const newLabel = 255;

/** The head of a file that begins at `createdMs`. */
export function fileHead(createdMs: number): Buffer {
  const head = Buffer.alloc(fileHeadBytes);
  fileMagic.copy(head);
  head.writeDoubleLE(createdMs, 8);
  head.writeUInt32LE(crc32(head.subarray(0, 16)), 16);
  return head;
}

/** Where the good blocks of a file are, and what is not good. */
export interface FileScan {
  /** Bodies in order. */
  readonly bodies: readonly Buffer[];
  /** End of the last good block; 0 when not even the head is good. */
  readonly goodEnd: number;
  /** Bytes between good blocks that are none. */
  readonly damagedBytes: number;
  /** Bytes after the last good block: a write that never ended. */
  readonly tailBytes: number;
}

/** Finds every block whose checksum holds; never throws, whatever the bytes are. */
export function scanFile(bytes: Buffer): FileScan {
  const { spans, ...rest } = scanSpans(bytes);
  const bodies: Buffer[] = [];
  for (let i = 0; i < spans.length; i += 2) bodies.push(bytes.subarray(spans[i], spans[i + 1]));
  return { bodies, ...rest };
}

/**
 * The same with the bodies as `from` and `end`, one pair after the other.
 * @param whole finds blocks that lie one after the other; where it finds none, the next one is looked for here
 */
export function scanSpans(
  bytes: Buffer,
  whole = wholeBlocks,
): Omit<FileScan, "bodies"> & { readonly spans: Uint32Array } {
  let spans = new Uint32Array(2 * 1024);
  let written = 0;
  const isHeadGood =
    bytes.length >= fileHeadBytes &&
    bytes.subarray(0, 8).equals(fileMagic) &&
    bytes.readUInt32LE(16) === crc32(bytes.subarray(0, 16));
  let goodEnd = isHeadGood ? fileHeadBytes : 0;
  let damagedBytes = 0;
  for (let at = goodEnd; ;) {
    if (written === spans.length) spans = grown(spans);
    // Nearly always the next block is just here; looking for it is for what was damaged.
    const more = whole(bytes, at, spans.subarray(written));
    if (more > 0) {
      damagedBytes += at - goodEnd;
      written += more;
      at = goodEnd = spans[written - 1] ?? at;
      continue;
    }
    const isHere = at + 4 <= bytes.length && bytes.readUInt32LE(at) === mark;
    const found = isHere ? at : bytes.indexOf(blockMark, at);
    if (found < 0) break;
    const end = endOf(bytes, found);
    if (end === null) {
      at = found + 1;
      continue;
    }
    damagedBytes += found - goodEnd;
    spans[written] = found + blockHeadBytes;
    spans[written + 1] = end;
    written += 2;
    goodEnd = end;
    at = end;
  }
  return { spans: spans.subarray(0, written), goodEnd, damagedBytes, tailBytes: bytes.length - goodEnd };
}

function grown(spans: Uint32Array): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(2 * spans.length);
  larger.set(spans);
  return larger;
}

/** Where the block at `at` ends; null when it is none. */
function endOf(bytes: Buffer, at: number): number | null {
  if (at + blockHeadBytes > bytes.length) return null;
  const length = bytes.readUInt32LE(at + 4);
  const from = at + blockHeadBytes;
  if (length < 8 || length > maxBodyBytes || from + length > bytes.length) return null;
  return crc32(bytes.subarray(from, from + length)) === bytes.readUInt32LE(at + 8) ? from + length : null;
}
