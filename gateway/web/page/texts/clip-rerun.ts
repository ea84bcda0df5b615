/** Texts of the re-run of a recorded clip. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const rerunTexts = {
  about: {
    en: "The stored clip of an event goes through detection and the draft's rules once more. That takes longer than the rehearsal on tracks, and tells what another model or another threshold would find. Live analysis goes first.",
    zh: "把某个事件保存的录像重新检测一遍，再套用草稿中的规则。比按轨迹试算慢，但能看出换模型或改检测阈值后的结果。实时分析优先。",
  },
  clip: { en: "Clip of", zh: "事件录像" },
  none: {
    en: "No event of this camera has a clip on this box. Clips are kept where the camera has “clip” in gateway.yaml.",
    zh: "本机没有该摄像机的事件录像。需在 gateway.yaml 中为该摄像机配置 clip，才会保存录像。",
  },
  model: { en: "Model", zh: "模型" },
  modelOwn: { en: "{name}, as now", zh: "{name}（当前使用）" },
  threshold: { en: "Detection threshold, %", zh: "检测阈值（%）" },
  thresholdOwn: { en: "the model's own", zh: "按模型自身" },
  start: { en: "Re-run with the draft", zh: "用草稿重跑" },
  stop: { en: "Cancel", zh: "取消" },
  stopped: { en: "Cancelled; the box has ended it.", zh: "已取消，本机已停止重跑。" },
  starting: { en: "Loading the model …", zh: "正在加载模型……" },
  progress: { en: "Picture {frames} of about {of}", zh: "第 {frames} 帧，共约 {of} 帧" },
  fires: { en: "The recorded event fires, at {at} s of the clip.", zh: "该事件仍会触发，在录像第 {at} 秒。" },
  firesNot: { en: "The recorded event does not fire.", zh: "该事件不会触发。" },
  happens: { en: "Fires in this clip ({count})", zh: "此录像中触发（{count}）" },
  quiet: { en: "Does not fire ({count}): how near it came", zh: "未触发（{count}）：最接近触发时" },
  noRules: { en: "The draft has no rule that is switched on.", zh: "草稿中没有启用的规则。" },
  nothing: { en: "It saw nothing that it looks at.", zh: "没有出现该规则关注的目标。" },
  show: { en: "Show {time} in the clip", zh: "在录像中查看 {time}" },
  goesOn: { en: "goes on at the end", zh: "录像结束时仍在持续" },
  stale: { en: "The draft has changed since: run it again.", zh: "草稿此后已改动，请重新运行。" },
  done: {
    en: "{frames} pictures in {seconds} s, with {model}.",
    zh: "共 {frames} 帧，用时 {seconds} 秒，模型 {model}。",
  },
  fromNothing: {
    en: "The clip begins with nothing known: what has to last longer than its {seconds} s cannot fire in it.",
    zh: "录像开始时没有任何历史：需要持续超过 {seconds} 秒的条件在其中不可能触发。",
  },
  notLookedAt: {
    en: "{count} pictures were not looked at because the detector gave no answer: what was in them is not known.",
    zh: "有 {count} 帧检测进程未应答，其中内容未知。",
  },
} as const satisfies Record<string, Text>;
