/** One paragraph for each error code, from its texts (pure). */
import { errorTexts } from "./errors.ts";

const retries = {
  backoff: "tried again after growing pauses",
  slow: "tried again after a long pause",
  never: "stays until something is changed",
} as const;

/** Markdown, both languages, in the order of the codes. */
export function errorParagraphs(): string {
  const codes = Object.entries(errorTexts).sort(([a], [b]) => (a < b ? -1 : 1));
  const paragraphs = codes.map(([code, { en, zh, retry, exit }]) => {
    const head = `**${code}** · ${retries[retry]} · exit code ${exit}`;
    return `${head}<br>\n${escaped(en[0])}. ${escaped(en[1])}<br>\n${escaped(zh[0])}。${escaped(zh[1])}\n`;
  });
  return [
    "## Error codes",
    "",
    "What stands in `{braces}` is filled in. `xueliang explain CODE` says the same on the box.",
    "",
    ...paragraphs,
  ].join("\n");
}

/** What Markdown would take for HTML. */
function escaped(text: string): string {
  return text.replaceAll("<", "&lt;").replaceAll("*", "\\*");
}
