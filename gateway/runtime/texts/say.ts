/** Every text people read that is no error, by key; one file a room keeps each list short. */
import { captureTexts } from "./say-capture.ts";
import { commandTexts } from "./say-command.ts";
import { modelTexts } from "./say-model.ts";
import { demoTexts } from "./say-demo.ts";
import { diagnosisTexts } from "./say-diagnosis.ts";
import { doctorTexts } from "./say-doctor.ts";
import { pageTexts } from "./say-page.ts";
import { platformTexts } from "./say-platform.ts";
import { rulesTexts } from "./say-rules.ts";
import { securityTexts } from "./say-security.ts";
import { fill, type Language, type Text, type Values } from "./fill.ts";

export const texts = {
  ...captureTexts,
  ...commandTexts,
  ...modelTexts,
  ...demoTexts,
  ...diagnosisTexts,
  ...doctorTexts,
  ...pageTexts,
  ...platformTexts,
  ...rulesTexts,
  ...securityTexts,
} as const satisfies Record<string, Text>;

/** Names of the catalogue. */
export type TextKey = keyof typeof texts;

/** The text `key` in the reader's language, its places filled. */
export function say(language: Language, key: TextKey, values: Values = {}): string {
  return fill(texts[key][language], values);
}
