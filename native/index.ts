/**
 * The pixel kernels. Every function works on buffers that the caller owns and keeps none of them; a size or option
 * that does not fit throws RangeError or TypeError with the argument's name. Source and target never overlap. Sources
 * are pictures as decoders give them: yuv420p in limited range, packed, `yuvBytes(width, height)` bytes.
 */
import { checkWhole } from "./arguments.ts";
import type { NativeStatus } from "./binary.ts";
import {
  type LetterboxGeometry,
  type LetterboxOptions,
  colourNumbers,
  planLetterbox,
  type Region,
} from "./letterbox-plan.ts";
import { type MotionOptions, planMotion } from "./motion-plan.ts";
import { binary, status } from "./loaded.ts";
import * as reference from "./reference.ts";

export type { NativeStatus } from "./binary.ts";
export type { Colours, LetterboxGeometry, LetterboxOptions, Region } from "./letterbox-plan.ts";
export type { MotionOptions } from "./motion-plan.ts";
export { motionStateSize, sceneStateSize } from "./reference.ts";
export {
  countAnglers,
  memberChanges,
  mostMemberRules,
  noEntry,
  readHeads,
  sideChanges,
  unknownMembers,
  wholeBlocks,
  type AnglersJob,
  type HeadColumns,
  type MembersJob,
  type SidesJob,
} from "./track-log.ts";
export { yuvBytes } from "./yuv-size.ts";

/** Whether the addon runs or the slower reference, and why. `XUELIANG_NATIVE=off` forces the reference. */
export const nativeStatus: NativeStatus = status;

/**
 * Resizes `region` of a picture into `target` (rgb24, packed, all of it is written) and says where it went. Chroma is
 * taken from the nearest sample. A region into a target of its own size is a plain conversion. "linear" is OpenCV's INTER_LINEAR with half-pixel centres, within one grey level; "area" is
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
    colourNumbers[plan.colours],
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

/**
 * One look of the motion gate. `state` is `motionStateSize(width, height)` bytes, starts at a multiple of 4, is zero
 * before the first step and belongs to one camera; `blocks` (columns * rows) receives the moved share of every block as
 * 0..255. Returns the share of moved blocks, 0..1. The first step, and the first after a change of size, has nothing
 * to compare with: it returns 1 and fills `blocks` with 255, so that a gate opens. Formula: native/README.md.
 */
export function motionStep(
  source: Uint8Array,
  width: number,
  height: number,
  state: Uint8Array,
  blocks: Uint8Array,
  options?: MotionOptions,
): number {
  if (binary === null) return reference.motionStep(source, width, height, state, blocks, options);
  const plan = planMotion(width, height, options);
  return binary.motionStep(
    width,
    height,
    source,
    state,
    plan.columns,
    plan.rows,
    blocks,
    plan.backgroundRate,
    plan.absorbRate,
    plan.noiseRate,
    plan.minDifference,
    plan.noiseFactor,
    plan.blockShare,
    plan.followsLight ? 1 : 0,
  );
}

/**
 * Measures the whole picture on a grey version about 320 pixels wide. `state` is `sceneStateSize(width, height)` bytes,
 * starts at a multiple of 4 and is zero before the first call. Writes into `out`, five numbers: mean luma 0..255,
 * standard deviation, variance of the Laplacian, share of pixels darker than a tenth, and the mean absolute difference
 * to the picture before (NaN the first time).
 */
export function measureScene(
  source: Uint8Array,
  width: number,
  height: number,
  state: Uint8Array,
  out: Float64Array,
): void {
  if (binary === null) {
    reference.measureScene(source, width, height, state, out);
    return;
  }
  binary.measureScene(width, height, source, state, out);
}

/** Writes the sum of every column and of every row of a plane of bytes, which is packed: `width * height` of them. */
export function lineSums(
  plane: Uint8Array,
  width: number,
  height: number,
  columns: Uint32Array,
  rows: Uint32Array,
): void {
  if (binary === null) reference.lineSums(plane, width, height, columns, rows);
  else binary.lineSums(width, height, plane, columns, rows);
}

/**
 * Writes the sum of every square of `side` pixels, row by row. What is left over at the right and bottom counts for
 * nothing; there is at least one square across and down, cut where the picture ends.
 */
export function cellSums(plane: Uint8Array, width: number, height: number, side: number, sums: Uint32Array): void {
  if (binary === null) reference.cellSums(plane, width, height, side, sums);
  else binary.cellSums(width, height, plane, side, sums);
}

