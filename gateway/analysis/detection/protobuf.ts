/** The four wire types of Protocol Buffers, enough to walk a message without its schema. Never reads past its bytes. */

/** One field. `bytes` is a view of the message, empty unless `kind` is "bytes"; `value` is NaN beyond 2^53. */
export interface Field {
  readonly number: number;
  readonly kind: "varint" | "fixed" | "bytes";
  readonly value: number;
  readonly bytes: Uint8Array;
}

const nothing = new Uint8Array(0);

/** The fields of one message, in order; iterating throws RangeError where the bytes are no message. */
export class ProtobufReader implements Iterable<Field> {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  *[Symbol.iterator](): Generator<Field, void, undefined> {
    this.#at = 0;
    while (this.#at < this.#bytes.length) yield this.#field();
  }

  #field(): Field {
    const tag = this.#varint();
    const number = Math.floor(tag / 8);
    if (!(number >= 1 && number < 2 ** 29)) throw new RangeError("a field without a number");
    switch (tag % 8) {
      case 0:
        return { number, kind: "varint", value: this.#varint(), bytes: nothing };
      case 1:
        this.#take(8);
        return { number, kind: "fixed", value: NaN, bytes: nothing };
      case 2:
        return { number, kind: "bytes", value: NaN, bytes: this.#take(this.#varint()) };
      case 5:
        this.#take(4);
        return { number, kind: "fixed", value: NaN, bytes: nothing };
      default:
        throw new RangeError(`unknown wire type ${tag % 8}`);
    }
  }

  #varint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 10; i += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw new RangeError("cut off in a number");
      this.#at += 1;
      value += (byte & 0x7f) * factor;
      factor *= 128;
      if (byte < 0x80) return value <= Number.MAX_SAFE_INTEGER ? value : NaN;
    }
    throw new RangeError("a number too long");
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (!(end <= this.#bytes.length)) throw new RangeError("cut off in a field");
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}
