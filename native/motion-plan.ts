/** Options of the motion gate as the integers that the kernels take; pure, shared by the addon and the reference. */
import { checkNumber, checkWhole } from "./arguments.ts";
import { lumaSize } from "./luma-size.ts";

export interface MotionOptions {
  /** Blocks across, 1..256 and at most one a luma pixel. Default 32. */
  readonly columns?: number;
  /** Blocks down. Default 18. */
  readonly rows?: number;
  /** Time since the step before, 0..3,600,000 ms: all rates follow it, so a sampler may slow down. Default 200. */
  readonly elapsedMs?: number;
  /** Time constant with which a still pixel joins the background. Default 6,000 ms. */
  readonly backgroundMs?: number;
  /** Time constant with which a moved pixel does: how long a thing that stands there stays "moved". Default 60,000 ms. */
  readonly absorbMs?: number;
  /** Time constant of the noise of a pixel. Default 10,000 ms. */
  readonly noiseMs?: number;
  /** Difference to the background that is never enough, in grey levels 0..255. Default 10. */
  readonly minDifference?: number;
  /** How many times its own flicker a pixel must differ besides that, 0..64. Default 3. */
  readonly noiseFactor?: number;
  /** Share of moved pixels that makes a block moved, 0..1; any single one at 0. Default 0.1. */
  readonly blockShare?: number;
  /** Subtracts what the median pixel changed: exposure, clouds, the infrared lamp. Default true. */
  readonly followsLight?: boolean;
}

/** Checked options. Rates in 1/32768 a step, difference in 1/256 grey, factor in 1/16, share in 1/255. */
export interface MotionPlan {
  readonly columns: number;
  readonly rows: number;
  readonly backgroundRate: number;
  readonly absorbRate: number;
  readonly noiseRate: number;
  readonly minDifference: number;
  readonly noiseFactor: number;
  readonly blockShare: number;
  readonly followsLight: boolean;
}

const noOptions: MotionOptions = {};
const hourMs = 3_600_000;

/** 1 - exp(-elapsed / constant), so that two steps of 100 ms learn as much as one of 200 ms. */
function rate(name: string, elapsedMs: number, constantMs: number): number {
  checkNumber(name, constantMs, 1, 24 * hourMs);
  return Math.round((1 - Math.exp(-elapsedMs / constantMs)) * 32_768);
}

/** Throws RangeError or TypeError, naming the option. */
export function planMotion(width: number, height: number, options: MotionOptions = noOptions): MotionPlan {
  const luma = lumaSize(width, height);
  const { columns = Math.min(32, luma.width), rows = Math.min(18, luma.height) } = options;
  const { elapsedMs = 200, backgroundMs = 6_000, absorbMs = 60_000, noiseMs = 10_000 } = options;
  const { minDifference = 10, noiseFactor = 3, blockShare = 0.1, followsLight = true } = options;
  checkWhole("columns", columns, 1, Math.min(256, luma.width));
  checkWhole("rows", rows, 1, Math.min(256, luma.height));
  checkNumber("elapsedMs", elapsedMs, 0, hourMs);
  checkNumber("minDifference", minDifference, 0, 255);
  checkNumber("noiseFactor", noiseFactor, 0, 64);
  checkNumber("blockShare", blockShare, 0, 1);
  return {
    columns,
    rows,
    backgroundRate: rate("backgroundMs", elapsedMs, backgroundMs),
    absorbRate: rate("absorbMs", elapsedMs, absorbMs),
    noiseRate: rate("noiseMs", elapsedMs, noiseMs),
    minDifference: Math.round(minDifference * 256),
    noiseFactor: Math.round(noiseFactor * 16),
    blockShare: Math.max(1, Math.round(blockShare * 255)),
    followsLight,
  };
}
