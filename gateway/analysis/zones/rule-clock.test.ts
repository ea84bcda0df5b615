import fc from "fast-check";
import { expect, test } from "vitest";
import { RuleClock } from "./rule-clock.ts";

test("many looks at once leave the clock where they leave it one by one", () => {
  const step = fc.record({
    ms: fc.constantFrom(0, 190, 200, 333, 9_999, 10_001, 3_600_000, -3_600_000),
    looks: fc.constantFrom(0, 1, 1, 1, 5),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.nat(60), (steps, cut) => {
      const nowMs = Float64Array.from(
        steps,
        (
          (at) =>
          ({ ms }) =>
            (at += ms)
        )(1e12),
      );
      const looked = Uint8Array.from(steps, (one) => one.looks);
      const sights = { mask: 5, sight: 1 };
      const [slow, fast] = [new RuleClock(), new RuleClock()];
      const times = [0];
      for (const [i, { looks: seen }] of steps.entries()) {
        if ((seen & 5) === 1) slow.advance(nowMs[i] ?? 0);
        times.push(slow.t);
      }
      const middle = Math.min(cut, steps.length);
      const [early, late] = [new Float64Array(middle + 1), new Float64Array(steps.length - middle + 1)];
      fast.advanceAlong({ nowMs, looked }, sights, { from: 0, to: middle, times: early });
      fast.advanceAlong({ nowMs, looked }, sights, { from: middle, to: steps.length, times: late });
      expect([fast.t, fast.beforeT]).toEqual([slow.t, slow.beforeT]);
      expect([...early, ...late.subarray(1)]).toEqual(times);
      // What an odd step would count is part of what it remembers.
      expect(fast.advance(4e12)).toBe(slow.advance(4e12));
    }),
  );
});
