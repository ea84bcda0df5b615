/** Words for what a row holds. */
import type { EventRow, Mark } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { eventTexts } from "../texts/events.ts";

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
