/** The files of one camera's log: a running number and the day, so that their order is the order of writing. */
import { readdir } from "node:fs/promises";

/** One file of a log. */
export interface LogFile {
  readonly name: string;
  /** Counts up from 1, whatever the clock says. */
  readonly number: number;
  /** UTC day, `YYYYMMDD`. */
  readonly day: string;
}

/** The UTC day of `atMs` as the files have it. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10).replaceAll("-", "");
}

/** The name of a file. */
export function logFile(number: number, day: string): LogFile {
  return { name: `${String(number).padStart(8, "0")}-${day}.tracks`, number, day };
}

const dayMs = 86_400_000;

/**
 * Whether a file of `day` is past its `days`: by the clock, and by the days that something was written on since. A clock
 * that starts years ahead, or behind, is so no reason to delete: it adds one such day, and what it dated goes like any other.
 */
export function isPast(
  day: string,
  since: ReadonlySet<string>,
  { days, nowMs }: { days: number; nowMs: number },
): boolean {
  const isOutside = day < dayOf(nowMs - days * dayMs) || day > dayOf(nowMs + dayMs);
  return isOutside && since.size - (since.has(day) ? 1 : 0) > days;
}

/** Every file of the log in `folder`, oldest first; none when there is no such folder. */
export async function listLogFiles(folder: string): Promise<readonly LogFile[]> {
  const names = await readdir(folder).catch((error: unknown): string[] => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  return names
    .flatMap((name) => {
      const match = /^(\d{8})-(\d{8})\.tracks$/.exec(name);
      return match ? [{ name, number: Number(match[1]), day: match[2] ?? "" }] : [];
    })
    .sort((a, b) => a.number - b.number);
}
