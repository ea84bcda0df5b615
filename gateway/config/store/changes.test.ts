/** What changed, in the words of whoever reads it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { configOf, type LoadedConfig } from "../load.ts";
import { changesBetween } from "./changes.ts";
import { filesOf } from "./texts.ts";

const folder = mkdtempSync(join(tmpdir(), "xueliang-changes-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const config = (camera = "", zone = "", site = "name: 北码头"): LoadedConfig =>
  configOf(
    filesOf(
      folder,
      new Map([
        [
          "gateway.yaml",
          `schema: xueliang.gateway/1\nsite: { id: box-1, ${site} }\ncameras:\n  - { id: north, name: 北岸, url: "rtsp://10.0.0.1/1"${camera} }\n`,
        ],
        [
          "zones/north.yaml",
          `schema: xueliang.zones/1\ncamera: north\nzones:\n  - { id: a, name: 岸线, polygon: [[0, 0], [1, 0], [1, 1]]${zone} }\n`,
        ],
      ]),
    ),
  );
const rule = (more: string): string => `, rules: [{ type: fishing-in-no-fishing-zone${more} }]`;

test.each([
  ["a new zone rule", config(), config("", rule("")), "北岸：区域“岸线”新增规则“禁钓区垂钓”", '北岸: zone "岸线" rule'],
  [
    "a number of a rule",
    config("", rule(", suspectedSec: 5")),
    config("", rule(", suspectedSec: 8")),
    "疑似所需持续秒数：5 → 8",
    "suspectedSec: 5 → 8",
  ],
  [
    "back to the default",
    config("", rule(", minObjects: 2")),
    config("", rule("")),
    "最少目标数：2 → 默认",
    "minObjects: 2 → default",
  ],
  [
    "a switch",
    config("", rule("")),
    config("", rule(", enabled: false")),
    "是否启用：默认 → 否",
    "enabled: default → no",
  ],
  ["a camera's rate", config(", rate: 4"), config(", rate: 6"), "摄像机“北岸”", 'camera "北岸" rate: 4 → 6'],
  ["the site's name", config(), config("", "", "name: 南码头"), "北码头 → 南码头", "site.name: 北码头 → 南码头"],
] as const)("%s", (_, before, after, zh, en) => {
  const [text] = changesBetween(before, after);
  expect(text?.zh).toContain(zh);
  expect(text?.zh.replaceAll(/北岸|岸线/g, "")).not.toMatch(/[A-Za-z]{3}/);
  expect(text?.en).toContain(en);
});

test("a line that is moved and bent has moved once", () => {
  const line = (points: string): LoadedConfig => config("", ` }\nlines:\n  - { id: gate, name: 闸口, ${points}`);
  const before = line("from: [0.1, 0.5], to: [0.9, 0.5]");
  const after = line("from: [0.1, 0.4], via: [[0.5, 0.6]], to: [0.9, 0.4]");
  expect(changesBetween(before, after).map(({ en }) => en)).toEqual(['北岸: line "闸口" moved']);
});
