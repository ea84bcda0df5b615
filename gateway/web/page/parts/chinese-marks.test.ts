/** What of a message's punctuation is made wide, and what must not be. */
import { expect, test } from "vitest";
import { chineseMarks } from "./chinese-marks.ts";

for (const [text, wanted] of [
  ["码头3号:一人多竿垂钓(疑似),1 人 2 竿,已持续 8 秒", "码头3号：一人多竿垂钓（疑似），1 人 2 竿，已持续 8 秒"],
  ["12:30 计数 1,200", "12:30 计数 1,200"],
  ["rtsp://10.0.0.8:554/a", "rtsp://10.0.0.8:554/a"],
  ["计数 9,允许 6", "计数 9，允许 6"],
] as const)
  test(text, () => expect(chineseMarks(text)).toBe(wanted));
