/** Texts of the live view. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const liveTexts = {
  title: { en: "Live view", zh: "实况" },
  none: { en: "There is no camera yet.", zh: "尚未添加摄像机。" },
  stale: { en: "no frame for {seconds} s", zh: "已 {seconds} 秒无画面" },
  waiting: { en: "waiting for the first picture …", zh: "等待首帧画面……" },
  drawZones: { en: "Draw zones", zh: "绘制区域" },
  fullScreen: { en: "Full screen", zh: "全屏" },
  tracks: { en: "{count} tracks", zh: "{count} 条轨迹" },
  notLooked: { en: "not looked at", zh: "未检测" },
  connecting: { en: "connecting", zh: "连接中" },
  streaming: { en: "streaming", zh: "正常" },
  stalled: { en: "stalled", zh: "停滞" },
  waitingState: { en: "waiting", zh: "等待重连" },
  disabled: { en: "disabled", zh: "已停用" },
  pictureOf: { en: "Live picture of {camera}", zh: "{camera} 的实时画面" },
} as const satisfies Record<string, Text>;
