/** What a restart may rely on: the whole file or nothing of it. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeptDiagnosis } from "./camera-diagnosis.ts";
import { readDiagnosis, writeDiagnosis } from "./kept-diagnosis.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "diagnosis-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const map = [0, 1.25, 255];
const kept: KeptDiagnosis = {
  references: [null, { columns: 3, rows: 1, looks: 7, luma: map, edges: map, structure: map, detail: map }],
  baselines: { a: [[-12.5, 300]] },
  tints: Array.from({ length: 48 }, (_, i) => (i === 19 ? [7.5, -24.1, 2] : null)),
  hours: [{ startMs: 0, seconds: 60, onlineSec: 55, intactSec: 50, blindSec: { "view-moved": 5 } }],
};

test("what is written is read, colours below zero too", async () => {
  const path = join(folder, "diagnosis", "pier.json");
  await writeDiagnosis(path, kept);
  expect(await readDiagnosis(path)).toMatchObject(kept);
});

test("no file, half a file, a foreign one: the look is learnt anew", async () => {
  const path = join(folder, "pier.json");
  expect(await readDiagnosis(path)).toBeNull();
  await writeDiagnosis(path, kept);
  const whole = await readFile(path, "utf8");
  for (const text of [
    whole.slice(0, whole.length / 2),
    "",
    "[]",
    whole.replace("xueliang.diagnosis/1", "other/1"),
    whole.replace('"looks":7', '"looks":-7'),
  ]) {
    await writeFile(path, text);
    expect(await readDiagnosis(path), text.slice(0, 40)).toBeNull();
  }
});
