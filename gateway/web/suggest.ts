/** The smallest change of one rule that follows what people marked: false ones go, true ones stay. */
import type { Happening } from "../rehearsal/preview.ts";
import type { RuleSet, SuggestAnswer } from "./api.ts";

/** What people said of occurrences of one rule. */
export interface Marked {
  readonly startMs: number;
  readonly isTrue: boolean;
}

/** One change that is tried. */
export interface Candidate {
  readonly key: "score" | "suspectedSec" | "minSize";
  readonly from: number;
  readonly to: number;
}

/** A replay may begin an occurrence a little earlier or later than it was. */
const sameMs = 5_000;

/** Stricter values in small steps, the smallest first; never more than a rehearsal can try while somebody waits. */
export function candidatesFor(values: {
  readonly score: number;
  readonly suspectedSec: number;
  readonly minSize: number;
}): readonly Candidate[] {
  const { score, suspectedSec, minSize } = values;
  const steps = [1, 2, 3, 4, 5, 6];
  return steps
    .flatMap((step): readonly Candidate[] => [
      { key: "score", from: score, to: round(score + 0.05 * step) },
      { key: "suspectedSec", from: suspectedSec, to: Math.ceil(Math.max(1, suspectedSec) * (1 + 0.25 * step)) },
      { key: "minSize", from: minSize, to: round(minSize + 0.02 * step) },
    ])
    .filter(({ key, to }) => key === "suspectedSec" || to < 0.96);
}

/** How many marked ones a draft keeps and loses. */
export function judged(
  marked: readonly Marked[],
  happenings: readonly Happening[],
): { readonly trueKept: number; readonly falseGone: number; readonly isGood: boolean } {
  const fires = (one: Marked): boolean => happenings.some(({ startMs }) => Math.abs(startMs - one.startMs) <= sameMs);
  const trues = marked.filter(({ isTrue }) => isTrue);
  const falses = marked.filter(({ isTrue }) => !isTrue);
  const trueKept = trues.filter(fires).length;
  const falseGone = falses.filter((one) => !fires(one)).length;
  return { trueKept, falseGone, isGood: trueKept === trues.length && falseGone === falses.length };
}

/** The rules with the change in. */
export function changed(
  rules: RuleSet,
  place: { readonly zone: string; readonly rule: string },
  { key, to }: Candidate,
): RuleSet {
  const isIt = (rule: { readonly id?: string; readonly type: string }): boolean =>
    (rule.id ?? rule.type) === place.rule;
  return {
    ...rules,
    zones: rules.zones.map((zone) =>
      zone.id === place.zone
        ? { ...zone, rules: zone.rules.map((rule) => (isIt(rule) ? { ...rule, [key]: to } : rule)) }
        : zone,
    ),
  };
}

/** The answer for a candidate, or that there is none. */
export function suggestion(
  rules: RuleSet | null,
  candidate: Candidate | null,
  counts: { readonly trueKept: number; readonly falseGone: number },
): SuggestAnswer {
  return { rules, change: candidate && { ...candidate }, trueKept: counts.trueKept, falseGone: counts.falseGone };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
