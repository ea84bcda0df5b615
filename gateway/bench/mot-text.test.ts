import { expect, test } from "vitest";
import { interpolate, readDetections, writeTracks } from "./mot-text.ts";
import { track } from "./tracker.ts";

test("detections in, tracks out, in MOTChallenge text", () => {
  const lines = Array.from({ length: 30 }, (_, i) => `${i + 1},-1,${100 + 4 * i},200,60,160,0.9`).join("\n");
  const { rows } = track(readDetections(`${lines}\n`), { fps: 30, anyShape: false });
  const text = writeTracks(rows).split("\n");
  expect(text[0]).toBe("1,1,100.00,200.00,60.00,160.00,0.90,-1,-1,-1");
  expect(rows).toHaveLength(30);
  expect(new Set(rows.map((r) => r.id)).size).toBe(1);
});

test("an id and a tenth column do no harm, blank lines neither", () => {
  const { frames, lastFrame } = readDetections("3, -1, 1.5, 2, 3, 4, 0.5, -1, -1, -1\r\n\r\n");
  expect(lastFrame).toBe(3);
  expect(frames.get(3)).toEqual([{ label: "object", score: 0.5, box: { x: 1.5, y: 2, width: 3, height: 4 } }]);
});

test("a line that is none is refused with its number", () => {
  expect(() => readDetections("1,-1,1,1,1,1,0.5\n2,-1,x,1,1,1,0.5\n")).toThrow("line 2");
});

test("a frame before the first is refused: it would be lost without a word", () => {
  expect(() => readDetections("0,-1,1,1,1,1,0.5\n")).toThrow("line 1: frame 0");
});

test("the order of the lines is no matter, and a frame without boxes still takes its time", () => {
  const line = (frame: number): string => `${frame},-1,${100 + 4 * frame},200,60,160,0.9,-1,-1,-1`;
  const numbers = [1, 2, 3, 4, 5, 12, 13, 14, 15];
  const rowsOf = (lines: readonly string[]) =>
    track(readDetections(lines.join("\n")), { fps: 30, anyShape: false }).rows;
  const rows = rowsOf(numbers.map(line));
  expect(rows.map(({ frame }) => frame)).toEqual(numbers);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(1);
  expect(rowsOf(numbers.toReversed().map(line))).toEqual(rows);
  // Forty frames later nobody is looked for any more.
  expect(new Set(rowsOf([...numbers, 55, 56].map(line)).map(({ id }) => id)).size).toBe(2);
});

test("short gaps are filled in a straight line, long ones are left", () => {
  const row = (frame: number, x: number) => ({ frame, id: 1, x, y: 0, width: 1, height: 1, score: 1 });
  expect(interpolate([row(1, 0), row(4, 30), row(40, 0)], 20).map((r) => [r.frame, r.x])).toEqual([
    [1, 0],
    [2, 10],
    [3, 20],
    [4, 30],
    [40, 0],
  ]);
});
