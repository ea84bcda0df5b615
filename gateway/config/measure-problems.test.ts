/** Every type of the catalogue in a file that has nothing but a zone: who waits for a measurement is told, and nobody else. */
import { expect, test } from "vitest";
import { eventTypes } from "./catalogue/catalogue.ts";
import { measureProblems } from "./measure-problems.ts";

const told = (rules: readonly unknown[], extra: object = {}): readonly string[] =>
  measureProblems({ zones: [{ id: "z", kind: "general", rules }], ...extra }).map(
    ({ code, path, values }) => `${code} ${String(path[3])} ${values["measure"] as string}`,
  );

test("of 120 types those without a gauge, a section or water to measure are told", () => {
  expect(eventTypes).toHaveLength(120);
  expect(eventTypes.flatMap(({ id }) => told([id]).map((line) => `${id}: ${line}`))).toEqual([
    "abnormal-water-colour: CONFIG_MEASURE_UNSUPPLIED 0 waterColourShare",
    "water-level-warning: CONFIG_MEASURE_UNSUPPLIED 0 waterLevelM",
    "water-level-guaranteed: CONFIG_MEASURE_UNSUPPLIED 0 waterLevelM",
    "water-level-rapid-rise: CONFIG_MEASURE_UNSUPPLIED 0 waterLevelM",
    "water-level-low: CONFIG_MEASURE_UNSUPPLIED 0 waterLevelM",
    "flow-surface-abnormal: CONFIG_MEASURE_UNSUPPLIED 0 surfaceSpeedMps",
  ]);
});

test("and none of them once the file has it", () => {
  const water = { id: "w", kind: "water", rules: eventTypes.map(({ id }) => id) };
  expect(measureProblems({ zones: [water], gauge: {}, flow: {} })).toEqual([]);
});

test("a rule that is switched off waits for nothing", () =>
  expect(told([{ type: "water-level-low", enabled: false }])).toEqual([]));
