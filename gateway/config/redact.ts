/** Source lines without secrets: a diagnostic is copied into chats and tickets (pure). */

// Greedy to the last @ of the line: a password may hold spaces, quotes and further @.
const urlLogin = /(:\/\/).*@/;
const secretKey = /((?:pas+w\w*|pwd|secret|token|密码)["']?\s*:\s*)(\S.*)$/i;

/** A text without the login of a URL in it. */
export function withoutLogin(text: string): string {
  return text.replace(urlLogin, "$1***@");
}

/** The line with a URL's login and a password's value blotted out; the carets move onto the blot where they stood behind it. */
export function redactLine(
  line: string,
  place: { readonly column: number; readonly length: number },
): { readonly line: string; readonly place: { readonly column: number; readonly length: number } } {
  const shown = withoutLogin(line).replace(secretKey, "$1***");
  if (shown === line) return { line, place };
  const blot = shown.indexOf("***");
  return place.column <= blot && place.column + place.length <= blot
    ? { line: shown, place }
    : { line: shown, place: { column: blot + 1, length: 3 } };
}
