import { describe, expect, test } from "vitest";
import { oneZone, outline, tell } from "../testing/story.ts";

/** What one rule tells of a level in metres by minutes, one reading a minute; null: no reading. */
function told(rule: object, minutes: number, of: (minute: number) => number | null): readonly string[] {
  const zones = oneZone([{ cooldownSec: 0, clearSec: 0, ...rule }]);
  const story = { zones, seconds: minutes * 60, fps: 1 / 60 };
  return outline(tell({ ...story, measures: (sec) => ({ waterLevelM: of(sec / 60) }) }));
}

describe("a level", () => {
  const high = { type: "water-level-warning", threshold: 180.5, detectedSec: 120 };
  for (const [name, of, expected] of [
    [
      "two minutes above, then back by the hysteresis",
      (m) => (m < 5 ? 180.4 : m < 15 ? 180.52 : m < 20 ? 180.47 : 180.44),
      ["start detected 420.0", "end detected 1200.0"],
    ],
    ["no reading keeps everything as it is", (m) => (m < 5 ? 180.52 : null), ["start detected 120.0"]],
  ] as const satisfies readonly (readonly [string, (minute: number) => number | null, readonly string[]])[])
    test(name, () => expect(told(high, 30, of)).toEqual(expected));
});

describe("a rise of 30 cm in ten minutes", () => {
  const rise = {
    type: "water-level-rapid-rise",
    threshold: 0.3,
    riseMin: 10,
    suspectedSec: 60,
    detectedSec: 60,
    clearBy: 0,
    updateSec: 3_600,
  };
  for (const [name, of, expected] of [
    [
      "counts from the lowest of the ten, and is over ten minutes after the level stands",
      // 4 cm a minute from the 20th to the 30th: 32 cm in the 28th; in the 33rd only 28 cm are left in the window.
      (m) => 178 + 0.04 * Math.min(10, Math.max(0, m - 20)),
      ["start detected 1740.0", "end detected 1980.0"],
    ],
    ["half as fast is none, however high it gets", (m) => 178 + 0.02 * m, []],
    ["nor is a fall", (m) => 178 - 0.04 * m, []],
    ["back to where it was is none", (m) => 178 + (m >= 20 && m < 40 ? 0.1 * Math.sin(m) : 0), []],
    ["no reading for an hour is no rise either", (m) => (m < 20 ? 178 : null), []],
  ] as const satisfies readonly (readonly [string, (minute: number) => number | null, readonly string[]])[])
    test(name, () => expect(told(rise, 60, of)).toEqual(expected));
});
