/** Seeded randomness and frames for the tests and the self-test: the same bytes on every machine. */

import { yuvBytes } from "./yuv-size.ts";

/** Mulberry32: numbers in 0..1 from one seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d_2b_79_f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from `low` to `high`. */
export function whole(random: () => number, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** Noise in all three planes, the hardest picture for rounding; bytes beyond limited range included. */
export function noiseFrame(random: () => number, width: number, height: number): Uint8Array {
  const frame = new Uint8Array(yuvBytes(width, height));
  for (let i = 0; i < frame.length; i++) frame[i] = Math.floor(random() * 256);
  return frame;
}

/** Bytes that start at an odd address, as a slice of a pool may. */
export function unaligned(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length + 1).subarray(1);
  copy.set(bytes);
  return copy;
}
