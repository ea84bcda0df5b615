/** Error texts of config and zones files. */
import type { ErrorText } from "./error-text.ts";

const file = { retry: "never", exit: 78 } as const;

export const configErrors = {
  CONFIG_UNREADABLE: {
    ...file,
    en: [
      "the file {path} cannot be read: {detail}",
      "Check that the file exists and that the daemon's user may read it; `--config DIR` names another folder.",
    ],
    zh: [
      "无法读取文件 {path}：{detail}",
      "请确认文件存在，且守护进程的用户有权读取；可用 `--config DIR` 指定其他目录。",
    ],
  },
  CONFIG_INVALID: {
    ...file,
    en: ["{path} has {count} error(s)", "Correct the places listed above; nothing was started."],
    zh: ["{path} 有 {count} 处错误", "请更正上面列出的位置；未启动任何功能。"],
  },
  CONFIG_TOO_LARGE: {
    ...file,
    en: [
      "the file has {sizeKiB} KiB; {limitKiB} KiB is the limit",
      "Check that this is the right file; 60 cameras with their zones need far less.",
    ],
    zh: ["文件大小为 {sizeKiB} KiB，上限为 {limitKiB} KiB", "请确认文件无误；60 路摄像机及其区域所需远小于此。"],
  },
  CONFIG_TOO_DEEP: {
    ...file,
    en: [
      "the file is nested deeper than {limit} levels",
      "Check for a bracket that is not closed; a valid file has at most seven levels.",
    ],
    zh: ["文件嵌套超过 {limit} 层", "请检查是否有未闭合的括号；正确的文件最多七层。"],
  },
  CONFIG_NOT_UTF8: {
    ...file,
    en: ["the file is not UTF-8 text", "Save it as UTF-8; editors on Chinese Windows often save as GBK or ANSI."],
    zh: ["文件不是 UTF-8 编码", "请另存为 UTF-8；中文 Windows 的编辑器常保存为 GBK 或 ANSI。"],
  },
  CONFIG_EMPTY: {
    ...file,
    en: ["the file holds no keys", "Begin with the line `schema:` and the keys of config/README.md."],
    zh: ["文件中没有任何配置项", "请以 `schema:` 一行开头，配置项见 config/README.md。"],
  },
  CONFIG_SYNTAX: {
    ...file,
    en: ["{detail}", "Correct this place first; what follows it is only read after that."],
    zh: ["{detail}", "请先更正此处；其后的内容要在更正后才会检查。"],
  },
  CONFIG_YAML_FEATURE: {
    ...file,
    en: ["{feature} is not allowed here", "Write the value out; if it is meant as text, put it into quotes."],
    zh: ["此处不允许使用{feature}", "请直接写出内容；如本意是文本，请加引号。"],
  },
  CONFIG_UNKNOWN_KEY: {
    ...file,
    en: ['unknown key "{key}" in {place}', "Remove it, or see config/README.md for the keys of this place."],
    zh: ['{place} 中没有名为 "{key}" 的配置项', "请删除，或在 config/README.md 中查看此处可用的配置项。"],
  },
  CONFIG_MISSING_KEY: {
    ...file,
    en: ['"{key}" is missing in {place}', "Add {key}: {about}."],
    zh: ['{place} 缺少 "{key}"', "请添加 {key}：{about}。"],
  },
  CONFIG_TYPE: {
    ...file,
    en: ["{key} must be {expected}, found {found}", "Write {expected}; config/README.md shows an example of each key."],
    zh: ["{key} 应为{expected}，实际为{found}", "请写{expected}；各配置项的示例见 config/README.md。"],
  },
  CONFIG_RANGE: {
    ...file,
    en: ["{key} must be between {min} and {max}, got {value}", "Choose a value from {min} to {max}."],
    zh: ["{key} 应在 {min} 与 {max} 之间，实际为 {value}", "请填写 {min} 至 {max} 之间的值。"],
  },
  CONFIG_LENGTH: {
    ...file,
    en: ["{key} has {size} {unit}; {min} to {max} are allowed", "Make it fit into {min} to {max} {unit}."],
    zh: ["{key} 有 {size} {unit}，允许 {min} 至 {max} {unit}", "请调整为 {min} 至 {max} {unit}。"],
  },
  CONFIG_ENUM: {
    ...file,
    en: ['"{value}" is not possible for {key}', "Choose one of: {choices}."],
    zh: ['{key} 不能为 "{value}"', "可选值：{choices}。"],
  },
  CONFIG_FORMAT: {
    ...file,
    en: ['"{value}" has the wrong form for {key}', "Expected: {expected}. Ids have letters, digits, - and _ only."],
    zh: ['{key} 的格式不正确："{value}"', "应为：{expected}。标识只能含字母、数字、- 和 _。"],
  },
  CONFIG_REPEATED_ID: {
    ...file,
    en: ['the id "{id}" is already used by {place}', "Give each entry an id of its own."],
    zh: ['标识 "{id}" 已被 {place} 使用', "请为每一项使用不同的标识。"],
  },
  CONFIG_REPEATED_KEY: {
    ...file,
    en: ['"{key}" stands here a second time; the last one wins', "Remove one of the two."],
    zh: ['"{key}" 在此重复出现，以最后一个为准', "请删除其中一个。"],
  },
  CONFIG_URL: {
    ...file,
    en: ["this is no address of a stream: {why}", "Write rtsp://host:554/path, rtsps://… or file:path/of/a/clip.mp4."],
    zh: ["不是有效的码流地址：{why}", "请写 rtsp://主机:554/路径、rtsps://… 或 file:视频文件路径。"],
  },
  CONFIG_URL_LOGIN: {
    ...file,
    en: [
      "the address holds a user name or password",
      "Remove everything up to the @ and write the login into config/secrets.yaml: cameras: {<id>: {user: …, password: …}}. An @ within the path is written %40.",
    ],
    zh: [
      "地址中含有用户名或密码",
      "请删除 @ 及之前的登录信息，改写到 config/secrets.yaml：cameras: {<摄像机标识>: {user: …, password: …}}。路径中的 @ 写作 %40。",
    ],
  },
  CONFIG_TIMEZONE: {
    ...file,
    en: ['"{value}" is not a time zone', "Write an IANA name such as Asia/Shanghai."],
    zh: ['"{value}" 不是有效的时区', "请写 IANA 时区名，例如 Asia/Shanghai。"],
  },
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
  CONFIG_GAUGE_MARKS: {
    ...file,
    en: [
      "the marks of the gauge do not make a scale: {detail}",
      "Click each mark again at its own line of the gauge and check its metres; the gauge would not be read.",
    ],
    zh: ["水尺标定点无法构成刻度：{detail}", "请在水尺对应刻度处重新点选，并核对米数；否则无法读取水位。"],
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
  CONFIG_THRESHOLD_UNIT: {
    ...file,
    en: ["{value} cannot be the threshold of a {kind} rule", "Write {unit}."],
    zh: ["{kind} 规则的 threshold 不能为 {value}", "请填写{unit}。"],
  },
  CONFIG_SIZE_ORDER: {
    ...file,
    en: ["no object can be at least {least} and at most {most} high", "Make minSize smaller than maxSize."],
    zh: ["没有目标的高度能不小于 {least} 且不大于 {most}", "minSize 应小于 maxSize。"],
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
  CONFIG_LABEL_UNKNOWN: {
    ...file,
    en: [
      'the model {model} never gives the label "{label}", so the rule never fires by it',
      "Use one of its labels ({known}), or another model.",
    ],
    zh: ['模型 {model} 没有类别 "{label}"，规则不会因其触发', "请使用其类别之一（{known}），或更换模型。"],
  },
  CONFIG_SECRETS_MODE: {
    ...file,
    en: ["others on this machine may read the file (mode {mode})", "Run: chmod 600 config/secrets.yaml"],
    zh: ["本机其他用户可读取该文件（权限 {mode}）", "请执行：chmod 600 config/secrets.yaml"],
  },
  CONFIG_WORD_NOT_SWITCH: {
    ...file,
    en: [
      "{written} is read as a text here, not as a switch",
      "Write true or false for a switch; put a text into quotes.",
    ],
    zh: ["{written} 在此被当作文本，而不是开关", "开关请写 true 或 false；文本请加引号。"],
  },
  CONFIG_LEADING_ZERO: {
    ...file,
    en: ["{written} is read as the number {value}", "Put a code with leading zeros into quotes."],
    zh: ["{written} 被读作数字 {value}", "以 0 开头的编码请加引号。"],
  },
  CONFIG_HASH: {
    ...file,
    en: [
      "what follows the # is a comment and no part of {key}",
      "If the # belongs to the value, put the value into quotes.",
    ],
    zh: ["# 之后是注释，不属于 {key} 的值", "如果 # 是值的一部分，请给值加引号。"],
  },
} as const satisfies Record<string, ErrorText>;
