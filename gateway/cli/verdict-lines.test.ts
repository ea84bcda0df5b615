/** Every line that a story's verdict can have, as a Chinese reader gets it. */
import { expect, test } from "vitest";
import { worseThan, type StoryResult } from "../rehearsal/backtest.ts";
import { judge, type Expected } from "../rehearsal/story-verdict.ts";
import type { Trigger } from "../analysis/zones/trigger.ts";
import { verdictLine } from "../runtime/texts/verdict-lines.ts";

const trigger = (phase: Trigger["phase"], certainty: Trigger["certainty"], atMs: number): Trigger =>
  ({ phase, certainty, atMs, occurrenceId: "1", eventType: "crowd", zoneId: "square", severity: 3 }) as Trigger;
const fired = [
  trigger("start", "suspected", 9_000),
  trigger("update", "detected", 20_000),
  trigger("end", "detected", 40_000),
];
const wanted: Expected = { type: "crowd", startsAtSec: [8, 10], phases: [] };
const zh = (expected: readonly Expected[], triggers: readonly Trigger[] = fired): readonly string[] =>
  judge(expected, triggers, 0).lines.map((line) => verdictLine(line, "zh"));
const said = "crowd（square）：疑似 9.0 秒，已确认 20.0 秒，结束 40.0 秒，3 级";

test.each([
  ["right", [wanted], [`正确：${said}`]],
  ["false", [], [`误报：${said}`]],
  ["missed", [{ ...wanted, type: "fire" }], ["漏报：fire，应在 8–10 秒内发生", `误报：${said}`]],
  ["early", [{ ...wanted, startsAtSec: [12, 14] }], [`早报：crowd “开始”在 9.0 秒，不应早于 12 秒（${said}）`]],
  [
    "late",
    [{ ...wanted, phases: [{ state: "detected", atSec: [10, 15.5] }] }],
    [`迟报：crowd “已确认”在 20.0 秒，不应晚于 15.5 秒（${said}）`],
  ],
  ["another severity", [{ ...wanted, severity: 1 }], [`不符：crowd 应为 1 级，实为 3 级（${said}）`]],
] as const)("%s", (_name, expected, lines) => {
  expect(zh(expected as readonly Expected[])).toEqual(lines);
  expect(verdictLine(judge(expected as readonly Expected[], fired, 0).lines[0] ?? "", "en")).toMatch(/^[a-z]+: /);
});

test("what never came", () => {
  const cleared = { ...wanted, phases: [{ state: "cleared" as const, atSec: [30, 40] as const }] };
  expect(zh([cleared], fired.slice(0, 1))).toEqual(["缺失：crowd 未到“结束”（crowd（square）：疑似 9.0 秒，3 级）"]);
});

test("what is worse than the baseline, and what was not looked at", () => {
  const story: StoryResult = {
    name: "quay",
    seconds: 60,
    expected: 1,
    right: 1,
    missed: 0,
    falseAlarms: 0,
    late: 0,
    lateness: [],
    lines: [],
    windows: 10,
    windowsRight: 9,
    debrisError: null,
  };
  const now = { ...story, missed: 1, falseAlarms: 2, late: 1, windowsRight: 5, debrisError: 0.2 };
  expect(worseThan([story, { ...story, name: "weir" }], [now]).map((line) => verdictLine(line, "zh"))).toEqual([
    "quay：漏报 0 → 1，误报 0 → 2，迟报 0 → 1，正确窗口 9 → 5，漂浮物占比偏差 – → 0.2",
    "weir：未运行",
  ]);
  expect(verdictLine("missed: 7 frames were not looked at", "zh")).toBe("漏报：有 7 帧未经检测");
  expect(verdictLine("missed: 12 bytes of the log are broken; what they held was not judged", "zh")).toBe(
    "漏报：日志有 12 字节损坏，其中内容未评判",
  );
});
