/** The letterbox in plain TypeScript, with the integer arithmetic of src/letterbox.cc: equal byte for byte. */
import { checkBytes } from "../arguments.ts";
import {
  type LetterboxGeometry,
  type LetterboxOptions,
  type LetterboxPlan,
  planLetterbox,
  type Region,
} from "../letterbox-plan.ts";
import { yuvBytes } from "../yuv-size.ts";

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

/** One plane of a picture: where it begins, its columns, and how often each row stands for two rows of the picture. */
interface Plane {
  readonly source: Uint8Array;
  readonly at: number;
  readonly stride: number;
  readonly shift: 0 | 1;
}

/** Blends rows of a plane from picture row `row` on into one row of 6-bit fractions. Rows past the last one weigh nothing. */
function blendRows(plane: Plane, row: number, rowsLeft: number, weight: Int16Array, out: Int16Array): void {
  const used = Math.min(weight.length, rowsLeft);
  for (let x = 0; x < out.length; x++) {
    let sum = 1 << (rowShift - 1);
    for (let k = 0; k < used; k++)
      sum += (plane.source[plane.at + ((row + k) >> plane.shift) * plane.stride + x] ?? 0) * (weight[k] ?? 0);
    out[x] = sum >> rowShift;
  }
}

/** What one matrix makes of chroma, in 1/65536; src/letterbox.cc says how. */
const matrices = {
  bt601: { redV: -26_475, greenU: -25_675, greenV: 12_258, blueU: 1_129 },
  bt709: { redV: -13_583, greenU: -13_976, greenV: 30_612, blueU: 7_366 },
} as const;
const lumaMore = 10_773;
const [blackest, noColour, whitest] = [16 << 6, 128 << 6, 255 << 6];

const high = (a: number, b: number): number => (a * b) >> 16;
const clamped = (value: number): number => Math.max(0, Math.min(whitest, value));

/** Three rows of a blended picture. */
interface YuvRow {
  readonly luma: Int16Array;
  readonly chromaU: Int16Array;
  readonly chromaV: Int16Array;
}

/** Luma and chroma become red, green and blue; `column` is the first pixel's place in the picture. */
function colourRow(row: YuvRow, matrix: (typeof matrices)["bt601" | "bt709"], column: number, out: Int16Array): void {
  for (let x = 0; x < row.luma.length; x++) {
    const chroma = ((column + x) >> 1) - (column >> 1);
    const y = (row.luma[x] ?? 0) - blackest;
    const u = (row.chromaU[chroma] ?? 0) - noColour;
    const v = (row.chromaV[chroma] ?? 0) - noColour;
    const light = y + high(y, lumaMore);
    out[x * 3] = clamped(light + 2 * v + high(v, matrix.redV));
    out[x * 3 + 1] = clamped(light + high(u, matrix.greenU) - v + high(v, matrix.greenV));
    out[x * 3 + 2] = clamped(light + 2 * u + high(u, matrix.blueU));
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

/** The planes of the part of a picture that is looked at, from its first column on. */
function planesOf(source: Uint8Array, width: number, height: number, column: number): readonly [Plane, Plane, Plane] {
  const stride = Math.ceil(width / 2);
  const chromaAt = width * height + (column >> 1);
  return [
    { source, at: column, stride: width, shift: 0 },
    { source, at: chromaAt, stride, shift: 1 },
    { source, at: chromaAt + stride * Math.ceil(height / 2), stride, shift: 1 },
  ];
}

interface Sides {
  readonly width: number;
  readonly height: number;
}

function render(
  source: Uint8Array,
  sourceSides: Sides,
  region: Region,
  target: Uint8Array,
  targetSides: Sides,
  plan: LetterboxPlan,
): void {
  const { innerX, innerY, innerWidth, innerHeight, pad } = plan;
  const columns = axisTable(region.width, innerWidth, plan.isArea);
  const rows = axisTable(region.height, innerHeight, plan.isArea);
  const [planeY, planeU, planeV] = planesOf(source, sourceSides.width, sourceSides.height, region.x);
  const chromaCount = ((region.x + region.width - 1) >> 1) - (region.x >> 1) + 1;
  const luma = new Int16Array(region.width);
  const [chromaU, chromaV] = [new Int16Array(chromaCount), new Int16Array(chromaCount)];
  const colour = new Int16Array((region.width + columns.taps) * 3);
  const rgb: Plane = { source, at: region.x * 3, stride: sourceSides.width * 3, shift: 0 };
  for (let y = 0; y < targetSides.height; y++) {
    const at = y * targetSides.width * 3;
    const end = at + targetSides.width * 3;
    const innerRow = y - innerY;
    if (innerRow < 0 || innerRow >= innerHeight) {
      fillPad(target, at, end, pad);
      continue;
    }
    const start = rows.start[innerRow] ?? 0;
    const weight = rows.weight.subarray(innerRow * rows.taps, (innerRow + 1) * rows.taps);
    const [row, left] = [region.y + start, region.height - start];
    if (plan.colours === "rgb24") blendRows(rgb, row, left, weight, colour.subarray(0, region.width * 3));
    else {
      blendRows(planeY, row, left, weight, luma);
      blendRows(planeU, row, left, weight, chromaU);
      blendRows(planeV, row, left, weight, chromaV);
      colourRow({ luma, chromaU, chromaV }, matrices[plan.colours], region.x, colour);
    }
    blendColumns(colour, columns, target, at + innerX * 3, plan.isSwapped);
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
  const pixels = sourceWidth * sourceHeight;
  checkBytes("source", source, plan.colours === "rgb24" ? pixels * 3 : yuvBytes(sourceWidth, sourceHeight));
  checkBytes("target", target, targetWidth * targetHeight * 3);
  const sourceSides = { width: sourceWidth, height: sourceHeight };
  render(source, sourceSides, region, target, { width: targetWidth, height: targetHeight }, plan);
  return plan.geometry;
}
