/** The motion gate in plain TypeScript, with the integer arithmetic of src/motion.cc: equal byte for byte. */
import { checkBytes } from "../arguments.ts";
import { type LumaSize, lumaSize } from "../luma-size.ts";
import { type MotionOptions, type MotionPlan, planMotion } from "../motion-plan.ts";
import { yuvBytes } from "../yuv-size.ts";
import { checkAlignment, shrinkToLuma } from "./luma.ts";

const magic = 0x31_4d_4c_58;
const headerBytes = 16;
const firstNoise = 2 * 256;
const white = 255 * 256;

/** The planes of a state; views of the caller's memory. */
interface Planes {
  readonly header: Uint32Array;
  readonly mean: Uint16Array;
  readonly noise: Uint16Array;
  readonly previous: Uint8Array;
}

function planesOf(state: Uint8Array, count: number): Planes {
  const { buffer, byteOffset } = state;
  return {
    header: new Uint32Array(buffer, byteOffset, 4),
    mean: new Uint16Array(buffer, byteOffset + headerBytes, count),
    noise: new Uint16Array(buffer, byteOffset + headerBytes + count * 2, count),
    previous: new Uint8Array(buffer, byteOffset + headerBytes + count * 4, count),
  };
}

/** See `motionStateSize` in index.ts. */
export function motionStateSize(width: number, height: number): number {
  const luma = lumaSize(width, height);
  return headerBytes + luma.width * luma.height * 5;
}

function begin({ header, mean, noise, previous }: Planes, luma: Uint8Array, size: LumaSize): void {
  for (let i = 0; i < luma.length; i++) mean[i] = (luma[i] ?? 0) << 8;
  noise.fill(firstNoise);
  previous.set(luma);
  header.set([magic, size.width, size.height]);
}

function lightChange(mean: Uint16Array, luma: Uint8Array): number {
  const histogram = new Uint32Array(511);
  for (let i = 0; i < luma.length; i++) {
    const at = (luma[i] ?? 0) - ((mean[i] ?? 0) >> 8) + 255;
    histogram[at] = (histogram[at] ?? 0) + 1;
  }
  let below = 0;
  let at = 0;
  for (; ; at++) {
    below += histogram[at] ?? 0;
    if (below * 2 >= luma.length) return at - 255;
  }
}

/** Learns the pixels from `from` to `to` and returns how many of them moved. */
function learn(planes: Planes, luma: Uint8Array, from: number, to: number, light: number, plan: MotionPlan): number {
  const { mean, noise, previous } = planes;
  let movedCount = 0;
  for (let i = from; i < to; i++) {
    const value = luma[i] ?? 0;
    const believed = Math.max(0, Math.min(white, (mean[i] ?? 0) + light));
    const flickers = noise[i] ?? 0;
    const difference = (value << 8) - believed;
    const flicker = Math.abs(value - (previous[i] ?? 0)) << 8;
    const isMoved = Math.abs(difference) > plan.minDifference + ((flickers * plan.noiseFactor) >> 4);
    const rate = isMoved ? plan.absorbRate : plan.backgroundRate;
    mean[i] = believed + ((difference * rate + 16_384) >> 15);
    noise[i] = flickers + (((flicker - flickers) * plan.noiseRate + 16_384) >> 15);
    previous[i] = value;
    if (isMoved) movedCount++;
  }
  return movedCount;
}

function learnBlock(
  planes: Planes,
  luma: Uint8Array,
  size: LumaSize,
  column: number,
  row: number,
  light: number,
  plan: MotionPlan,
): number {
  const left = Math.floor((column * size.width) / plan.columns);
  const right = Math.floor(((column + 1) * size.width) / plan.columns);
  const top = Math.floor((row * size.height) / plan.rows);
  const bottom = Math.floor(((row + 1) * size.height) / plan.rows);
  let movedCount = 0;
  for (let y = top; y < bottom; y++)
    movedCount += learn(planes, luma, y * size.width + left, y * size.width + right, light, plan);
  // Rounded up: one moved pixel in a block is never written as none.
  return Math.ceil((movedCount * 255) / ((right - left) * (bottom - top)));
}

/** See `motionStep` in index.ts. */
export function motionStep(
  source: Uint8Array,
  width: number,
  height: number,
  state: Uint8Array,
  blocks: Uint8Array,
  options?: MotionOptions,
): number {
  const plan = planMotion(width, height, options);
  const size = lumaSize(width, height);
  checkBytes("source", source, yuvBytes(width, height));
  checkBytes("state", state, motionStateSize(width, height));
  checkAlignment(state);
  checkBytes("blocks", blocks, plan.columns * plan.rows);
  const luma = shrinkToLuma(source, width, size);
  const planes = planesOf(state, luma.length);
  const { header } = planes;
  if (header[0] !== magic || header[1] !== size.width || header[2] !== size.height) {
    begin(planes, luma, size);
    blocks.fill(255);
    return 1;
  }
  const light = plan.followsLight ? lightChange(planes.mean, luma) * 256 : 0;
  let movedBlocks = 0;
  for (let row = 0; row < plan.rows; row++) {
    for (let column = 0; column < plan.columns; column++) {
      const share = learnBlock(planes, luma, size, column, row, light, plan);
      blocks[row * plan.columns + column] = share;
      if (share >= plan.blockShare) movedBlocks++;
    }
  }
  return movedBlocks / blocks.length;
}
