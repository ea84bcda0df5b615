/** Ochre water from one bank, evening light, and a grey bank that is no water. */
import { expect, test } from "vitest";
import type { Frame } from "../capture/frame.ts";
import { yuvOf } from "../capture/yuv.ts";
import { Baseline } from "./baseline.ts";
import { WaterColour } from "./water-colour.ts";

const [widthPx, heightPx] = [192, 108];
const lowerHalf = [
  { x: 0, y: 0.5 },
  { x: 1, y: 0.5 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

/** Green water below, grey bank above; ochre up to `ochre` of the width; light as a share. */
function frame(ochre: number, light = 1): Frame {
  const pixels = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y += 1)
    for (let x = 0; x < widthPx; x += 1) {
      const colour = x < ochre * widthPx ? [170, 120, 50] : y < heightPx / 2 ? [120, 120, 120] : [80, 110, 95];
      for (const [c, value] of colour.entries()) pixels[(y * widthPx + x) * 3 + c] = value * light;
    }
  return {
    cameraId: "c",
    seq: 1,
    capturedAtMs: 0,
    widthPx,
    heightPx,
    pixels: yuvOf(pixels, widthPx, heightPx),
    intact: true,
    [Symbol.dispose]: () => undefined,
  };
}

test("a share of the water, and of nothing else", () => {
  const water = new WaterColour([lowerHalf]);
  const usual = { a: new Baseline(), b: new Baseline() };
  for (let i = 0; i < 12; i += 1) water.measure(frame(0), usual, 9);
  expect(water.measure(frame(0), usual, 9)).toBe(0);
  expect(water.measure(frame(0.4), usual, 9)).toBeCloseTo(0.4, 1);
  expect(water.measure(frame(0, 0.5), usual, 9)).toBe(0);
  for (let i = 0; i < 500; i += 1) water.measure(frame(0.4), usual, 9);
  expect(water.measure(frame(0.4), usual, 9), "an hour of discharge is not usual").toBeCloseTo(0.4, 1);
});

test("no reading without water and before its colour is known", () => {
  const usual = { a: new Baseline(), b: new Baseline() };
  expect(new WaterColour([]).measure(frame(0), usual, 9)).toBeNull();
  expect(new WaterColour([lowerHalf]).measure(frame(0.9), usual, 9)).toBeNull();
});
