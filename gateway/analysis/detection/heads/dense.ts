/** Heads that give distances as distributions per cell: `picodet` and `nanodet` (DFL), one pair of tensors per stride. */
import type { Candidates } from "../candidates.ts";
import { OutputMismatch, shapesText, type OutputTensor } from "../output-tensor.ts";
import { sigmoid, type HeadFacts, type ReadHead } from "./head.ts";

/**
 * Per stride one tensor `[1, H*W, C]` of scores and one `[1, H*W, 4 * bins]` of logits for the distances left, top,
 * right, bottom in strides, from the centre (x + 0.5) * stride. Tensors are told apart by their number of cells.
 */
export const readDistances: ReadHead = (outputs, facts, into) => {
  if (outputs.length !== facts.strides.length * 2) {
    throw new OutputMismatch(`expected ${facts.strides.length * 2} outputs, got ${shapesText(outputs)}`);
  }
  for (const stride of facts.strides) {
    // Some exports round the number of cells up (416 / 64 = 6.5), none leaves part of the picture out.
    const across = Math.ceil(facts.widthPx / stride);
    const down = Math.ceil(facts.heightPx / stride);
    const [scores, distances] = pairOf(outputs, across * down, facts);
    readLevel(scores, distances, { stride, across, facts }, into);
  }
};

interface Level {
  readonly stride: number;
  readonly across: number;
  readonly facts: HeadFacts;
}

function pairOf(
  outputs: readonly OutputTensor[],
  cells: number,
  facts: HeadFacts,
): readonly [OutputTensor, OutputTensor] {
  const here = outputs.filter((o) => o.dims.length === 3 && o.dims[0] === 1 && o.dims[1] === cells);
  const [first, second] = here;
  if (here.length === 2 && first && second) {
    const [a, b] = [first.dims[2] ?? 0, second.dims[2] ?? 0];
    // Where a model has as many labels as bins, the order of the outputs decides: scores come first.
    if (a === facts.labelCount && b % 4 === 0 && b >= 8) return [first, second];
    if (b === facts.labelCount && a % 4 === 0 && a >= 8) return [second, first];
  }
  throw new OutputMismatch(
    `expected 1x${cells}x${facts.labelCount} and 1x${cells}x(4*bins), got ${shapesText(outputs)}`,
  );
}

function readLevel(scores: OutputTensor, distances: OutputTensor, level: Level, into: Candidates): void {
  const { facts, stride, across } = level;
  const cells = scores.dims[1] ?? 0;
  const bins = (distances.dims[2] ?? 0) / 4;
  for (let cell = 0; cell < cells; cell += 1) {
    const at = cell * facts.labelCount;
    for (let label = 0; label < facts.labelCount; label += 1) {
      const value = scores.data[at + label] ?? 0;
      const score = facts.activation === "sigmoid" ? sigmoid(value) : value;
      if (!(score >= facts.floor)) continue;
      const side = (n: number): number => expectedBin(distances.data, (cell * 4 + n) * bins, bins) * stride;
      const cx = ((cell % across) + 0.5) * stride;
      const cy = (Math.floor(cell / across) + 0.5) * stride;
      into.add(label, score, cx - side(0), cy - side(1), cx + side(2), cy + side(3));
    }
  }
}

/** The mean of the distribution whose logits start at `at`. */
function expectedBin(data: Float32Array, at: number, bins: number): number {
  let highest = -Infinity;
  for (let b = 0; b < bins; b += 1) highest = Math.max(highest, data[at + b] ?? 0);
  let sum = 0;
  let weighted = 0;
  for (let b = 0; b < bins; b += 1) {
    const weight = Math.exp((data[at + b] ?? 0) - highest);
    sum += weight;
    weighted += weight * b;
  }
  return weighted / sum;
}
