/** Which of several boxes stay: pieces go, things that cross do not. */
import { expect, test } from "vitest";
import { Candidates } from "./candidates.ts";
import { survivors } from "./suppress.ts";

type Corners = readonly [x1: number, y1: number, x2: number, y2: number];

/** Boxes of one label, best first; the ones that stay. */
function staying(boxes: readonly Corners[], contained: number | undefined): readonly number[] {
  const candidates = new Candidates();
  for (const [i, [x1, y1, x2, y2]] of boxes.entries()) candidates.add(0, 0.9 - 0.1 * i, x1, y1, x2, y2);
  return [...survivors(candidates, { iou: 0.45, contained: [contained], most: 300 })];
}

/** A rod from its butt up to the right, in pixels of the model's input. */
const rod: Corners = [160, 180, 332, 303];

for (const [name, boxes, contained, stay] of [
  ["the upper half of a rod is a piece of it", [rod, [246, 180, 332, 242]], 0.6, [0]],
  ["so it is where the whole is the weaker box", [[246, 180, 332, 242], rod], 0.6, [0]],
  ["without a limit for the label a piece stays", [rod, [246, 180, 332, 242]], undefined, [0, 1]],
  // Rods two and three of the story of three: the third lies by four fifths in the second one's box.
  ["a flatter rod as long, in the same fan, is another rod", [rod, [132, 234, 320, 294]], 0.6, [0, 1]],
  [
    "a steep rod of two thirds the length crosses a long one",
    [
      [136, 152, 220, 276],
      [145, 174, 328, 300],
    ],
    0.6,
    [0, 1],
  ],
  [
    "and so does a flatter one whose box is too high",
    [
      [222, 245, 483, 435],
      [191, 293, 493, 412],
    ],
    0.6,
    [0, 1],
  ],
  [
    "no two things are told apart where no limit says that they are thin",
    [
      [222, 245, 483, 435],
      [191, 293, 493, 412],
    ],
    undefined,
    [0],
  ],
  // Two rods of one rendered angler, as they truly lie: twelve degrees apart, two thirds of one in the other's box.
  [
    "rods that fan out by little are two",
    [
      [246, 153, 385, 247],
      [296, 150, 408, 279],
    ],
    0.6,
    [0, 1],
  ],
  ["a short flat piece of a bent tip is none", [rod, [250, 182, 330, 205]], 0.6, [0]],
  // One rod nearly upright, of a quiet clip: its slopes differ by 1.8, its directions by four degrees.
  [
    "a narrower box of one upright rod is no other rod",
    [
      [232, 60, 250, 172],
      [236, 64, 246, 176],
    ],
    0.6,
    [0],
  ],
  ["two boxes of one rod are one, however they overlap", [rod, [166, 176, 336, 300]], 0.6, [0]],
] as const)
  test(name, () => expect(staying(boxes, contained)).toEqual(stay));
