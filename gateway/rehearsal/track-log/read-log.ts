/** The log of one camera from disk, in the order of writing. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { scanFile } from "../../analysis/track-log/block-format.ts";
import { entriesIn, type BlockEntries } from "../../analysis/track-log/block-reader.ts";
import { dayOf, listLogFiles } from "../../analysis/track-log/log-files.ts";
import type { LogEntry } from "../../analysis/track-log/log-entry.ts";

/** What was read. */
export interface ReadLog {
  /** Every entry of the span, decoded as it is walked. */
  readonly entries: () => Iterable<LogEntry>;
  readonly blocks: number;
  /** Bytes that are no record any more: damage between blocks and cut tails. */
  readonly damagedBytes: number;
}

export { readSuppressed } from "../../analysis/track-log/suppressed-log.ts";

/** Where the log of a camera lies below the storage folder. */
export function trackFolder(storageFolder: string, cameraId: string): string {
  return join(storageFolder, "tracks", cameraId);
}

/** Blocks that begin within `fromMs..toMs`; files of other days are not opened. */
export async function readLog(folder: string, fromMs: number, toMs: number): Promise<ReadLog> {
  // A block may begin a little before midnight and belong to the day before.
  const [from, to] = [dayOf(fromMs - 60_000), dayOf(toMs)];
  const readers: (() => BlockEntries)[] = [];
  let damagedBytes = 0;
  for (const { name, day } of await listLogFiles(folder)) {
    if (day < from || day > to) continue;
    const scan = scanFile(await readFile(join(folder, name)));
    damagedBytes += scan.damagedBytes + scan.tailBytes;
    for (const body of scan.bodies) {
      const { baseMs } = entriesIn(body);
      if (baseMs >= fromMs && baseMs <= toMs) readers.push(() => entriesIn(body));
    }
  }
  return { blocks: readers.length, damagedBytes, entries: () => walk(readers) };
}

function* walk(readers: readonly (() => BlockEntries)[]): Generator<LogEntry> {
  for (const open of readers) {
    const reader = open();
    for (let entry = reader.next(); entry !== null; entry = reader.next()) yield entry;
  }
}
