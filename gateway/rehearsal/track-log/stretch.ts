/** A stretch of one camera's log in memory, decoded once and kept for the next question. */
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { appendTo } from "../../analysis/track-log/column-index.ts";
import type { Block } from "../../analysis/track-log/block.ts";
import { LogColumns } from "../../analysis/track-log/columns.ts";
import { dayOf, listLogFiles } from "../../analysis/track-log/log-files.ts";

/** The blocks of one file that belong to the stretch, in order. */
export interface Part {
  readonly columns: LogColumns;
  readonly blocks: readonly Block[];
}

/** What was asked for. */
export interface Stretch {
  readonly parts: readonly Part[];
  /** The same for the same bytes of the same files. */
  readonly key: string;
  readonly damagedBytes: number;
}

/** Decoded files stay up to so many bytes; the one used longest ago goes first. A camera-day of two persons takes 60 MB. */
const mostBytes = 160 * 1024 * 1024;
/** So much is read while what came before is taken in. */
const chunkBytes = 2 * 1024 * 1024;

/** Decoded files of some logs. */
export class Shelf {
  readonly #mostBytes: number;
  readonly #chunkBytes: number;
  readonly #files = new Map<string, LogColumns>();

  constructor({ limit = mostBytes, chunk = chunkBytes }: { readonly limit?: number; readonly chunk?: number } = {}) {
    this.#mostBytes = limit;
    this.#chunkBytes = chunk;
  }

  /** Blocks that begin within `fromMs..toMs`, wall ms; files of other days are not opened. */
  async stretch(folder: string, fromMs: number, toMs: number): Promise<Stretch> {
    // A block may begin a little before midnight and belong to the day before.
    const [from, to] = [dayOf(fromMs - 60_000), dayOf(toMs)];
    const parts: Part[] = [];
    const keys: string[] = [];
    let damagedBytes = 0;
    for (const { name, day } of await listLogFiles(folder)) {
      if (day < from || day > to) continue;
      const columns = await this.#columns(join(folder, name));
      damagedBytes += columns.damagedBytes + columns.tailBytes;
      const blocks = columns.blocks.filter(({ baseMs }) => baseMs >= fromMs && baseMs <= toMs);
      if (blocks.length === 0) continue;
      parts.push({ columns, blocks });
      keys.push(`${name}:${blocks[0]?.fromEntry ?? 0}-${blocks.at(-1)?.toEntry ?? 0}/${blocks.length}`);
    }
    this.#forget();
    return { parts, key: `${folder} ${keys.join(" ")}`, damagedBytes };
  }

  /** A file decoded as far as it goes now. */
  async #columns(path: string): Promise<LogColumns> {
    const { size } = await stat(path);
    let columns = this.#files.get(path);
    this.#files.delete(path);
    // Shorter than before: a broken tail was cut, or it is another file.
    if (!columns || size < columns.goodEnd) columns = new LogColumns();
    this.#files.set(path, columns);
    if (size > columns.goodEnd) await readTail(columns, path, { size, step: this.#chunkBytes });
    return columns;
  }

  /** The newest stays in any case. */
  #forget(): void {
    let sum = [...this.#files.values()].reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    for (const [path, { sizeBytes }] of this.#files) {
      if (sum <= this.#mostBytes || this.#files.size <= 1) return;
      this.#files.delete(path);
      sum -= sizeBytes;
    }
  }
}

/** Takes in a file from `goodEnd` on, up to `size`. */
async function readTail(
  columns: LogColumns,
  path: string,
  { size, step }: { readonly size: number; readonly step: number },
): Promise<void> {
  await using file = await open(path, "r");
  const start = columns.goodEnd;
  const bytes = Buffer.allocUnsafe(size - start);
  columns.reserve(bytes.length);
  const chunk = async (at: number): Promise<number> => {
    const length = Math.min(step, bytes.length - at);
    return length === 0 ? 0 : (await file.read(bytes, at, length, start + at)).bytesRead;
  };
  let [filled, coming] = [0, chunk(0)];
  for (let read = await coming; read > 0; read = await coming) {
    filled += read;
    coming = chunk(filled);
    // A block that is not there as a whole yet is taken in with the next chunk.
    appendTo(columns, bytes.subarray(columns.goodEnd - start, filled));
  }
}
