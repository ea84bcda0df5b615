/** How a failed command tells why: as text for people, as data for programs. */
import { diagnosticsText } from "../config/diagnostic-text.ts";
import { hintOf, InvalidConfig, placeText, sayProblem, type Diagnostic } from "../config/diagnostic.ts";
import { GatewayError } from "../runtime/errors.ts";
import type { Language } from "../runtime/texts/fill.ts";
import { say } from "../runtime/texts/say.ts";

/** Several lines, no line break at the end. */
export function failureText(error: unknown, language: Language): string {
  if (!(error instanceof GatewayError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${say(language, "bug")}\n${stack}`;
  }
  const colon = language === "zh" ? "：" : ": ";
  const listed = error instanceof InvalidConfig ? `${diagnosticsText(error.diagnostics, language)}\n\n` : "";
  return `${listed}${say(language, "severityError")}[${error.code}]${colon}${error.say(language)}\n  = ${say(language, "hint")}${colon}${error.hint(language)}`;
}

/** The same as data. A bug has the code BUG. */
export function failureDocument(error: unknown, language: Language): object {
  if (!(error instanceof GatewayError))
    return { error: { code: "BUG", message: error instanceof Error ? error.message : String(error) } };
  const diagnostics =
    error instanceof InvalidConfig
      ? { diagnostics: error.diagnostics.map((one) => diagnosticDocument(one, language)) }
      : {};
  return { error: { code: error.code, message: error.say(language), hint: error.hint(language), ...diagnostics } };
}

/** One diagnostic as data. */
export function diagnosticDocument(one: Diagnostic, language: Language): object {
  const { severity, code, file, line, column, length, path } = one;
  return {
    severity,
    code,
    file,
    line,
    column,
    length,
    place: placeText(path),
    message: sayProblem(one, language),
    hint: hintOf(one, language),
  };
}
