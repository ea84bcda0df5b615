/** Byte chunks of any cut → whole frames, written straight into their slots; pure. */

/**
 * The caller begins each frame with a slot (or null: the frame is skipped because nobody has a place for it) and writes
 * chunks; a write stops at the end of the frame and says how far it came.
 */
export class FrameSlicer {
  readonly #frameBytes: number;
  #target: Uint8Array | null = null;
  #filled = 0;

  /** @param frameBytes size of every frame; each target must hold as many. */
  constructor(frameBytes: number) {
    if (!Number.isInteger(frameBytes) || frameBytes < 1) throw new RangeError("a frame has at least one byte");
    this.#frameBytes = frameBytes;
  }

  /** Whether the frame that was begun is whole. */
  get isComplete(): boolean {
    return this.#filled === this.#frameBytes;
  }

  /** Whether not a single byte of the frame has come. */
  get isEmpty(): boolean {
    return this.#filled === 0;
  }

  /** Starts the next frame. */
  begin(target: Uint8Array | null): void {
    this.#target = target;
    this.#filled = 0;
  }

  /** Takes bytes of `chunk` from index `from` on, at most to the end of the frame; returns the index behind the last one taken. */
  write(chunk: Uint8Array, from: number): number {
    const end = Math.min(chunk.length, from + this.#frameBytes - this.#filled);
    this.#target?.set(from === 0 && end === chunk.length ? chunk : chunk.subarray(from, end), this.#filled);
    this.#filled += end - from;
    return end;
  }
}
