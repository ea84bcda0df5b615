import assert from "node:assert/strict";
import { test } from "vitest";
import { exampleStatus } from "../web/example-status.ts";
import { statusText } from "./status-text.ts";

for (const [language, good, bad, why] of [
  [
    "en",
    "✓ north-pier: evidence stream streaming, 45 s (22 MB) in memory",
    "✗ east-gate: evidence stream waiting to retry, 0 s (0 MB) in the storage folder",
    "sent no new picture for 8 s",
  ],
  [
    "zh",
    "✓ north-pier：取证码流正常，已缓存 45 秒（22 MB），位于内存",
    "✗ east-gate：取证码流等待重试，已缓存 0 秒（0 MB），位于数据目录",
    "已 8 秒没有新画面",
  ],
] as const) {
  test(`${language}: evidence streams, and why one is down`, () => {
    const text = statusText(exampleStatus(), language);
    for (const part of [good, bad, why]) assert.ok(text.includes(part), `${part} in\n${text}`);
    assert.equal(
      text.split(language === "en" ? "evidence stream" : "取证码流").length - 1,
      2,
      "only where there is one",
    );
  });
}
