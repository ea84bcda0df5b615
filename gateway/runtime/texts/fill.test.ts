/** What becomes of the places of a text. */
import { expect, test } from "vitest";
import { fill } from "./fill.ts";

for (const [text, values, wanted] of [
  ["camera {camera} is silent", { camera: "north" }, "camera north is silent"],
  ["{a} {b}", { a: 0 }, "0 {b}"],
  ["{count} track{count|s}", { count: 1 }, "1 track"],
  ["{count} track{count|s}", { count: 0 }, "0 tracks"],
  ["{count} match{count|es}", { count: "1,200" }, "1,200 matches"],
  [
    "camera {camera} ({address}) refuses",
    { camera: "gate", address: "10.0.0.7:554" },
    "camera gate (10.0.0.7:554) refuses",
  ],
  [
    "camera {camera} ({address}) refuses",
    { camera: "10.0.0.7:554", address: "10.0.0.7:554" },
    "camera 10.0.0.7:554 refuses",
  ],
  [
    "摄像机 {camera}（{address}）无应答",
    { camera: "10.0.0.7:554", address: "10.0.0.7:554" },
    "摄像机 10.0.0.7:554 无应答",
  ],
] as const)
  test(`${text} of ${JSON.stringify(values)}`, () => expect(fill(text, values)).toBe(wanted));
