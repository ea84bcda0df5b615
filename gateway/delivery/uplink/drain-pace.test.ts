/** When a backlog will be gone. */
import assert from "node:assert/strict";
import { test } from "vitest";
import { DrainPace } from "./drain-pace.ts";

/** Acknowledged and added, one pair a second from second 0 on. */
const paced = (seconds: readonly (readonly [acknowledged: number, added: number])[]): DrainPace => {
  const pace = new DrainPace();
  seconds.forEach(([acknowledged, added], second) => pace.look(second * 1_000, { acknowledged, added }));
  return pace;
};

for (const [name, seconds, nowMs, depth, now, expected] of [
  ["ten a second: a thousand take a hundred seconds", [[0, 0], [10, 0]], 10_000, 1_000, [100, 0], 100_000], // prettier-ignore
  ["what comes meanwhile counts against it", [[0, 0], [10, 5]], 10_000, 1_000, [100, 50], 200_000], // prettier-ignore
  ["more comes than goes: nobody knows", [[0, 0]], 10_000, 1_000, [100, 100], null],
  ["nothing was acknowledged for half a minute", [[0, 0], [10, 0]], 60_000, 1_000, [10, 0], null], // prettier-ignore
  ["nothing waits", [[0, 0], [10, 0]], 10_000, 0, [100, 0], null], // prettier-ignore
  ["one look is no pace", [[5, 0]], 0, 1_000, [5, 0], null],
  ["never connected", [], 10_000, 1_000, [0, 0], null],
] as const)
  test(name, () => {
    const [acknowledged, added] = now;
    assert.equal(paced(seconds).drainMs(nowMs, depth, { acknowledged, added }), expected);
  });

test("the pace is that of the newest half minute, however long it went slower", () => {
  const slow = Array.from({ length: 100 }, (_, second) => [second, 0] as const);
  const fast = Array.from({ length: 31 }, (_, second) => [100 + second * 50, 0] as const);
  assert.equal(paced([...slow, ...fast]).drainMs(130_000, 500, { acknowledged: 1_600, added: 0 }), 10_000);
});
