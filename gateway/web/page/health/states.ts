/** States of detectors and uplinks in words; one that a newer daemon knows stays as it is. */
import type { Text } from "../../../runtime/texts/fill.ts";
import { t } from "../shell/language.ts";
import { healthTexts } from "../texts/health.ts";

const texts: Readonly<Record<string, Text>> = healthTexts;

/** The word for a state. */
export function stateText(state: string): string {
  const text = texts[`state-${state}`];
  return text ? t(text) : state;
}
