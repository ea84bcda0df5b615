/** A diagnostic as people read it on a terminal: code, place, the line with carets, the remedy (pure). */
import { say } from "../runtime/texts/say.ts";
import type { Language } from "../runtime/texts/fill.ts";
import { displayWidth } from "../runtime/texts/width.ts";
import { hintOf, placeText, sayProblem, type Diagnostic } from "./diagnostic.ts";

// A 4,000-character line would hide the caret that it is shown for.
const shownColumns = 110;

/** Several lines, no line break at the end. */
export function diagnosticText(found: Diagnostic, language: Language): string {
  const severity = say(language, found.severity === "error" ? "severityError" : "severityWarning");
  const colon = language === "zh" ? "：" : ": ";
  const place = placeText(found.path);
  const lines = [
    `${severity}[${found.code}]${colon}${sayProblem(found, language)}`,
    `  --> ${found.file}:${found.line}:${found.column}${place === "" ? "" : `   ${place}`}`,
  ];
  const gutter = " ".repeat(String(found.line).length + 2);
  if (found.sourceLine !== null) {
    const { text, caretColumn, caretWidth } = cut(found.sourceLine, found.column, found.length);
    lines.push(
      `${gutter}|`,
      ` ${found.line} | ${text}`,
      `${gutter}| ${" ".repeat(caretColumn)}${"^".repeat(caretWidth)}`,
    );
  }
  lines.push(`${gutter}= ${say(language, "hint")}${colon}${hintOf(found, language)}`);
  return lines.join("\n");
}

/** All of them with a final count. */
export function diagnosticsText(all: readonly Diagnostic[], language: Language): string {
  const errors = all.filter((found) => found.severity === "error").length;
  const count = say(language, "diagnosticCount", { errors, warnings: all.length - errors });
  return [...all.map((found) => diagnosticText(found, language)), count].join("\n\n");
}

/** The part of a line around the place, tabs as single spaces so that the carets stand right. */
function cut(line: string, column: number, length: number): { text: string; caretColumn: number; caretWidth: number } {
  const characters = line.replaceAll("\t", " ");
  const start = column - 1;
  const from = start > shownColumns - 30 ? start - 30 : 0;
  const text = `${from > 0 ? "…" : ""}${characters.slice(from, from + shownColumns)}${characters.length > from + shownColumns ? "…" : ""}`;
  const end = Math.min(start + length, from + shownColumns);
  return {
    text,
    caretColumn: displayWidth(characters.slice(from, start)) + (from > 0 ? 1 : 0),
    caretWidth: Math.max(1, displayWidth(characters.slice(start, end))),
  };
}
