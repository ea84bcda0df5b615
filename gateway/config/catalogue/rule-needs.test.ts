import { expect, test } from "vitest";
import { eventTypes } from "./catalogue.ts";
import { missingKeys } from "./rule-needs.ts";

for (const [name, rule, place, missing] of [
  ["complete by the catalogue", { type: "fishing-multi-rod" }, "zone", []],
  ["a station's level", { type: "water-level-warning" }, "zone", ["threshold"]],
  ["a station's level, given", { type: "water-level-warning", threshold: 180.5 }, "zone", []],
  ["the direction of a lane", { type: "wrong-way-vehicle" }, "zone", ["heading"]],
  ["a lane's line has its direction", { type: "wrong-way-vehicle" }, "line", []],
  ["a dwell has no place on a line", { type: "site-intrusion" }, "line", ["kind"]],
  ["an own type without a kind", { type: "our-own" }, "zone", ["kind"]],
  ["an own type that counts", { type: "our-own", kind: "count" }, "zone", ["threshold"]],
] as const) {
  test(name, () => expect(missingKeys(rule, place)).toEqual(missing));
}

test("six types of the catalogue need a number of the site", () => {
  expect(eventTypes.filter((t) => missingKeys({ type: t.id }, "zone").length > 0).map((t) => t.id)).toEqual([
    "water-level-warning",
    "water-level-guaranteed",
    "water-level-low",
    "flow-surface-abnormal",
    "wrong-way-vehicle",
    "crowd-over-capacity",
  ]);
});
