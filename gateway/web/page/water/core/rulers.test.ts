/** Rulers over the picture: what moves, what a new mark says, which scale is drawn. */
import { describe, expect, test } from "vitest";
import type { Measures } from "../../../api.ts";
import { newFlow, newGauge, newLine } from "./beginnings.ts";
import {
  calibrationOf,
  isUsable,
  movedTo,
  placeOf,
  rulersOf,
  ticksOf,
  withMark,
  withNewMark,
  withRuler,
} from "./rulers.ts";

const both: Measures = { gauge: newGauge, flow: { ...newFlow, lines: [newLine(0), newLine(1)] } };

test("gauge first, then the lines; nothing drawn has no rulers", () => {
  expect(rulersOf(both).map(({ key }) => key)).toEqual(["gauge", 0, 1]);
  expect(rulersOf({ gauge: null, flow: null })).toEqual([]);
});

describe("moving", () => {
  test.each([
    { handle: { ruler: "gauge", part: "from" }, what: "the upper end" },
    { handle: { ruler: "gauge", part: 1 }, what: "a mark of the gauge" },
    { handle: { ruler: 1, part: "to" }, what: "the end of the second line" },
    { handle: { ruler: 0, part: 0 }, what: "a mark of the first line" },
  ] as const)("$what moves alone, in four decimals, never out of the picture", ({ handle }) => {
    const moved = movedTo(both, handle, [0.123456, 1.7]);
    expect(placeOf(moved, handle)).toEqual([0.1235, 1]);
    const back = movedTo(moved, handle, placeOf(both, handle) ?? [0, 0]);
    expect(back).toEqual(both);
  });

  test("what is gone has no place and cannot be moved", () => {
    expect(placeOf(both, { ruler: 7, part: "from" })).toBeNull();
    expect(movedTo({ gauge: null, flow: null }, { ruler: "gauge", part: 0 }, [0, 0])).toEqual({
      gauge: null,
      flow: null,
    });
  });
});

test("a new mark stands in the widest gap and says what the others say there", () => {
  const more = withNewMark(newGauge, 16 / 9);
  expect(more.marks[2]).toEqual({ at: [0.5, 0.5], m: 0.5 });
  expect(calibrationOf(more, 16 / 9)?.residualM).toBeCloseTo(0, 6);
});

test("a mark with wrong metres makes the scale unusable, and then no scale is drawn", () => {
  const three = withNewMark(newGauge, 16 / 9);
  expect(ticksOf(three, 16 / 9).map(({ m }) => m)).toEqual([-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1, 1.2]);
  const wrong = withMark(three, 2, { m: 3 });
  expect(isUsable(calibrationOf(wrong, 16 / 9))).toBe(false);
  expect(ticksOf(wrong, 16 / 9)).toEqual([]);
  const same = withRuler({ gauge: newGauge, flow: null }, "gauge", (line) => withMark(line, 1, { at: [0.5, 0.3] }));
  expect(same.gauge && calibrationOf(same.gauge, 1)).toBeNull();
});
