/**
 * What became of a story, line by line, in the reader's language (pure). The lines are kept in English, in baselines too: what
 * is compared must not depend on who asked.
 */
import { fill, type Language } from "./fill.ts";

const states: Readonly<Record<string, string>> = {
  start: "开始",
  suspected: "疑似",
  detected: "已确认",
  cleared: "结束",
};

/** An occurrence as `judge` says it. */
const happened = /(?<type>\S+) in (?<zone>\S*): (?<times>(?:\w+ -?[\d.]+ s, )*)severity (?<severity>\d)/;

/** Whole lines, without the occurrence behind them. */
const forms: readonly (readonly [form: RegExp, zh: string])[] = [
  [/^missed: (?<type>\S+), expected within (?<from>-?[\d.]+)\.\.(?<to>-?[\d.]+) s$/, "漏报：{type}，应在 {from}–{to} 秒内发生"],
  [/^right: (?<said>.+)$/, "正确：{said}"],
  [/^false: (?<said>.+)$/, "误报：{said}"],
  [/^missing: (?<type>\S+) severity (?<wanted>\d), got (?<got>\d)$/, "不符：{type} 应为 {wanted} 级，实为 {got} 级"],
  [/^missing: (?<type>\S+) (?<state>\w+)$/, "缺失：{type} 未到“{state}”"],
  [/^early: (?<type>\S+) (?<state>\w+) at (?<at>-?[\d.]+) s, not before (?<limit>-?[\d.]+) s$/, "早报：{type} “{state}”在 {at} 秒，不应早于 {limit} 秒"],
  [/^late: (?<type>\S+) (?<state>\w+) at (?<at>-?[\d.]+) s, not after (?<limit>-?[\d.]+) s$/, "迟报：{type} “{state}”在 {at} 秒，不应晚于 {limit} 秒"],
  [/^missed: (?<count>\d+) bytes of the log are broken; what they held was not judged$/, "漏报：日志有 {count} 字节损坏，其中内容未评判"],
  [/^missed: (?<count>\d+) frames were not looked at$/, "漏报：有 {count} 帧未经检测"],
  // Worse than a baseline.
  [/^(?<story>.+): not run$/, "{story}：未运行"],
  [/^missed (?<from>\d+) → (?<to>\d+)$/, "漏报 {from} → {to}"],
  [/^falseAlarms (?<from>\d+) → (?<to>\d+)$/, "误报 {from} → {to}"],
  [/^late (?<from>\d+) → (?<to>\d+)$/, "迟报 {from} → {to}"],
  [/^windows right (?<from>\d+) → (?<to>\d+)$/, "正确窗口 {from} → {to}"],
  [/^debris error (?<from>\S+) → (?<to>\S+)$/, "漂浮物占比偏差 {from} → {to}"],
]; // prettier-ignore

/** A line of a story's verdict, or of what is worse than the baseline; one of a later version stands as it is. */
export function verdictLine(line: string, language: Language): string {
  if (language === "en") return line;
  const [, fault, behind] = /^(missing|early|late)(.*)$/.test(line) ? (/^(.+?) \((.+)\)$/.exec(line) ?? []) : [];
  if (fault !== undefined && behind !== undefined) return `${inChinese(fault)}（${occurrence(behind)}）`;
  const [, story, changes] = /^(.+): (\S.* → .+)$/.exec(line) ?? [];
  if (story !== undefined && changes !== undefined) return `${story}：${changes.split(", ").map(inChinese).join("，")}`;
  return inChinese(line);
}

function inChinese(line: string): string {
  for (const [form, zh] of forms) {
    const found = form.exec(line)?.groups;
    if (!found) continue;
    const { said = "", state = "" } = found;
    return fill(zh, { ...found, said: occurrence(said), state: states[state] ?? state });
  }
  return line;
}

function occurrence(said: string): string {
  const found = happened.exec(said)?.groups;
  if (!found) return said;
  const times = (found["times"] ?? "").split(", ").flatMap((one) => {
    const [state = "", seconds] = one.split(" ");
    return seconds === undefined ? [] : [`${states[state] ?? state} ${seconds} 秒`];
  });
  return `${found["type"] ?? ""}（${found["zone"] ?? ""}）：${[...times, `${found["severity"] ?? ""} 级`].join("，")}`;
}
