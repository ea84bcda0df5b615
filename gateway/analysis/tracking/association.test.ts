import { expect, test } from "vitest";
import { pair } from "./association.ts";

const box = (x: number): { x: number; y: number; width: number; height: number } => ({
  x,
  y: 0.1,
  width: 0.1,
  height: 0.2,
});
const likeness = { buffer: 0, fatten: 0, aspect: 1 };

for (const [name, boxes, seen, expected] of [
  ["nobody and nothing", [], [], { pairs: [], tracks: [], detections: [] }],
  ["nobody is known: all that is seen stays single", [], [0.1, 0.5], { pairs: [], tracks: [], detections: [0, 1] }],
  ["nothing is seen: all who are known stay single", [0.1, 0.5], [], { pairs: [], tracks: [0, 1], detections: [] }],
  ["one of each goes together", [0.5, 0.1], [0.11, 0.8], { pairs: [[1, 0]], tracks: [0], detections: [1] }],
] as const) {
  for (const fuseScore of [false, true])
    test(`${name}${fuseScore ? ", scores count" : ""}`, () => {
      const detections = seen.map((x) => ({ label: "person", score: 0.9, box: box(x) }));
      expect(pair(boxes.map(box), detections, { likeness, gate: 0.9, fuseScore })).toEqual(expected);
    });
}
