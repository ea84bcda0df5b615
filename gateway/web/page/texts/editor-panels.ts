/** Texts of the panels beside the stage. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const panelTexts = {
  vertex: { en: "Vertex", zh: "顶点" },
  across: { en: "across", zh: "横" },
  down: { en: "down", zh: "纵" },
  copyTo: { en: "Copy to …", zh: "复制到……" },
  copyTitle: { en: "Copy {name} to other cameras", zh: "将 {name} 复制到其他摄像机" },
  copyNow: { en: "Copy into the drafts", zh: "复制到草稿" },
  copied: {
    en: "Copied into the draft of {count} cameras; apply there",
    zh: "已复制到 {count} 路摄像机的草稿，请分别应用",
  },
  copiedOne: { en: "{name} copied", zh: "已复制 {name}" },
  pasted: { en: "{name} pasted", zh: "已粘贴 {name}" },
  ratioDiffers: {
    en: "The pictures have different proportions ({from} and {to}).",
    zh: "画面宽高比不同（{from} 与 {to}）。",
  },
  keepFraction: { en: "Keep the share of the picture", zh: "保持画面比例位置" },
  keepShape: { en: "Keep the form", zh: "保持图形形状" },
  noOtherCamera: { en: "There is no other camera.", zh: "没有其他摄像机。" },
  background: { en: "Background", zh: "背景" },
  backgroundLive: { en: "Live", zh: "实时画面" },
  backgroundDay: { en: "Last day", zh: "最近白天" },
  backgroundNight: { en: "Last night", zh: "最近夜间" },
  backgroundEvent: { en: "Last event", zh: "最近事件" },
  backgroundUpload: { en: "A file …", zh: "上传图片……" },
  backgroundNone: { en: "There is no such picture yet.", zh: "尚无此类图片。" },
  backgroundBad: { en: "This file is no picture.", zh: "该文件不是图片。" },
  whyTrack: { en: "Track #{id}: why?", zh: "轨迹 #{id}：为什么？" },
  maskAbout: {
    en: "Objects are not seen inside a mask: it is burnt into the picture before anything looks. It does not hide what stands in front of it elsewhere.",
    zh: "屏蔽区内的画面在检测前即被遮盖，其中的目标不会被检测。屏蔽区外的目标不受影响。",
  },
  noShapes: {
    en: "Nothing is drawn yet. Choose a tool and tap on the picture.",
    zh: "尚未绘制。请选择工具后在画面上点击。",
  },
  hide: { en: "Hide {name}", zh: "隐藏 {name}" },
  lock: { en: "Lock {name}", zh: "锁定 {name}" },
  enabledShape: { en: "{name} enabled", zh: "启用 {name}" },
} as const satisfies Record<string, Text>;
