/** Five detectors with five output layouts on labelled photographs: pixels, colour order and the way back for boxes are right. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ProcessDetector } from "../analysis/detection/detector.ts";
import { categoriesOf, readCocoSet, type CocoSet } from "../analysis/detection/eval/coco-set.ts";
import { evaluate } from "../analysis/detection/eval/evaluation.ts";
import { evaluationFloor, lookAtSet } from "../analysis/detection/eval/look-at-set.ts";
import { loadModel } from "../analysis/detection/model.ts";
import { systemClock } from "../runtime/clock.ts";

vi.setConfig({ testTimeout: 900_000 });

const root = join(import.meta.dirname, "../..");
const shared = process.env["XUELIANG_SHARED"] ?? join(root, "../shared");
const isHere = existsSync(join(shared, "models")) && existsSync(join(shared, "images/coco128/gt.json"));
if (!isHere) console.log(`SKIPPED detection-coco: no test models and photographs in ${shared} (set XUELIANG_SHARED)`);

let set: CocoSet;
let folder: string;
beforeAll(async () => {
  if (!isHere) return;
  set = await readCocoSet(join(shared, "images/coco128/gt.json"));
  folder = mkdtempSync(join(tmpdir(), "xueliang-coco-"));
});
afterAll(() => {
  if (isHere) rmSync(folder, { recursive: true, force: true });
});

/** Model, and AP as an independent decoder measured it. */
for (const [name, table] of [
  ["yolox-nano", 0.33],
  ["picodet-s", 0.394],
  ["fastestdet", 0.201],
  ["nanodet-m", 0.3],
  ["rtmdet-person", 0.394],
] as const) {
  test.skipIf(!isHere)(`${name} reaches AP ${table}`, async ({ signal }) => {
    const model = await loadModel(packageOf(name));
    await using detector = await ProcessDetector.open({
      model,
      processes: 1,
      timeoutMs: 120_000,
      clock: systemClock,
      floor: evaluationFloor,
      onFailure: (error) => console.log(error.message),
    });
    const categories = categoriesOf(model.labels, set);
    const detections = await lookAtSet(set, detector, {
      folder: join(shared, "images/coco128/images"),
      categories,
      signal,
    });
    const { all } = evaluate(set, detections, categories, 0.9);
    console.log(`${name}: AP ${all.ap.toFixed(4)} AP50 ${all.ap50.toFixed(4)} (table: ${table})`);
    expect(Math.abs(all.ap - table)).toBeLessThanOrEqual(0.005);
  });
}

/** The manifest of the repository beside the file of the test machine; nothing is copied into the repository. */
function packageOf(name: string): string {
  const target = join(folder, name);
  cpSync(join(root, "test-fixtures/models", name), target, { recursive: true });
  for (const file of readdirSync(join(shared, "models"))) {
    if (file.endsWith(".onnx")) symlinkSync(join(shared, "models", file), join(target, file));
  }
  return target;
}
