/** The fixed memory of one camera: no pixel buffer is ever allocated for a frame. */
import { yuvBytes } from "../../../native/index.ts";
import type { Frame } from "./frame.ts";

/** One is written, one is the newest, one is held by the pipeline. */
const slotsPerCamera = 3;

/** What the owner says of a frame at the moment when its last byte has come. */
export type FrameStamp = Pick<Frame, "seq" | "capturedAtMs" | "intact" | "colours">;

/** Slots of one size; a camera whose size changes gets a new pool, and frames still held keep the old one alive. */
export class FramePool {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly #cameraId: string;
  readonly #free: Uint8Array[];
  #written: Uint8Array | null = null;

  constructor(options: {
    readonly cameraId: string;
    readonly widthPx: number;
    readonly heightPx: number;
    readonly slots?: number;
  }) {
    const { cameraId, widthPx, heightPx, slots = slotsPerCamera } = options;
    this.#cameraId = cameraId;
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    const bytes = this.frameBytes;
    const memory = new SharedArrayBuffer(bytes * slots);
    this.#free = Array.from({ length: slots }, (_, i) => new Uint8Array(memory, i * bytes, bytes));
  }

  get frameBytes(): number {
    return yuvBytes(this.widthPx, this.heightPx);
  }

  /** How many slots nobody has. */
  get freeCount(): number {
    return this.#free.length;
  }

  /** The slot to write into, the same one until it is published; null while all slots are held. */
  write(): Uint8Array | null {
    this.#written ??= this.#free.pop() ?? null;
    return this.#written;
  }

  /** Makes a frame of the slot that was written. */
  publish(stamp: FrameStamp): Frame {
    const pixels = this.#written;
    if (!pixels) throw new RangeError("nothing was written");
    this.#written = null;
    // The frame itself is a few words: a fresh one each time, so that a second dispose can never free another frame's slot.
    return new PooledFrame(this.#free, pixels, {
      ...stamp,
      cameraId: this.#cameraId,
      widthPx: this.widthPx,
      heightPx: this.heightPx,
    });
  }
}

class PooledFrame implements Frame {
  readonly cameraId: string;
  readonly seq: number;
  readonly capturedAtMs: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly intact: boolean;
  readonly colours: Frame["colours"];
  readonly pixels: Uint8Array;
  readonly #home: Uint8Array[];
  #isHeld = true;

  constructor(home: Uint8Array[], pixels: Uint8Array, about: Omit<Frame, "pixels" | typeof Symbol.dispose>) {
    this.#home = home;
    this.pixels = pixels;
    this.cameraId = about.cameraId;
    this.seq = about.seq;
    this.capturedAtMs = about.capturedAtMs;
    this.widthPx = about.widthPx;
    this.heightPx = about.heightPx;
    this.intact = about.intact;
    this.colours = about.colours;
  }

  [Symbol.dispose](): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#home.push(this.pixels); // Shrinks in write(); never longer than the number of slots.
  }
}
