/** The output layout that the shapes of a graph can only mean, if there is one (pure). */
import type { HeadType } from "./model-manifest.ts";
import type { ModelInput } from "./model-package.ts";
import type { TensorFacts } from "./onnx-file.ts";

/** undefined where the shapes fit no layout or more than one: then the manifest has to say it. */
export function guessHead(
  outputs: readonly TensorFacts[],
  labelCount: number,
  input: ModelInput,
): HeadType | undefined {
  const fits = [...fitting(outputs, labelCount, input)];
  return fits.length === 1 ? fits[0] : undefined;
}

function* fitting(outputs: readonly TensorFacts[], labelCount: number, input: ModelInput): Generator<HeadType> {
  const [first, second] = outputs;
  if (!first) return;
  if (outputs.length === 1) {
    yield* fittingOne(first, labelCount, input);
    return;
  }
  if (outputs.length !== 2 || !second) return;
  const shapes = [first, second];
  const named = (part: string): boolean => outputs.some((output) => output.name.toLowerCase().includes(part));
  if (shapes.some((s) => s.dims.length === 3 && s.dims[2] === 5) && shapes.some((s) => s.dims.length === 2))
    yield "dets-labels";
  else if (named("dets") && named("labels")) yield "dets-labels";
  else if (shapes.some((s) => s.dims[2] === 4) && shapes.some((s) => s.dims[2] === labelCount)) yield "detr";
}

function* fittingOne({ dims }: TensorFacts, labelCount: number, input: ModelInput): Generator<HeadType> {
  const [, a, b] = dims;
  if (dims.length === 4 && a === 5 + labelCount) yield "fastestdet";
  if (dims.length !== 3) return;
  const cells = [8, 16, 32].reduce((sum, s) => sum + Math.floor(input.widthPx / s) * Math.floor(input.heightPx / s), 0);
  if (a === 4 + labelCount && typeof b === "number" && b > a) yield "yolo-v8";
  if (b === 4 + labelCount && (typeof a !== "number" || a > b)) yield "cxcywh-scores";
  // Three anchors per cell or one: the only difference between the two that a shape shows.
  if (b === 5 + labelCount && a === cells * 3) yield "yolo-v5";
  if (b === 5 + labelCount && a === cells) yield "yolox";
  if (b === 6 && typeof a === "number" && a <= 1000) yield "end-to-end";
}
