/** A story frame by frame: what was seen, the reasoning of every rule up to the first step not passed, what fired. */
import type { JudgedFrame } from "../rehearsal/judged-frame.ts";

/** Lines of one frame. @param fromMs what the story's start stands for */
export function traceLines({ nowMs, tracks, rules, fired }: JudgedFrame, fromMs: number): readonly string[] {
  const seen = tracks
    ?.filter(({ state }) => state !== "ended")
    .map(({ id, label, score, seenNow }) => {
      const how = seenNow ? score.toFixed(2) : "unseen";
      return `${label} ${id} ${how}`;
    });
  const what = seen === undefined ? "–" : seen.join(" · ") || "·";
  return [
    `${((nowMs - fromMs) / 1_000).toFixed(1)} s  ${what}`,
    ...rules.map(({ zoneId, eventType, open, steps }) => {
      const told = steps.map(
        ({ step, passed, value, limit }) => `${passed ? "✓" : "✗"} ${step} ${String(value)} (${limit})`,
      );
      return `    ${eventType} @ ${zoneId}${open === null ? "" : ` [${open}]`}: ${told.join(" ") || "–"}`;
    }),
    ...fired.map(
      ({ phase, eventType, certainty, severity }) => `    ▶ ${eventType} ${phase} (${certainty}, severity ${severity})`,
    ),
  ];
}
