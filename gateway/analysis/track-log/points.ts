/** Points where they lie in the bytes of a block: `at` is the first byte of one. A copy of each would be most of a preview. */
import { pointFlags } from "./block-format.ts";

/**
 * Bytes of a point: u16 slot, u8 flags, u16 score, u16 left, top, width, height, i16 speeds. In a block with a head there is
 * nothing else between the points of a frame.
 */
export const pointBytes = 17;

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

/** The track by its number in the block. */
export function slotAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at);
}
/** Number of its state in `trackStates`. */
export function stateAt(bytes: Uint8Array, at: number): number {
  return (bytes[at + 2] ?? 0) & 3;
}
/** Whether the detector saw it in this frame. */
export function isSeenAt(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at + 2] ?? 0) & pointFlags.seenNow) !== 0;
}
/** Whether it is the first of its slot: the head says the rest of it. */
export function isIntroducedAt(bytes: Uint8Array, at: number): boolean {
  return ((bytes[at + 2] ?? 0) & pointFlags.introduced) !== 0;
}
/** In steps of `quantise.ts`; so the next six, left and top with their offset. */
export function scoreAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 3);
}
export function xAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 5);
}
export function yAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 7);
}
export function widthAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 9);
}
export function heightAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 11);
}
export function speedXAt(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at + 13) << 16) >> 16;
}
export function speedYAt(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at + 15) << 16) >> 16;
}
