import { expect, test } from "vitest";
import { Baseline } from "./baseline.ts";

/** Each hour looked at so often; the value is the hour itself, but for the night, where it is 50. */
function learnt(looks: number): Baseline {
  const baseline = new Baseline();
  for (const hour of [2, 12]) for (let i = 0; i < looks; i += 1) baseline.learn(hour, hour === 2 ? 50 : 12);
  return baseline;
}

test("noon is compared with noon, the night with the night", () => {
  expect([learnt(300).at(12), learnt(300).at(2)]).toEqual([12, 50]);
});

test("an hour that is not known yet has the usual of all hours; nobody known, none", () => {
  expect(learnt(299).at(12)).toBeCloseTo(31, 6);
  expect(learnt(300).at(7)).toBeCloseTo(31, 6);
  expect(learnt(4).at(12)).toBeNull();
});

test("what was kept speaks for its hour at once", () => {
  const after = new Baseline();
  after.restore(learnt(300).keep());
  expect([after.at(12), after.at(2), after.at(7)]).toEqual([12, 50, 31]);
});
