/** Texts of `xueliang rules`. */
import type { Text } from "./fill.ts";

export const rulesTexts = {
  rulesPreviewTitle: {
    en: "{camera}, {from} .. {to}: {before} → {after}, −{gone}, +{added} new",
    zh: "{camera}，{from} 至 {to}：{before} 次 → {after} 次，−{gone}，+{added} 新增",
  },
  rulesPreviewBasis: {
    en: "  replayed {frames} frames, {points} track points, both rule sets in {ms} ms",
    zh: "  重放 {frames} 帧、{points} 个轨迹点，两套规则共 {ms} 毫秒",
  },
  rulesGap: {
    en: "! {frames} frames are missing from the log: near them the answer is not exact",
    zh: "! 日志缺少 {frames} 帧：其附近的结果并非精确",
  },
  rulesDamaged: {
    en: "! {bytes} bytes of the log are damaged and were left out",
    zh: "! 日志有 {bytes} 字节损坏，已略过",
  },
  rulesGone: { en: "no longer", zh: "减少" },
  rulesAdded: { en: "new", zh: "新增" },
  rulesStillOpen: { en: "open", zh: "未结束" },
  rulesNever: { en: "no difference", zh: "没有差异" },
  rulesTracks: { en: "tracks {ids}", zh: "轨迹 {ids}" },
  rulesWhyTitle: { en: "{camera} at {at}: {tracks}", zh: "{camera}，{at}：{tracks}" },
  rulesNoTrack: {
    en: "track {track} is not in the picture at {at}; there: {tracks}",
    zh: "{at} 时画面中没有轨迹 {track}；当时有：{tracks}",
  },
  rulesWhyNobody: { en: "no tracks", zh: "无轨迹" },
  rulesWhyOpen: { en: "fired, open since {at}", zh: "已触发，自 {at} 起未结束" },
  rulesWhyNotLooked: { en: "not looked at yet", zh: "尚未评估" },
  rulesNoEvent: { en: "no event {event} is kept on this box", zh: "本机未保存事件 {event}" },
  wholePicture: { en: "whole picture", zh: "整幅画面" },
  rulesEventOf: {
    en: "rule {rule} of zone {zone}, configuration {revision}",
    zh: "区域 {zone} 的规则 {rule}，配置版本 {revision}",
  },
  rulesEventStart: { en: "started", zh: "开始" },
  rulesEventUpdate: { en: "went on", zh: "更新" },
  rulesEventEnd: { en: "ended", zh: "结束" },
  rulesSuspected: { en: "suspected", zh: "疑似" },
  rulesDetected: { en: "detected", zh: "已确认" },
  rulesFired: { en: "{phase} ({certainty}, severity {severity})", zh: "{phase}（{certainty}，{severity} 级）" },
  rulesUnseen: { en: "unseen", zh: "未见" },
  rulesSecond: { en: "{seconds} s", zh: "{seconds} 秒" },
  rulesEventLeftOut: {
    en: "  … {count} more steps had no room in the message",
    zh: "  … 另有 {count} 步因消息长度未保存",
  },
  rulesSuppressedTitle: {
    en: "{camera} since {since}: {count} seen that became no event",
    zh: "{camera}，自 {since}：{count} 次未成为事件",
  },
  rulesTooShort: { en: "too short", zh: "持续不足" },
  rulesCoolDown: { en: "cool-down", zh: "冷却中" },
  rulesSchedule: { en: "out of hours", zh: "非布防时段" },
  rulesViewMoved: { en: "view had moved", zh: "视角已偏移" },
  rulesNoDrift: { en: "did not drift", zh: "静止未漂动" },
  rulesTestTotal: {
    en: "stories: {stories} ({minutes} min); precision {precision}, recall {recall}, {perDay} false alarms per camera-day, median lateness {late} s",
    zh: "{stories} 个场景（{minutes} 分钟）：精确率 {precision}，召回率 {recall}，每路每天误报 {perDay} 次，延迟中位数 {late} 秒",
  },
  rulesTestCounts: {
    en: "  {right} right, {missed} missed, {falseAlarms} false, {late} late",
    zh: "  正确 {right}，漏报 {missed}，误报 {falseAlarms}，迟报 {late}",
  },
  rulesTestLikeness: {
    en: "  rods and persons right in {rods} of the 10 s windows, debris share off by {debris} on average",
    zh: "  竿数与人数在 {rods} 的 10 秒窗口内正确，漂浮物占比平均偏差 {debris}",
  },
  rulesTestWorse: { en: "worse than the baseline:", zh: "比基线差：" },
  rulesTestNotWorse: { en: "not worse than the baseline", zh: "不比基线差" },
  rulesNeedsFlag: { en: "{flag} is needed", zh: "需要 {flag}" },
  rulesBadTime: {
    en: "{typed} is no time: write 24h, 90m or 7d for as long ago, or a time of the site, as 2026-03-14T12:00:00",
    zh: "{typed} 不是有效时间：请写 24h、90m、7d（多久以前），或站点时间，如 2026-03-14T12:00:00",
  },
  rulesNoCamera: { en: "no camera {camera} in the config", zh: "配置中没有摄像机 {camera}" },
  rulesNoStories: { en: "no NAME.truth.jsonl in {folder}", zh: "{folder} 中没有 NAME.truth.jsonl" },
  rulesBadFile: { en: "{path} cannot be used: {detail}", zh: "无法使用 {path}：{detail}" },
} as const satisfies Record<string, Text>;
