/** Ready-made actors for the stories of the catalogue. */
import type { Box } from "../../geometry.ts";
import { still, type Actor } from "./story.ts";

/** `count` objects that do not touch. */
export function grid(label: string, count: number): readonly Actor[] {
  return Array.from({ length: count }, (_, i) =>
    still(1 + i, label, { x: 0.02 + 0.09 * (i % 10), y: 0.05 + 0.12 * Math.floor(i / 10), width: 0.03, height: 0.1 }),
  );
}

/** Three boxes of which `fill` covers a tenth more than `share` of the picture. */
export function covering(label: string, share: number, fill = 0.65): readonly Actor[] {
  const width = (share * 1.1) / fill / 3 / 0.9;
  return [0, 1, 2].map((i) => still(1 + i, label, { x: i * width, y: 0.05, width, height: 0.9 }));
}

/** The same actor, gone from `sec` on. */
export function until(actor: Actor, sec: number): Actor {
  return { ...actor, at: (now) => (now < sec ? actor.at(now) : null) };
}

/** The same box, moved sideways. */
export function shifted(box: Box | null, dx: number): Box | null {
  return box && { ...box, x: box.x + dx };
}

/** Pulled up every four seconds. */
export function jerking(actor: Actor): Actor {
  return {
    ...actor,
    at: (sec) => {
      const box = actor.at(sec);
      return box && { ...box, y: box.y - (sec % 4 < 1 ? 0.08 : 0) };
    },
  };
}
