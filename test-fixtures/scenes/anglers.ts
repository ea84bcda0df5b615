/** Anglers in held-out places, with the event that ought to come of them: for rods per person, beyond the stories. */
import { CONDITIONS } from "./light.ts";
import { randomOf, type Random } from "./random.ts";
import { storySchema, type Story } from "./story.ts";
import type { z } from "zod";

type Input = z.input<typeof storySchema>;
type Rod = NonNullable<Extract<NonNullable<Input["actors"]>[number], { kind: "angler" }>["rods"]>[number];

/** Rods of each angler; in the last four there are more rods than anglers. */
const PARTIES = [[1], [1, 1], [1, 1], [2], [2], [3], [2, 1]] as const;

/** Clip number `index` of a set: a party of PARTIES in turn, whose later rods touch the water at about a fifth of the clip. */
export function anglersStory(
  seed: number,
  index: number,
  options: { readonly seconds: number; readonly fps: number; readonly sceneEvery: number },
): Story {
  const chance = randomOf("anglers", seed, index);
  const party = PARTIES[index % PARTIES.length] ?? PARTIES[0];
  const rods = party.reduce<number>((sum, own) => sum + own, 0);
  const secondSec = options.seconds / 5;
  const side = chance.pick([-1, 1]);
  const eyeX = side * chance.range(4, 8.5);
  const apart = chance.range(2.2, 4);
  const actors = party.map((own, i) => ({
    kind: "angler" as const,
    id: `angler-${i}`,
    way: [[0, (i - (party.length - 1) / 2) * apart, 0.6] as [number, number, number]],
    seed: chance.int(0, 9999),
    pose: chance.pick(["sit", "sit", "stand", "squat"] as const),
    umbrella: chance.chance(0.2),
    rods: Array.from({ length: own }, (_, k) => rodOf(chance, `rod-${i}-${k}`, k, k === 0 ? 0 : secondSec - 1.5)),
  }));
  return storySchema.parse({
    title: { zh: `垂钓画面${index}`, en: `anglers ${index}` },
    ...options,
    place: {
      bank: chance.pick(["embankment", "steps", "shingle", "reeds", "quay"] as const),
      wideM: chance.range(35, 80),
      railing: false,
      trees: 0,
      seed: chance.int(0, 99_999),
    },
    camera: {
      name: `待测${index}`,
      eye: [eyeX, chance.range(4.8, 7), chance.range(7.5, 10.5)],
      target: [chance.range(-0.5, 0.5), chance.range(0.8, 1.4), chance.range(-3.2, -1.8)],
      focalPx: chance.range(950, 1250),
      bend: chance.chance(0.3) ? chance.range(0.05, 0.2) : 0,
      shakePx: chance.range(0, 1),
      seed: chance.int(0, 9999),
    },
    light: {
      condition: chance.pick(CONDITIONS.filter((one) => one !== "lamp-night" && one !== "fog")),
      seed: chance.int(0, 9999),
    },
    windM: chance.chance(0.4) ? chance.range(0.05, 0.3) : 0,
    water: { ripple: chance.range(0.05, 0.25), flowMps: [chance.range(-0.4, 0.4), 0], seed: chance.int(0, 9999) },
    actors: [...actors, ...plants(chance)],
    zones: [
      {
        id: "shore",
        kind: "one-rod-water",
        area: { x: [-5, 5], inland: [-5.5, 2], highM: 1.9 },
        rules: ["fishing-multi-rod"],
      },
    ],
    expected: rods > party.length ? [expectedAt(secondSec, rods / party.length)] : [],
  });
}

function rodOf(chance: Random, id: string, place: number, fromSec: number): Rod {
  return {
    id,
    fromSec,
    held: place === 0 && chance.chance(0.6),
    liftDeg: chance.range(10, 28),
    turnDeg: ([-14, 14, 32][place] ?? 0) + chance.range(-6, 6),
    lengthM: chance.range(3.2, 4.6),
    seed: chance.int(0, 9999),
  };
}

function plants(chance: Random): NonNullable<Input["actors"]> {
  if (!chance.chance(0.4)) return [];
  const x = chance.pick([-1, 1]) * chance.range(4, 7);
  const seed = chance.int(0, 9999);
  return chance.chance(0.5)
    ? [{ kind: "bush", at: [x, chance.range(1.5, 4)], highM: chance.range(0.6, 1.6), seed }]
    : [{ kind: "reeds", at: [x, 0], wideM: chance.range(1.5, 4), highM: chance.range(0.8, 1.6), tufts: 40, seed }];
}

/** What a rule that holds for 8 s (suspected) and 20 s (detected) must do about rods that are there from a second on. */
function expectedAt(fromSec: number, perPerson: number): NonNullable<Input["expected"]>[number] {
  const suspected: [number, number] = [fromSec + 5, fromSec + 18];
  const detected: [number, number] = [fromSec + 17, fromSec + 34];
  return {
    type: "fishing-multi-rod",
    zone: "shore",
    startsAtSec: suspected,
    phases: [
      { state: "suspected", atSec: suspected },
      { state: "detected", atSec: detected },
    ],
    ...(perPerson >= 3 ? { severity: 2 } : {}),
  };
}
