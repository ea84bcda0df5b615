import { expect, test } from "vitest";
import { rateOf } from "./alarm-rate.ts";

test("none in a day: at most three a day (the rule of three)", () => {
  const { perDay, lowest, highest } = rateOf(0, 24);
  expect([perDay, lowest]).toEqual([0, 0]);
  expect(highest).toBeCloseTo(2.9957, 3);
});

test("bounds of a count are those of the tables", () => {
  // One-sided 95 % bounds of 3 and 10 events (Garwood 1936): 0.818 and 7.754, 5.425 and 16.962.
  expect(rateOf(3, 24).lowest).toBeCloseTo(0.8177, 3);
  expect(rateOf(3, 24).highest).toBeCloseTo(7.7537, 3);
  expect(rateOf(10, 12).lowest).toBeCloseTo(2 * 5.4254, 3);
  expect(rateOf(10, 12).highest).toBeCloseTo(2 * 16.9622, 3);
});
