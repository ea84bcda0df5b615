/** Whatever is handed in, both the addon and the reference throw the same class and name the argument; nothing crashes. */
import { describe, expect, test } from "vitest";
import * as native from "../index.ts";
import * as reference from "../reference.ts";

const [width, height] = [64, 36];
const picture = new Uint8Array(native.yuvBytes(width, height));
const target = new Uint8Array(32 * 32 * 3);
const region = { x: 0, y: 0, width, height };
const state = new Uint8Array(native.motionStateSize(width, height));
const sceneState = new Uint8Array(native.sceneStateSize(width, height));
const blocks = new Uint8Array(32 * 18);
const out = new Float64Array(5);
const [plane, line, spot] = [new Uint8Array(20 * 20), new Uint32Array(20), new Uint32Array(1)];
const scores = new Float32Array(20 * 10);

type Kernels = typeof reference;
/** Wrong on purpose: what plain JavaScript, or a config that nobody checked, may hand in. */
function wrong(value: unknown): never {
  return value as never;
}
function letterboxWith(kernels: Kernels, options: unknown): void {
  kernels.letterbox(picture, width, height, region, target, 32, 32, wrong(options));
}
function motionWith(kernels: Kernels, options: unknown): void {
  kernels.motionStep(picture, width, height, state, blocks, wrong(options));
}
const detached = new Uint8Array(picture.length);
structuredClone(detached.buffer, { transfer: [detached.buffer] });

