import { expect, test } from "vitest";
import { FairTurns } from "./fair-turns.ts";

test("cameras are served in the order in which they began to wait", () => {
  const turns = new FairTurns<number>();
  for (const [camera, request] of [
    ["a", 1],
    ["b", 2],
    ["c", 3],
  ] as const)
    turns.put(camera, request);
  expect([turns.take(), turns.take(), turns.take(), turns.take()]).toEqual([1, 2, 3, undefined]);
});

test("a newer request replaces the older one of its camera and keeps its place, not a better one", () => {
  const turns = new FairTurns<number>();
  turns.put("a", 1);
  turns.put("b", 2);
  expect(turns.put("a", 3)).toBe(1);
  expect([turns.take(), turns.take()]).toEqual([3, 2]);
});

test("a fast camera cannot starve a slow one", () => {
  const turns = new FairTurns<string>();
  const served: string[] = [];
  turns.put("slow", "slow");
  for (let i = 0; i < 6; i += 1) {
    turns.put("fast", "fast");
    turns.put("fast", "fast");
    served.push(turns.take() ?? "");
    if (served.at(-1) === "slow") turns.put("slow", "slow");
  }
  expect(served.filter((camera) => camera === "slow")).toHaveLength(3);
});

test("a request that is gone cannot be taken out twice", () => {
  const turns = new FairTurns<number>();
  turns.put("a", 1);
  expect([turns.remove("a", 2), turns.remove("a", 1), turns.remove("a", 1), turns.size]).toEqual([
    false,
    true,
    false,
    0,
  ]);
});
