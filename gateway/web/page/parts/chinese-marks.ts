/** Marks as Chinese text sets them: messages and the catalogue have narrow ones, and what was sent must not change (pure). */

const wide: Readonly<Record<string, string>> = { "(": "（", ")": "）", ",": "，", ":": "：" };

/** `text` with wide brackets, commas and colons, but for those within numbers, times and addresses. */
export function chineseMarks(text: string): string {
  // Looking behind, a regular expression would stop the whole page in a phone of 2022.
  return text.replace(/[(),:]/g, (mark, at: number) => {
    const rest = text.slice(at + 1);
    const isWithin =
      /[,:]/.test(mark) && /^[\d/]/.test(rest) && (/\d$/.test(text.slice(0, at)) || rest.startsWith("//"));
    return isWithin ? mark : (wide[mark] ?? mark);
  });
}
