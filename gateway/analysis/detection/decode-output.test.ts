import { describe, expect, test } from "vitest";
import { numbersPerBox, outputDecoder } from "./decode-output.ts";
import type { ModelPackage } from "./model-package.ts";
import type { HeadType } from "./model-manifest.ts";
import type { OutputTensor } from "./output-tensor.ts";
import { examplePackage } from "./testing/example-package.ts";

function model(type: HeadType, head: Partial<ModelPackage["head"]> = {}): ModelPackage {
  return examplePackage({ head: { type, ...head } });
}

const tensor = (dims: readonly number[], data: readonly number[], name = "out"): OutputTensor => ({
  name,
  dims,
  data: Float32Array.from(data),
});
/** The logits of a distribution that surely is `bin` of 8. */
const surely = (bin: number): readonly number[] => Array.from({ length: 8 }, (_, i) => (i === bin ? 40 : 0));
const cellOne = (...values: readonly number[]): readonly number[] => [...values.map(() => 0), ...values];

/** Every layout tells the same: a boat, score .8, from 8,2 to 16,6, in the second of two cells. */
describe("each layout is read as its authors write it", () => {
  for (const [type, outputs, head] of [
    ["cxcywh-scores", [tensor([1, 1, 6], [12, 4, 8, 4, 0, 0.8])], {}],
    ["yolo-v8", [tensor([1, 6, 1], [12, 4, 8, 4, 0, 0.8])], {}],
    ["yolo-v5", [tensor([1, 1, 7], [12, 4, 8, 4, 0.8, 0, 1])], {}],
    ["yolox", [tensor([1, 2, 7], cellOne(0.5, 0.5, 0, Math.log(0.5), 1, 0, 0.8))], {}],
    [
      "fastestdet",
      [
        tensor(
          [1, 7, 1, 2],
          [
            [0, 1],
            [0, Math.atanh(0.5)],
            [0, Math.atanh(0.5)],
            [0, 0],
            [0, 0],
            [0, 0],
            [0, 0.8 ** 2.5],
          ].flat(),
        ),
      ],
      {},
    ],
    ["end-to-end", [tensor([1, 1, 6], [8, 2, 16, 6, 0.8, 1])], { nms: "inside" }],
    ["dets-labels", [tensor([1, 1, 5], [8, 2, 16, 6, 0.8], "dets"), tensor([1, 1], [1], "labels")], { nms: "inside" }],
    [
      "detr",
      [tensor([1, 1, 2], [-40, Math.log(4)], "scores"), tensor([1, 1, 4], [0.75, 0.5, 0.5, 0.5], "boxes")],
      { nms: "inside", activation: "sigmoid" },
    ],
  ] as const) {
    test(type, () => {
      const boxes = outputDecoder(model(type, head), 0.1)(outputs);
      expect([...boxes].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([1, 0.8, 8, 2, 16, 6]);
    });
  }

  for (const type of ["picodet", "nanodet"] as const) {
    test(`${type}: distances in strides from the middle of the cell, whatever the order of the outputs`, () => {
      const scores = tensor([1, 2, 2], cellOne(0, 0.8));
      const distances = tensor(
        [1, 2, 32],
        [...Array.from({ length: 32 }, () => 0), ...surely(1), ...surely(0), ...surely(2), ...surely(3)],
      );
      for (const outputs of [
        [scores, distances],
        [distances, scores],
      ]) {
        const boxes = outputDecoder(model(type), 0.1)(outputs);
        expect([...boxes].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([1, 0.8, 4, 4, 28, 28]);
      }
    });
  }
});

describe("overlapping boxes", () => {
  const row = (x: number, person: number, boat: number): readonly number[] => [x, 4, 8, 4, person, boat];
  const decode = outputDecoder(model("cxcywh-scores"), 0.1);
  const scores = (...rows: readonly (readonly number[])[]): readonly number[] => {
    const boxes = decode([tensor([1, rows.length, 6], rows.flat())]);
    return Array.from(
      { length: boxes.length / numbersPerBox },
      (_, i) => Math.round((boxes[i * numbersPerBox + 1] ?? 0) * 100) / 100,
    );
  };
  for (const [name, rows, left] of [
    ["the better of two of one label stays", [row(8, 0.6, 0), row(9, 0.9, 0)], [0.9]],
    ["different labels do not drop each other", [row(8, 0.6, 0), row(8, 0, 0.9)], [0.9, 0.6]],
    ["apart, both stay", [row(4, 0.6, 0), row(12, 0.9, 0)], [0.9, 0.6]],
    ["below the floor nobody is there", [row(8, 0.05, 0)], []],
  ] as const) {
    test(name, () => expect(scores(...rows)).toEqual(left));
  }

  test("across labels, one thing has one label", () => {
    const one = model("cxcywh-scores");
    const flat = outputDecoder({ ...one, defaults: { ...one.defaults, acrossLabels: true } }, 0.1);
    const boxes = flat([tensor([1, 2, 6], [...row(8, 0.6, 0), ...row(8, 0, 0.9)])]);
    expect([...boxes].slice(0, 2).map((value) => Math.round(value * 100) / 100)).toEqual([1, 0.9]);
    expect(boxes.length).toBe(numbersPerBox);
  });

  test("a flood of boxes keeps the best ones, wherever they stand in the output", () => {
    const rows = Array.from({ length: 66_000 }, (_, i) =>
      row((i % 4_000) * 20, i === 65_999 ? 0.99 : 0.2 + (i % 100) / 1_000, 0),
    );
    expect(scores(...rows)[0]).toBe(0.99);
  });
});

describe("an output that cannot be believed is refused, never read as nobody there", () => {
  for (const [name, type, outputs, error] of [
    ["NaN", "cxcywh-scores", [tensor([1, 1, 6], [12, 4, 8, 4, NaN, NaN])], "OutputNotFinite"],
    ["infinity", "cxcywh-scores", [tensor([1, 1, 6], [12, 4, Infinity, 4, 0, 0.8])], "OutputNotFinite"],
    ["another number of labels", "cxcywh-scores", [tensor([1, 1, 7], [12, 4, 8, 4, 0, 0.8, 0])], "OutputMismatch"],
    [
      "another number of cells",
      "yolox",
      [
        tensor(
          [1, 3, 7],
          Array.from({ length: 21 }, () => 0),
        ),
      ],
      "OutputMismatch",
    ],
    ["a level missing", "picodet", [tensor([1, 2, 2], [0, 0, 0, 0])], "OutputMismatch"],
    ["no outputs at all", "yolo-v8", [], "OutputMismatch"],
  ] as const) {
    test(name, () =>
      expect(() => outputDecoder(model(type), 0.1)(outputs)).toThrow(expect.objectContaining({ name: error })),
    );
  }
});
