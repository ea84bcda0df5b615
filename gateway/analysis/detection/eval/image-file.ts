/** A picture file → a frame, so that a model is judged through the same code as live pictures. */
import sharp from "sharp";
import type { Frame } from "../../capture/frame.ts";

/**
 * Decodes a JPEG, PNG or WebP to a frame in plain memory.
 * @throws Error when the file is no picture
 */
export async function frameFromFile(path: string, cameraId: string, seq: number): Promise<Frame> {
  const { data, info } = await sharp(path, { limitInputPixels: 100_000_000 })
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new TypeError(`${path}: ${info.channels} channels`);
  return {
    cameraId,
    seq,
    capturedAtMs: 0,
    widthPx: info.width,
    heightPx: info.height,
    pixels: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    intact: true,
    [Symbol.dispose]: () => undefined,
  };
}
