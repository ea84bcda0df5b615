/** How often something happens that was counted over some time, with the interval that the count allows (pure). */

/** Events a day. */
export interface Rate {
  readonly perDay: number;
  /** One-sided bounds at 95 %: it is at least, and at most, this. */
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The rate of a Poisson process that gave `count` events in `hours` (Garwood 1936). Of none the bound is the rule of
 * three: at most 3 in the time that was looked at.
 */
export function rateOf(count: number, hours: number): Rate {
  const days = hours / 24;
  const highest = solve((mean) => atMost(count, mean) - 0.05, count * 3 + 20);
  const lowest = count === 0 ? 0 : solve((mean) => atMost(count - 1, mean) - 0.95, count * 3 + 20);
  return { perDay: count / days, lowest: lowest / days, highest: highest / days };
}

/** Probability of `count` events or fewer when `mean` are expected. */
function atMost(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= count; k += 1) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}

/** Where a falling function crosses zero between 0 and `end`, by halving. */
function solve(falling: (x: number) => number, end: number): number {
  let [low, high] = [0, end];
  for (let i = 0; i < 80; i += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}
