/** Checks of the arguments that both the addon's face and the reference receive. A misfit is a bug of the caller: it throws. */

/** Larger pictures are refused, in pixels of one side. */
export const maxSidePx = 16_384;

/** Throws TypeError for what is no number, RangeError for what is no whole number from `low` to `high`. */
export function checkWhole(name: string, value: unknown, low: number, high: number): void {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number`);
  if (!Number.isInteger(value) || value < low || value > high)
    throw new RangeError(`${name} must be a whole number from ${low} to ${high}`);
}

/** Throws TypeError for what is no number, RangeError for a number outside `low` to `high` (NaN too). */
export function checkNumber(name: string, value: unknown, low: number, high: number): void {
  if (typeof value !== "number") throw new TypeError(`${name} must be a number`);
  if (!(value >= low && value <= high)) throw new RangeError(`${name} must be from ${low} to ${high}`);
}

/** Throws TypeError for what is no Uint8Array, RangeError for one of another length. */
export function checkBytes(name: string, value: unknown, size: number): void {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array`);
  if (value.length !== size) throw new RangeError(`${name} holds ${value.length} bytes and must hold ${size}`);
}

/** Throws TypeError for what is no Uint32Array, RangeError for one of another length than `size`, where that is given. */
export function checkCounts(name: string, value: unknown, size?: number): void {
  if (!(value instanceof Uint32Array)) throw new TypeError(`${name} must be a Uint32Array`);
  if (size !== undefined && value.length !== size)
    throw new RangeError(`${name} holds ${value.length} numbers and must hold ${size}`);
}

/** Throws RangeError unless both sides of a picture are whole and within limits. */
export function checkSize(prefix: string, width: unknown, height: unknown): void {
  checkWhole(prefix === "" ? "width" : `${prefix}Width`, width, 1, maxSidePx);
  checkWhole(prefix === "" ? "height" : `${prefix}Height`, height, 1, maxSidePx);
}

/** One grey or three bytes as one number, the first byte on top. Throws like checkWhole. */
export function packColour(name: string, colour: number | readonly [number, number, number]): number {
  if (typeof colour === "number") {
    checkWhole(name, colour, 0, 255);
    return colour * 0x01_01_01;
  }
  // The type says three; a caller from plain JavaScript or a config may not have read it.
  const bytes: readonly unknown[] = Array.isArray(colour) ? colour : [];
  if (bytes.length !== 3) throw new TypeError(`${name} must be a number or three numbers`);
  for (const byte of bytes) checkWhole(name, byte, 0, 255);
  return colour[0] * 0x01_00_00 + colour[1] * 0x01_00 + colour[2];
}
