import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { steadyModel, tinyManifest, writePackage } from "../analysis/detection/testing/tiny-onnx.ts";
import { ModelError } from "../runtime/errors.ts";
import { modelCommand } from "./model.ts";
import { terminal } from "./testing/terminal.ts";

vi.setConfig({ testTimeout: 120_000 });

let folder: string;
let packageFolder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xueliang-model-cli-"));
  const file = steadyModel();
  packageFolder = await writePackage(folder, "steady", file, tinyManifest(file));
  await mkdir(join(folder, "pictures"));
  for (const id of [1, 2]) {
    const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: { r: 90, g: 90, b: 90 } } });
    await picture.png().toFile(join(folder, "pictures", `${id}.png`));
  }
  // The steady model finds a person at 6,8 of 32 and a boat at 16,18, eight by four: twice that in a picture of 64.
  const annotations = [
    { image_id: 1, category_id: 7, bbox: [12, 16, 16, 8] },
    { image_id: 2, category_id: 7, bbox: [12, 16, 16, 8] },
    { image_id: 1, category_id: 9, bbox: [40, 0, 10, 10] },
  ];
  const images = [1, 2].map((id) => ({ id, file_name: `${id}.png`, condition: id === 1 ? "day" : "night" }));
  const categories = [
    { id: 7, name: "person" },
    { id: 9, name: "boat" },
  ];
  await writeFile(join(folder, "gt.json"), JSON.stringify({ images, annotations, categories }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], json = false): Promise<{ readonly code: number; readonly out: string }> {
  const { io, said } = terminal(folder, { json, configFolder: folder });
  return { code: await modelCommand(args, io), out: said.out };
}

test("eval tells precision per label and condition, and writes COCO results", async () => {
  const args = ["eval", "steady", "--coco", "gt.json", "--images", "pictures", "--out", "found.json"];
  const { code, out } = await run(args, true);
  const { evaluation } = JSON.parse(out) as {
    evaluation: { byLabel: { label: string; all: { ap50: number } }[]; byCondition: Record<string, { ap50: number }> };
  };
  expect(code).toBe(0);
  expect(evaluation.byLabel.map(({ label, all }) => [label, Math.round(all.ap50 * 100)])).toEqual([
    ["person", 100],
    ["boat", 0],
  ]);
  expect(evaluation.byCondition["night"]?.ap50).toBeCloseTo(1, 5);
  const found = JSON.parse(await readFile(join(folder, "found.json"), "utf8")) as {
    image_id: number;
    category_id: number;
    bbox: number[];
  }[];
  expect(found).toHaveLength(4);
  expect(found[0]).toMatchObject({ image_id: 1, category_id: 7 });
  expect(found[0]?.bbox.map(Math.round)).toEqual([12, 16, 16, 8]);
});

test("the same set in YOLO form gives the same precision", async () => {
  const yolo = join(folder, "yolo");
  await cp(join(folder, "pictures"), join(yolo, "images", "val"), { recursive: true });
  await mkdir(join(yolo, "labels", "val"), { recursive: true });
  const person = "0 0.3125 0.3125 0.25 0.125\n";
  await writeFile(join(yolo, "labels/val/1.txt"), `${person}1 0.703125 0.078125 0.15625 0.15625\n`);
  await writeFile(join(yolo, "labels/val/2.txt"), person);
  await writeFile(join(yolo, "data.yaml"), "names: { 0: person, 1: boat }\n");
  const { out } = await run(["eval", "steady", "--yolo", "yolo"], true);
  expect(JSON.parse(out)).toMatchObject({
    evaluation: {
      images: 2,
      objects: 3,
      byLabel: [{ all: { ap50: expect.closeTo(1, 5) as number } }, { all: { ap50: 0 } }],
    },
  });
  await writeFile(join(yolo, "labels/val/2.txt"), "0 20 20 16 8\n");
  const failure = {
    code: "USAGE",
    values: { detail: expect.stringMatching(/val\/2\.txt:1: .*shares 0\.\.1/) as string },
  };
  await expect(run(["eval", "steady", "--yolo", "yolo"])).rejects.toMatchObject(failure);
});

