/** Marks as Chinese text sets them: messages and the catalogue have narrow ones, and what was sent must not change (pure). */

const wide: Readonly<Record<string, string>> = { "(": "（", ")": "）", ",": "，", ":": "：" };

/** `text` with wide brackets, commas and colons, but for those within numbers, times and addresses. */
export function chineseMarks(text: string): string {
  return text.replaceAll(/[()]|(?<!\d)[,:](?!\/\/)|[,:](?![\d/])/g, (mark) => wide[mark] ?? mark);
}
