/** Bytes of one decoder → frames in pool slots, masked and published. */
import type { Polygon } from "../geometry.ts";
import type { Frame } from "./frame.ts";
import type { OutputSize } from "./ffmpeg-args.ts";
import { FramePool, type FrameStamp } from "./frame-pool.ts";
import { FrameSlicer } from "./frame-slicer.ts";
import { blacken, maskedRuns, type MaskedRuns } from "./mask.ts";

/** Where a decoder's bytes go. */
export interface FrameSink {
  /** Memory for the next bytes; stays the same until `took`. */
  room(): Uint8Array;
  /** So many bytes were written to the beginning of `room()`; returns whether a frame is whole by them. */
  took(bytes: number): boolean;
}

/** Where frames go and where their stamps come from. */
export interface FrameWriterOptions {
  readonly cameraId: string;
  readonly size: OutputSize;
  readonly masks: readonly Polygon[];
  readonly slots?: number;
  readonly stamp: () => FrameStamp;
  readonly publish: (frame: Frame) => void;
  /** Asked for a slot when all are taken: gives back the newest frame that nobody has taken, if there is one. */
  readonly reclaim: () => void;
  /** Told of each frame that found no slot. */
  readonly skipped: () => void;
}

/** Lives as long as its decoder. */
export class FrameWriter implements FrameSink {
  readonly #options: FrameWriterOptions;
  readonly #pool: FramePool;
  readonly #slicer: FrameSlicer;
  readonly #masked: MaskedRuns;
  #target: Uint8Array | null = null;
  #isBegun = false;

  constructor(options: FrameWriterOptions) {
    this.#options = options;
    const { cameraId, size, masks, slots } = options;
    this.#pool = new FramePool({ cameraId, ...size, ...(slots === undefined ? {} : { slots }) });
    this.#slicer = new FrameSlicer(this.#pool.frameBytes);
    this.#masked = maskedRuns(masks, size.widthPx, size.heightPx);
  }

  /** Where the decoder's next bytes belong: the slot of the frame that is coming, so that nothing is copied again. */
  room(): Uint8Array {
    if (!this.#isBegun) this.#begin();
    return this.#slicer.room();
  }

  /** `bytes` stand at the beginning of the last `room()`; a frame that is whole by them is published. */
  took(bytes: number): boolean {
    this.#slicer.took(bytes);
    if (!this.#slicer.isComplete) return false;
    this.#finish();
    return true;
  }

  /** Takes bytes of `chunk` from index `from` to the end of the frame or of the chunk; returns the index behind the last one taken. */
  write(chunk: Uint8Array, from: number): number {
    const room = this.room();
    const bytes = Math.min(room.length, chunk.length - from);
    room.set(chunk.subarray(from, from + bytes));
    this.took(bytes);
    return from + bytes;
  }

  #begin(): void {
    this.#target = this.#pool.write();
    if (!this.#target) {
      this.#options.reclaim();
      this.#target = this.#pool.write();
    }
    this.#slicer.begin(this.#target);
    this.#isBegun = true;
  }

  #finish(): void {
    this.#isBegun = false;
    if (!this.#target) {
      this.#options.skipped();
      return;
    }
    blacken(this.#target, this.#masked);
    this.#options.publish(this.#pool.publish(this.#options.stamp()));
  }
}
