import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { averagePrecision, thresholdFor, type Judged } from "./average-precision.ts";
import type { CocoAnnotation, CocoDetection, CocoSet } from "./coco-set.ts";
import { evaluate } from "./evaluation.ts";

// Numpy alone takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

const object = (imageId: number, box: CocoAnnotation["box"], categoryId = 0): CocoAnnotation => ({
  imageId,
  categoryId,
  box,
  areaPx: box[2] * box[3],
  condition: null,
  ignored: false,
});
const found = (image_id: number, score: number, bbox: CocoDetection["bbox"], category_id = 0): CocoDetection => ({
  image_id,
  category_id,
  score,
  bbox,
});
const here = [0, 0, 40, 40] as const;
const there = [100, 100, 40, 40] as const;

describe("one label", () => {
  for (const [name, objects, detections, ap50] of [
    ["all found", [object(1, here)], [found(1, 0.9, here)], 1],
    ["nobody found", [object(1, here)], [], 0],
    ["found twice counts once", [object(1, here)], [found(1, 0.9, here), found(1, 0.8, here)], 1],
    ["a false one above the right one halves it", [object(1, here)], [found(1, 0.9, there), found(1, 0.8, here)], 0.5],
    ["in another picture is false", [object(1, here)], [found(2, 0.9, here)], 0],
    ["half of the objects", [object(1, here), object(2, here)], [found(1, 0.9, here)], 51 / 101],
  ] as const) {
    test(name, () =>
      expect(averagePrecision({ imageIds: [1, 2], annotations: objects, detections })?.ap50).toBeCloseTo(ap50, 10),
    );
  }
  test("no object at all is no zero", () =>
    expect(averagePrecision({ imageIds: [1], annotations: [], detections: [found(1, 0.9, here)] })).toBeNull());
});

test("objects that do not count may be found without harm", () => {
  const judged: Judged = {
    imageIds: [1],
    annotations: [object(1, here), object(1, there)],
    detections: [found(1, 0.9, there), found(1, 0.8, here)],
    counts: ({ box }) => box === here,
  };
  expect(averagePrecision(judged)?.ap50).toBeCloseTo(1, 10);
});

test("the threshold is the lowest score that still keeps the wanted precision", () => {
  const judged: Judged = {
    imageIds: [1, 2],
    annotations: [object(1, here), object(2, here)],
    detections: [found(1, 0.9, here), found(1, 0.7, there), found(2, 0.5, here)],
  };
  expect(thresholdFor(judged, 1)).toEqual({ score: 0.9, precision: 1, recall: 0.5 });
  expect(thresholdFor(judged, 0.6)).toMatchObject({ score: 0.5, recall: 1 });
  expect(thresholdFor({ ...judged, annotations: [] }, 0.5)).toBeNull();
});

test("conditions of pictures are told apart", () => {
  const set: CocoSet = {
    images: [
      { id: 1, name: "1", condition: "day" },
      { id: 2, name: "2", condition: "night" },
    ],
    annotations: [object(1, here), object(2, here)],
    categories: new Map(),
  };
  const { byCondition } = evaluate(set, [found(1, 0.9, here)], new Map([["person", 0]]), 0.9);
  expect(byCondition["day"]?.ap50).toBeCloseTo(1, 10);
  expect(byCondition["night"]?.ap50).toBe(0);
});

const tool = join(import.meta.dirname, "../../../../../shared/tools/coco_map.py");
test.skipIf(!existsSync(tool))("agrees with an independent tool to four digits on a crowded random set", () => {
  let seed = 7;
  const random = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  const box = (): [number, number, number, number] => [
    random() * 200,
    random() * 200,
    5 + random() * 60,
    5 + random() * 60,
  ];
  const annotations = Array.from({ length: 300 }, () =>
    object(1 + Math.floor(random() * 12), box(), Math.floor(random() * 3)),
  );
  const detections = annotations.flatMap(({ imageId, categoryId, box: [x, y, w, h] }) =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
      found(
        imageId,
        Math.round(random() * 50) / 50,
        [x + random() * 8, y + random() * 8, w * (0.8 + random() * 0.4), h],
        random() < 0.1 ? 0 : categoryId,
      ),
    ),
  );
  const images = Array.from({ length: 12 }, (_, i) => ({ id: i + 1, name: `${i}`, condition: null }));
  const folder = mkdtempSync(join(tmpdir(), "xueliang-ap-"));
  writeFileSync(
    join(folder, "gt.json"),
    JSON.stringify({
      images,
      annotations: annotations.map((a) => ({ image_id: a.imageId, category_id: a.categoryId, bbox: a.box })),
    }),
  );
  writeFileSync(join(folder, "det.json"), JSON.stringify(detections));
  const printed = execFileSync("python3", [tool, join(folder, "gt.json"), join(folder, "det.json")], {
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  const { all } = evaluate(
    { images, annotations, categories: new Map() },
    detections,
    new Map([
      ["a", 0],
      ["b", 1],
      ["c", 2],
    ]),
    0.9,
  );
  expect(printed.trim()).toBe(`AP ${all.ap.toFixed(4)} AP50 ${all.ap50.toFixed(4)} AP75 ${all.ap75.toFixed(4)}`);
});
