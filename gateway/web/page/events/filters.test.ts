/** The filters of the events' list, as address and as query. */
import { describe, expect, test } from "vitest";
import { fieldOf, filterCount, msOf, onlyFilters, queryOf, toggled, withoutFilters } from "./filters.ts";

describe("the query of the box", () => {
  for (const [name, filters, more, query] of [
    ["nothing", {}, {}, ""],
    ["only what the box understands", { camera: "a", view: "grid", utm: "x" }, {}, "?camera=a"],
    ["empty filters leave no trace", { camera: "", zone: "z" }, {}, "?zone=z"],
    ["a cursor is added", { camera: "a" }, { cursor: "c=/" }, "?camera=a&cursor=c%3D%2F"],
    ["Chinese", { zone: "禁钓区" }, {}, "?zone=%E7%A6%81%E9%92%93%E5%8C%BA"],
  ] as const)
    test(name, () => expect(queryOf(filters, more)).toBe(query));
});

describe("several values in one filter", () => {
  for (const [name, list, value, result] of [
    ["the first", "", "2", "2"],
    ["another, in order", "3", "1", "1,3"],
    ["out again", "1,3", "1", "3"],
    ["the last one out", "3", "3", ""],
  ] as const)
    test(name, () => expect(toggled(list, value)).toBe(result));
});

test("clearing takes the filters away and leaves the view", () => {
  const filters = { camera: "a", severity: "1,2", view: "grid" };
  expect(filterCount(filters)).toBe(2);
  expect(filterCount(withoutFilters(filters))).toBe(0);
  expect(withoutFilters(filters)["view"]).toBe("grid");
  expect(onlyFilters({ ...filters, other: "x", zone: "" })).toEqual(filters);
});

describe("times of the fields", () => {
  test("there and back, to the minute", () => {
    const ms = new Date(2026, 10, 21, 22, 31).getTime();
    expect(fieldOf(String(ms))).toBe("2026-11-21T22:31");
    expect(msOf("2026-11-21T22:31")).toBe(String(ms));
  });
  for (const odd of ["", "yesterday", "-5", "1e99"]) test(`no time: "${odd}"`, () => expect(fieldOf(odd)).toBe(""));
  test("an unfinished field", () => expect(msOf("2026-11-")).toBe(""));
});
