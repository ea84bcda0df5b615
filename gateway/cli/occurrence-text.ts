/** The states of an occurrence in the reader's language (pure); a word of a later version stands as it is. */
import type { Language, Text } from "../runtime/texts/fill.ts";
import { say, type TextKey } from "../runtime/texts/say.ts";

const certainties: Readonly<Record<string, TextKey>> = { suspected: "rulesSuspected", detected: "rulesDetected" };
const phases: Readonly<Record<string, TextKey>> = {
  start: "rulesEventStart",
  update: "rulesEventUpdate",
  end: "rulesEventEnd",
};
const reasons: Readonly<Record<string, Text>> = {
  cleared: { en: "cleared", zh: "已消除" },
  "camera-lost": { en: "camera lost", zh: "摄像机离线" },
  schedule: { en: "out of hours", zh: "非布防时段" },
  "rule-changed": { en: "rule changed", zh: "规则已修改" },
};

/** `suspected` or `detected`. */
export function certaintyText(certainty: string, language: Language): string {
  const key = certainties[certainty];
  return key ? say(language, key) : certainty;
}

/** `start`, `update` or `end`. */
export function phaseText(phase: string, language: Language): string {
  const key = phases[phase];
  return key ? say(language, key) : phase;
}

/** Why an occurrence has ended. */
export function endReasonText(reason: string, language: Language): string {
  return reasons[reason]?.[language] ?? reason;
}
