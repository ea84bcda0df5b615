/** The table of behaviours names tests that exist, and leaves no number out. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const rows = readFileSync(new URL("BEHAVIOURS.md", import.meta.url), "utf8")
  .split("\n")
  .map((line) => line.split("|").map((cell) => cell.trim()))
  .filter(([, number = ""]) => /^[TPB]?\d+$/.test(number))
  .map(([, number = "", , file = "", title = ""]) => ({ number, file, title }));

test("every number of every list has a line", () => {
  const wanted = [
    ...Array.from({ length: 25 }, (_, index) => String(index + 1)),
    ...Array.from({ length: 12 }, (_, index) => `T${index + 1}`),
    ...[1, 2, 5, 6, 7, 8, 9, 10, 11].map((number) => `P${number}`),
    ...Array.from({ length: 8 }, (_, index) => `B${index + 1}`),
  ];
  const named = new Set(rows.map(({ number }) => number));
  expect(wanted.filter((number) => !named.has(number))).toEqual([]);
});

test.each(rows)("$number: $title", ({ file, title }) => {
  const source = readFileSync(new URL(file, import.meta.url), "utf8");
  // A title stands in quotes as the whole of a string: half a title would pass for a test that is no more.
  expect(source.includes(`"${title}"`)).toBe(true);
});
