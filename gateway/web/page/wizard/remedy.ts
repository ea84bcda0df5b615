/** What to do about a camera's refusal, for somebody who stands before the form: the box's own remedies name its files. */
import type { RememberedError } from "../../api.ts";
import type { Text } from "../../../runtime/texts/fill.ts";
import { CallFailed } from "../shell/call.ts";
import { t } from "../shell/language.ts";
import { failureText, said, sentences } from "../shell/say-failure.ts";
import { remedyTexts } from "../texts/remedies.ts";

const remedies: Readonly<Record<string, Text>> = remedyTexts;

/** The remedy of an error that a test met. */
export function remedyOf({ code, hint }: Pick<RememberedError, "code" | "hint">): string {
  const own = remedies[code];
  return own ? t(own) : said(hint);
}

/** What happened and what to do, in one line. */
export function troubleText(error: unknown): string {
  const { text, remedy = "" } = failureText(error);
  const own = error instanceof CallFailed && error.problem ? remedyOf(error.problem) : remedy;
  return own === "" ? text : sentences(text, own);
}
