/** Error texts of the command line, the page and the start of the process. */
import type { ErrorText } from "./error-text.ts";

export const commandErrors = {
  USAGE: {
    retry: "never",
    exit: 2,
    en: ["{detail}", "See `xueliang help`."],
    zh: ["{detail}", "请参阅 `xueliang help`。"],
  },
  TIMED_OUT: {
    retry: "never",
    exit: 1,
    en: [
      "gave up after {seconds} s",
      "Allow more time with --timeout, or look with `xueliang status` at what is slow.",
    ],
    zh: ["{seconds} 秒后放弃", "请用 --timeout 放宽时间，或用 `xueliang status` 查看缓慢之处。"],
  },
  NODE_TOO_OLD: {
    retry: "never",
    exit: 69,
    en: [
      "Node {found} is too old; {needed} or newer is needed",
      "Start with `npm start`, which brings its own Node, or install a newer one.",
    ],
    zh: ["Node {found} 版本过低，需要 {needed} 或更高版本", "请用 `npm start` 启动（自带 Node），或安装更新的版本。"],
  },
  FFMPEG_MISSING: {
    retry: "never",
    exit: 69,
    en: [
      "ffmpeg was not found ({looked})",
      "Debian/Ubuntu: sudo apt install ffmpeg; or set ffmpeg.path in config/gateway.yaml.",
    ],
    zh: [
      "未找到 ffmpeg（{looked}）",
      "Debian/Ubuntu：sudo apt install ffmpeg；或在 config/gateway.yaml 中设置 ffmpeg.path。",
    ],
  },
  DAEMON_NOT_RUNNING: {
    retry: "never",
    exit: 10,
    en: [
      "no gateway runs here (nobody answers at {path})",
      "Start it with `xueliang run`, or name its config folder with --config.",
    ],
    zh: ["此处没有运行中的网关（{path} 无应答）", "请用 `xueliang run` 启动，或用 --config 指定其配置目录。"],
  },
  DAEMON_RUNNING: {
    retry: "never",
    exit: 1,
    en: [
      "another gateway already runs on this storage folder ({path})",
      "Stop it first; two gateways must not share a database.",
    ],
    zh: ["该数据目录已有另一个网关在运行（{path}）", "请先停止它；两个网关不能共用一个数据库。"],
  },
  DAEMON_VERSION: {
    retry: "never",
    exit: 11,
    en: [
      "the running gateway has version {daemon}, this command {command}",
      "Restart the gateway after an update, or use the command of its version.",
    ],
    zh: ["运行中的网关版本为 {daemon}，而此命令为 {command}", "更新后请重启网关，或使用与其版本一致的命令。"],
  },
  CONTROL_SOCKET: {
    retry: "never",
    exit: 12,
    en: [
      "the control socket {path} cannot be used: {detail}",
      "Run the command as the user of the gateway; check the permissions of the storage folder.",
    ],
    zh: ["无法使用控制套接字 {path}：{detail}", "请以网关的用户身份执行命令，并检查数据目录的权限。"],
  },
  WEB_ADDRESS: {
    retry: "never",
    exit: 1,
    en: [
      "the status page cannot listen on {address}: {detail}",
      "Choose another address:port under web.listen in config/gateway.yaml, or set web.enabled to false.",
    ],
    zh: [
      "状态页无法监听 {address}：{detail}",
      "请在 config/gateway.yaml 的 web.listen 中改用其他地址:端口，或将 web.enabled 设为 false。",
    ],
  },
  WEB_FILE: {
    retry: "never",
    exit: 1,
    en: [
      "the file {path} of the status page cannot be used: {detail}",
      "Check owner and permissions; without a valid password file run `xueliang password set`.",
    ],
    zh: [
      "状态页的文件 {path} 无法使用：{detail}",
      "请检查属主和权限；若密码文件损坏，请执行 `xueliang password set`。",
    ],
  },
} as const satisfies Record<string, ErrorText>;
