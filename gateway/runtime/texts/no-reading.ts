/** Why a gauge or a section has no reading. */
import type { Text } from "./fill.ts";

/** Why there is no reading, by the reason that the box gives. */
export const noReadingTexts = {
  "too-few-frames": { en: "too few pictures yet", zh: "画面帧数不足" },
  obscured: { en: "something hides the gauge", zh: "水尺被遮挡" },
  "no-pattern": {
    en: "no gauge is seen along the line: check line, width and light",
    zh: "线上未识别到水尺：请检查中线、尺宽和光线",
  },
  "above-range": { en: "the water stands above the line", zh: "水面高于所画中线" },
  "below-range": { en: "the water stands below the line", zh: "水面低于所画中线" },
  ambiguous: { en: "two waterlines are as likely", zh: "水位线不唯一" },
  "low-confidence": { en: "the waterline is not clear enough", zh: "水位线不够清晰" },
  calibration: { en: "the marks give no scale", zh: "标定点无法构成刻度" },
  camera: { en: "the picture cannot be trusted now, see its diagnosis", zh: "画面异常，请查看视频诊断" },
  "out-of-range": { en: "outside of what is believed", zh: "超出可信范围" },
  jump: {
    en: "changes faster than is believed; if the water does, raise the fastest change below",
    zh: "变化过快，未采信；若水位确实变化这么快，请调大下方“最大涨落”",
  },
  "no-texture": { en: "the water shows no texture that moves", zh: "水面无可跟踪纹理" },
  incoherent: { en: "nothing on the water moves together", zh: "水面纹理运动不一致" },
  waves: { en: "waves, not the current", zh: "为波浪而非水流" },
  unsteady: { en: "waiting until several readings agree", zh: "等待多次读数一致" },
} as const satisfies Record<string, Text>;

/** What the box's word for it means; the word itself where it is none of these. */
export function sayNoReading(reason: string): Text {
  return reason in noReadingTexts ? noReadingTexts[reason as keyof typeof noReadingTexts] : { en: reason, zh: reason };
}
