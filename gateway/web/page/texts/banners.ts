/** Texts of the banners that stand on every page. */
import type { Text } from "../../../runtime/texts/fill.ts";

export const bannerTexts = {
  invalid: {
    en: "Revision {revision} keeps running; the files on disk have {count} error(s):",
    zh: "正在运行版本 {revision}；磁盘上的配置有 {count} 处错误：",
  },
  pending: {
    en: "The last change is taken back in {seconds} s unless it is confirmed:",
    zh: "最近的修改将在 {seconds} 秒后自动撤回，除非确认：",
  },
  clockApart: {
    en: "The box's clock and this device's are {span} apart: the times of events may be wrong.",
    zh: "网关时钟与本设备相差 {span}：事件时间可能有误。",
  },
  clockSet: { en: "Set the clock", zh: "校准时钟" },
  walking: {
    en: "Test walk of {user} at {camera}: what fires there is not sent until {time}.",
    zh: "{user} 正在“{camera}”试走：{time} 前在该处触发的事件不上报。",
  },
  watching: { en: "A change was applied; watched for another {span}.", zh: "已应用修改，观察还剩 {span}。" },
  watch: { en: "Watch and roll back", zh: "观察与回滚" },
  confirm: { en: "Keep it", zh: "确认保留" },
} as const satisfies Record<string, Text>;
