import { expect, test } from "vitest";
import { categoriesOf, type CocoSet } from "./coco-set.ts";

const set = (categories: readonly (readonly [number, string])[]): CocoSet => ({
  images: [],
  annotations: [],
  categories: new Map(categories),
});

for (const [name, categories, found] of [
  [
    "by name, in any order",
    [
      [1, "boat"],
      [5, "person"],
    ],
    [
      ["person", 5],
      ["boat", 1],
    ],
  ],
  ["a label that the set does not know is left out", [[3, "boat"]], [["boat", 3]]],
  [
    "by position where names are only numbers",
    [
      [0, "0"],
      [1, "1"],
    ],
    [
      ["person", 0],
      ["boat", 1],
    ],
  ],
  [
    "by position where there are no names",
    [],
    [
      ["person", 0],
      ["boat", 1],
    ],
  ],
  [
    "never by position where names are real but others",
    [
      [0, "cat"],
      [1, "dog"],
    ],
    [],
  ],
] as const) {
  test(name, () => expect([...categoriesOf(["person", "boat"], set(categories))]).toEqual(found));
}
