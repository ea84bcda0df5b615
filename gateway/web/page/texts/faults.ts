/** What is wrong with a drawing, and what to do about it. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const faultTexts = {
  crosses: { en: "Edge {a} crosses edge {b}; please move a vertex", zh: "边 {a} 与边 {b} 相交，请调整" },
  repeats: {
    en: "Vertices {a} and {b} stand at the same place; remove one",
    zh: "顶点 {a} 与顶点 {b} 重合，请删除其一",
  },
  tiny: {
    en: "Covers only {percent} % of the picture; at least 0.1 % is needed",
    zh: "仅占画面 {percent}%，至少需 0.1%",
  },
  masked: {
    en: "Lies wholly inside the mask {mask}: nothing can be seen there",
    zh: "完全位于屏蔽区 {mask} 内，无法检测到目标",
  },
  mostlyMasked: {
    en: "Only {percent} % of it lies outside the masks ({mask}): who stands there is seldom seen",
    zh: "仅 {percent}% 在屏蔽区（{mask}）之外，目标很少能被检测到",
  },
  outside: {
    en: "Vertex {a} lies outside the picture; drag it back in",
    zh: "顶点 {a} 在画面之外，请拖回画面内",
  },
  lineShort: { en: "The line has almost no length; drag its ends apart", zh: "绊线几乎没有长度，请拉开两端" },
  lineStepped: {
    en: "Shorter than a common object is wide: objects may step over it",
    zh: "短于常见目标的宽度，物体可能一步跨过",
  },
  lineBorder: {
    en: "Within 5 % of the border: objects are seldom seen on both sides",
    zh: "距画面边缘不足 5%，物体两侧可能不可见",
  },
  lineMasked: { en: "Crosses the mask {mask}: nothing is seen there", zh: "穿过屏蔽区 {mask}，该处无法检测" },
} as const satisfies Record<string, Text>;
