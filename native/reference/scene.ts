/** The scene measures in plain TypeScript, sums in the order of src/scene.cc: equal bit for bit. */
import { checkBytes } from "../arguments.ts";
import { type LumaSize, lumaSize } from "../luma-size.ts";
import { yuvBytes } from "../yuv-size.ts";
import { checkAlignment, shrinkToLuma } from "./luma.ts";

const magic = 0x31_53_4c_58;
const headerBytes = 16;
const blackBelow = 26;

/** See `sceneStateSize` in index.ts. */
export function sceneStateSize(width: number, height: number): number {
  const luma = lumaSize(width, height);
  return headerBytes + luma.width * luma.height;
}

/** Variance of the four-neighbour Laplacian over the inner pixels; 0 in a picture without any. */
function sharpness(luma: Uint8Array, { width, height }: LumaSize): number {
  if (width < 3 || height < 3) return 0;
  let sum = 0;
  let squares = 0;
  for (let y = 1; y < height - 1; y++) {
    for (let at = y * width + 1, end = at + width - 2; at < end; at++) {
      const beside = (luma[at - 1] ?? 0) + (luma[at + 1] ?? 0) + (luma[at - width] ?? 0) + (luma[at + width] ?? 0);
      const laplacian = beside - 4 * (luma[at] ?? 0);
      sum += laplacian;
      squares += laplacian * laplacian;
    }
  }
  const count = (width - 2) * (height - 2);
  const mean = sum / count;
  return Math.max(0, squares / count - mean * mean);
}

function checkOut(out: unknown): void {
  if (!(out instanceof Float64Array)) throw new TypeError("out must be a Float64Array");
  if (out.length !== 5) throw new RangeError(`out holds ${out.length} numbers and must hold 5`);
}

/** See `measureScene` in index.ts. */
export function measureScene(
  source: Uint8Array,
  width: number,
  height: number,
  state: Uint8Array,
  out: Float64Array,
): void {
  const size = lumaSize(width, height);
  checkBytes("source", source, yuvBytes(width, height));
  checkBytes("state", state, sceneStateSize(width, height));
  checkAlignment(state);
  checkOut(out);
  const luma = shrinkToLuma(source, width, size);
  const header = new Uint32Array(state.buffer, state.byteOffset, 4);
  const previous = state.subarray(headerBytes);
  const isFirst = header[0] !== magic || header[1] !== size.width || header[2] !== size.height;
  let sum = 0;
  let squares = 0;
  let changes = 0;
  let black = 0;
  for (let i = 0; i < luma.length; i++) {
    const value = luma[i] ?? 0;
    sum += value;
    squares += value * value;
    changes += Math.abs(value - (previous[i] ?? 0));
    if (value < blackBelow) black++;
  }
  const mean = sum / luma.length;
  out[0] = mean;
  out[1] = Math.sqrt(Math.max(0, squares / luma.length - mean * mean));
  out[2] = sharpness(luma, size);
  out[3] = black / luma.length;
  out[4] = isFirst ? NaN : changes / luma.length;
  previous.set(luma);
  header.set([magic, size.width, size.height]);
}
