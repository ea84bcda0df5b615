/** A day of a camera, added up. */
import { describe, expect, test } from "vitest";
import type { CameraHistory } from "../../api.ts";
import { barsOf, dayOf } from "./history.ts";

const slot = (up: number, analysed: number, reconnects = 0): NonNullable<CameraHistory["slots"][number]> => ({
  up,
  analysed,
  framesIn: analysed * 2,
  triggers: 1,
  reconnects,
});
const history = (slots: CameraHistory["slots"]): CameraHistory => ({ slotMs: 600_000, firstMs: 0, slots });

describe("a day", () => {
  for (const [name, slots, wanted] of [
    ["nothing known", [null, null], { upShare: null, notObservedMin: 0, reconnects: 0, triggers: 0 }],
    ["all there", [slot(1, 10), slot(1, 20)], { upShare: 1, notObservedMin: 0, reconnects: 0, triggers: 2 }],
    [
      "a slot without pictures",
      [slot(1, 10), slot(0, 0, 3)],
      { upShare: 0.5, notObservedMin: 10, reconnects: 3, triggers: 2 },
    ],
    [
      "what is not known counts neither way",
      [null, slot(0.5, 5)],
      { upShare: 0.5, notObservedMin: 5, reconnects: 0, triggers: 1 },
    ],
  ] as const)
    test(name, () => expect(dayOf(history(slots))).toEqual(wanted));
});

test("the busiest slot is the measure of the others", () => {
  expect(barsOf(history([slot(1, 5), slot(0.25, 20), null]))).toEqual([
    { height: 0.25, down: 0, known: true, triggers: 1 },
    { height: 1, down: 0.75, known: true, triggers: 1 },
    { height: 0, down: 0, known: false, triggers: 0 },
  ]);
});

test("a day without anything analysed has no height", () => {
  expect(barsOf(history([slot(0, 0)]))[0]?.height).toBe(0);
});
