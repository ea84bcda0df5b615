/** Words for what a row holds. */
import { geometryTexts, measureTexts, ruleKeyTexts } from "../texts/rule-keys.ts";
import type { Both, EventRow, Mark } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { chineseMarks } from "../parts/chinese-marks.ts";
import { language, t } from "../shell/language.ts";
import { said } from "../shell/say-failure.ts";
import { detailTexts } from "../texts/event-detail.ts";
import { eventTexts } from "../texts/events.ts";

/** The name of its type; a test has none in the catalogue. */
export function nameOf({ name, test }: Pick<EventRow, "name" | "test">): string {
  return test ? t(eventTexts.testName) : wellSet(name);
}

/** A text of a message or of the catalogue in the reader's language and marks. */
export function wellSet(text: Both): string {
  return language.value === "zh" ? chineseMarks(said(text)) : said(text);
}

/** Why an occurrence ended, by the box's name for it. */
export function endText(reason: string): string {
  const texts: Readonly<Record<string, Text>> = {
    cleared: detailTexts.endCleared,
    "camera-lost": detailTexts.endCameraLost,
    "rule-changed": detailTexts.endRuleChanged,
    schedule: detailTexts.endSchedule,
  };
  const text = texts[reason];
  return text ? t(text) : reason;
}

/** Why there is no picture. */
export function missingText(reason: string | null): string {
  if (reason === null) return t(detailTexts.missingNone);
  if (reason === "disk-full") return t(detailTexts.missingDisk);
  return reason === "write-failed" ? t(detailTexts.missingWrite) : reason;
}

/** By severity, 1 the gravest. */
export const severityTexts: Readonly<Record<EventRow["severity"], Text>> = {
  1: eventTexts.severity1,
  2: eventTexts.severity2,
  3: eventTexts.severity3,
  4: eventTexts.severity4,
};

/** By certainty. */
export const certaintyTexts: Readonly<Record<EventRow["certainty"], Text>> = {
  suspected: eventTexts.suspected,
  detected: eventTexts.detected,
};

/** By mark. */
export const markTexts: Readonly<Record<Mark, Text>> = {
  true: eventTexts.true,
  false: eventTexts.false,
  unsure: eventTexts.unsure,
};

/** A sign beside the word, so that colour is never alone. */
export const markSigns: Readonly<Record<Mark, string>> = { true: "✓", false: "✗", unsure: "?" };

/** The last part of the place of a setting, in words; as it is written where it has none. */
export function settingText(setting: string): string {
  const key =
    setting
      .split("/")
      .filter((part) => !/^\d+$/.test(part))
      .pop() ?? setting;
  const text = ruleKeyTexts[key] ?? geometryTexts[key];
  return text ? t(text) : key;
}

/** What an event measured. */
export function measureText(key: string): string {
  const text = measureTexts[key];
  return text ? t(text) : key;
}
