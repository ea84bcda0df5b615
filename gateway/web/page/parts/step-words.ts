/** Value and limit of a step of a rule's reasoning, in the reader's language; numbers and ids stand as they are. */
import type { Step } from "../../api.ts";
import { saidWords, withUnit } from "../../../runtime/texts/step-words.ts";
import { stepWords } from "../../../runtime/texts/steps.ts";
import { labelName } from "../live/labels.ts";
import { language, numberText, t } from "../shell/language.ts";

/** Steps that name a track by its label and number. */
const objects = ["holder", "reaches-in"];

/** What was seen. */
export function valueWords({ step, value }: Step): string {
  if (typeof value === "number") return withUnit(step, numberText(value, 6), language.value);
  if (typeof value === "boolean") return t(value ? stepWords.yes : stepWords.no);
  if (step === "label" || step === "labels") return list(value);
  const [, label, track] = objects.includes(step) ? (/^(\S+) (\d+)$/.exec(value) ?? []) : [];
  return label === undefined ? saidWords(value, language.value) : `${labelName(label)} ${track}`;
}

/** What was needed. */
export function limitWords({ step, limit }: Step): string {
  if (step === "label" || step === "labels") return list(limit);
  const said = saidWords(limit, language.value).replace(">=", "≥").replace("<=", "≤");
  return withUnit(step, said, language.value);
}

function list(labels: string): string {
  return labels
    .split(/(,\s*)/)
    .map((one) => (/^,/.test(one) ? one : labelName(one)))
    .join("");
}
