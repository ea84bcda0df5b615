/** The line of the long scenarios loses what it is told to lose, and never changes the order of what goes through. */
import { expect, test } from "vitest";
import { Way } from "./link.ts";
import { pause } from "./peer.ts";

test("what is put on a way comes out in order, also when its process was busy in between", async () => {
  const way = new Way();
  const out: string[] = [];
  way.after(40, () => out.push("first"));
  // Timers count from the beginning of this turn of the loop: the second would go off 19 ms before the first.
  for (const endMs = performance.now() + 20; performance.now() < endMs;);
  way.after(21, () => out.push("second"));
  way.after(0, () => out.push("third"));
  while (out.length < 3) await pause(5);
  expect(out).toEqual(["first", "second", "third"]);
});

test("a way without length lets through at once", () => {
  const out: string[] = [];
  new Way().after(0, () => out.push("now"));
  expect(out).toEqual(["now"]);
});
