/** Half of the seeds of every check, so that both halves run on a core each. */
import { expect } from "vitest";
import { simulate, type Sums } from "./simulate.ts";
import { specified } from "./variant.ts";

/** Machines differ: as many seeds as fit, at least the first hundred. XUELIANG_SEEDS=10000 runs them all. */
const seeds = Number(process.env["XUELIANG_SEEDS"] ?? 10_000);
const budgetMs = process.env["XUELIANG_SEEDS"] === undefined ? 110_000 : Number.POSITIVE_INFINITY;

/** Simulates the first or the second half of the seeds and expects that nothing is lost or repeated. */
export function simulatedHalf(half: 1 | 2): void {
  const count = Math.ceil(seeds / 2);
  const endMs = performance.now() + budgetMs;
  let ran = 0;
  const goesOn = ({ lost, duplicated }: Sums): boolean =>
    lost + duplicated === 0 && (ran++ < 100 || performance.now() < endMs);
  const summary = simulate(specified, (half - 1) * count + 1, count, goesOn);
  const [failed] = summary.failed;
  const { events, lost, duplicated } = summary;
  console.log(`simulated seeds ${summary.seeds}, events ${events}, lost ${lost}, duplicated ${duplicated}`);
  expect(failed, `npm run simulate -- --seeds 1 --first ${failed?.seed ?? 0}`).toBeUndefined();
  expect(events).toBeGreaterThan(10_000);
}
