/** Heads of one tensor with a row per box: `cxcywh-scores`, `yolo-v5`, `yolo-v8` (its transpose) and `yolox`. */
import { rowsWith } from "../../../../native/index.ts";
import type { Candidates } from "../candidates.ts";
import { OutputMismatch, shapesText, type OutputTensor } from "../output-tensor.ts";
import { sigmoid, type HeadFacts, type ReadHead } from "./head.ts";

/** `[1, N, 4 + C]`: centre and size in input pixels, one score per label. */
export const readCxcywhScores: ReadHead = (outputs, facts, into) => {
  const rows = rowsOf(outputs, 4 + facts.labelCount);
  readRows(rows, { ...plain, facts }, into);
};

/** `[1, N, 5 + C]`: centre and size in input pixels, objectness, one score per label. */
export const readYoloV5: ReadHead = (outputs, facts, into) => {
  const rows = rowsOf(outputs, 5 + facts.labelCount);
  readRows(rows, { ...plain, objectness: true, facts }, into);
};

/** `[1, 4 + C, N]`: as `cxcywh-scores`, column by column. */
export const readYoloV8: ReadHead = (outputs, facts, into) => {
  const tensor = outputs[0];
  const width = 4 + facts.labelCount;
  if (outputs.length !== 1 || tensor?.dims.length !== 3 || tensor.dims[0] !== 1 || tensor.dims[1] !== width) {
    throw new OutputMismatch(`expected one output 1x${width}xN, got ${shapesText(outputs)}`);
  }
  const count = tensor.dims[2] ?? 0;
  const { data } = tensor;
  for (let label = 0; label < facts.labelCount; label += 1) {
    const scores = (4 + label) * count;
    for (let i = 0; i < count; i += 1) {
      const score = scoreOf(data[scores + i] ?? 0, facts);
      if (!(score >= facts.floor)) continue;
      into.addCentred(
        label,
        score,
        data[i] ?? 0,
        data[count + i] ?? 0,
        data[2 * count + i] ?? 0,
        data[3 * count + i] ?? 0,
      );
    }
  }
};

/** `[1, N, 5 + C]` not yet decoded: (xy + cell) * stride, exp(wh) * stride; cells row by row, finest stride first. */
export const readYolox: ReadHead = (outputs, facts, into) => {
  const rows = rowsOf(outputs, 5 + facts.labelCount);
  const cells = facts.strides.reduce(
    (sum, s) => sum + Math.floor(facts.widthPx / s) * Math.floor(facts.heightPx / s),
    0,
  );
  if (cells !== rows.count) throw new OutputMismatch(`expected ${cells} cells, got ${shapesText(outputs)}`);
  let first = 0;
  for (const stride of facts.strides) {
    const across = Math.floor(facts.widthPx / stride);
    const down = Math.floor(facts.heightPx / stride);
    readRows({ ...rows, first, count: across * down }, { stride, across, objectness: true, facts }, into);
    first += across * down;
  }
};

interface Rows {
  readonly data: Float32Array;
  readonly first: number;
  readonly count: number;
  readonly width: number;
}

interface Reading {
  /** 0: boxes are in pixels already. */
  readonly stride: number;
  readonly across: number;
  readonly objectness: boolean;
  readonly facts: HeadFacts;
}

const plain = { stride: 0, across: 1, objectness: false };

function rowsOf(outputs: readonly OutputTensor[], width: number): Rows {
  const tensor = outputs[0];
  if (outputs.length !== 1 || tensor?.dims.length !== 3 || tensor.dims[0] !== 1 || tensor.dims[2] !== width) {
    throw new OutputMismatch(`expected one output 1xNx${width}, got ${shapesText(outputs)}`);
  }
  return { data: tensor.data, first: 0, count: tensor.dims[1] ?? 0, width };
}

function readRows(rows: Rows, reading: Reading, into: Candidates): void {
  const { width, count } = rows;
  const data = rows.data.subarray(rows.first * width, (rows.first + count) * width);
  const { facts, objectness } = reading;
  // Hot: a hundred thousand scores a look, of which a few dozen count.
  const { floor, labelCount } = facts;
  const isSigmoid = facts.activation === "sigmoid";
  const scoresAt = objectness ? 5 : 4;
  const found = into.roomForRows(count);
  const foundCount = isSigmoid ? count : rowsWith(data, width, 4, objectness ? 5 : 4 + labelCount, floor, found);
  for (let n = 0; n < foundCount; n += 1) {
    const i = isSigmoid ? n : (found[n] ?? 0);
    const at = i * width;
    const certain = objectness ? scoreOf(data[at + 4] ?? 0, facts) : 1;
    if (!(certain >= floor)) continue;
    for (let label = 0; label < labelCount; label += 1) {
      const value = data[at + scoresAt + label] ?? 0;
      const score = certain * (isSigmoid ? sigmoid(value) : value);
      if (score >= floor) addBox(data, at, i, { label, score }, reading, into);
    }
  }
}

function addBox(
  data: Float32Array,
  at: number,
  cell: number,
  found: { readonly label: number; readonly score: number },
  { stride, across }: Reading,
  into: Candidates,
): void {
  const x = data[at] ?? 0,
    y = data[at + 1] ?? 0,
    w = data[at + 2] ?? 0,
    h = data[at + 3] ?? 0;
  if (stride === 0) {
    into.addCentred(found.label, found.score, x, y, w, h);
    return;
  }
  const cx = (x + (cell % across)) * stride;
  const cy = (y + Math.floor(cell / across)) * stride;
  into.addCentred(found.label, found.score, cx, cy, Math.exp(w) * stride, Math.exp(h) * stride);
}

function scoreOf(value: number, facts: HeadFacts): number {
  return facts.activation === "sigmoid" ? sigmoid(value) : value;
}
