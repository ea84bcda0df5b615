/** Texts of a page with one desk a camera: what is not applied, and what becomes of it. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const deskTexts = {
  camera: { en: "Camera", zh: "摄像机" },
  undo: { en: "Undo", zh: "撤销" },
  changed: { en: "Not applied yet", zh: "有未应用的修改" },
  unchanged: { en: "No changes", zh: "无修改" },
  apply: { en: "Apply", zh: "应用" },
  discard: { en: "Discard", zh: "放弃" },
  applied: { en: "Applied: {what}", zh: "已应用：{what}" },
  nothing: { en: "Nothing differed", zh: "没有差异" },
  leave: { en: "What you changed here is not applied. Leave all the same?", zh: "此处的修改尚未应用，仍要离开吗？" },
} as const satisfies Record<string, Text>;