test("objects marked ignore count as in plain COCO scoring, or neither count nor harm", async () => {
  const set = JSON.parse(await readFile(join(folder, "gt.json"), "utf8")) as { annotations: object[] };
  // A third person that nobody finds.
  set.annotations.push({ image_id: 2, category_id: 7, bbox: [50, 50, 10, 10], ignore: true });
  await writeFile(join(folder, "marked.json"), JSON.stringify(set));
  const objects = async (...more: string[]): Promise<unknown> => {
    const { out } = await run(["eval", "steady", "--coco", "marked.json", "--images", "pictures", ...more], true);
    const { evaluation } = JSON.parse(out) as { evaluation: { byLabel: { objects: number; all: { ap50: number } }[] } };
    return evaluation.byLabel.map(({ objects: count, all }) => [count, Math.round(all.ap50 * 100)])[0];
  };
  expect(await objects()).toEqual([3, 66]);
  expect(await objects("--skip-ignored")).toEqual([2, 100]);
});

test("inspect says what was found and where", async () => {
  const { out } = await run(["inspect", packageFolder]);
  expect(out).toMatch(/image 32x32 nhwc uint8\s+shapes/);
  expect(out).toMatch(/cxcywh-scores · NMS external\s+manifest/);
  expect(out).toContain("usable");
});

describe("test asks what a box asks before it takes a package", () => {
  const counted = async (counts: Readonly<Record<string, number>>, licence = "may be used for tests\n") => {
    await mkdir(join(packageFolder, "samples"), { recursive: true });
    await cp(join(folder, "pictures/1.png"), join(packageFolder, "samples/grey.png"));
    await writeFile(join(packageFolder, "samples/expected.json"), JSON.stringify({ "grey.png": counts }));
    await writeFile(join(packageFolder, "LICENSE"), licence);
  };

  test("right on its own pictures", async () => {
    await counted({ person: 1, boat: 1 });
    const { code, out } = await run(["test", "steady"], true);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ ok: true, model: "steady", version: "1", pictures: 1 });
    expect((JSON.parse(out) as { run_ms: number }).run_ms).toBeGreaterThan(0);
    expect((await run(["test", "steady"])).out).toContain("✓ ready to send");
  });

  test("wrong counts are told with label and picture, and end with 30", async () => {
    await counted({ person: 2 });
    const error: unknown = await run(["test", "steady"]).catch((cause: unknown) => cause);
    if (!(error instanceof ModelError)) throw error;
    expect(error).toMatchObject({ code: "MODEL_GOLDEN", exitCode: 30 });
    expect(error.say("en")).toContain("grey.png: person 1 (2), boat 1 (0)");
    expect(error.say("zh")).toContain("计数错误");
  });

  test("no licence, no pictures", async () => {
    await counted({ person: 1, boat: 1 }, "");
    await expect(run(["test", "steady"])).rejects.toMatchObject({ code: "MODEL_LICENSE" });
    await counted({ person: 1, boat: 1 });
    await rm(join(packageFolder, "samples"), { recursive: true });
    await expect(run(["test", "steady"])).rejects.toMatchObject({ code: "MODEL_SAMPLES" });
  });
});

test("bench counts pictures", async () => {
  const { out } = await run(["bench", "steady", "--seconds", "0.2"], true);
  expect(JSON.parse(out)).toMatchObject({ type: "result", ok: true, model: "steady" });
});

for (const [name, args, code] of [
  ["no model", ["inspect"], "USAGE"],
  ["no set", ["eval", "steady"], "USAGE"],
  ["an action that is none", ["inspct", "steady"], "USAGE"],
  ["a model that is not there", ["inspect", "nowhere"], "MODEL_MISSING"],
  ["a set that is none", ["eval", "steady", "--coco", "steady/model.yaml", "--images", "."], "USAGE"],
] as const) {
  test(`refused: ${name}`, () => expect(run(args)).rejects.toMatchObject({ code }));
}
