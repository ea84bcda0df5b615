/** What rules say in a step instead of a number, in the reader's language (pure); numbers and ids stand as they are. */
import { fill, type Language, type Text } from "./fill.ts";
import { stepTexts, stepWords } from "./steps.ts";

/** A step as it is told. */
export interface SaidStep {
  readonly step: string;
  readonly value: number | string | boolean;
  readonly limit: string;
}

/** Steps that tell a time. */
const timed = "held detected stayed followed cool-down empty absent alone stood lasted".split(" ");

/** Sentences with something of their own in them; each group is named. */
const forms: readonly (readonly [form: RegExp, text: Text])[] = [
  [/^here in (?<count>\d+) frames$/, stepWords.hereIn],
  [/^within (?<count>[\d.]+) body heights of its butt$/, stepWords.withinReach],
  [/^within (?<count>[\d.]+) body heights of its butt, not at his feet$/, stepWords.withinReachApart],
  [/^in (?<zone>\S+)$/, stepWords.inZone],
  [/^(?<count>\d+) of (?<total>\d+)$/, stepWords.counted],
  [/^fewer than (?<count>\d+), or seen in fewer than (?<frames>\d+) frames$/, stepWords.fewer],
  [/^<= (?<degrees>[\d.]+) off the opposite$/, stepWords.offOpposite],
  [/^< (?<share>[\d.]+) in its place$/, stepWords.inItsPlace],
  [/^> 0 of (?<zone>\S+)$/, stepWords.coverOf],
  [/^>= 1 of (?<labels>.+)$/, stepWords.oneOf],
  [/^all of (?<labels>.+)$/, stepWords.allOf],
  [/^0 of (?<labels>.+)$/, stepWords.noneOf],
  [/^no (?<labels>.+)$/, stepWords.lacks],
];

/** What a rule said in English; a number, a label or an id comes back as it is. */
export function saidWords(said: string, language: Language): string {
  const known: Readonly<Record<string, Text>> = stepWords;
  const whole = Object.hasOwn(known, said) ? known[said] : undefined;
  if (whole) return whole[language];
  for (const [form, text] of forms) {
    const found = form.exec(said)?.groups;
    if (found) return fill(text[language], found);
  }
  return said;
}

/** What a step is called; one that nobody named goes by its own word, as a measurement does. */
export function stepName(step: string, language: Language): string {
  const known: Readonly<Record<string, Text>> = stepTexts;
  return (Object.hasOwn(known, step) ? known[step]?.[language] : undefined) ?? step;
}

/** A time with its unit; anything else as it is. */
export function withUnit(step: string, text: string, language: Language): string {
  return timed.includes(step) && /\d$/.test(text) ? fill(stepWords.seconds[language], { value: text }) : text;
}

/** What was seen, for a reader without names of labels. */
export function valueSaid({ step, value }: SaidStep, language: Language): string {
  if (typeof value === "boolean") return stepWords[value ? "yes" : "no"][language];
  return withUnit(step, typeof value === "number" ? String(value) : saidWords(value, language), language);
}

/** What was needed, for such a reader. */
export function limitSaid({ step, limit }: SaidStep, language: Language): string {
  return withUnit(step, saidWords(limit, language), language);
}
