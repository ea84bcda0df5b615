import fc from "fast-check";
import { expect, test } from "vitest";
import { Trend } from "./trend.ts";

test("a value that rises evenly grows by as much a minute as it does", () => {
  const trend = new Trend();
  for (let t = 0; t < 600_000; t += 200) {
    const growth = trend.take(t, t / 60_000);
    if (t >= 30_000) expect(growth).toBeCloseTo(1, 1);
    else expect(growth).toBe(0);
  }
});

test("what was there when the rule began has not grown, although a track counts only after some seconds", () => {
  const trend = new Trend();
  for (let t = 0; t < 300_000; t += 200) expect(trend.take(t, t < 8_000 ? 0 : 0.05), `at ${t} ms`).toBe(0);
});

test("looks at nothing may be left out while nothing else is remembered", () => {
  const turn = fc.record({
    stepMs: fc.constantFrom(200, 200, 1_000, 9_000, 60_000),
    value: fc.constantFrom(0, 0, 0, 0, 0.5, 2),
  });
  let leftOut = 0;
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 200 }), (turns) => {
      const [every, some] = [new Trend(), new Trend()];
      let t = 0;
      for (const { stepMs, value } of turns) {
        const growth = every.take(t, value);
        if (value === 0 && some.isStill) leftOut += 1;
        else expect(some.take(t, value)).toBe(growth);
        t += stepMs;
      }
    }),
  );
  expect(leftOut).toBeGreaterThan(100);
});
