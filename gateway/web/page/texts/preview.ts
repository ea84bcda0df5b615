/** Texts of the rehearsal: what would have fired, why, why not. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const previewTexts = {
  window: { en: "Over", zh: "试算范围" },
  hour: { en: "last hour", zh: "近 1 小时" },
  day: { en: "last 24 h", zh: "近 24 小时" },
  week: { en: "last 7 days", zh: "近 7 天" },
  result: { en: "Present rules {present} → draft {draft}", zh: "当前规则 {present} 次 → 草稿 {draft} 次" },
  differs: { en: "(−{gone}, +{added} new)", zh: "（−{gone}，+{added} 新增）" },
  differsFalse: {
    en: "(−{gone}, of them {false} false, +{added} new)",
    zh: "（−{gone}，其中误报 {false}，+{added} 新增）",
  },
  same: { en: "no difference", zh: "无差异" },
  running: { en: "rehearsing …", zh: "试算中……" },
  noLog: { en: "The track log has nothing of this time.", zh: "该时段无轨迹记录。" },
  gone: { en: "Would no longer fire ({count})", zh: "减少（{count}）" },
  added: { en: "Would fire besides ({count})", zh: "新增（{count}）" },
  hours: { en: "Events per hour: present and draft", zh: "每小时事件数：当前与草稿" },
  exact: {
    en: "Exact: the same code on the same tracks, {frames} frames in {ms} ms.",
    zh: "精确：同一代码、同一轨迹，{frames} 帧，用时 {ms} 毫秒。",
  },
  missing: { en: "{count} frames never reached the log.", zh: "{count} 帧未记入轨迹日志。" },
  "score-below-floor": {
    en: "Below the logged confidence nothing can be rehearsed from tracks.",
    zh: "低于记录下限的置信度无法由轨迹试算。",
  },
  truncated: { en: "The list is shortened.", zh: "列表已截断。" },
  why: { en: "Why", zh: "原因" },
  whyTitle: { en: "Why, at {time}", zh: "{time} 的触发原因" },
  whyTrack: { en: "Track #{id} at {time}", zh: "轨迹 #{id}，{time}" },
  fires: { en: "→ fires since {time}", zh: "→ 自 {time} 触发" },
  firesNot: { en: "→ does not fire", zh: "→ 未触发" },
  limit: { en: "needs {limit}", zh: "要求 {limit}" },
  noRule: { en: "No rule looks at it.", zh: "没有规则涉及它。" },
  back: { en: "Back to the rehearsal", zh: "返回试算" },
  openEvent: { en: "Open the event: {name}", zh: "查看事件：{name}" },
  tracksNow: { en: "In the picture now", zh: "当前画面中的目标" },
  askTrack: { en: "#{id} {label}: why?", zh: "#{id} {label}：为什么？" },
  yes: { en: "passed", zh: "满足" },
  no: { en: "not passed", zh: "不满足" },
} as const satisfies Record<string, Text>;
