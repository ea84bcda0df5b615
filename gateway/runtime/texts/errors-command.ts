/** Error texts of the command line and the start of the process. */
import type { ErrorText } from "./error-text.ts";

export const commandErrors = {
  USAGE: {
    retry: "never",
    exit: 2,
    en: ["{detail}", "See `xueliang help`."],
    zh: ["{detail}", "请参阅 `xueliang help`。"],
  },
  NODE_TOO_OLD: {
    retry: "never",
    exit: 69,
    en: [
      "Node {found} is too old; {needed} or newer is needed",
      "Start with `npm start`, which brings its own Node, or install a newer one.",
    ],
    zh: ["Node {found} 版本过低,需要 {needed} 或更高版本", "请用 `npm start` 启动(自带 Node),或安装更新的版本。"],
  },
  FFMPEG_MISSING: {
    retry: "never",
    exit: 69,
    en: [
      "ffmpeg was not found ({looked})",
      "Debian/Ubuntu: sudo apt install ffmpeg; or set ffmpeg.path in config/gateway.yaml.",
    ],
    zh: [
      "未找到 ffmpeg({looked})",
      "Debian/Ubuntu:sudo apt install ffmpeg;或在 config/gateway.yaml 中设置 ffmpeg.path。",
    ],
  },
} as const satisfies Record<string, ErrorText>;
