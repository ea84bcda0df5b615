import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { diagnosticText } from "../config/diagnostic-text.ts";
import { loadConfig } from "../config/load.ts";
import { labelWarnings } from "./label-warnings.ts";

const gateway = `schema: xueliang.gateway/1
site: { id: cq-01, name: 测试, timezone: Asia/Shanghai }
cameras:
  - { id: pier, url: "rtsp://192.0.2.10/1" }
`;
const zones = `schema: xueliang.zones/1
camera: pier
zones:
  - id: shore
    polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]]
    rules:
      - fishing-multi-rod
      - { type: our-walkers, kind: count, threshold: 3, labels: [person, persn, unicorn] }
`;

test("a label that the model never gives is told at its place, with the label that was meant", async () => {
  const folder = await mkdtemp(join(tmpdir(), "labels-"));
  try {
    await mkdir(join(folder, "zones"));
    await writeFile(join(folder, "gateway.yaml"), gateway);
    await writeFile(join(folder, "zones", "pier.yaml"), zones);
    const found = await labelWarnings(await loadConfig(folder));
    expect(found.map(({ severity, line, values }) => [severity, line, values["label"]])).toEqual([
      ["warning", 8, "persn"],
      ["warning", 8, "unicorn"],
    ]);
    for (const language of ["en", "zh"] as const) {
      const texts = found.map((one) => diagnosticText(one, language));
      expect(texts[0]).toContain("person");
      for (const text of texts) expect(text).not.toMatch(/\{\w+\}/);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
