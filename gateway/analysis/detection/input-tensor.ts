/** Bytes of a letterboxed picture → the numbers that a foreign model wants, in the detector process. */
import type { ModelInput } from "./model-package.ts";

/**
 * A converter from `heightPx * widthPx * 3` bytes (row-major, the model's colour order) to float32 in the model's
 * layout; the array it returns is reused.
 */
export function inputConverter(input: ModelInput): (pixels: Uint8Array) => Float32Array {
  const cells = input.widthPx * input.heightPx;
  const floats = new Float32Array(cells * 3);
  const tables = channelTables(input);
  return (pixels) => {
    if (input.layout === "nchw") toPlanes(pixels, floats, tables, cells);
    else toInterleaved(pixels, floats, tables, cells);
    return floats;
  };
}

/** 256 results per channel: a look-up is cheaper than a multiplication, a subtraction and a division per pixel. */
function channelTables({ normalize }: ModelInput): readonly [Float32Array, Float32Array, Float32Array] {
  const table = (channel: 0 | 1 | 2): Float32Array =>
    Float32Array.from(
      { length: 256 },
      (_, byte) => (byte * normalize.scale - normalize.mean[channel]) / normalize.std[channel],
    );
  return [table(0), table(1), table(2)];
}

type Tables = readonly [Float32Array, Float32Array, Float32Array];

function toPlanes(pixels: Uint8Array, floats: Float32Array, [a, b, c]: Tables, cells: number): void {
  for (let i = 0, p = 0; i < cells; i += 1, p += 3) {
    floats[i] = a[pixels[p] ?? 0] ?? 0;
    floats[cells + i] = b[pixels[p + 1] ?? 0] ?? 0;
    floats[2 * cells + i] = c[pixels[p + 2] ?? 0] ?? 0;
  }
}

function toInterleaved(pixels: Uint8Array, floats: Float32Array, [a, b, c]: Tables, cells: number): void {
  for (let p = 0; p < cells * 3; p += 3) {
    floats[p] = a[pixels[p] ?? 0] ?? 0;
    floats[p + 1] = b[pixels[p + 1] ?? 0] ?? 0;
    floats[p + 2] = c[pixels[p + 2] ?? 0] ?? 0;
  }
}
