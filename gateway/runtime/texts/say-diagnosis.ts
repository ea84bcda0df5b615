/** What is wrong with a camera's picture, and how long it was not observed. */
import type { Text } from "./fill.ts";

export const diagnosisTexts = {
  diagnosisOpen: {
    en: "  ! {camera}: {name} for {since} ({value})",
    zh: "  ! {camera}：{name}，已持续 {since}（{value}）",
  },
  diagnosisBlind: {
    en: "  ! {camera}: the scene is not observed: {reason}",
    zh: "  ! {camera}：当前未观测现场：{reason}",
  },
  diagnosisMoved: {
    en: "    rules with a place are suspended until the view comes back; if the new view is meant: xueliang camera accept-view {camera}",
    zh: "    画面恢复前暂停所有区域规则；如果新画面是有意调整的：xueliang camera accept-view {camera}",
  },
  diagnosisDay: {
    en: "  {camera}: last {hours} h online {online}, intact {intact}, not observed {minutes} min{reasons}",
    zh: "  {camera}：近 {hours} 小时在线率 {online}，完好率 {intact}，未观测 {minutes} 分钟{reasons}",
  },
  cameraViewAccepted: {
    en: "✓ {camera}: the view as it is now is the right one; it is learnt anew",
    zh: "✓ {camera}：已将当前画面作为正确视角，重新学习",
  },
  cameraViewOne: { en: "name one camera: camera accept-view ID", zh: "请指定一路摄像机：camera accept-view 标识" },
  "blind-no-frame": { en: "no picture", zh: "无画面" },
  "blind-view-moved": { en: "the view has moved", zh: "视角已变动" },
  "blind-covered": { en: "covered", zh: "镜头被遮挡" },
  "blind-black": { en: "black picture", zh: "黑屏" },
  "blind-frozen": { en: "frozen picture", zh: "画面冻结" },
  "blind-detector": { en: "detector down", zh: "检测器不可用" },
  "blind-load": { en: "too much load", zh: "负载过高" },
} as const satisfies Record<string, Text>;
