/** Error texts of zones files: shapes, rules, calendars, gauge and section. */
import type { ErrorText } from "./error-text.ts";

const file = { retry: "never", exit: 78 } as const;

export const zonesErrors = {
  CONFIG_UNKNOWN_CAMERA: {
    ...file,
    en: ['there is no camera "{camera}" in gateway.yaml', "Known cameras: {known}."],
    zh: ['gateway.yaml 中没有摄像机 "{camera}"', "已有摄像机：{known}。"],
  },
  CONFIG_ZONES_NAME: {
    ...file,
    en: [
      "these are the zones of {camera}, but the file is called {fileStem}.yaml",
      "Rename the file to {camera}.yaml, or correct `camera:`.",
    ],
    zh: ["这是 {camera} 的区域，但文件名为 {fileStem}.yaml", "请将文件改名为 {camera}.yaml，或更正 `camera:`。"],
  },
  CONFIG_UNKNOWN_RULE: {
    ...file,
    en: [
      '"{type}" is no event type of the catalogue',
      "See `xueliang config types`, or give the rule a `kind` of its own.",
    ],
    zh: ['目录中没有事件类型 "{type}"', "请查看 `xueliang config types`，或为规则指定 `kind`。"],
  },
  CONFIG_UNKNOWN_SCHEDULE: {
    ...file,
    en: ['there is no schedule "{schedule}" in this file', "Known schedules: {known}. Add it under `schedules:`."],
    zh: ['本文件中没有布防时间表 "{schedule}"', "已有时间表：{known}。请在 `schedules:` 下添加。"],
  },
  CONFIG_PIXELS: {
    ...file,
    en: [
      "coordinate {value} is outside 0..1 ({count} such numbers in this file)",
      "Coordinates are fractions of the picture, not pixels: divide x by its width and y by its height.",
    ],
    zh: [
      "坐标 {value} 超出 0..1（本文件共 {count} 处）",
      "坐标是画面的比例，不是像素：x 除以画面宽度，y 除以画面高度。",
    ],
  },
  CONFIG_POLYGON_CROSSES: {
    ...file,
    en: [
      "the polygon crosses itself: edge {a} (corner {a1}→{a2}) meets edge {b} (corner {b1}→{b2})",
      "Swap corners {swapA} and {swapB}, or draw the zone again, corner by corner around it.",
    ],
    zh: [
      "多边形自相交：第 {a} 条边（顶点 {a1}→{a2}）与第 {b} 条边（顶点 {b1}→{b2}）相交",
      "请交换顶点 {swapA} 与 {swapB}，或沿边界依次重新绘制。",
    ],
  },
  CONFIG_POLYGON_REPEATS: {
    ...file,
    en: [
      "corners {a} and {b} of the polygon stand at the same place",
      "Remove one of them; a polygon closes by itself.",
    ],
    zh: ["多边形的顶点 {a} 与顶点 {b} 位置相同", "请删除其中一个；多边形会自动闭合。"],
  },
  CONFIG_POLYGON_TINY: {
    ...file,
    en: [
      "the polygon covers only {percent} % of the picture",
      "Check the corners; at least 0.01 % is needed for anything to stand in it.",
    ],
    zh: ["多边形仅占画面的 {percent}%", "请检查顶点；至少需占 0.01% 才可能有目标位于其中。"],
  },
  CONFIG_LINE_SHORT: {
    ...file,
    en: ["the line has (almost) no length", "Put start and end at different places."],
    zh: ["绊线（几乎）没有长度", "请让起点与终点位于不同位置。"],
  },
  CONFIG_LINE_CROSSES: {
    ...file,
    en: [
      "the line crosses itself: piece {a} meets piece {b}",
      "Move one of its bends: a line that crosses itself has no two sides.",
    ],
    zh: ["绊线自相交：第 {a} 段与第 {b} 段相交", "请移动折点：自相交的绊线分不出两侧。"],
  },
  CONFIG_LINE_OBJECTS: {
    ...file,
    en: [
      "the line is as long as {percent} % of the picture is high, and its rules count only objects of at least {least} %",
      "Draw it longer than what crosses it, beyond both edges of the way, or lower minSize: who crosses beside its ends is not counted.",
    ],
    zh: [
      "绊线长度仅相当于画面高度的 {percent}%，而其规则只计高度不小于 {least}% 的目标",
      "请将绊线画得比经过的目标更长并超出通道两侧，或减小 minSize：从端点之外经过的目标不计。",
    ],
  },
  CONFIG_LINE_REPEATS: {
    ...file,
    en: ["points {a} and {b} of the line stand at the same place", "Remove one of them; a line that closes is a zone."],
    zh: ["绊线的第 {a} 点与第 {b} 点位置相同", "请删除其中一个；首尾相接的绊线请改画为区域。"],
  },
  CONFIG_LINE_TINY: {
    ...file,
    en: [
      "the line is only {percent} % of the picture long",
      "Draw it at least {least} % long and beyond both edges of the way: who crosses beside its ends is not counted.",
    ],
    zh: ["绊线长度仅为画面的 {percent}%", "请至少画到 {least}%，并超出通道两侧：从端点之外经过的目标不计。"],
  },
  CONFIG_SCHEDULE_NEVER: {
    ...file,
    en: ['the schedule "{schedule}" never opens: {why}', "Correct its days, or remove it: its rules would never fire."],
    zh: ['时间表 "{schedule}" 永不启用：{why}', "请更正日期，或删除该时间表：否则其规则永远不会触发。"],
  },
  CONFIG_NO_SUCH_DAY: {
    ...file,
    en: [
      "{day} is no day of the calendar",
      "Correct the date: a holiday written so is a day like any other, a season begins or ends on another day.",
    ],
    zh: ["日历中没有 {day}", "请更正日期：否则该节假日会按普通日处理，日期段会从别的日期开始或结束。"],
  },
  CONFIG_SUN_PLACE: {
    ...file,
    en: [
      "sunrise and sunset count as 06:00 and 18:00 here: nothing says where {camera} stands",
      "Write place.lon and place.lat of the camera, or of the site, into gateway.yaml.",
    ],
    zh: [
      "此处的日出、日落按 06:00 和 18:00 计：未说明 {camera} 的位置",
      "请在 gateway.yaml 中填写该摄像机或站点的 place.lon 和 place.lat。",
    ],
  },
  CONFIG_HOURS_SHORT: {
    ...file,
    en: [
      "the rule must see {needSec} s held and is armed for {openSec} s at most, so it never fires",
      "Lengthen its hours, or lower suspectedSec or detectedSec.",
    ],
    zh: [
      "规则需持续 {needSec} 秒，而布防时段最长仅 {openSec} 秒，永远不会触发",
      "请延长时段，或减小 suspectedSec 或 detectedSec。",
    ],
  },
  CONFIG_PERSPECTIVE: {
    ...file,
    en: [
      "the person further up the picture is not the smaller one, so coverage would count pixels, not ground",
      "Give two standing persons at two distances: the one whose feet are higher up is further away and smaller.",
    ],
    zh: [
      "画面中靠上的人并不更小，覆盖率将按像素而非地面面积计算",
      "请给出远近两处站立的人：脚部位置靠上者更远、身高更小。",
    ],
  },
  CONFIG_GAUGE_MARKS: {
    ...file,
    en: [
      "the marks of the gauge do not make a scale: {detail}",
      "Click each mark again at its own line of the gauge and check its metres; the gauge would not be read.",
    ],
    zh: ["水尺标定点无法构成刻度：{detail}", "请在水尺对应刻度处重新点选，并核对米数；否则无法读取水位。"],
  },
  CONFIG_FLOW_LINE: {
    ...file,
    en: [
      "the surface speed cannot be read along this line: {detail}",
      "Draw the line along the current, a sixth of the picture or longer, and mark two or more places of known distance on it; no speed would be read.",
    ],
    zh: [
      "无法沿此测线读取水面流速：{detail}",
      "请沿流向绘制测线（不短于画面的六分之一），并标定两处或更多已知距离的位置；否则无法读取流速。",
    ],
  },
  CONFIG_MEASURE_UNKNOWN: {
    ...file,
    en: ['nothing measures "{measure}", so the rule never fires', "Use one of: {known}."],
    zh: ['没有测量量 "{measure}"，规则永远不会触发', "请使用其一：{known}。"],
  },
  CONFIG_MEASURE_UNSUPPLIED: {
    ...file,
    en: [
      "the rule waits for {measure}, and this file has nothing that measures it",
      "Add {lacking} to this file, or remove the rule; until then it never fires.",
    ],
    zh: ["规则等待 {measure}，但本文件中没有其来源", "请在本文件中添加{lacking}，或删除该规则；在此之前它不会触发。"],
  },
  CONFIG_DRIFT_NO_CURRENT: {
    ...file,
    en: [
      "what stands still is left out only while the current is read, and this file reads none",
      "Add a section with lines along the current (key `flow`), or write drift: required where things always drift; until then everything counts.",
    ],
    zh: [
      "仅在读得水流时才排除静止物，但本文件中没有流速来源",
      "请添加流速断面（`flow`）；若此处水流常在，请写 drift: required。在此之前所有目标都计入。",
    ],
  },
  CONFIG_RULE_INCOMPLETE: {
    ...file,
    en: ["a {kind} rule needs {what} and has none, so it never fires", "Add {what}; config/README.md names its unit."],
    zh: ["{kind} 规则缺少 {what}，永远不会触发", "请添加 {what}；单位见 config/README.md。"],
  },
  CONFIG_RULE_PLACE: {
    ...file,
    en: [
      "a {kind} rule needs a zone and stands on a line, so it never fires",
      "Move it to a zone, or use line-crossing.",
    ],
    zh: ["{kind} 规则需要区域，放在绊线上永远不会触发", "请移到区域上，或改用 line-crossing。"],
  },
  CONFIG_PURPOSE: {
    ...file,
    en: [
      "the camera may be used for {allowed} and this rule is for {purpose}",
      "Remove the rule, or let whoever owns the camera allow it: add {word} to purpose of {camera} in gateway.yaml.",
    ],
    zh: [
      "该摄像机允许的用途为 {allowed}，而此规则用于 {purpose}",
      "请删除该规则；或经权属单位同意后，在 gateway.yaml 中为 {camera} 的 purpose 增加 {word}。",
    ],
  },
  CONFIG_THRESHOLD_UNIT: {
    ...file,
    en: ["{value} cannot be the {what} of the kind {kind}", "Write {unit}."],
    zh: ["{kind} 规则的 {what} 不能为 {value}", "请填写{unit}。"],
  },
  CONFIG_SIZE_ORDER: {
    ...file,
    en: ["no object can be at least {least} and at most {most} high", "Make minSize smaller than maxSize."],
    zh: ["没有目标的高度能不小于 {least} 且不大于 {most}", "minSize 应小于 maxSize。"],
  },
  CONFIG_RULE_KEY_IDLE: {
    ...file,
    en: ["{key} does nothing in a rule of the kind {kind}", "Remove it, or choose the kind that it belongs to."],
    zh: ["{key} 在 {kind} 规则中不起作用", "请删除该项，或改用与之对应的规则种类。"],
  },
  CONFIG_SUSPECTED_LATE: {
    ...file,
    en: [
      "suspectedSec {suspected} lies beyond detectedSec {detected} and counts as {detected}",
      "Make suspectedSec the smaller of the two, or leave it out.",
    ],
    zh: [
      "suspectedSec {suspected} 大于 detectedSec {detected}，按 {detected} 计",
      "suspectedSec 应不大于 detectedSec，或不填。",
    ],
  },
  CONFIG_RULE_FLAPS: {
    ...file,
    en: [
      "an occurrence is over after clearSec {clear} and cooldownSec {cooldown}, far sooner than the window of {window} s has seen enough, so one scene is told again and again",
      "Make clearSec and cooldownSec together at least as long as windowSec, or leave them out: 10 s and 30 s are usual.",
    ],
    zh: [
      "clearSec {clear} 秒加 cooldownSec {cooldown} 秒后事件即结束，远短于 {window} 秒的滑动窗口，同一情形会反复告警",
      "clearSec 与 cooldownSec 之和应不小于 windowSec，或不填：通常为 10 秒和 30 秒。",
    ],
  },
  CONFIG_LABEL_UNKNOWN: {
    ...file,
    en: [
      'the model {model} never gives the label "{label}", so {effect}',
      "Use one of its labels ({known}), or another model.",
    ],
    zh: ['模型 {model} 没有类别 "{label}"，{effect}', "请使用其类别之一（{known}），或更换模型。"],
  },
} as const satisfies Record<string, ErrorText>;
