/** A draft as text for the browser's store: it must survive a flat battery, and a text of another version must not harm (pure). */
import type { RuleSet } from "../../../api.ts";

/** What is kept for a camera. */
export interface KeptDraft {
  readonly version: 1;
  readonly baseRevision: string;
  readonly base: RuleSet;
  readonly rules: RuleSet;
  readonly savedMs: number;
}

/** Null for a text that is no draft. */
export function readDraft(text: string | null): KeptDraft | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<KeptDraft> | null;
    const fits =
      value?.version === 1 &&
      typeof value.baseRevision === "string" &&
      typeof value.savedMs === "number" &&
      isRuleSet(value.base) &&
      isRuleSet(value.rules);
    return fits ? (value as KeptDraft) : null;
  } catch {
    return null;
  }
}

function isRuleSet(value: unknown): value is RuleSet {
  const lists = ["zones", "lines", "masks", "schedules", "holidays"];
  return typeof value === "object" && value !== null && lists.every((key) => Array.isArray(Reflect.get(value, key)));
}

/** The text to keep. */
export function draftText(draft: Omit<KeptDraft, "version">): string {
  return JSON.stringify({ version: 1, ...draft } satisfies KeptDraft);
}

/** Only the rules of a document, without its revision. */
export function rulesOf({ zones, lines, masks, schedules, holidays }: RuleSet): RuleSet {
  return { zones, lines, masks, schedules, holidays };
}
