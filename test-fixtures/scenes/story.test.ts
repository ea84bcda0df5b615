import { readdirSync, statSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { anglersStory } from "./anglers.ts";
import { quietStory } from "./quiet.ts";
import { stageOf } from "./stage.ts";
import { momentOf } from "./story-scene.ts";
import { headerTruth, type TruthHeader } from "./story-truth.ts";
import { parseStory, readStory, StoryError } from "./story.ts";

const folder = join(import.meta.dirname, "stories");
const names = readdirSync(folder)
  .filter((f) => f.endsWith(".yaml"))
  .map((f) => f.slice(0, -5))
  .sort();
const clips = join(import.meta.dirname, "..", "clips");

const good = `
title: { zh: 样例, en: sample }
seconds: 10
place: { bank: steps }
camera: { name: 样例, eye: [7, 5, 9], target: [0, 1, -1], focalPx: 1000 }
light: { condition: day }
`;

describe("a story file", () => {
  test("is read with every default filled in", () => {
    expect(parseStory(good, "sample.yaml")).toMatchObject({ fps: 10, actors: [], water: { levelCm: [[0, 0]] } });
  });

  for (const [name, text, said] of [
    [
      "an unknown key",
      good.replace("seconds: 10", "seconds: 10\nsecnds: 3"),
      "sample.yaml: 1 problem(s)\n  the file: unknown key secnds; remove it",
    ],
    [
      "an unknown key of an actor",
      `${good}actors: [{ kind: bird, id: b, way: [[0, 0, -5]], hight: 2 }]`,
      "actors.0: unknown key hight",
    ],
    [
      "an unknown key of reeds",
      `${good}actors: [{ kind: reeds, at: [0, 0], sway: 2 }]`,
      "actors.0: unknown key sway; remove it",
    ],
    [
      "a lens that bends too much",
      good.replace("focalPx: 1000", "focalPx: 1000, bend: 0.9"),
      "camera.bend: Too big: expected number to be <=0.35; choose a value inside the range",
    ],
    ["a storm", `${good}windM: 3`, "windM: Too big: expected number to be <=0.8"],
    [
      "a number out of range",
      good.replace("focalPx: 1000", "focalPx: 10"),
      "camera.focalPx: Too small: expected number to be >=300; choose a value inside the range",
    ],
    ["an unknown condition", good.replace("condition: day", "condition: noon"), "light.condition:"],
    ["broken YAML", "title: [", "sample.yaml: not readable as YAML at line 1"],
    [
      "a fault that ends before it begins",
      `${good}faults: [{ kind: black, fromSec: 8, toSec: 3 }]`,
      "make toSec greater than fromSec",
    ],
  ] as const) {
    test(`with ${name} is refused, naming place and remedy`, () => {
      expect(() => parseStory(text, "sample.yaml")).toThrow(StoryError);
      expect(() => parseStory(text, "sample.yaml")).toThrow(said);
    });
  }
});

describe("the stories", () => {
  test("are at least twenty", () => {
    expect(names.length).toBeGreaterThanOrEqual(20);
  });

  test.each(names)("%s is a valid story", async (name) => {
    const story = await readStory(join(folder, `${name}.yaml`));
    const zones = new Set(story.zones.map((z) => z.id));
    for (const expected of story.expected) {
      if (expected.zone !== undefined) expect(zones).toContain(expected.zone);
      expect(expected.startsAtSec[1]).toBeLessThanOrEqual(story.seconds);
    }
  });

  test("show the same moment twice the same way", async () => {
    const story = await readStory(join(folder, "second-rod.yaml"));
    const [a, b] = [momentOf(stageOf(story), 30), momentOf(stageOf(story), 30)];
    expect(a.objects).toEqual(b.objects);
    expect(a.picture.moving.vertices.subarray(0, 4000)).toEqual(b.picture.moving.vertices.subarray(0, 4000));
    expect(a.picture.strands).toEqual(b.picture.strands);
  });

  test("the second rod is there from its second on, and belongs to its angler", async () => {
    const stage = stageOf(await readStory(join(folder, "second-rod.yaml")));
    const rods = (t: number) =>
      momentOf(stage, t)
        .objects.filter((o) => o.class === "fishing-rod")
        .map((o) => `${o.id} of ${o.owner ?? "nobody"}`);
    expect(rods(10)).toEqual(["rod-1 of angler-1"]);
    expect(rods(12)).toEqual(["rod-1 of angler-1", "rod-2 of angler-1"]);
  });

  test("held-out anglers come with the event that is due, and depend on their seed alone", () => {
    const options = { seconds: 45, fps: 5, sceneEvery: 5 };
    expect(anglersStory(1, 3, options)).toEqual(anglersStory(1, 3, options));
    const due = Array.from({ length: 7 }, (_, index) => anglersStory(1, index, options).expected.length);
    expect(due).toEqual([0, 0, 0, 1, 1, 1, 1]);
  });

  test("quiet footage expects nothing and depends on its seed alone", () => {
    const options = { seconds: 60, fps: 2, sceneEvery: 2 };
    expect(quietStory(1, 3, options)).toEqual(quietStory(1, 3, options));
    expect(quietStory(1, 3, options)).not.toEqual(quietStory(1, 4, options));
    for (let index = 0; index < 20; index += 1) expect(quietStory(5, index, options).expected).toEqual([]);
  });
});

interface Line {
  readonly t: number;
  readonly objects: readonly {
    readonly id: string;
    readonly class: string;
    readonly box: readonly [number, number, number, number];
    readonly visible: number;
    readonly owner?: string;
  }[];
  readonly debrisShare: number;
  readonly fault?: string;
}

describe.skipIf(!existsSync(clips))("the clips", () => {
  const files = existsSync(clips) ? readdirSync(clips) : [];
  const finished = files.filter((f) => f.endsWith(".truth.jsonl")).map((f) => f.slice(0, -12));

  test("weigh at most 25 MB together", () => {
    const bytes = files.filter((f) => f.endsWith(".mp4")).reduce((sum, f) => sum + statSync(join(clips, f)).size, 0);
    expect(bytes).toBeLessThanOrEqual(25_000_000);
  });

  test.each(finished)("%s has a clip and sane truth, headed as its story says", async (name) => {
    expect(statSync(join(clips, `${name}.mp4`)).size).toBeGreaterThan(10_000);
    const [head, ...rest] = readFileSync(join(clips, `${name}.truth.jsonl`), "utf8")
      .trim()
      .split("\n");
    const header = JSON.parse(head ?? "{}") as TruthHeader;
    const stage = stageOf(await readStory(join(folder, `${name}.yaml`)));
    expect(header).toEqual(JSON.parse(JSON.stringify(headerTruth(name, stage, header.waterPolygon))));
    expect(rest.length).toBe(header.seconds * header.fps);
    let before = -1;
    for (const text of rest) {
      const line = JSON.parse(text) as Line;
      expect(line.t).toBeGreaterThan(before);
      before = line.t;
      const wrong = line.objects.filter(
        ({ box: [x, y, w, h], visible }) =>
          x < 0 ||
          y < 0 ||
          x + w > 1.0002 ||
          y + h > 1.0002 ||
          visible < 0 ||
          visible > 1 ||
          (visible > 0 && (w <= 0 || h <= 0)),
      );
      expect(wrong).toEqual([]);
      expect(line.debrisShare >= 0 && line.debrisShare <= 1).toBe(true);
    }
  });
});

test("every story has its line in the index of fixtures", () => {
  const index = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");
  expect(names.filter((name) => !index.includes(`clips/${name}.mp4`))).toEqual([]);
});
