/** Texts of a draft: how much it changes, and what becomes of it. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const draftTexts = {
  changes: { en: "{count} change{count|s}", zh: "{count} 处修改" },
  noChanges: { en: "No changes", zh: "无修改" },
  showChanges: { en: "Show", zh: "查看差异" },
  discard: { en: "Discard", zh: "放弃" },
  apply: { en: "Apply", zh: "应用" },
  discardAsk: {
    en: "Discard {count} changes? They cannot be brought back.",
    zh: "放弃 {count} 处修改？此操作无法恢复。",
  },
  fixFirst: { en: "Not applicable yet: {name}: {reason}", zh: "暂不能应用：{name}：{reason}" },
  applied: { en: "Applied: {what}", zh: "已应用：{what}" },
  appliedNothing: { en: "Nothing had to be changed", zh: "内容无变化" },
  reloadedRules: {
    en: "{camera}: rules taken over live in {ms} ms, 0 frames lost",
    zh: "{camera} 规则热更新（{ms} 毫秒），0 帧丢失",
  },
  reloadedCamera: { en: "{camera} reconnects", zh: "{camera} 正在重连" },
  reloadedOther: { en: "{what} starts anew", zh: "{what} 正在重启" },
  restoreAsk: {
    en: "There is a draft of {time} with {count} changes. Go on with it?",
    zh: "恢复 {time} 的草稿（{count} 处修改）？",
  },
  restore: { en: "Restore it", zh: "恢复" },
  draftNotKept: {
    en: "This browser keeps no drafts: apply before you close it",
    zh: "本浏览器无法保存草稿：关闭前请先应用",
  },
  regression: { en: "Regression set: {passed}/{count} passed", zh: "回归集：{passed}/{count} 通过" },
  regressionLook: { en: "See Trial for what fires otherwise now", zh: "请在“试走与回归”中查看哪些结果已改变" },
  otherEditor: {
    en: "{user} is editing this camera ({minutes} min)",
    zh: "{user} 正在编辑此摄像头（{minutes} 分钟前）",
  },
  changedMeanwhile: {
    en: "The rules of this camera were changed meanwhile; applying will ask what to keep.",
    zh: "此摄像头的规则已被他人修改；应用时将询问保留哪一方。",
  },
  what_added: { en: "new", zh: "新增" },
  what_removed: { en: "removed", zh: "删除" },
  what_moved: { en: "moved", zh: "移动" },
  what_edited: { en: "settings", zh: "参数" },
  what_both: { en: "moved, settings", zh: "移动与参数" },
  calendarChanged: { en: "Schedules", zh: "布防时间" },
  diagnostics: { en: "The box refused it:", zh: "网关拒绝：" },
} as const satisfies Record<string, Text>;
