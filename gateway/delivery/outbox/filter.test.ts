/** Filters as a table: what an uplink asks for, what an event is, whether it goes this way. */
import { describe, expect, test } from "vitest";
import { wants, wantsEvidence, type UplinkFilter } from "./filter.ts";

const all: UplinkFilter = { types: [], departments: [], severity: 4, evidence: "all" };
const facts = { type: "fishing-multi-rod", departments: ["yuzheng", "gongan"], severity: 3 };

describe("events", () => {
  for (const [name, filter, goes] of [
    ["no filter takes everything", {}, true],
    ["a type by its name", { types: ["fishing-multi-rod"] }, true],
    ["a family of types", { types: ["flood-*", "fishing-*"] }, true],
    ["a name is not the beginning of a name", { types: ["fishing"] }, false],
    ["one department of several is enough", { departments: ["gongan"] }, true],
    ["another department", { departments: ["shuili"] }, false],
    ["severe enough", { severity: 3 }, true],
    ["not severe enough", { severity: 2 }, false],
    ["every condition must hold", { types: ["fishing-*"], departments: ["shuili"] }, false],
  ] as const) {
    test(name, () => {
      expect(wants({ ...all, ...filter }, facts)).toBe(goes);
    });
  }
});

describe("evidence", () => {
  for (const [asked, kind, goes] of [
    ["all", "clip", true],
    ["snapshots", "snapshot", true],
    ["snapshots", "clip", false],
    ["none", "snapshot", false],
  ] as const) {
    test(`${asked}: ${kind}`, () => {
      expect(wantsEvidence({ ...all, evidence: asked }, kind)).toBe(goes);
    });
  }
});
