/** Error texts of config and zones files. */
import type { ErrorText } from "./error-text.ts";

export const configErrors = {
  CONFIG_UNREADABLE: {
    retry: "never",
    exit: 78,
    en: [
      "the file {path} cannot be read: {detail}",
      "Check that the file exists and that the daemon's user may read it.",
    ],
    zh: ["无法读取文件 {path}:{detail}", "请确认文件存在,且守护进程的用户有权读取。"],
  },
  CONFIG_INVALID: {
    retry: "never",
    exit: 78,
    en: ["{path} has {count} error(s)", "Correct the places listed above; nothing was started."],
    zh: ["{path} 有 {count} 处错误", "请更正上面列出的位置;未启动任何功能。"],
  },
} as const satisfies Record<string, ErrorText>;
