/** Texts of the demo, the receiver and other long-running commands. */
import type { Text } from "./fill.ts";

export const demoTexts = {
  demoCamera: {
    en: "camera simulator: {address} plays {clip} in a loop",
    zh: "摄像机模拟器：{address} 循环播放 {clip}",
  },
  demoReceiver: { en: "receiver: {address}, stores into {path}", zh: "接收端：{address}，存储于 {path}" },
  demoPage: { en: "status page: {address} (one-time code {code})", zh: "状态页：{address}（一次性验证码 {code}）" },
  demoFirstFrame: { en: "first analysed frame after {seconds} s", zh: "首帧分析完成，用时 {seconds} 秒" },
  demoWaiting: { en: "waiting for {type} …", zh: "等待 {type} ……" },
  demoFound: { en: "✓ {type} acknowledged after {seconds} s", zh: "✓ {type} 已确认，用时 {seconds} 秒" },
  demoTimedOut: { en: "no acknowledged {type} within {seconds} s", zh: "{seconds} 秒内没有已确认的 {type}" },
  demoEnds: { en: "Ctrl-C ends", zh: "按 Ctrl-C 结束" },
  eventAcknowledged: {
    en: "{time}  {camera}  {type}  {phase} · {certainty} · severity {severity}  {reason}  ✓ acknowledged",
    zh: "{time}  {camera}  {type}  {phase} · {certainty} · {severity} 级  {reason}  ✓ 已确认",
  },
  phaseStart: { en: "start", zh: "开始" },
  phaseUpdate: { en: "update", zh: "更新" },
  phaseEnd: { en: "end", zh: "结束" },
  certaintySuspected: { en: "suspected", zh: "疑似" },
  certaintyDetected: { en: "detected", zh: "确认" },
  receiveListening: {
    en: "receiver listening on {address} · public key {key}",
    zh: "接收端监听 {address} · 公钥 {key}",
  },
  receiveStored: {
    en: "{time}  {gateway}  {camera}  {type}  {phase} · {certainty}",
    zh: "{time}  {gateway}  {camera}  {type}  {phase} · {certainty}",
  },
  receiveUnknownKey: { en: "refused a box with an unknown key: {key}", zh: "拒绝了未登记密钥的网关：{key}" },
} as const satisfies Record<string, Text>;
