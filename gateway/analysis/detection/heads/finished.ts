/** Heads whose boxes need no suppression: `dets-labels`, `end-to-end` and the DETR family. */
import { OutputMismatch, shapesText, type OutputTensor } from "../output-tensor.ts";
import { sigmoid, type ReadHead } from "./head.ts";

/** `dets [1, K, 5]` (x1 y1 x2 y2 score in input pixels) and `labels [1, K]`, as MMDeploy writes them. */
export const readDetsLabels: ReadHead = (outputs, facts, into) => {
  const dets = outputs.find((o) => o.dims.length === 3 && o.dims[0] === 1 && o.dims[2] === 5);
  const labels = outputs.find((o) => o.dims.length === 2 && o.dims[0] === 1);
  if (!dets || !labels || labels.dims[1] !== dets.dims[1]) {
    throw new OutputMismatch(`expected dets 1xKx5 and labels 1xK, got ${shapesText(outputs)}`);
  }
  for (let i = 0; i < (dets.dims[1] ?? 0); i += 1) {
    const at = i * 5;
    const label = labels.data[i] ?? -1;
    const score = dets.data[at + 4] ?? 0;
    // Empty rows fill the tensor up to K: their label is -1.
    if (!(score >= facts.floor) || label < 0 || label >= facts.labelCount) continue;
    into.add(label, score, dets.data[at] ?? 0, dets.data[at + 1] ?? 0, dets.data[at + 2] ?? 0, dets.data[at + 3] ?? 0);
  }
};

/** `[1, K, 6]`: x1 y1 x2 y2 in input pixels, score, label. */
export const readEndToEnd: ReadHead = (outputs, facts, into) => {
  const tensor = outputs[0];
  if (outputs.length !== 1 || tensor?.dims.length !== 3 || tensor.dims[0] !== 1 || tensor.dims[2] !== 6) {
    throw new OutputMismatch(`expected one output 1xKx6, got ${shapesText(outputs)}`);
  }
  const { data } = tensor;
  for (let i = 0; i < (tensor.dims[1] ?? 0); i += 1) {
    const at = i * 6;
    const score = data[at + 4] ?? 0;
    const label = Math.round(data[at + 5] ?? -1);
    if (!(score >= facts.floor) || label < 0 || label >= facts.labelCount) continue;
    into.add(label, score, data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0, data[at + 3] ?? 0);
  }
};

/** `boxes [1, Q, 4]` (centre and size as shares of the picture) and `scores [1, Q, C]`; logits with `activation: sigmoid`. */
export const readDetr: ReadHead = (outputs, facts, into) => {
  const [boxes, scores] = detrPair(outputs, facts.labelCount);
  for (let q = 0; q < (boxes.dims[1] ?? 0); q += 1) {
    for (let label = 0; label < facts.labelCount; label += 1) {
      const value = scores.data[q * facts.labelCount + label] ?? 0;
      const score = facts.activation === "sigmoid" ? sigmoid(value) : value;
      if (!(score >= facts.floor)) continue;
      const cx = (boxes.data[q * 4] ?? 0) * facts.widthPx;
      const cy = (boxes.data[q * 4 + 1] ?? 0) * facts.heightPx;
      const width = (boxes.data[q * 4 + 2] ?? 0) * facts.widthPx;
      into.addCentred(label, score, cx, cy, width, (boxes.data[q * 4 + 3] ?? 0) * facts.heightPx);
    }
  }
};

function detrPair(outputs: readonly OutputTensor[], labelCount: number): readonly [OutputTensor, OutputTensor] {
  const named = (part: string): OutputTensor | undefined => outputs.find((o) => o.name.toLowerCase().includes(part));
  const boxes = named("box") ?? outputs.find((o) => o.dims[2] === 4);
  const scores = outputs.find((o) => o !== boxes && o.dims[2] === labelCount);
  const fits = boxes?.dims.length === 3 && boxes.dims[2] === 4 && scores?.dims.length === 3;
  if (!fits || boxes.dims[0] !== 1 || scores.dims[1] !== boxes.dims[1]) {
    throw new OutputMismatch(`expected boxes 1xQx4 and scores 1xQx${labelCount}, got ${shapesText(outputs)}`);
  }
  return [boxes, scores];
}
