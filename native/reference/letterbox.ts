/** The letterbox in plain TypeScript, with the integer arithmetic of src/letterbox.cc: equal byte for byte. */
import { checkBytes } from "../arguments.ts";
import {
  type LetterboxGeometry,
  type LetterboxOptions,
  type LetterboxPlan,
  planLetterbox,
  type Region,
} from "../letterbox-plan.ts";

const weightOne = 1 << 14;
const rowShift = 8;
const pixelShift = 20;

/** Which source samples make one target sample along one axis; each row of weights sums to 16384. */
interface AxisTable {
  readonly taps: number;
  readonly start: Int32Array;
  readonly weight: Int16Array;
}

function linearTable(sourceLength: number, targetLength: number): AxisTable {
  const start = new Int32Array(targetLength);
  const weight = new Int16Array(targetLength * 2);
  const ratio = sourceLength / targetLength;
  for (let i = 0; i < targetLength; i++) {
    const position = (i + 0.5) * ratio - 0.5;
    let first = Math.floor(position);
    let share = position - first;
    if (first < 0) first = share = 0;
    if (first >= sourceLength - 1) {
      first = sourceLength - 1;
      share = 0;
    }
    const second = Math.floor(share * weightOne + 0.5);
    start[i] = first;
    weight[i * 2] = weightOne - second;
    weight[i * 2 + 1] = second;
  }
  return { taps: 2, start, weight };
}

function areaTable(sourceLength: number, targetLength: number): AxisTable {
  const taps = (Math.floor(sourceLength / targetLength) + 3) & ~1;
  const start = new Int32Array(targetLength);
  const weight = new Int16Array(targetLength * taps);
  const ratio = sourceLength / targetLength;
  for (let i = 0; i < targetLength; i++) {
    const from = i * ratio;
    const to = from + ratio;
    const begin = Math.floor(from);
    start[i] = begin;
    // The rounding error is carried along, so that the weights of one sample sum to exactly one.
    let spent = 0;
    for (let k = 0; k < taps && spent < weightOne; k++) {
      const isLast = begin + k + 1 >= to || begin + k + 1 >= sourceLength || k + 1 === taps;
      const until = isLast ? weightOne : Math.floor(((begin + k + 1 - from) / ratio) * weightOne + 0.5);
      weight[i * taps + k] = until - spent;
      spent = until;
    }
  }
  return { taps, start, weight };
}

function axisTable(sourceLength: number, targetLength: number, isArea: boolean): AxisTable {
  return isArea && sourceLength > targetLength
    ? areaTable(sourceLength, targetLength)
    : linearTable(sourceLength, targetLength);
}

/** Blends source rows into one row of 6-bit fractions. Rows past the last one weigh nothing. */
function blendRows(
  source: Uint8Array,
  at: number,
  stride: number,
  rowsLeft: number,
  weight: Int16Array,
  weightAt: number,
  taps: number,
  out: Int16Array,
  count: number,
): void {
  const used = Math.min(taps, rowsLeft);
  for (let x = 0; x < count; x++) {
    let sum = 1 << (rowShift - 1);
    for (let k = 0; k < used; k++) sum += (source[at + k * stride + x] ?? 0) * (weight[weightAt + k] ?? 0);
    out[x] = sum >> rowShift;
  }
}

function blendColumns(row: Int16Array, columns: AxisTable, target: Uint8Array, at: number, isSwapped: boolean): void {
  const { taps, start, weight } = columns;
  for (let x = 0; x < start.length; x++) {
    const from = (start[x] ?? 0) * 3;
    for (let channel = 0; channel < 3; channel++) {
      let sum = 1 << (pixelShift - 1);
      for (let k = 0; k < taps; k++) sum += (row[from + k * 3 + channel] ?? 0) * (weight[x * taps + k] ?? 0);
      target[at + x * 3 + (isSwapped ? 2 - channel : channel)] = sum >> pixelShift;
    }
  }
}

function fillPad(target: Uint8Array, from: number, to: number, pad: number): void {
  for (let at = from; at < to; at += 3) {
    target[at] = pad >> 16;
    target[at + 1] = (pad >> 8) & 255;
    target[at + 2] = pad & 255;
  }
}

function render(
  source: Uint8Array,
  sourceWidth: number,
  region: Region,
  target: Uint8Array,
  targetWidth: number,
  targetHeight: number,
  plan: LetterboxPlan,
): void {
  const { innerX, innerY, innerWidth, innerHeight, pad } = plan;
  const columns = axisTable(region.width, innerWidth, plan.isArea);
  const rows = axisTable(region.height, innerHeight, plan.isArea);
  const row = new Int16Array((region.width + columns.taps) * 3);
  const stride = sourceWidth * 3;
  for (let y = 0; y < targetHeight; y++) {
    const at = y * targetWidth * 3;
    const end = at + targetWidth * 3;
    const innerRow = y - innerY;
    if (innerRow < 0 || innerRow >= innerHeight) {
      fillPad(target, at, end, pad);
      continue;
    }
    const start = rows.start[innerRow] ?? 0;
    blendRows(
      source,
      (region.y + start) * stride + region.x * 3,
      stride,
      region.height - start,
      rows.weight,
      innerRow * rows.taps,
      rows.taps,
      row,
      region.width * 3,
    );
    blendColumns(row, columns, target, at + innerX * 3, plan.isSwapped);
    fillPad(target, at, at + innerX * 3, pad);
    fillPad(target, at + (innerX + innerWidth) * 3, end, pad);
  }
}

/** See `letterbox` in index.ts. */
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
  const plan = planLetterbox(sourceWidth, sourceHeight, region, targetWidth, targetHeight, options);
  checkBytes("source", source, sourceWidth * sourceHeight * 3);
  checkBytes("target", target, targetWidth * targetHeight * 3);
  render(source, sourceWidth, region, target, targetWidth, targetHeight, plan);
  return plan.geometry;
}
