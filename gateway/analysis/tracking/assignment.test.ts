import fc from "fast-check";
import { expect, test } from "vitest";
import { assign } from "./assignment.ts";

const run = (costs: readonly number[], rows: number, columns: number, gate: number): number[] => {
  const columnOfRow = new Int32Array(rows);
  assign(Float64Array.from(costs), rows, columns, { gate, columnOfRow });
  return [...columnOfRow];
};

for (const [name, costs, rows, columns, gate, expected] of [
  ["the greedy choice is not the best one", [0.1, 0.2, 0.15, 0.9], 2, 2, 1, [1, 0]],
  ["a pair at the gate stays apart", [0.8], 1, 1, 0.8, [-1]],
  ["more rows than columns", [0.5, 0.1, 0.3], 3, 1, 1, [-1, 0, -1]],
  ["no columns", [], 2, 0, 1, [-1, -1]],
] as const) {
  test(name, () => expect(run(costs, rows, columns, gate)).toEqual(expected));
}

test("never worse than trying every way", () => {
  const size = fc.integer({ min: 1, max: 4 });
  fc.assert(
    fc.property(
      size,
      size,
      fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 16, maxLength: 16 }),
      (rows, columns, numbers) => {
        const costs = numbers.slice(0, rows * columns).map((n) => n / 100);
        const gain = (row: number, free: readonly number[]): number =>
          row === rows
            ? 0
            : Math.max(
                gain(row + 1, free),
                ...free.map(
                  (c) =>
                    0.7 -
                    (costs[row * columns + c] ?? 1) +
                    gain(
                      row + 1,
                      free.filter((f) => f !== c),
                    ),
                ),
              );
        const best = gain(
          0,
          Array.from({ length: columns }, (_, c) => c),
        );
        const chosen = run(costs, rows, columns, 0.7);
        const got = chosen.reduce((sum, c, r) => sum + (c < 0 ? 0 : 0.7 - (costs[r * columns + c] ?? 1)), 0);
        expect(got).toBeCloseTo(best, 9);
        const used = chosen.filter((c) => c >= 0);
        expect(new Set(used).size).toBe(used.length);
      },
    ),
    { seed: 7, numRuns: 300 },
  );
});
