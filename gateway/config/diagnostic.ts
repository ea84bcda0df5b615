/** What is wrong in a config file, where, and what was probably meant. */
import { ConfigError, type ErrorCode } from "../runtime/errors.ts";
import { errorTexts } from "../runtime/texts/errors.ts";
import { fill, type Language, type Text } from "../runtime/texts/fill.ts";

/** Where in a document: keys and list indices from the top. */
export type KeyPath = readonly (string | number)[];

/** Fills a text; a `Text` fills it in the reader's language. */
export type SaidValues = Readonly<Record<string, string | number | Text>>;

/** A mistake before its place in the file is known. */
export interface Problem {
  readonly code: ErrorCode;
  readonly severity: "error" | "warning";
  readonly path: KeyPath;
  /** Whether the caret stands under the key or under its value. */
  readonly at: "key" | "value";
  readonly values: SaidValues;
  /** A remedy for this very case; without one the code's general remedy is shown. */
  readonly hint?: { readonly text: Text; readonly values?: SaidValues };
}

/** A mistake at its place. Lines and columns count from 1; columns count characters. */
export interface Diagnostic extends Problem {
  /** The file as shown to people, relative to where the config folder lies. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Characters under which carets stand, at least 1. */
  readonly length: number;
  /** The line as written, secrets blotted out; null where showing it would be wrong or useless. */
  readonly sourceLine: string | null;
}

/** `cameras[0].zones[1].polygon`; the whole file is an empty text. */
export function placeText(path: KeyPath): string {
  return path.map((part, index) => (typeof part === "number" ? `[${part}]` : index === 0 ? part : `.${part}`)).join("");
}

/** What is wrong, in the reader's language. */
export function sayProblem(problem: Problem, language: Language): string {
  return fillSaid(errorTexts[problem.code][language][0], problem.values, language);
}

/** What to do about it, in the reader's language. */
export function hintOf(problem: Problem, language: Language): string {
  const { hint } = problem;
  if (!hint) return fillSaid(errorTexts[problem.code][language][1], problem.values, language);
  return fillSaid(hint.text[language], hint.values ?? problem.values, language);
}

function fillSaid(text: string, values: SaidValues, language: Language): string {
  const said = Object.entries(values).map(
    ([name, value]) => [name, typeof value === "object" ? value[language] : value] as const,
  );
  return fill(text, Object.fromEntries(said));
}

/** Files that cannot be used; `diagnostics` hold every mistake, errors first, and any warnings. */
export class InvalidConfig extends ConfigError {
  readonly diagnostics: readonly Diagnostic[];

  constructor(path: string, diagnostics: readonly Diagnostic[]) {
    super("CONFIG_INVALID", { path, count: diagnostics.filter((found) => found.severity === "error").length });
    this.diagnostics = diagnostics;
  }
}
