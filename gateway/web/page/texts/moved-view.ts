/** Texts for a camera whose view has moved since its zones were drawn. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const movedTexts = {
  paused: { en: "The view has moved: zones and lines are paused", zh: "画面已移位，区域和线暂停报警" },
  compare: { en: "Compare …", zh: "对比……" },
  title: { en: "The view of {camera} has moved", zh: "{camera} 的画面已移位" },
  about: {
    en: "Before and now in turn. Drag the picture, or use the arrows, until the shapes lie where they belong.",
    zh: "交替显示移位前后的画面。拖动画面或使用方向键，使图形回到正确位置。",
  },
  day: { en: "Before, by day", zh: "移位前（白天）" },
  night: { en: "Before, by night", zh: "移位前（夜间）" },
  noPicture: { en: "The box keeps no picture from before in this light.", zh: "设备没有该光线下移位前的画面。" },
  blink: { en: "In turn", zh: "交替显示" },
  before: { en: "Before", zh: "移位前" },
  now: { en: "Now", zh: "当前" },
  left: { en: "Left", zh: "左移" },
  right: { en: "Right", zh: "右移" },
  up: { en: "Up", zh: "上移" },
  down: { en: "Down", zh: "下移" },
  by: { en: "Moved by {x} % and {y} %", zh: "已移动 {x}% 和 {y}%" },
  take: { en: "Move all shapes in the draft", zh: "移动草稿中的全部图形" },
  taken: {
    en: "All shapes moved in the draft. Apply it, then accept the view.",
    zh: "草稿中的图形已全部移动。请先应用，再确认画面。",
  },
  accept: { en: "Accept this view", zh: "确认当前画面" },
  accepted: {
    en: "This view is the usual one from now on; the rules go on.",
    zh: "已将当前画面设为基准，规则恢复工作。",
  },
} as const satisfies Record<string, Text>;
