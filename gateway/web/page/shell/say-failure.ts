/** A failed call in the reader's words. */
import type { Both } from "../../api.ts";
import { shellTexts } from "../texts/shell.ts";
import { CallFailed } from "./call.ts";
import { language, t } from "./language.ts";
import { showToast } from "./toasts.tsx";

/** A text that the box sent in both languages. */
export function said(both: Both): string {
  return both[language.value];
}

/** What happened and what to do; what is no failed call is a fault of this page and is thrown on. */
export function failureText(error: unknown): { readonly text: string; readonly remedy: string | undefined } {
  if (!(error instanceof CallFailed)) throw error;
  if (error.problem) return { text: said(error.problem.text), remedy: said(error.problem.hint) };
  if (error.status === 0) return { text: t(shellTexts.noAnswer), remedy: t(shellTexts.noAnswerRemedy) };
  return { text: t(shellTexts.unknownCode, { code: error.status }), remedy: undefined };
}

/** The same in one line; texts of the box end without a full stop. */
export function failureLine(error: unknown): string {
  const { text, remedy } = failureText(error);
  return remedy === undefined ? text : sentences(text, remedy);
}

/** What happened, then what to do. */
export function sentences(text: string, remedy: string): string {
  return /[.。!！?？]$/.test(text) ? `${text} ${remedy}` : `${text}${t(shellTexts.between)}${remedy}`;
}

/** Shows a failure as a note. */
export function showFailure(error: unknown): void {
  showToast({ mood: "bad", ...failureText(error) });
}
