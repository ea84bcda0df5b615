/** Differences by lines. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { diffOf, foldedOf } from "./line-diff.ts";

const words = (before: string, after: string): string =>
  diffOf(before, after)
    .map(({ kind, text }) => `${{ same: " ", added: "+", removed: "-" }[kind]}${text}`)
    .join("|");

describe("a difference", () => {
  for (const [name, before, after, wanted] of [
    ["none", "a\nb\n", "a\nb\n", " a| b"],
    ["a line more", "a\nc\n", "a\nb\nc\n", " a|+b| c"],
    ["a line less", "a\nb\nc\n", "a\nc\n", " a|-b| c"],
    ["a line changed", "a\nb\nc\n", "a\nx\nc\n", " a|-b|+x| c"],
    ["a new file", "", "a\n", "+a"],
    ["a file that went", "a\nb", "", "-a|-b"],
    ["a moved line", "a\nb\nc\n", "b\nc\na\n", "-a| b| c|+a"],
  ] as const)
    test(name, () => expect(words(before, after)).toBe(wanted));
});

test("what is left of each side is that side, with its numbers", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 })
    .map((lines) => lines.map((l) => `${l}\n`).join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffOf(before, after);
      const side = (number: "before" | "after"): string =>
        lines
          .filter((line) => line[number] !== null)
          .map((line, at) => {
            expect(line[number]).toBe(at + 1);
            return `${line.text}\n`;
          })
          .join("");
      expect([side("before"), side("after")]).toEqual([before, after]);
    }),
  );
});

test("what did not change is folded", () => {
  const before = Array.from({ length: 20 }, (_, n) => `line ${n}\n`).join("");
  const folded = foldedOf(diffOf(before, before.replace("line 10\n", "changed\n")), 2);
  expect(folded.map((one) => (typeof one === "number" ? one : one.kind))).toEqual([
    8,
    "same",
    "same",
    "removed",
    "added",
    "same",
    "same",
    7,
  ]);
});
