/** Bytes one after the other in a buffer that grows and is used again and again. Little endian. */

export class ByteWriter {
  #bytes = Buffer.allocUnsafe(16 * 1024);
  #at = 0;

  /** Bytes so far. */
  get length(): number {
    return this.#at;
  }

  /** What was written; good until the next write. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  clear(): void {
    this.#at = 0;
  }

  /** Makes room for what is written next. Every write below needs it. */
  room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + more));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  u8(value: number): void {
    this.#at = this.#bytes.writeUInt8(value, this.#at);
  }
  u16(value: number): void {
    this.#at = this.#bytes.writeUInt16LE(value, this.#at);
  }
  i16(value: number): void {
    this.#at = this.#bytes.writeInt16LE(value, this.#at);
  }
  u32(value: number): void {
    this.#at = this.#bytes.writeUInt32LE(value, this.#at);
  }
  i32(value: number): void {
    this.#at = this.#bytes.writeInt32LE(value, this.#at);
  }
  f32(value: number): void {
    this.#at = this.#bytes.writeFloatLE(value, this.#at);
  }
  f64(value: number): void {
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** The length in one byte, then the bytes: at most 255. */
  text(bytes: Uint8Array): void {
    this.u8(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  bytes(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }
}
