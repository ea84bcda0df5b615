/**
 * The frames of a plain block, three bytes each: for all of them u16 (ms since the one before; the two highest bits: it was
 * looked at, it has a scene), then for all of them u8 points.
 */
import type { ByteWriter } from "./byte-writer.ts";

/** Bytes of a frame. */
export const frameBytes = 3;
/** So many fit. */
export const mostFrames = 0xffff;
const lookedBit = 0x8000;
const sceneBit = 0x4000;
/** A longer step from frame to frame, ms, makes a block that is not plain. */
export const longestStepMs = sceneBit - 1;
/** So does a frame with more points. */
export const mostFramePoints = 0xff;

/** The frames of a block that is being written. */
export class FrameTable {
  #steps = new Uint16Array(64);
  #points = new Uint8Array(64);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** @param stepMs 0..`longestStepMs` @param points 0..`mostFramePoints` */
  add(stepMs: number, isLooked: boolean, hasScene: boolean, points: number): void {
    if (this.#count === this.#steps.length) {
      const [steps, counts] = [new Uint16Array(2 * this.#count), new Uint8Array(2 * this.#count)];
      steps.set(this.#steps);
      counts.set(this.#points);
      [this.#steps, this.#points] = [steps, counts];
    }
    this.#steps[this.#count] = stepMs | (isLooked ? lookedBit : 0) | (hasScene ? sceneBit : 0);
    this.#points[this.#count] = points;
    this.#count += 1;
  }

  /** Needs room for `frameBytes` a frame. */
  write(to: ByteWriter): void {
    for (let i = 0; i < this.#count; i += 1) to.u16(this.#steps[i] ?? 0);
    for (let i = 0; i < this.#count; i += 1) to.u8(this.#points[i] ?? 0);
  }
}

/** Step and bits of frame `i`. Hot. */
export function frameAt(bytes: Uint8Array, framesAt: number, i: number): number {
  const at = framesAt + 2 * i;
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}
/** Points of frame `i` of `frames`. Hot. */
export function pointsOfFrame(bytes: Uint8Array, framesAt: number, frames: number, i: number): number {
  return bytes[framesAt + 2 * frames + i] ?? 0;
}
/** Of what `frameAt` gives: ms since the frame before. */
export function stepOf(frame: number): number {
  return frame & longestStepMs;
}
export function isLookedAt(frame: number): boolean {
  return frame >= lookedBit;
}
export function hasScene(frame: number): boolean {
  return (frame & sceneBit) !== 0;
}
