/** Ages, spans and sizes in the reader's language; the browser knows the words. */
import { language } from "../shell/language.ts";

const locale = (): string => (language.value === "zh" ? "zh-CN" : "en-GB");

type Unit = "second" | "minute" | "hour" | "day" | "byte" | "kilobyte" | "megabyte" | "gigabyte" | "millisecond";

function unitText(value: number, unit: Unit, digits = 0): string {
  const options = {
    style: "unit",
    unit,
    unitDisplay: unit === "byte" ? "long" : "short",
    maximumFractionDigits: digits,
  } as const;
  const text = new Intl.NumberFormat(locale(), options).format(value);
  // As everywhere on the page a space stands between a figure and Chinese words; the browser sets none.
  return text.replace(/(\d)(?=\p{Script=Han})/u, "$1 ");
}

const steps: readonly (readonly [Unit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1_000],
];

/** `3 min`, `2 days`: the largest unit that fits at least once. */
export function spanText(ms: number): string {
  const [unit, size] = steps.find(([, least]) => ms >= least) ?? ["second", 1_000];
  return unitText(Math.max(0, Math.floor(ms / size)), unit);
}

/** `12 ms`; a figure below ten keeps a decimal. */
export function msText(ms: number): string {
  return unitText(ms, "millisecond", ms < 10 ? 1 : 0);
}

/** Whole seconds below a minute, then as `spanText`; a decimal below ten. */
export function secondsText(seconds: number): string {
  return seconds < 60 ? unitText(seconds, "second", seconds < 10 ? 1 : 0) : spanText(seconds * 1_000);
}

/** `1.2 GB`, by thousands as disks are sold. */
export function bytesText(bytes: number): string {
  if (bytes >= 1e9) return unitText(bytes / 1e9, "gigabyte", 1);
  if (bytes >= 1e6) return unitText(bytes / 1e6, "megabyte", 1);
  if (bytes >= 1e3) return unitText(bytes / 1e3, "kilobyte");
  return unitText(bytes, "byte");
}

/** `87 %` of a share 0..1. */
export function shareText(share: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: digits }).format(share);
}
