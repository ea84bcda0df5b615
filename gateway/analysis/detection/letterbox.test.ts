import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { painted } from "../capture/testing/test-frame.ts";
import { wholePicture } from "../geometry.ts";
import { boxInPicture, letterbox, pixelRegion } from "./letterbox.ts";
import type { ModelInput } from "./model-package.ts";

const input: ModelInput = {
  name: "image",
  widthPx: 64,
  heightPx: 64,
  layout: "nhwc",
  color: "rgb",
  dtype: "uint8",
  normalize: { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
  resize: "letterbox",
  pad: 114,
  align: "center",
  filter: "linear",
};

describe("a region in whole pixels", () => {
  for (const [name, region, pixels] of [
    ["the whole picture", wholePicture, { x: 0, y: 0, width: 640, height: 360 }],
    ["grows to whole pixels", { x: 0.001, y: 0.001, width: 0.5, height: 0.5 }, { x: 0, y: 0, width: 321, height: 181 }],
    ["rounding adds no column", { x: 0.1, y: 0.1, width: 0.2, height: 0.2 }, { x: 64, y: 36, width: 128, height: 72 }],
    ["outside is cut off", { x: -0.5, y: 0.9, width: 2, height: 2 }, { x: 0, y: 324, width: 640, height: 36 }],
    ["nothing becomes one pixel", { x: 1, y: 1, width: 0, height: 0 }, { x: 639, y: 359, width: 1, height: 1 }],
  ] as const) {
    test(name, () => expect(pixelRegion(region, 640, 360)).toEqual(pixels));
  }
});

test("a box goes to the model and comes back where it was, for every size, region and fit", () => {
  fc.assert(
    fc.property(
      fc.record({
        width: fc.integer({ min: 20, max: 300 }),
        height: fc.integer({ min: 20, max: 300 }),
        x: fc.double({ min: 0, max: 0.5, noNaN: true }),
        y: fc.double({ min: 0, max: 0.5, noNaN: true }),
        share: fc.double({ min: 0.3, max: 0.5, noNaN: true }),
        resize: fc.constantFrom("letterbox" as const, "stretch" as const),
        align: fc.constantFrom("center" as const, "top-left" as const),
      }),
      ({ width, height, x, y, share, resize, align }) => {
        const frame = painted(width, height, () => [0, 0, 0]);
        const placed = letterbox(
          frame,
          { x, y, width: share, height: share },
          { ...input, resize, align },
          new Uint8Array(64 * 64 * 3),
        );
        const { region } = placed;
        const there = (px: number, corner: number, scale: number, offset: number): number =>
          (px - corner) * scale + offset;
        const [left, top] = [region.x + region.width * 0.25, region.y + region.height * 0.25];
        const [right, bottom] = [region.x + region.width * 0.75, region.y + region.height * 0.75];
        const box = boxInPicture(
          there(left, region.x, placed.scaleX, placed.offsetX),
          there(top, region.y, placed.scaleY, placed.offsetY),
          there(right, region.x, placed.scaleX, placed.offsetX),
          there(bottom, region.y, placed.scaleY, placed.offsetY),
          placed,
        );
        expect(box.x).toBeCloseTo(left / width, 6);
        expect(box.y).toBeCloseTo(top / height, 6);
        expect(box.width).toBeCloseTo((right - left) / width, 6);
        expect(box.height).toBeCloseTo((bottom - top) / height, 6);
      },
    ),
    { numRuns: 60 },
  );
});

test("what is painted at a place lies at that place of the model's picture, in its colour order", () => {
  const frame = painted(128, 64, (x, y) => (x >= 64 && y >= 32 ? [200, 100, 50] : [0, 0, 0]));
  const target = new Uint8Array(64 * 64 * 3);
  letterbox(frame, wholePicture, { ...input, color: "bgr" }, target);
  const at = (x: number, y: number): readonly number[] => [...target.subarray((y * 64 + x) * 3, (y * 64 + x) * 3 + 3)];
  // The way through luma and chroma rounds twice.
  for (const [c, value] of [50, 100, 200].entries()) expect(Math.abs((at(60, 44)[c] ?? 0) - value)).toBeLessThan(3);
  expect(at(4, 44)).toEqual([0, 0, 0]);
  expect(at(30, 4)).toEqual([114, 114, 114]);
});

test("a box in the border of the letterbox has no area in the picture", () => {
  const placed = letterbox(
    painted(128, 64, () => [0, 0, 0]),
    wholePicture,
    input,
    new Uint8Array(64 * 64 * 3),
  );
  expect(boxInPicture(10, 2, 20, 12, placed).height).toBe(0);
});
