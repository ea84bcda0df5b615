/** The protocol as specified loses and repeats nothing; each weakened one is caught. */
import { expect, test } from "vitest";
import { simulate, type Sums } from "./simulate.ts";
import { simulatedHalf } from "./simulated-half.ts";
import { specified, weakened, withoutBackups } from "./variant.ts";

test("as specified, the first half: nothing lost, nothing twice", { timeout: 3_600_000 }, () => {
  simulatedHalf(1);
});

test("where no backup is ever put back, a box may forget at once", { timeout: 600_000 }, () => {
  const { lost, duplicated } = simulate(withoutBackups, 1, 150);
  expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 });
});

test.each(weakened)("caught: $name", { timeout: 600_000 }, (variant) => {
  // A lazy disk alone loses the tail of its box; what is laid on top of it must show something else.
  const shown = ({ lost, torn, duplicated }: Sums): number =>
    variant.shows === "torn" ? torn : lost - torn + duplicated;
  expect(shown(simulate(variant, 1, 2_000, (soFar) => shown(soFar) === 0))).toBeGreaterThan(0);
});

test("a seed repeats itself", () => {
  expect(simulate(specified, 77, 2)).toEqual(simulate(specified, 77, 2));
});
