/** Texts of water level and surface speed. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const waterTexts = {
  about: {
    en: "Lay the line along the staff gauge and name two or more marks; the box reads the level from the picture. A section does the same for the speed of the surface.",
    zh: "沿水尺画中线并标定两处以上刻度，网关即可从画面读取水位；测速断面同理读取水面流速。",
  },
  overtaken: {
    en: "Somebody else changed this camera meanwhile. Your drawing lies over theirs: apply it, or undo to take theirs.",
    zh: "其他人刚刚修改了此摄像机。您的绘制已叠加在其修改之上：可应用，或撤销以采用对方的内容。",
  },
  zoom: { en: "Magnification", zh: "放大" },
  help: {
    en: "Drag a handle; or choose one and tap its place; arrow keys move it finely.",
    zh: "拖动控制点；或先选中再点按目标位置；方向键可微调。",
  },
  gauge: { en: "Staff gauge", zh: "水尺" },
  gaugeAbout: {
    en: "No staff gauge is drawn in this picture.",
    zh: "此画面尚未标注水尺。",
  },
  addGauge: { en: "Draw the gauge", zh: "标注水尺" },
  removeGauge: { en: "Remove the gauge", zh: "删除水尺" },
  flow: { en: "Surface speed", zh: "水面流速" },
  flowAbout: {
    en: "No section is drawn. Lay a line along the current, on open water, between places of known distance.",
    zh: "尚未标注测速断面。请在开阔水面沿流向画测线，并标定已知距离的位置。",
  },
  addLine: { en: "Draw a line along the current", zh: "添加测线" },
  removeLine: { en: "Remove line {n}", zh: "删除测线 {n}" },
  lineN: { en: "Line {n}", zh: "测线 {n}" },
  upper: { en: "{line}: upper end", zh: "{line}：上端" },
  lower: { en: "{line}: lower end", zh: "{line}：下端" },
  upstream: { en: "{line}: upstream end", zh: "{line}：上游端" },
  downstream: { en: "{line}: downstream end", zh: "{line}：下游端" },
  markN: { en: "{line}: mark {n}, {m} m", zh: "{line}：标定点 {n}，{m} 米" },
  marks: { en: "Marks", zh: "标定点" },
  choose: { en: "Choose mark {n} in the picture", zh: "在画面中选中标定点 {n}" },
  metres: { en: "Mark {n}, metres", zh: "标定点 {n}（米）" },
  addMark: { en: "One more mark", zh: "添加标定点" },
  removeMark: { en: "Remove mark {n}", zh: "删除标定点 {n}" },
  noScale: {
    en: "These marks give no scale. Along the line their metres must rise or fall; one stands at the wrong place or has the wrong metres.",
    zh: "这些标定点无法构成刻度：沿线的米数应依次增大或减小。有标定点的位置或米数不对。",
  },
  twoMarks: {
    en: "Two marks suit a camera that looks straight at it. A third one corrects a tilted view.",
    zh: "正对拍摄时两个标定点即可；增加第三个可校正倾斜视角。",
  },
  threeMarks: {
    en: "Three marks correct a tilted view. A fourth one would show a mark at the wrong place.",
    zh: "三个标定点可校正倾斜视角；增加第四个可检查标定点是否有误。",
  },
  agree: { en: "The marks agree within {cm} cm.", zh: "标定点误差不超过 {cm} 厘米。" },
  disagree: {
    en: "The marks miss each other by {cm} cm; 2 cm is the most. One of them is at the wrong place or has the wrong metres.",
    zh: "标定点相差 {cm} 厘米，最多允许 2 厘米。有标定点位置或米数不对。",
  },
  width: { en: "Width of the board", zh: "尺面宽度" },
  levels: { en: "Levels of the station", zh: "本站特征水位（米）" },
  datum: { en: "Datum", zh: "高程基准" },
  guard: { en: "Guard level", zh: "设防水位" },
  warning: { en: "Warning level", zh: "警戒水位" },
  guaranteed: { en: "Guaranteed level", zh: "保证水位" },
  low: { en: "Low level", zh: "低水位" },
  limits: { en: "What is believed", zh: "可信范围" },
  minM: { en: "Lowest, m", zh: "最低水位（米）" },
  maxM: { en: "Highest, m", zh: "最高水位（米）" },
  maxRiseMPerMin: { en: "Fastest change, m/min", zh: "最大涨落（米/分钟）" },
  maxMps: { en: "Fastest water believed, m/s", zh: "最大可信流速（米/秒）" },
  level: { en: "Level now", zh: "当前水位" },
  speed: { en: "Speed now", zh: "当前流速" },
  notYet: { en: "waiting for the first reading", zh: "等待首次读数" },
  noReading: { en: "no reading", zh: "无读数" },
  sure: { en: "confidence {share} %", zh: "置信度 {share}%" },
} as const satisfies Record<string, Text>;

/** Why there is no reading, by the reason that the box gives. */
export const reasonTexts = {
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
