/** The head of FastestDet: one map of cells. */
import { OutputMismatch, shapesText } from "../output-tensor.ts";
import type { ReadHead } from "./head.ts";

/**
 * `[1, 5 + C, H, W]`: objectness, tanh offset of the centre from the cell's corner, sigmoid width and height as shares
 * of the picture, one score per label. Score = objectness^0.6 * label^0.4, as its authors train it.
 */
export const readFastestDet: ReadHead = (outputs, facts, into) => {
  const tensor = outputs[0];
  if (
    outputs.length !== 1 ||
    tensor?.dims.length !== 4 ||
    tensor.dims[0] !== 1 ||
    tensor.dims[1] !== 5 + facts.labelCount
  ) {
    throw new OutputMismatch(`expected one output 1x${5 + facts.labelCount}xHxW, got ${shapesText(outputs)}`);
  }
  const { data } = tensor;
  const down = tensor.dims[2] ?? 0;
  const across = tensor.dims[3] ?? 0;
  const cells = across * down;
  const plane = (channel: number, cell: number): number => data[channel * cells + cell] ?? 0;
  for (let cell = 0; cell < cells; cell += 1) {
    const certain = plane(0, cell) ** 0.6;
    if (!(certain >= facts.floor)) continue;
    const cx = (((cell % across) + Math.tanh(plane(1, cell))) / across) * facts.widthPx;
    const cy = ((Math.floor(cell / across) + Math.tanh(plane(2, cell))) / down) * facts.heightPx;
    const width = (1 / (1 + Math.exp(-plane(3, cell)))) * facts.widthPx;
    const height = (1 / (1 + Math.exp(-plane(4, cell)))) * facts.heightPx;
    for (let label = 0; label < facts.labelCount; label += 1) {
      const score = certain * plane(5 + label, cell) ** 0.4;
      if (score >= facts.floor) into.addCentred(label, score, cx, cy, width, height);
    }
  }
};
