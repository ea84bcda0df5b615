/** How a step tells a number (pure). */

/** Digits that are added at most. */
const moreDigits = 6;

/**
 * A number rounded to so many digits, or to as many more as it takes to tell the same verdict: 4.96 s that ought to be 5
 * must not read "5 (>= 5)".
 */
export function shown(value: number, digits: number, passes: (value: number) => boolean): number {
  const verdict = passes(value);
  for (let extra = 0; extra <= moreDigits; extra += 1) {
    const told = Number(value.toFixed(digits + extra));
    if (passes(told) === verdict) return told;
  }
  return value;
}

/** The same of seconds, which are told in tenths. @param ms what was held, in milliseconds */
export function shownSec(ms: number, leastSec: number): number {
  return shown(ms / 1000, 1, (sec) => sec >= leastSec);
}
