/** Lines of the log: kept in order, each once, never more than fit (pure). */
import type { LogLine } from "../../api.ts";

/** More than anybody scrolls through. */
export const mostLines = 1_000;

/** What is wanted; empty texts want all. */
export interface LogFilter {
  readonly level: LogLine["level"];
  readonly camera: string;
  readonly words: string;
}

const ranks: Readonly<Record<LogLine["level"], number>> = { info: 0, warn: 1, error: 2 };

/** Both lists as one, by number, the oldest gone first. */
export function joined(one: readonly LogLine[], other: readonly LogLine[]): readonly LogLine[] {
  const byNumber = new Map([...one, ...other].map((line) => [line.n, line]));
  return [...byNumber.values()].sort((a, b) => a.n - b.n).slice(-mostLines);
}

/** Whether a line is wanted. */
export function fits(line: LogLine, { level, camera, words }: LogFilter): boolean {
  if (ranks[line.level] < ranks[level]) return false;
  if (camera !== "" && line.camera !== camera) return false;
  if (words === "") return true;
  const text = textOf(line).toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Its text in two parts: what kind of fact it is, and the sentence that follows where there is one. */
export function partsOf(text: string): { readonly fact: string; readonly rest: string } {
  const at = text.indexOf(": ");
  return at < 0 ? { fact: text, rest: "" } : { fact: text.slice(0, at), rest: text.slice(at + 2) };
}

/** A line as a file holds it. */
export function textOf({ atMs, level, camera, text, detail }: LogLine): string {
  const rest = Object.keys(detail).length === 0 ? "" : ` ${JSON.stringify(detail)}`;
  return `${new Date(atMs).toISOString()} ${level} ${camera === null ? "" : `${camera} `}${text}${rest}`;
}
