import { expect, test } from "vitest";
import type { Track } from "../tracking/track.ts";
import { SideMemory, type Change } from "./side-memory.ts";

/** Tracks by number at these places along a row; the border lies at one half. */
function lookAt(memory: SideMemory, xs: readonly number[], t: number): readonly Change[] {
  const sights = xs.map((x, id) => {
    const box = { x, y: 0.5, width: 0.05, height: 0.2 };
    const base = { label: "person", state: "confirmed" as const, score: 0.9, seenNow: true, hits: 1 };
    const track: Track = { ...base, id, box, firstSeenMs: 0, lastSeenMs: t, velocity: { x: 0, y: 0 } };
    return { track, side: x > 0.5 ? 1 : 0, point: { x, y: 0.7 } };
  });
  return memory.look(sights, { t, beforeT: t - 200 });
}

test("who has exchanged ids with one exchanges them with no other in the same frame", () => {
  const memory = new SideMemory(1);
  for (let t = 0; t <= 1_000; t += 200) lookAt(memory, [0.45, 0.54, 0.55], t);
  // 0 and 1 are each where the other was; 2 has come over the border himself.
  const told = [1_200, 1_400, 1_600].flatMap((t) => lookAt(memory, [0.54, 0.45, 0.46], t));
  expect(told.map(({ track, from, to }) => [track.id, from, to])).toEqual([[2, 1, 0]]);
});
