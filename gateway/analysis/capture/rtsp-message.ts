/** RTSP messages out of byte chunks, for the prober and the camera simulator; pure. */

/** A request or an answer. Header names are in lower case; a header that came twice has two values. */
export interface RtspMessage {
  readonly startLine: string;
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** More than any camera sends; a peer that sends more is not a camera. */
const maxHeadBytes = 16_384;
const maxBodyBytes = 65_536;

/** Collects chunks and gives whole messages; interleaved media packets between them are skipped. */
export class RtspReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** Bytes that came and do not make a message yet. */
  get pendingBytes(): number {
    return this.#bytes.length;
  }

  /** Throws RangeError when the head or the body is larger than any camera's. */
  push(chunk: Uint8Array): RtspMessage[] {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const messages: RtspMessage[] = [];
    for (;;) {
      if (this.#skipMedia()) continue;
      const message = this.#next();
      if (!message) return messages;
      messages.push(message);
    }
  }

  /** Skips one interleaved packet: `$`, channel, 16-bit length, payload. */
  #skipMedia(): boolean {
    if (this.#bytes[0] !== 0x24 || this.#bytes.length < 4) return false;
    const end = 4 + this.#bytes.readUInt16BE(2);
    if (this.#bytes.length < end) return false;
    this.#bytes = this.#bytes.subarray(end);
    return true;
  }

  #next(): RtspMessage | null {
    if (this.#bytes.length === 0 || this.#bytes[0] === 0x24) return null;
    const headEnd = this.#bytes.indexOf("\r\n\r\n");
    if (headEnd < 0) {
      if (this.#bytes.length > maxHeadBytes) throw new RangeError("head too large");
      return null;
    }
    const [startLine = "", ...lines] = this.#bytes.toString("utf8", 0, headEnd).trimStart().split("\r\n");
    const headers = new Map<string, string[]>();
    for (const line of lines) {
      const colon = line.indexOf(":");
      if (colon < 1) continue;
      const name = line.slice(0, colon).trim().toLowerCase();
      headers.set(name, [...(headers.get(name) ?? []), line.slice(colon + 1).trim()]);
    }
    const length = Number(headers.get("content-length")?.[0] ?? 0);
    if (!Number.isInteger(length) || length < 0 || length > maxBodyBytes) throw new RangeError("body too large");
    const end = headEnd + 4 + length;
    if (this.#bytes.length < end) return null;
    const body = this.#bytes.toString("utf8", headEnd + 4, end);
    this.#bytes = this.#bytes.subarray(end);
    return { startLine, headers, body };
  }
}