const cases: readonly (readonly [string, ErrorConstructor, RegExp, (kernels: Kernels) => unknown])[] = [
  ["doubles for floats", TypeError, /^values must/, (k) => k.allFinite(wrong(out))],
  ["scores of bytes", TypeError, /^values must/, (k) => k.rowsWith(wrong(plane), 10, 4, 10, 0.1, line)],
  ["rows of no width", RangeError, /^width/, (k) => k.rowsWith(scores, 0, 0, 0, 0.1, line)],
  ["columns beyond the row", RangeError, /^to/, (k) => k.rowsWith(scores, 10, 4, 11, 0.1, line)],
  ["a floor beyond one", RangeError, /^floor/, (k) => k.rowsWith(scores, 10, 4, 10, 1.1, line)],
  ["a floor that is no number", RangeError, /^floor/, (k) => k.rowsWith(scores, 10, 4, 10, NaN, line)],
  ["places for other rows", RangeError, /^found holds/, (k) => k.rowsWith(scores, 10, 4, 10, 0.1, spot)],
  ["a plane of another size", RangeError, /^plane holds/, (k) => k.lineSums(plane.subarray(1), 20, 20, line, line)],
  ["columns for another width", RangeError, /^columns holds/, (k) => k.lineSums(plane, 20, 20, line.subarray(1), line)],
  ["rows of bytes", TypeError, /^rows must/, (k) => k.lineSums(plane, 20, 20, line, wrong(new Uint8Array(20)))],
  ["squares of nothing", RangeError, /^side/, (k) => k.cellSums(plane, 20, 20, 0, line)],
  ["sums for fewer squares", RangeError, /^sums holds/, (k) => k.cellSums(plane, 20, 20, 4, line)],
  ["bends of other squares", RangeError, /^sums holds/, (k) => k.bendSums(plane, 20, 20, 3, line)],
  ["every half row", RangeError, /^every/, (k) => k.stepSums(plane, 20, 20, 0.5, line)],
  ["a spot at the edge", RangeError, /^places/, (k) => k.maskSums(plane, 20, 20, Uint32Array.of(20), spot)],
  ["a spot that reaches out", RangeError, /^places/, (k) => k.maskSums(plane, 20, 20, Uint32Array.of(24), spot)],
  ["a spot below the picture", RangeError, /^places/, (k) => k.maskSums(plane, 20, 20, Uint32Array.of(101), spot)],
  ["sums for other spots", RangeError, /^sums holds/, (k) => k.maskSums(plane, 20, 20, Uint32Array.of(21), line)],
  [
    "a short source",
    RangeError,
    /^source holds/,
    (k) => k.letterbox(picture.subarray(1), width, height, region, target, 32, 32),
  ],
  [
    "a long source",
    RangeError,
    /^source holds/,
    (k) => k.letterbox(new Uint8Array(picture.length + 1), width, height, region, target, 32, 32),
  ],
  [
    "a detached source",
    RangeError,
    /^source holds 0/,
    (k) => k.letterbox(detached, width, height, region, target, 32, 32),
  ],
  ["no source", TypeError, /^source must/, (k) => k.letterbox(wrong(undefined), width, height, region, target, 32, 32)],
  [
    "a source of floats",
    TypeError,
    /^source must/,
    (k) => k.letterbox(wrong(new Float32Array(picture.length)), width, height, region, target, 32, 32),
  ],
  [
    "a clamped source",
    TypeError,
    /^source must/,
    (k) => k.letterbox(wrong(new Uint8ClampedArray(picture.length)), width, height, region, target, 32, 32),
  ],
  [
    "a data view",
    TypeError,
    /^source must/,
    (k) => k.letterbox(wrong(new DataView(picture.buffer)), width, height, region, target, 32, 32),
  ],
  [
    "a short target",
    RangeError,
    /^target holds/,
    (k) => k.letterbox(picture, width, height, region, target.subarray(3), 32, 32),
  ],
  ["no width", RangeError, /^sourceWidth/, (k) => k.letterbox(picture, 0, height, region, target, 32, 32)],
  [
    "a width of text",
    TypeError,
    /^sourceWidth/,
    (k) => k.letterbox(picture, wrong("64"), height, region, target, 32, 32),
  ],
  ["a negative height", RangeError, /^sourceHeight/, (k) => k.letterbox(picture, width, -36, region, target, 32, 32)],
  ["half a pixel", RangeError, /^targetWidth/, (k) => k.letterbox(picture, width, height, region, target, 32.5, 32)],
  [
    "a target that is not a number",
    RangeError,
    /^targetHeight/,
    (k) => k.letterbox(picture, width, height, region, target, 32, NaN),
  ],
  [
    "a picture beyond 32 bits",
    RangeError,
    /^sourceWidth/,
    (k) => k.letterbox(picture, 2 ** 31, height, region, target, 32, 32),
  ],
  [
    "a region beside the picture",
    RangeError,
    /^region.x/,
    (k) => k.letterbox(picture, width, height, { ...region, x: width }, target, 32, 32),
  ],
  [
    "a region that reaches out",
    RangeError,
    /^region.width/,
    (k) => k.letterbox(picture, width, height, { ...region, x: 1 }, target, 32, 32),
  ],
  [
    "a flat region",
    RangeError,
    /^region.height/,
    (k) => k.letterbox(picture, width, height, { ...region, height: 0 }, target, 32, 32),
  ],
  ["an unknown fit", RangeError, /^fit/, (k) => letterboxWith(k, { fit: "cover" })],
  ["an unknown filter", RangeError, /^filter/, (k) => letterboxWith(k, { filter: "cubic" })],
  ["unknown colours", RangeError, /^colours/, (k) => letterboxWith(k, { colours: "bt2020" })],
  ["yuv for rgb", RangeError, /^source holds/, (k) => letterboxWith(k, { colours: "rgb24" })],
  ["an unknown place", RangeError, /^align/, (k) => letterboxWith(k, { align: "left" })],
  ["a pad beyond a byte", RangeError, /^pad/, (k) => letterboxWith(k, { pad: 256 })],
  ["a pad of two bytes", TypeError, /^pad/, (k) => letterboxWith(k, { pad: [1, 2] })],
  ["a pad of text", TypeError, /^pad/, (k) => letterboxWith(k, { pad: "grey" })],
  [
    "a state of another size",
    RangeError,
    /^state holds/,
    (k) => k.motionStep(picture, width, height, state.subarray(4), blocks),
  ],
  [
    "an unaligned state",
    RangeError,
    /^state must start/,
    (k) => k.motionStep(picture, width, height, new Uint8Array(state.length + 1).subarray(1), blocks),
  ],
  [
    "blocks of another grid",
    RangeError,
    /^blocks holds/,
    (k) => k.motionStep(picture, width, height, state, blocks.subarray(1)),
  ],
  ["a grid finer than the picture", RangeError, /^columns/, (k) => motionWith(k, { columns: 65 })],
  ["no rows", RangeError, /^rows/, (k) => motionWith(k, { rows: 0 })],
  ["time that runs backwards", RangeError, /^elapsedMs/, (k) => motionWith(k, { elapsedMs: -1 })],
  ["a constant of zero", RangeError, /^backgroundMs/, (k) => motionWith(k, { backgroundMs: 0 })],
  ["a difference that is not a number", RangeError, /^minDifference/, (k) => motionWith(k, { minDifference: NaN })],
  ["more than all of a block", RangeError, /^blockShare/, (k) => motionWith(k, { blockShare: 1.1 })],
  [
    "a short scene source",
    RangeError,
    /^source holds/,
    (k) => k.measureScene(picture.subarray(1), width, height, sceneState, out),
  ],
  [
    "a scene state of another size",
    RangeError,
    /^state holds/,
    (k) => k.measureScene(picture, width, height, state, out),
  ],
  [
    "four numbers to write to",
    RangeError,
    /^out holds 4/,
    (k) => k.measureScene(picture, width, height, sceneState, out.subarray(1)),
  ],
  [
    "bytes to write numbers to",
    TypeError,
    /^out must/,
    (k) => k.measureScene(picture, width, height, sceneState, wrong(new Uint8Array(40))),
  ],
];

for (const [by, kernels] of [
  ["addon", native],
  ["reference", reference],
] as const)
  describe(by, () => {
    test.each(cases)("%s", (_name, kind, message, call) => {
      expect(() => call(kernels)).toThrow(kind);
      expect(() => call(kernels)).toThrow(message);
    });
  });

test("the smallest and the greatest values that fit are accepted", () => {
  const limits = {
    elapsedMs: 3_600_000,
    backgroundMs: 1,
    absorbMs: 1,
    noiseMs: 1,
    minDifference: 255,
    noiseFactor: 64,
  };
  for (const kernels of [native, reference]) {
    kernels.motionStep(picture, width, height, state, blocks, { ...limits, blockShare: 1 });
    kernels.motionStep(picture, width, height, state, blocks, { ...limits, elapsedMs: 0, blockShare: 0 });
  }
});
