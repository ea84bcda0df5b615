/** Size of a picture as decoders give it; `Yuv` in src/pixels.h says the same. */

/** Bytes of a packed yuv420p picture: the plane of luma, then U and V of half its width and height, rounded up. */
export function yuvBytes(width: number, height: number): number {
  return width * height + 2 * Math.ceil(width / 2) * Math.ceil(height / 2);
}
