/** Ochre water from one bank, evening light, and a grey bank that is no water. */
import { expect, test } from "vitest";
import type { Frame } from "../capture/frame.ts";
import { painted } from "../capture/testing/test-frame.ts";
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
  return painted(widthPx, heightPx, (x, y) => {
    const colour = x < ochre * widthPx ? [170, 120, 50] : y < heightPx / 2 ? [120, 120, 120] : [80, 110, 95];
    return colour.map((value) => value * light);
  });
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
