import { expect, test } from "vitest";
import { exampleStatus } from "./example-status.ts";
import { statusFragment } from "./status-page.ts";

const parts = { token: "", pictures: false };

test("a camera whose frames come but whose picture is useless does not pass for a good one", () => {
  const status = exampleStatus();
  const nothing = { onlineShare: 1, intactShare: 1, notObservedMin: {}, notObservedMinTotal: 0, countedMin: 0 };
  const diagnosis = {
    open: [{ id: "video-freeze", sinceMs: status.nowMs - 20_000, value: 0 }],
    blind: "frozen",
    knowsView: true,
    measures: {},
    day: nothing,
  } as const;
  const [camera] = status.cameras;
  const shown = (language: "zh" | "en"): string =>
    statusFragment({ ...status, cameras: camera ? [{ ...camera, diagnosis }] : [] }, { ...parts, language }).text;
  expect(shown("zh")).toMatch(/画面冻结，已持续 20 秒[^]*当前未观测现场/u);
  expect(shown("en")).toMatch(/Frozen picture for 20 s[^]*the scene is not observed/u);
});
