/** A story frame by frame: what was seen, the reasoning of every rule up to the first step not passed, what fired. */
import type { JudgedFrame } from "../rehearsal/judged-frame.ts";
import type { Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";
import { limitSaid, stepName, valueSaid } from "../runtime/texts/step-words.ts";
import { certaintyText, phaseText } from "./occurrence-text.ts";

/** Lines of one frame. @param fromMs what the story's start stands for */
export function traceLines(
  { nowMs, tracks, rules, fired }: JudgedFrame,
  fromMs: number,
  language: Language,
): readonly string[] {
  const seen = tracks
    ?.filter(({ state }) => state !== "ended")
    .map(({ id, label, score, seenNow }) => {
      const how = seenNow ? score.toFixed(2) : say(language, "rulesUnseen");
      return `${label} ${id} ${how}`;
    });
  const what = seen === undefined ? "–" : seen.join(" · ") || "·";
  return [
    `${say(language, "rulesSecond", { seconds: ((nowMs - fromMs) / 1_000).toFixed(1) })}  ${what}`,
    ...rules.map(({ zoneId, eventType, open, steps }) => {
      const told = steps.map((step) => {
        const [name, value, limit] = [
          stepName(step.step, language),
          valueSaid(step, language),
          limitSaid(step, language),
        ];
        return `${step.passed ? "✓" : "✗"} ${name} ${value} (${limit})`;
      });
      const state = open === null ? "" : ` [${certaintyText(open, language)}]`;
      return `    ${eventType} @ ${zoneId}${state}: ${told.join(" ") || "–"}`;
    }),
    ...fired.map(
      ({ phase, eventType, certainty, severity }) =>
        `    ▶ ${eventType} ${say(language, "rulesFired", { phase: phaseText(phase, language), certainty: certaintyText(certainty, language), severity })}`,
    ),
  ];
}
