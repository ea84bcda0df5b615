/** Lines out of pieces. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { LineReader } from "./ndjson.ts";

test("pieces may end anywhere, every line comes once and whole", () => {
  const lines = fc.array(fc.record({ n: fc.integer(), text: fc.string() }), { maxLength: 8 });
  fc.assert(
    fc.property(lines, fc.array(fc.nat({ max: 400 })), fc.boolean(), (wanted, cuts, open) => {
      const text = wanted.map((one) => JSON.stringify(one)).join("\n") + (open ? "" : "\n");
      const reader = new LineReader();
      const ends = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((a, b) => a - b), text.length];
      const found = ends.slice(1).flatMap((end, at) => reader.take(text.slice(ends[at], end)));
      expect([...found, ...reader.end()]).toEqual(wanted);
    }),
  );
});

test("a broken line is none, and harms no other", () => {
  expect(new LineReader().take('{"a":1}\n{broken\n\n{"b":2}\n')).toEqual([{ a: 1 }, { b: 2 }]);
});
