/**
 * The pixel kernels. Every function works on buffers that the caller owns and keeps none of them; a size or option
 * that does not fit throws RangeError or TypeError with the argument's name. Source and target never overlap.
 */
import { loadBinary, type NativeStatus } from "./binary.ts";
import { type LetterboxGeometry, type LetterboxOptions, planLetterbox, type Region } from "./letterbox-plan.ts";
import * as reference from "./reference.ts";

export type { NativeStatus } from "./binary.ts";
export type { LetterboxGeometry, LetterboxOptions, Region } from "./letterbox-plan.ts";

const { binary, status } = loadBinary();

/** Whether the addon runs or the slower reference, and why. `XUELIANG_NATIVE=off` forces the reference. */
export const nativeStatus: NativeStatus = status;

/**
 * Resizes `region` of an rgb24 picture (packed, width * height * 3 bytes) into `target` (packed, all of it is written)
 * and says where it went. "linear" is OpenCV's INTER_LINEAR with half-pixel centres, within one grey level; "area" is
 * an exact box average where the picture shrinks and the same as "linear" along an axis where it grows.
 */
export function letterbox(
  source: Uint8Array,
  sourceWidth: number,
  sourceHeight: number,
  region: Region,
  target: Uint8Array,
  targetWidth: number,
  targetHeight: number,
  options?: LetterboxOptions,
): LetterboxGeometry {
  if (binary === null)
    return reference.letterbox(source, sourceWidth, sourceHeight, region, target, targetWidth, targetHeight, options);
  const plan = planLetterbox(sourceWidth, sourceHeight, region, targetWidth, targetHeight, options);
  const { innerX, innerY, innerWidth, innerHeight, pad } = plan;
  binary.letterbox(
    sourceWidth,
    sourceHeight,
    source,
    region.x,
    region.y,
    region.width,
    region.height,
    targetWidth,
    targetHeight,
    target,
    innerX,
    innerY,
    innerWidth,
    innerHeight,
    pad,
    plan.isArea ? 1 : 0,
    plan.isSwapped ? 1 : 0,
  );
  return plan.geometry;
}
