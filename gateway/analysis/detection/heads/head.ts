/** What every output layout can do. */
import type { Candidates } from "../candidates.ts";
import type { ModelPackage } from "../model-package.ts";
import type { OutputTensor } from "../output-tensor.ts";

/** What a head needs to know of its model. */
export interface HeadFacts {
  readonly labelCount: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly strides: readonly number[];
  readonly activation: "none" | "sigmoid";
  /** Scores below are not kept, 0..1. */
  readonly floor: number;
}

/**
 * Reads one run's outputs into `into`, boxes in pixels of the model's input.
 * @throws OutputMismatch when the tensors have not the shape of this layout
 */
export type ReadHead = (outputs: readonly OutputTensor[], facts: HeadFacts, into: Candidates) => void;

/** The facts of `model`, with the lowest score that is kept. */
export function headFacts(model: ModelPackage, floor: number): HeadFacts {
  return {
    labelCount: model.labels.length,
    widthPx: model.input.widthPx,
    heightPx: model.input.heightPx,
    strides: model.head.strides,
    activation: model.head.activation,
    floor,
  };
}

/** Turns a logit into a score. */
export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
