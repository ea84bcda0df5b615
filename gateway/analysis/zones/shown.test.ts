import { expect, test } from "vitest";
import { engineFor, oneZone, still, tell } from "./testing/story.ts";
import { shown, shownSec } from "./shown.ts";

for (const [name, value, digits, limit, expected] of [
  ["rounded where the rounding says nothing wrong", 3.14159, 1, 5, 3.1],
  ["as many digits as it takes, from below", 0.49996, 3, 0.5, 0.49996],
  ["and no more than that", 4.96, 1, 5, 4.96],
  ["what passes reads so", 5.04, 1, 5, 5],
  ["what passes a limit of more digits reads so too", 0.01234, 3, 0.0123, 0.0123],
] as const) {
  test(name, () => expect(shown(value, digits, (one) => one >= limit)).toBe(expected));
}

test("seconds", () => expect([shownSec(2_940, 5), shownSec(4_960, 5), shownSec(5_000, 5)]).toEqual([2.9, 4.96, 5]));

test("a step that has not passed never reads as if it had", () => {
  const box = { x: 0.1, y: 0.1, width: 0.1, height: 0.19996 };
  const lastOf = (rule: object, score = 0.8): unknown => {
    const zones = oneZone([{ type: "site-intrusion", detectedSec: 5, ...rule }]);
    const engine = engineFor(zones);
    tell({ zones, actors: [{ ...still(1, "person", box, 0.04), score }], seconds: 5, fps: 25 }, engine);
    const { step, value, limit } = engine.why(1)[0]?.steps.at(-1) ?? expect.fail("no step");
    return `${step} ${value} ${limit}`;
  };
  expect(lastOf({})).toBe("stayed 4.96 >= 5");
  expect(lastOf({ minSize: 0.2 })).toBe("min-size 0.19996 >= 0.2");
  expect(lastOf({ score: 0.7 }, 0.69997)).toBe("score 0.69997 >= 0.7");
});