/** As `cellSums`, over the absolute difference of four times each inner pixel to its four neighbours: fine detail. */
export function bendSums(plane: Uint8Array, width: number, height: number, side: number, sums: Uint32Array): void {
  if (binary === null) reference.bendSums(plane, width, height, side, sums);
  else binary.bendSums(width, height, plane, side, sums);
}

/** Writes for every column the absolute steps from the column before, over rows `every`, 2 `every` …; the first has none. */
export function stepSums(plane: Uint8Array, width: number, height: number, every: number, sums: Uint32Array): void {
  if (binary === null) reference.stepSums(plane, width, height, every, sums);
  else binary.stepSums(width, height, plane, every, sums);
}

/**
 * Writes for each spot of 16 by 16 pixels the absolute values of the mask 1 -2 1 / -2 4 -2 / 1 -2 1. `places` are the
 * indices of their first pixels; a spot and one pixel around it lie within the plane.
 */
export function maskSums(
  plane: Uint8Array,
  width: number,
  height: number,
  places: Uint32Array,
  sums: Uint32Array,
): void {
  if (binary === null) reference.maskSums(plane, width, height, places, sums);
  else binary.maskSums(width, height, plane, places, sums);
}

/** Whether all of `values` are numbers, none of them infinite. */
export function allFinite(values: Float32Array): boolean {
  return binary === null ? reference.allFinite(values) : binary.allFinite(values) === 1;
}

/**
 * Writes in order the rows of `width` values of which one from column `from` to before `to` is `floor` (0..1) or more;
 * returns how many there are. `found` has a place for every whole row; what lies behind the last one found means nothing.
 */
export function rowsWith(
  values: Float32Array,
  width: number,
  from: number,
  to: number,
  floor: number,
  found: Uint32Array,
): number {
  if (binary === null) return reference.rowsWith(values, width, from, to, floor, found);
  return binary.rowsWith(values, width, from, to, floor, found);
}

const maxSharedBytes = 0x7f_ff_ff_ff;

/**
 * Makes a new file of `bytes` (on /dev/shm: memory) with its pages reserved and maps it; the one who makes it also
 * unlinks it. The mapping lives as long as the buffer, also after the unlink. Throws EEXIST, ENOSPC, or another system
 * error; null where the addon does not run: then copy instead.
 */
export function createSharedFile(path: string, bytes: number): ArrayBuffer | null {
  checkWhole("bytes", bytes, 1, maxSharedBytes);
  return binary === null ? null : binary.mapSharedFile(path, bytes, 1);
}

/**
 * Maps the first `bytes` of a file that another process made: both see the same memory, without copying. Throws
 * RangeError when the file is smaller and ENOENT when it is not there; null where the addon does not run. The file must
 * not be truncated while it is mapped.
 */
export function mapSharedFile(path: string, bytes: number): ArrayBuffer | null {
  checkWhole("bytes", bytes, 1, maxSharedBytes);
  return binary === null ? null : binary.mapSharedFile(path, bytes, 0);
}

/** Both ends of a pipe as file descriptors; whoever opened it closes them. */
export interface PipeEnds {
  readonly readFd: number;
  readonly writeFd: number;
}

/**
 * Opens a pipe that child processes do not inherit by themselves, with room for about `bytes` (4 KiB to 1 MiB; the
 * kernel may grant less). Throws EMFILE or EIO; null where the addon does not run.
 */
export function openPipe(bytes: number): PipeEnds | null {
  checkWhole("bytes", bytes, 4_096, 1_048_576);
  if (binary === null) return null;
  const ends = new Float64Array(2);
  binary.openPipe(bytes, ends);
  const [readFd = -1, writeFd = -1] = ends;
  return { readFd, writeFd };
}

/**
 * Asks the kernel to kill this process when the thread that spawned it ends, whatever the reason. Called first thing in
 * a child process, which must then see for itself whether the parent is already gone. False: not available.
 */
export function dieWithParent(): boolean {
  return binary !== null && binary.dieWithParent() === 1;
}

/**
 * Sends `text` (at most 511 bytes) to the service manager's datagram socket at `path`, without waiting: Node has no such
 * sockets. `@` at the front of the path means an abstract name. False: nobody listens there; null: the addon does not run.
 */
export function notifyService(path: string, text: string): boolean | null {
  return binary === null ? null : binary.notifyService(path, text) === 1;
}
