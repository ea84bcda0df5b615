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
      for (const [i, { looks: seen }] of steps.entries()) if ((seen & 5) === 1) slow.advance(nowMs[i] ?? 0);
      const middle = Math.min(cut, steps.length);
      fast.advanceAlong({ nowMs, looked }, sights, 0, middle);
      const last = fast.advanceAlong({ nowMs, looked }, sights, middle, steps.length);
      expect([fast.t, fast.beforeT]).toEqual([slow.t, slow.beforeT]);
      expect(last).toBe(Math.max(middle, looked.lastIndexOf(1)));
      // What an odd step would count is part of what it remembers.
      expect(fast.advance(4e12)).toBe(slow.advance(4e12));
    }),
  );
});
