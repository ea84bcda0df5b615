/** Frames without a decoder behind them. */
import type { Frame } from "../frame.ts";
import { yuvOf } from "../yuv.ts";

/** A frame of these pixels, yuv420p; everything else as it does not matter, unless it is said. */
export function frameOf(parts: Pick<Frame, "widthPx" | "heightPx" | "pixels"> & Partial<Frame>): Frame {
  return { cameraId: "c", seq: 1, capturedAtMs: 0, intact: true, [Symbol.dispose]: () => undefined, ...parts };
}

/** A frame whose every pixel is painted, red, green and blue in 0..255. */
export function painted(widthPx: number, heightPx: number, paint: (x: number, y: number) => readonly number[]): Frame {
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1) rgb.set(paint(x, y), (y * widthPx + x) * 3);
  return frameOf({ widthPx, heightPx, pixels: yuvOf(rgb, widthPx, heightPx) });
}
