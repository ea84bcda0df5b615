/** Quiet and hard-negative footage out of the test split: passers-by with poles and umbrellas, boats that go through, birds, glint, rain, and never an event. */
import { CONDITIONS } from "./light.ts";
import { randomOf, type Random } from "./random.ts";
import { storySchema, type Story } from "./story.ts";
import type { z } from "zod";

type ActorInput = NonNullable<z.input<typeof storySchema>["actors"]>[number];

/** Clip number `index` of a quiet set. Nothing in it stays long enough, is large enough or has rods enough for any rule at its defaults. */
export function quietStory(
  seed: number,
  index: number,
  options: { readonly seconds: number; readonly fps: number; readonly sceneEvery: number },
): Story {
  const chance = randomOf("quiet", seed, index);
  const bank = chance.pick(["embankment", "steps", "shingle", "reeds", "quay", "pier"] as const);
  const side = chance.pick([-1, 1]);
  const glint = chance.chance(0.2);
  const angler = bank !== "pier" && chance.chance(0.4);
  const actors: ActorInput[] = [];
  for (let t = chance.range(2, 20); t < options.seconds - 30; t += chance.range(8, 60))
    actors.push(...passersBy(chance, t, actors.length));
  if (angler) {
    actors.push({
      kind: "angler",
      id: "angler",
      way: [[0, chance.range(-1.5, 1.5), 0.6]],
      seed: chance.int(0, 9999),
      pose: chance.pick(["sit", "stand", "squat"]),
      umbrella: chance.chance(0.3),
      rods: [
        {
          id: "rod",
          held: chance.chance(0.7),
          liftDeg: chance.range(8, 35),
          turnDeg: chance.range(-25, 25),
          seed: chance.int(0, 9999),
        },
      ],
    });
  }
  return storySchema.parse({
    title: { zh: `平静画面${index}`, en: `quiet footage ${index}` },
    ...options,
    place: {
      bank,
      wideM: chance.range(30, 90),
      railing: chance.chance(0.25),
      trees: chance.int(0, 2),
      seed: chance.int(0, 99_999),
    },
    camera: {
      name: `待测${index}`,
      eye: [side * chance.range(3, 9), chance.range(4.8, 8), chance.range(7.5, 12.5)],
      target: [chance.range(-1, 1), chance.range(0.6, 1.6), chance.range(-5, 0.5)],
      focalPx: chance.range(800, 1300),
      shakePx: chance.range(0, 1.5),
      seed: chance.int(0, 9999),
    },
    light: {
      condition: glint ? chance.pick(["day", "low-sun"]) : chance.pick(CONDITIONS),
      glint,
      seed: chance.int(0, 9999),
    },
    water: {
      ripple: chance.range(0.03, 0.4),
      flowMps: [chance.range(-0.6, 0.6), 0],
      foam: chance.chance(0.15) ? chance.range(0.1, 0.35) : 0,
      seed: chance.int(0, 9999),
    },
    actors,
    zones: [
      {
        id: "shore",
        kind: angler ? "one-rod-water" : "no-fishing",
        area: { x: [-5, 5], inland: [-5.5, 2], highM: 1.9 },
        rules: angler ? ["fishing-multi-rod"] : ["fishing-multi-rod", "fishing-in-no-fishing-zone"],
      },
      {
        id: "water",
        kind: "water",
        area: "water",
        rules: ["floating-debris", "floating-debris-belt", "boat-in-ban-zone"],
      },
    ],
    expected: [],
  });
}

function passersBy(chance: Random, t: number, index: number): readonly ActorInput[] {
  const seed = chance.int(0, 9999);
  const from = chance.pick([-1, 1]);
  const kind = chance.next();
  if (kind < 0.6) {
    const inland = chance.range(3, 9);
    const takes = chance.range(12, 24);
    return [
      {
        kind: "walker",
        id: `walker-${index}`,
        way: [
          [t, from * 13, inland],
          [t + takes, -from * 13, inland + chance.range(-1, 1)],
        ],
        carry: chance.pick(["none", "umbrella", "pole", "stick", "shouldered"]),
        seed,
      },
    ];
  }
  if (kind < 0.72)
    return [
      {
        kind: "boat",
        id: `boat-${index}`,
        way: [
          [t, from * 45, -chance.range(12, 24)],
          [t + chance.range(14, 26), -from * 45, -chance.range(12, 24)],
        ],
        seed,
      },
    ];
  if (kind < 0.88)
    return [
      {
        kind: "bird",
        id: `bird-${index}`,
        way: [
          [t, from * 14, -chance.range(4, 14)],
          [t + chance.range(6, 28), -from * 14, -chance.range(4, 14)],
        ],
        highM: chance.chance(0.5) ? chance.range(1, 4) : 0,
        seed,
      },
    ];
  return [
    {
      kind: "debris",
      id: `debris-${index}`,
      of: chance.pick(["bottle", "can", "branch", "bag"]),
      sizeM: chance.range(0.2, 0.5),
      way: [
        [t, from * 12, -chance.range(4, 12)],
        [t + chance.range(25, 60), -from * 12, -chance.range(4, 12)],
      ],
      seed,
    },
  ];
}
