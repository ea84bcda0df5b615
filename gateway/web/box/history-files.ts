/** Slots of the cameras' last day on disk: one line each ten minutes, one file a day, the files of older days gone. */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** What one camera did in one slot. */
export interface SlotCounts {
  looks: number;
  ups: number;
  framesIn: number;
  analysed: number;
  triggers: number;
  reconnects: number;
}

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const lineSchema = z.object({
  at: count,
  cameras: z.array(z.tuple([z.string().max(32), count, count, count, count, count, count])).max(64),
});
/** 64 cameras fill half of it in a day; a larger file is none of ours. */
const maxFileBytes = 2 * 1_048_576;
const dayMs = 86_400_000;
/** Files that stay on each side of the asked time. */
const mostOutside = 2;
const fileName = /^\d{4}-\d{2}-\d{2}\.ndjson$/;

/** Nobody waits for these lines and nobody is told when one is lost: a full disk has its own alarm. */
export class HistoryFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = join(folder, "camera-history");
  }

  /** Every readable line from `sinceMs` to `untilMs`; a line that was cut by a power failure is passed over. */
  read(sinceMs: number, untilMs: number, take: (startMs: number, camera: string, counts: SlotCounts) => void): void {
    const names = this.#names();
    const before = names.filter((name) => startOf(name) + dayMs <= sinceMs);
    const after = names.filter((name) => startOf(name) > untilMs);
    // A clock that lies for an hour, ahead or behind, must not cost the day before it.
    const gone = new Set([...before.slice(0, -mostOutside), ...after.slice(mostOutside)]);
    for (const name of names) {
      const path = join(this.#folder, name);
      if (gone.has(name)) rmSync(path, { force: true });
      else if (statSync(path).size <= maxFileBytes)
        for (const line of readFileSync(path, "utf8").split("\n")) readLine(line, sinceMs, untilMs, take);
    }
  }

  /** Half a hundred bytes a camera, not forced to the disk: the kernel writes it with what it writes anyhow. */
  append(startMs: number, cameras: readonly (readonly [string, SlotCounts])[]): void {
    const rows = cameras.map(([id, { looks, ups, framesIn, analysed, triggers, reconnects }]) => [
      ...[id, looks, ups, framesIn, analysed, triggers, reconnects],
    ]);
    const path = join(this.#folder, `${new Date(startMs).toISOString().slice(0, 10)}.ndjson`);
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      // Its own line break first: what was cut before it must not swallow this line too.
      appendFileSync(path, `\n${JSON.stringify({ at: startMs, cameras: rows })}`, { mode: 0o600 });
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
    }
  }

  #names(): readonly string[] {
    try {
      return readdirSync(this.#folder)
        .filter((name) => fileName.test(name))
        .sort();
    } catch (error) {
      if (error instanceof Error && "code" in error) return []; // Not there yet, or not ours: the day begins empty.
      throw error;
    }
  }
}

function startOf(name: string): number {
  return Date.parse(name.slice(0, 10));
}

function readLine(line: string, sinceMs: number, untilMs: number, take: Parameters<HistoryFiles["read"]>[2]): void {
  const parsed = lineSchema.safeParse(parse(line));
  if (!parsed.success || parsed.data.at < sinceMs || parsed.data.at > untilMs) return;
  for (const [id, looks, ups, framesIn, analysed, triggers, reconnects] of parsed.data.cameras)
    take(parsed.data.at, id, { looks, ups, framesIn, analysed, triggers, reconnects });
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
