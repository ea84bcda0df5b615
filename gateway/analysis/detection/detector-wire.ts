/** What gateway and detector process say to each other over their two pipes: a header of 16 bytes, then the payload. */

/** Where the process finds its ends: not standard input and output, so that a stray print of a library cannot break a message. */
export const questionsFd = 3;
export const answersFd = 4;

/** open: the model as JSON · frame: pixels, or nothing where they lie in shared memory · ready: JSON · detections: numbers · failed: JSON {code, detail}. */
export type MessageKind = "open" | "frame" | "ready" | "detections" | "failed";

const kinds: readonly MessageKind[] = ["open", "frame", "ready", "detections", "failed"];
const magic = 0x58_4c_44_31;
const headerBytes = 16;

/** The largest picture is 2048 x 2048 x 3; anything longer is noise. */
export const longestMessageBytes = 2048 * 2048 * 3;

/** Numbers before the boxes of a `detections` message: milliseconds of the run, memory of the process in MiB. */
export const numbersBeforeBoxes = 2;

/** What a `failed` message holds. */
export interface FailedMessage {
  readonly code:
    "MODEL_MISSING" | "MODEL_CHECKSUM" | "MODEL_TRUNCATED" | "MODEL_SHAPE" | "DETECTOR_OUTPUT" | "DETECTOR_DIED";
  readonly detail: string;
}

/** What an `open` message holds beside the model package. */
export interface OpenMessage<Model> {
  readonly model: Model;
  readonly floor: number;
  /** The file of the picture in shared memory; null: the pixels come with every `frame`. */
  readonly picture: string | null;
}

/** The header of a message. */
export function messageHeader(kind: MessageKind, seq: number, payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(headerBytes);
  header.writeUInt32LE(magic, 0);
  header.writeUInt32LE(kinds.indexOf(kind), 4);
  header.writeUInt32LE(seq, 8);
  header.writeUInt32LE(payloadBytes, 12);
  return header;
}

/** Puts chunks of a pipe together to messages. The payload handed on is reused: it is only valid until the next one. */
export class MessageReader {
  readonly #header = Buffer.alloc(headerBytes);
  readonly #onMessage: (kind: MessageKind, seq: number, payload: Uint8Array<ArrayBuffer>) => void;
  #headerFilled = 0;
  #payload = new Uint8Array(4_096);
  #payloadFilled = 0;
  #payloadBytes = 0;

  constructor(onMessage: (kind: MessageKind, seq: number, payload: Uint8Array<ArrayBuffer>) => void) {
    this.#onMessage = onMessage;
  }

  /** @throws RangeError when the bytes are no message: the other side is broken and must go. */
  push(chunk: Uint8Array): void {
    let at = 0;
    while (at < chunk.length || (this.#headerFilled === headerBytes && this.#payloadFilled === this.#payloadBytes)) {
      if (this.#headerFilled < headerBytes) {
        const part = chunk.subarray(at, at + headerBytes - this.#headerFilled);
        this.#header.set(part, this.#headerFilled);
        this.#headerFilled += part.length;
        at += part.length;
        if (this.#headerFilled === headerBytes) this.#expect();
        continue;
      }
      const part = chunk.subarray(at, at + this.#payloadBytes - this.#payloadFilled);
      this.#payload.set(part, this.#payloadFilled);
      this.#payloadFilled += part.length;
      at += part.length;
      if (this.#payloadFilled === this.#payloadBytes) this.#handOn();
    }
  }

  #expect(): void {
    const bytes = this.#header.readUInt32LE(12);
    const known = this.#header.readUInt32LE(0) === magic && this.#header.readUInt32LE(4) < kinds.length;
    if (!known || bytes > longestMessageBytes) throw new RangeError("not a detector message");
    if (bytes > this.#payload.length) this.#payload = new Uint8Array(bytes);
    this.#payloadBytes = bytes;
    this.#payloadFilled = 0;
  }

  #handOn(): void {
    const kind = kinds[this.#header.readUInt32LE(4)] ?? "failed";
    this.#headerFilled = 0;
    this.#onMessage(kind, this.#header.readUInt32LE(8), this.#payload.subarray(0, this.#payloadBytes));
  }
}
