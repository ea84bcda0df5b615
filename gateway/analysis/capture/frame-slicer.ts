/** Bytes of any cut → whole frames, written straight into their slots; pure. */

/** Where the bytes of a skipped frame go: written, never read, so one is enough for all. */
const nowhere = new Uint8Array(65_536);

/**
 * The caller begins each frame with a slot (or null: the frame is skipped because nobody has a place for it), lets bytes
 * be put into `room()` and says with `took()` how many came.
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

  /** Starts the next frame. */
  begin(target: Uint8Array | null): void {
    this.#target = target;
    this.#filled = 0;
  }

  /** Where the next bytes of this frame belong; at least one byte while the frame is not complete, never past its end. */
  room(): Uint8Array {
    const left = this.#frameBytes - this.#filled;
    if (this.#target) return this.#target.subarray(this.#filled, this.#frameBytes);
    return left < nowhere.length ? nowhere.subarray(0, left) : nowhere;
  }

  /** `bytes` were written to the beginning of `room()`. */
  took(bytes: number): void {
    this.#filled += bytes;
  }
}
