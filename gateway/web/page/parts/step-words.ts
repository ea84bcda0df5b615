/** Value and limit of a step of a rule's reasoning, in the reader's language; numbers and ids stand as they are. */
import type { Step } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { labelName } from "../live/labels.ts";
import { numberText, t } from "../shell/language.ts";
import { stepWords } from "../texts/steps.ts";

/** Steps that tell a time. */
const timed = "held detected stayed followed cool-down empty absent alone stood lasted".split(" ");
/** Steps that name a track by its label and number. */
const objects = ["holder", "reaches-in"];

function withUnit(step: string, text: string): string {
  return timed.includes(step) && /\d$/.test(text) ? t(stepWords.seconds, { value: text }) : text;
}

/** What was seen. */
export function valueWords({ step, value }: Step): string {
  if (typeof value === "number") return withUnit(step, numberText(value, 3));
  if (typeof value === "boolean") return t(value ? stepWords.yes : stepWords.no);
  if (step === "label" || step === "labels") return list(value);
  const [, label, track] = objects.includes(step) ? (/^(\S+) (\d+)$/.exec(value) ?? []) : [];
  return label === undefined ? words(value) : `${labelName(label)} ${track}`;
}

/** What was needed. */
export function limitWords({ step, limit }: Step): string {
  if (step === "label" || step === "labels") return list(limit);
  return withUnit(step, words(limit).replace(">=", "≥").replace("<=", "≤"));
}

function list(labels: string): string {
  return labels
    .split(/(,\s*)/)
    .map((one) => (/^,/.test(one) ? one : labelName(one)))
    .join("");
}

/** The sentences that rules say in English. */
function words(said: string): string {
  const known: Readonly<Record<string, Text>> = stepWords;
  const whole = known[said];
  if (whole) return t(whole);
  const frames = /^here in (\d+) frames$/.exec(said)?.[1];
  if (frames !== undefined) return t(stepWords.hereIn, { count: frames });
  const [, reach, apart] = /^within ([\d.]+) body heights of its butt(, not at his feet)?$/.exec(said) ?? [];
  if (reach !== undefined) return t(apart ? stepWords.withinReachApart : stepWords.withinReach, { count: reach });
  const zone = /^in (\S+)$/.exec(said)?.[1];
  if (zone !== undefined) return t(stepWords.inZone, { zone });
  return said;
}
