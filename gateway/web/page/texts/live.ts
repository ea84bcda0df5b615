/** Texts of the live view. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const liveTexts = {
  title: { en: "Live view", zh: "实况" },
  none: { en: "There is no camera yet.", zh: "尚未添加摄像机。" },
  stale: { en: "no frame for {seconds} s", zh: "已 {seconds} 秒无画面" },
  waiting: { en: "waiting for the first picture …", zh: "等待首帧画面……" },
  drawZones: { en: "Draw zones", zh: "绘制区域" },
  fullScreen: { en: "Full screen", zh: "全屏" },
  tracks: { en: "{count} track{count|s}", zh: "{count} 条轨迹" },
  notLooked: { en: "not looked at", zh: "未检测" },
  connecting: { en: "connecting", zh: "连接中" },
  streaming: { en: "streaming", zh: "正常" },
  late: { en: "no picture", zh: "无画面" },
  stalled: { en: "stalled", zh: "停滞" },
  waitingState: { en: "waiting", zh: "等待重连" },
  disabled: { en: "disabled", zh: "已停用" },
  pictureOf: { en: "Live picture of {camera}", zh: "{camera} 的实时画面" },
  smooth: { en: "Smooth view", zh: "流畅画面" },
  analysed: { en: "Analysed view", zh: "分析画面" },
  smoothOf: { en: "Smooth view of {camera}", zh: "{camera} 的流畅画面" },
  smoothAbout: {
    en: "25 pictures a second, about 1 Mbit/s, without boxes: it comes by another way than the analysed frames, so boxes could not be kept in step with it.",
    zh: "每秒 25 帧，约 1 Mbit/s，不显示检测框：流畅画面与分析帧来自两条通路，框与画面无法逐帧对齐。",
  },
  smoothSaving: { en: "Not while data is saved.", zh: "省流量已开启，不可用。" },
  smoothConnecting: { en: "asking the camera …", zh: "正在连接摄像机……" },
  smoothSilent: { en: "no new picture; the last one is old", zh: "没有新画面，当前画面已过时" },
  smoothFull: {
    en: "as many look on smoothly as this box can bear; trying again. The analysed view still works.",
    zh: "流畅画面的观看数已达本机上限，稍后自动重试。分析画面不受影响。",
  },
  smoothEnded: { en: "the camera gives no picture; trying again", zh: "摄像机没有画面，正在重试" },
  smoothAway: { en: "no connection to the gateway; trying again", zh: "与网关失去连接，正在重试" },
  smoothUnknown: { en: "this camera cannot be shown", zh: "无法显示该摄像机" },
  smoothSignedOut: { en: "logged out", zh: "已退出登录" },
} as const satisfies Record<string, Text>;
