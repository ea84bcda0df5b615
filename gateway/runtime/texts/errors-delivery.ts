/** Error texts of database, evidence and uplink. */
import type { ErrorText } from "./error-text.ts";

export const deliveryErrors = {
  DATABASE_FULL: {
    retry: "backoff",
    exit: 1,
    en: ["the disk that holds {path} is full", "Free space on that disk; detection goes on, and events are written as soon as there is room."],
    zh: ["存放 {path} 的磁盘已满", "请释放该磁盘的空间;检测继续进行,一有空间即写入事件。"],
  },
} as const satisfies Record<string, ErrorText>;
