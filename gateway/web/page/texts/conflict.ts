/** Texts of the answer to a conflict. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const conflictTexts = {
  title: { en: "Changed by somebody else meanwhile", zh: "规则已被他人修改" },
  by: { en: "{user} applied a change at {time}.", zh: "{user} 于 {time} 应用了修改。" },
  byHand: { en: "Somebody (by hand in the file)", zh: "有人（直接修改文件）" },
  joined: {
    en: "Your changes and theirs do not touch each other and can be joined.",
    zh: "双方修改互不冲突，可合并。",
  },
  decide: {
    en: "{count} shapes were changed by both; choose for each. Everything else is joined.",
    zh: "{count} 个图形双方都有修改，请逐个选择；其余自动合并。",
  },
  mine: { en: "Mine", zh: "我的" },
  theirs: { en: "Theirs", zh: "对方的" },
  removed: { en: "removed", zh: "已删除" },
  apply: { en: "Join and apply", zh: "合并并应用" },
  edit: { en: "Join and go on editing", zh: "合并后继续编辑" },
} as const satisfies Record<string, Text>;
