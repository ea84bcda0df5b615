/** Error texts of config files; those of zones files among them. */
import type { ErrorText } from "./error-text.ts";
import { zonesErrors } from "./errors-zones.ts";

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
    zh: ['{place}中没有名为 "{key}" 的配置项', "请删除，或在 config/README.md 中查看此处可用的配置项。"],
  },
  CONFIG_MISSING_KEY: {
    ...file,
    en: ['"{key}" is missing in {place}', "Add {key}: {about}."],
    zh: ['{place}缺少 "{key}"', "请添加 {key}：{about}。"],
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
    en: ['"{value}" has the wrong form for {key}', "Expected: {expected}."],
    zh: ['{key} 的格式不正确："{value}"', "应为：{expected}。"],
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
  CONFIG_URL_ADDRESS: {
    ...file,
    en: ["no camera may have this address: {why}", "Write the address that the camera has in its own network."],
    zh: ["摄像机不能使用该地址：{why}", "请填写摄像机在其网络中的地址。"],
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
  ...zonesErrors,
} as const satisfies Record<string, ErrorText>;
