/** MPEG transport stream as packets: where a viewer may begin, and what every viewer must have first; pure. */

const packetBytes = 188;
const syncByte = 0x47;
/** Programme tables: PAT, and the PMT where ffmpeg puts it. */
const tablePids = new Set([0, 0x1000]);

/** Whole packets, and the offset of the first one at which a picture stands alone; null when there is none. */
export interface Packets {
  readonly bytes: Buffer;
  readonly keyAt: number | null;
}

/** Cuts a byte stream into whole packets and remembers the newest tables. */
export class TransportStream {
  #rest: Buffer = Buffer.alloc(0);
  readonly #tables = new Map<number, Buffer>();

  /** What `chunk` completes; null when that is nothing. Bytes that belong to no packet are passed over. */
  take(chunk: Buffer): Packets | null {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const start = Math.max(0, bytes.indexOf(syncByte));
    const end = start + Math.floor((bytes.length - start) / packetBytes) * packetBytes;
    this.#rest = Buffer.from(bytes.subarray(end));
    let keyAt: number | null = null;
    for (let at = start; at < end; at += packetBytes) {
      const pid = bytes.readUInt16BE(at + 1) & 0x1fff;
      if (tablePids.has(pid)) this.#tables.set(pid, Buffer.from(bytes.subarray(at, at + packetBytes)));
      if (isRandomAccess(bytes, at)) keyAt ??= at - start;
    }
    return end === start ? null : { bytes: Buffer.from(bytes.subarray(start, end)), keyAt };
  }

  /** What a viewer who comes later needs before the first picture. */
  get tables(): Buffer {
    return Buffer.concat([...this.#tables.values()]);
  }
}

/** The random access indicator of the adaptation field: a key frame begins here. */
function isRandomAccess(bytes: Buffer, at: number): boolean {
  const hasField = ((bytes[at + 3] ?? 0) & 0x20) !== 0;
  return hasField && (bytes[at + 4] ?? 0) > 0 && ((bytes[at + 5] ?? 0) & 0x40) !== 0;
}
