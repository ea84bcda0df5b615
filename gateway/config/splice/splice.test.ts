/** A file that people and page edit: the page changes the bytes of what it changed. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { sameMeaning } from "./same-meaning.ts";
import { splice } from "./splice.ts";

type Any = Record<string, unknown>;

const file = `# 北码头，张工 2026-03
schema: xueliang.zones/1
camera: north   # do not rename

zones:
  # The water in front of the pier.
  - id: water
    name: "水面"        # as on the sign
    kind: no-fishing
    polygon: [[0.10, 0.2], [0.9, 0.2], [0.9, 0.8], [0.1, 0.8]]
    rules:
      - fishing-no-license
      - { type: fishing-multi-rod, detectedSec: 20 } # 20 s is enough here
      - type: swimming
        score: 0.5     # low sun

  # Kept for the flood season.
  - id: bank
    polygon:
      - [0.0, 0.8]
      - [1.0, 0.8]
      - [1.0, 1.0]
lines: []
# end of file
`;

function wanted(edit: (value: Any) => void): Any {
  const value = parse(file) as Any;
  edit(value);
  return value;
}
const zone = (value: Any, index: number): Any => (value["zones"] as Any[])[index] as Any;
/** Lines of `a` that `b` lacks. */
const lost = (a: string, b: string): readonly string[] => a.split("\n").filter((line) => !b.split("\n").includes(line));

describe("only what differs is rewritten", () => {
  for (const [name, edit, gone] of [
    ["nothing", () => undefined, []],
    [
      "a number",
      (v) => void (((zone(v, 0)["rules"] as Any[])[2] as Any)["score"] = 0.6),
      ["        score: 0.5     # low sun"],
    ],
    [
      "a number in brackets",
      (v) => void (((zone(v, 0)["rules"] as Any[])[1] as Any)["detectedSec"] = 8),
      ["      - { type: fishing-multi-rod, detectedSec: 20 } # 20 s is enough here"],
    ],
    [
      "one corner",
      (v) => void ((zone(v, 0)["polygon"] as number[][])[1] = [0.85, 0.25]),
      ["    polygon: [[0.10, 0.2], [0.9, 0.2], [0.9, 0.8], [0.1, 0.8]]"],
    ],
    [
      "one corner on a line of its own",
      (v) => void ((zone(v, 1)["polygon"] as number[][])[2] = [0.95, 1]),
      ["      - [1.0, 1.0]"],
    ],
    [
      "a corner more",
      (v) => void (zone(v, 1)["polygon"] as number[][]).push([0, 1]),
      ["      - [0.0, 0.8]", "      - [1.0, 0.8]", "      - [1.0, 1.0]"],
    ],
    [
      "a zone more",
      (v) =>
        void (v["zones"] as Any[]).push({
          id: "new",
          polygon: [
            [0, 0],
            [1, 0],
            [1, 1],
          ],
          rules: [{ type: "swimming", score: 0.4 }],
        }),
      [],
    ],
    [
      "a zone less",
      (v) => void (v["zones"] as Any[]).pop(),
      ["  - id: bank", "    polygon:", "      - [0.0, 0.8]", "      - [1.0, 0.8]", "      - [1.0, 1.0]"],
    ],
    ["the first zone less", (v) => void (v["zones"] as Any[]).shift(), undefined],
    [
      "a word becomes a rule",
      (v) => void ((zone(v, 0)["rules"] as unknown[])[0] = { type: "fishing-no-license", score: 0.7 }),
      ["      - fishing-no-license"],
    ],
    ["a key more", (v) => void (zone(v, 1)["name"] = "岸, 北"), []],
    [
      "a key less",
      (v) => {
        delete zone(v, 0)["kind"];
      },
      ["    kind: no-fishing"],
    ],
    [
      "the first line",
      (v) => void (v["lines"] = [{ id: "l", from: [0, 0], to: [1, 1], direction: "both", rules: [] }]),
      ["lines: []"],
    ],
    [
      "schedules where none were",
      (v) => void (v["schedules"] = [{ id: "night", windows: [{ days: ["mon"], from: "22:00", to: "06:00" }] }]),
      [],
    ],
    ["no zones at all", (v) => void (v["zones"] = []), undefined],
  ] as readonly [string, (value: Any) => void, readonly string[] | undefined][]) {
    test(name, () => {
      const value = wanted(edit);
      const text = splice(file, value);
      expect(sameMeaning(parse(text), value), text).toBe(true);
      if (gone) expect(lost(file, text), text).toEqual(gone);
      if (name !== "no zones at all") expect(lost(file, text).filter((line) => /^\s*#/.test(line))).toEqual([]);
    });
  }
});

test("fifty rounds of reading and writing leave every byte", () => {
  let text = file;
  for (let round = 0; round < 50; round += 1) text = splice(text, parse(text) as Any);
  expect(text).toBe(file);
});

const coordinate = fc.integer({ min: 0, max: 10_000 }).map((n) => n / 10_000);
const outline = fc.array(
  fc.tuple(coordinate, coordinate).map(([x, y]) => [x, y]),
  { minLength: 3, maxLength: 6 },
);
const word = fc.constantFrom(
  "a",
  "水面",
  "b: c",
  "yes",
  "1",
  "x # y",
  "",
  "- z",
  "it's",
  'say "hi"',
  "a, b",
  "null",
  "0x10",
);
const rule = fc.record(
  {
    type: fc.constantFrom("swimming", "drowning", "boat-in-zone"),
    score: coordinate,
    labels: fc.array(word, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["type"] },
);
const drawn = fc.record(
  {
    id: fc.constantFrom("z1", "z2", "z3", "z4", "water", "bank"),
    name: word,
    polygon: outline,
    rules: fc.uniqueArray(rule, { selector: (r) => r.type, maxLength: 3 }),
  },
  { requiredKeys: ["id", "polygon"] },
);
const ruleSet = fc.record({
  zones: fc.uniqueArray(drawn, { selector: (z) => z.id, maxLength: 4 }),
  holidays: fc.array(fc.constantFrom("2026-10-01", "2026-10-02"), { maxLength: 2 }),
});

test("any drawing can follow any other; the text means it, and undoing brings the meaning back", () => {
  fc.assert(
    fc.property(fc.array(ruleSet, { minLength: 1, maxLength: 4 }), (steps) => {
      const head = { schema: "xueliang.zones/1", camera: "north" };
      let text = file;
      for (const step of steps) {
        text = splice(text, { ...head, ...step });
        expect(sameMeaning(parse(text), { ...head, ...step }), text).toBe(true);
        expect(text).toContain("# 北码头，张工 2026-03");
        expect(splice(text, parse(text) as Any)).toBe(text);
      }
    }),
    { numRuns: 150 },
  );
});
