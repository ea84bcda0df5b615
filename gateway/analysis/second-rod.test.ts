import { describe, expect, test } from "vitest";
import type { Detection } from "./detection/detection.ts";
import type { Box } from "./geometry.ts";
import { randomFrom } from "./tracking/testing/sequence.ts";
import { Tracker } from "./tracking/tracker.ts";
import { engineFor, marchNoon, oneZone } from "./zones/testing/story.ts";

/** What a middling detector says: shaking boxes, low scores for rods, misses. */
interface Seen {
  readonly label: string;
  readonly box: Box;
  readonly score: number;
  readonly misses: number;
  readonly visible: (sec: number) => boolean;
}

const person = (x: number, visible: Seen["visible"] = () => true): Seen => ({
  label: "person",
  box: { x, y: 0.5, width: 0.06, height: 0.3 },
  score: 0.75,
  misses: 0.08,
  visible,
});
const rod = (x: number, visible: Seen["visible"] = () => true): Seen => ({
  label: "fishing-rod",
  box: { x, y: 0.42, width: 0.18, height: 0.12 },
  score: 0.48,
  misses: 0.2,
  visible,
});

/** From detections through tracker and rules; seconds at which phases came. */
function told(objects: readonly Seen[], seed: number, seconds = 90): readonly (readonly [string, number])[] {
  const random = randomFrom(seed);
  const tracker = new Tracker();
  const engine = engineFor(oneZone(["fishing-multi-rod"]));
  const phases: [string, number][] = [];
  for (let frame = 0; frame < seconds * 5; frame += 1) {
    const sec = frame / 5;
    const detections: Detection[] = objects.flatMap(({ label, box, score, misses, visible }) => {
      if (!visible(sec) || random() < misses) return [];
      const shake = (size: number): number => (random() - 0.5) * 0.06 * size;
      return [
        {
          label,
          score: score + 0.2 * (random() - 0.5),
          box: { ...box, x: box.x + shake(box.width), y: box.y + shake(box.height) },
        },
      ];
    });
    const nowMs = marchNoon + frame * 200;
    for (const t of engine.step({ tracks: tracker.step(detections, nowMs), scene: null }, nowMs))
      phases.push([`${t.phase} ${t.certainty}`, sec]);
  }
  return phases;
}

describe("from detections to the trigger", () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    test(`the second rod at 40 s: suspected by 50, detected by 65 (run ${seed})`, () => {
      const phases = told([person(0.3), rod(0.35), rod(0.38, (sec) => sec >= 40)], seed);
      expect(phases.map(([phase]) => phase)).toEqual(["start suspected", "update detected"]);
      expect(phases[0]?.[1]).toBeLessThanOrEqual(50);
      expect(phases[1]?.[1]).toBeLessThanOrEqual(65);
    });

    test(`the second angler behind a tree from 30 s to 50 s is no event (run ${seed})`, () => {
      expect(told([person(0.3), rod(0.35), person(0.42, (sec) => sec < 30 || sec >= 50), rod(0.44)], seed)).toEqual([]);
    });
  }
});
