/** Points where they lie in the bytes of a block: `at` is the first byte of one. A copy of each would be most of a preview. */

/**
 * Bytes of a point: u16 slot with two flags above it, u16 score with the state above it, u16 left, top, width, height, i16
 * speeds. Nothing else lies between the points of a block.
 */
export const pointBytes = 16;
/** So many tracks at most have a slot in one block. */
export const mostSlots = 0x4000;
/** The greatest score in steps. */
export const greatestScore = 0x3fff;
const seenBit = 0x4000;
const introducedBit = 0x8000;

function u16(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

/** The first number of a point. @param isIntroduced whether it is the first of its slot: the head says the rest of it */
export function whoOf(slot: number, isSeen: boolean, isIntroduced: boolean): number {
  return slot | (isSeen ? seenBit : 0) | (isIntroduced ? introducedBit : 0);
}
/** The second one. @param state number in `trackStates` */
export function scoreOf(score: number, state: number): number {
  return score | (state << 14);
}

/** The track by its number in the block. */
export function slotAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at) & (mostSlots - 1);
}
/** Number of its state in `trackStates`. */
export function stateAt(bytes: Uint8Array, at: number): number {
  return (bytes[at + 3] ?? 0) >> 6;
}
/** Whether the detector saw it in this frame. */
export function isSeenAt(bytes: Uint8Array, at: number): boolean {
  return (u16(bytes, at) & seenBit) !== 0;
}
/** Whether it is the first of its slot. */
export function isIntroducedAt(bytes: Uint8Array, at: number): boolean {
  return (u16(bytes, at) & introducedBit) !== 0;
}
/** In steps of `quantise.ts`; so the next six, left and top with their offset. */
export function scoreAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 2) & greatestScore;
}
export function xAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 4);
}
export function yAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 6);
}
export function widthAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 8);
}
export function heightAt(bytes: Uint8Array, at: number): number {
  return u16(bytes, at + 10);
}
export function speedXAt(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at + 12) << 16) >> 16;
}
export function speedYAt(bytes: Uint8Array, at: number): number {
  return (u16(bytes, at + 14) << 16) >> 16;
}
