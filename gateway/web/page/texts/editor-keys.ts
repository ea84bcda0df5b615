/** Texts of the list of keys. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const keyTexts = {
  copy: { en: "Copy the shape", zh: "复制图形" },
  paste: { en: "Paste it, here or on another camera", zh: "粘贴到此处或其他摄像机" },
  nudge: { en: "Move by 0.1 %, with Shift by 1 %", zh: "移动 0.1%，按住 Shift 为 1%" },
  delete: { en: "Delete the vertex, else the shape", zh: "删除顶点；未选顶点时删除图形" },
  nextShape: { en: "Next shape", zh: "下一个图形" },
  previousShape: { en: "Previous shape", zh: "上一个图形" },
  escape: { en: "Give up the drawing; deselect", zh: "放弃绘制；取消选择" },
  snap: { en: "Snapping on or off; hold Alt to suspend it", zh: "开关吸附；按住 Alt 暂停吸附" },
  space: { en: "Freeze the picture; while drawing: set a vertex at the cross", zh: "定格画面；绘制时在十字处落点" },
  tab: { en: "Walk through shapes and their vertices", zh: "依次选中图形与顶点" },
  enter: { en: "Finish the drawing", zh: "完成绘制" },
  wheel: { en: "Wheel, two fingers", zh: "滚轮、双指" },
  zoom: { en: "Zoom 1 to 8 times", zh: "缩放 1–8 倍" },
} as const satisfies Record<string, Text>;
