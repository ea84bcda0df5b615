/** The protocol as specified loses and repeats nothing; each weakened one is caught. */
import { expect, test } from "vitest";
import { simulate } from "./simulate.ts";
import { specified, weakened, withoutBackups } from "./variant.ts";

/** Machines differ: as many seeds as fit, at least the first hundred. XUELIANG_SEEDS=10000 runs them all. */
const seeds = Number(process.env["XUELIANG_SEEDS"] ?? 10_000);
const budgetMs = process.env["XUELIANG_SEEDS"] === undefined ? 115_000 : Number.POSITIVE_INFINITY;

test("as specified: nothing lost, nothing twice", { timeout: 3_600_000 }, () => {
  const endMs = performance.now() + budgetMs;
  let ran = 0;
  const summary = simulate(specified, 1, seeds, (failed) => failed === 0 && (ran++ < 100 || performance.now() < endMs));
  const [failed] = summary.failed;
  console.log(
    `simulated seeds ${summary.seeds}, events ${summary.events}, lost ${summary.lost}, duplicated ${summary.duplicated}`,
  );
  expect(failed, `npm run simulate -- --seeds 1 --first ${failed?.seed ?? 0}`).toBeUndefined();
  expect(summary.events).toBeGreaterThan(10_000);
});

test("where no backup is ever put back, a box may forget at once", { timeout: 600_000 }, () => {
  const { lost, duplicated } = simulate(withoutBackups, 1, 150);
  expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
});

test.each(weakened)("caught: $name", { timeout: 600_000 }, (variant) => {
  const { failed } = simulate(variant, 1, 2_000, (soFar) => soFar === 0);
  expect(failed.length).toBeGreaterThan(0);
});

test("a seed repeats itself", () => {
  expect(simulate(specified, 77, 2)).toEqual(simulate(specified, 77, 2));
});
