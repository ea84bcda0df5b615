/** The tail of the log. */
import { describe, expect, test } from "vitest";
import type { LogLine } from "../../api.ts";
import { fits, joined, mostLines, textOf } from "./log-lines.ts";

const line = (n: number, more: Partial<LogLine> = {}): LogLine => ({
  n,
  atMs: n,
  level: "info",
  camera: null,
  text: `line ${n}`,
  detail: {},
  ...more,
});

test("what was asked for and what came meanwhile are joined, each once, in order", () => {
  expect(joined([line(1), line(3)], [line(3), line(2)]).map(({ n }) => n)).toEqual([1, 2, 3]);
});

test("the oldest go first", () => {
  const many = Array.from({ length: mostLines + 5 }, (_, n) => line(n));
  expect(joined([], many)).toHaveLength(mostLines);
  expect(joined([], many)[0]?.n).toBe(5);
});

describe("what is wanted", () => {
  const all = { level: "info", camera: "", words: "" } as const;
  const error = line(1, { level: "error", camera: "pier", text: "Camera is silent", detail: { sec: 10 } });
  for (const [name, filter, wanted] of [
    ["all", all, true],
    ["at least a warning", { ...all, level: "warn" }, true],
    ["its camera", { ...all, camera: "pier" }, true],
    ["another camera", { ...all, camera: "gate" }, false],
    ["words in any order, any case", { ...all, words: "SILENT camera" }, true],
    ["words of the detail", { ...all, words: "sec" }, true],
    ["a word that is not there", { ...all, words: "silent gate" }, false],
  ] as const)
    test(name, () => expect(fits(error, filter)).toBe(wanted));
  test("an ordinary line is no warning", () => expect(fits(line(1), { ...all, level: "warn" })).toBe(false));
});

test("a line as a file holds it", () => {
  const text = textOf(line(0, { camera: "pier", level: "warn", detail: { a: 1 } }));
  expect(text).toBe('1970-01-01T00:00:00.000Z warn pier line 0 {"a":1}');
});
