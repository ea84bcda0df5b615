/** Output tensors → boxes: finds the head's reader, refuses numbers that are none, drops overlaps. */
import { allFinite } from "../../../native/index.ts";
import { Candidates } from "./candidates.ts";
import { readDistances } from "./heads/dense.ts";
import { readFastestDet } from "./heads/fastestdet.ts";
import { readDetr, readDetsLabels, readEndToEnd } from "./heads/finished.ts";
import { headFacts, type ReadHead } from "./heads/head.ts";
import { readCxcywhScores, readYoloV5, readYoloV8, readYolox } from "./heads/rows.ts";
import type { HeadType } from "./model-manifest.ts";
import type { ModelPackage } from "./model-package.ts";
import type { OutputTensor } from "./output-tensor.ts";
import { survivors } from "./suppress.ts";

const readers: Readonly<Record<HeadType, ReadHead>> = {
  "cxcywh-scores": readCxcywhScores,
  yolox: readYolox,
  picodet: readDistances,
  nanodet: readDistances,
  fastestdet: readFastestDet,
  "dets-labels": readDetsLabels,
  "yolo-v8": readYoloV8,
  "yolo-v5": readYoloV5,
  "end-to-end": readEndToEnd,
  detr: readDetr,
};

/** The most boxes that one look may find. */
export const boxesMost = 300;

/** Numbers of one box in an answer: label index, score, x1, y1, x2, y2 in pixels of the model's input. */
export const numbersPerBox = 6;

/** A model's answer that cannot be believed: not a number, or infinite. */
export class OutputNotFinite extends Error {
  override readonly name = "OutputNotFinite";
}

/**
 * A decoder for `model` that is called once per run; it reuses its memory.
 * @param floor scores below are dropped, 0..1
 * @returns boxes as flat numbers, `numbersPerBox` each, best first; only valid until the next call
 * @throws OutputMismatch, OutputNotFinite
 */
export function outputDecoder(model: ModelPackage, floor: number): (outputs: readonly OutputTensor[]) => Float32Array {
  const read = readers[model.head.type];
  const facts = headFacts(model, floor);
  const candidates = new Candidates();
  const flat = new Float32Array(boxesMost * numbersPerBox);
  const limits = {
    iou: model.head.nms === "external" ? model.defaults.iou : null,
    contained: model.labels.map((label) => model.defaults.contained[label]),
    acrossLabels: model.defaults.acrossLabels,
    most: boxesMost,
  };
  return (outputs) => {
    for (const output of outputs) refuseNotFinite(output);
    candidates.clear();
    read(outputs, facts, candidates);
    return flatten(candidates, survivors(candidates, limits), flat);
  };
}

/** A network that once met NaN gives NaN everywhere, and NaN compares as "nobody there": it must not pass for that. */
function refuseNotFinite({ name, data }: OutputTensor): void {
  if (!allFinite(data)) throw new OutputNotFinite(`output ${name} holds values that are no numbers`);
}

function flatten(c: Candidates, kept: Int32Array, flat: Float32Array): Float32Array {
  let at = 0;
  for (const index of kept) {
    flat[at] = c.label[index] ?? 0;
    flat[at + 1] = c.score[index] ?? 0;
    flat[at + 2] = c.x1[index] ?? 0;
    flat[at + 3] = c.y1[index] ?? 0;
    flat[at + 4] = c.x2[index] ?? 0;
    flat[at + 5] = c.y2[index] ?? 0;
    at += numbersPerBox;
  }
  return flat.subarray(0, at);
}
