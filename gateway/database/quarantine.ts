/** A damaged file and what becomes of it: set aside whole, never deleted, read row by row as far as it can be. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type Sqlite from "better-sqlite3";

type Row = Record<string, string | number | bigint | Uint8Array | null>;

/** Beside the database: the next start sets it aside. Its text is the folder where that has begun already. */
const noteOf = (path: string): string => `${path}-damaged`;

/** Keeps in mind that `path` was found damaged while it was in use: a check at the next start may find nothing. */
export function noteDamage(path: string): void {
  if (existsSync(noteOf(path))) return;
  try {
    writeSynced(noteOf(path), "");
  } catch {
    // No room for an empty file: the damage will be met again.
  }
}

export function isNotedDamaged(path: string): boolean {
  return existsSync(noteOf(path));
}

/** Moves the file and its log to `quarantine/` beside it and returns its new path; a move that a power cut ended is taken up where it was. */
export function setAside(path: string, nowMs: number): string {
  const begun = isNotedDamaged(path) ? readFileSync(noteOf(path), "utf8") : "";
  const name = new Date(nowMs).toISOString().replaceAll(/[:.]/g, "-");
  const folder = begun === "" ? join(dirname(path), "quarantine", name) : begun;
  writeSynced(noteOf(path), folder);
  mkdirSync(folder, { recursive: true });
  const moved = join(folder, basename(path));
  // The file itself comes last: once it is there, what lies at the old place is its successor.
  for (const ending of existsSync(moved) ? [] : ["-shm", "-wal", ""])
    if (existsSync(path + ending)) renameSync(path + ending, moved + ending);
  for (const touched of [folder, dirname(folder), dirname(path)]) sync(touched);
  return moved;
}

/** The successor is there and knows of its predecessor. */
export function isSetAside(path: string): void {
  rmSync(noteOf(path), { force: true });
}

/** Rows of a damaged table in the order of its positive key; null for each number that is there and cannot be read. */
export async function* salvagedInOrder(path: string, table: string, key: string): AsyncGenerator<Row | null> {
  const sqlite = await openedDamaged(path);
  if (!sqlite) return;
  try {
    const up = sqlite.prepare(`SELECT * FROM ${table} WHERE ${key} > ? ORDER BY ${key}`);
    const one = sqlite.prepare(`SELECT * FROM ${table} WHERE ${key} = ?`);
    for (let last = 0; ;) {
      const damage = yield* eachUp(up, last, key, (n) => (last = n));
      if (!damage) return;
      // One by one over what cannot be read, until rows go on. The very first ones: begin where the way down ends.
      if (last === 0) last = Math.max(0, lowest(sqlite, table, key) - farthest);
      const from = last;
      for (let n = from + 1; last === from; n += 1) {
        if (n > from + farthest) return;
        const row = oneOf(one, n);
        if (row === undefined) continue;
        yield row;
        if (row) last = n;
      }
    }
  } catch (error) {
    if (!isSqliteError(error)) throw error; // Not even the table's description can be read.
  } finally {
    sqlite.close();
  }
}

/** Rows of a small damaged table, up to the first that cannot be read. */
export async function* salvagedRows(path: string, sql: string): AsyncGenerator<Row> {
  const sqlite = await openedDamaged(path);
  if (!sqlite) return;
  try {
    for (const row of sqlite.prepare(sql).iterate()) yield row as Row;
  } catch (error) {
    if (!isSqliteError(error)) throw error;
  } finally {
    sqlite.close();
  }
}

/** How many numbers are tried behind the last readable one before a table counts as ended. */
const farthest = 10_000;

async function openedDamaged(path: string): Promise<Sqlite.Database | null> {
  const { default: Engine } = await import("better-sqlite3");
  try {
    const sqlite = new Engine(path, { timeout: 1_000 });
    sqlite.pragma("cell_size_check = ON");
    return sqlite;
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    return null; // No database any more.
  }
}

/** @returns whether damage ended it */
function* eachUp(
  up: Sqlite.Statement,
  after: number,
  key: string,
  passed: (n: number) => void,
): Generator<Row, boolean> {
  try {
    let last = after;
    for (const row of up.iterate(after) as Iterable<Row>) {
      // Nonsense may read like a row: whatever is out of order is damage.
      if (!(Number(row[key]) > last)) return true;
      last = Number(row[key]);
      passed(last);
      yield row;
    }
    return false;
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    return true;
  }
}

/** The lowest number that the way down reaches. */
function lowest(sqlite: Sqlite.Database, table: string, key: string): number {
  let reached = 0;
  try {
    for (const row of sqlite
      .prepare(`SELECT ${key} AS n FROM ${table} ORDER BY ${key} DESC`)
      .iterate() as Iterable<Row>)
      reached = Number(row["n"]);
  } catch (error) {
    if (!isSqliteError(error)) throw error;
  }
  return reached;
}

/** Null: it cannot be read; undefined: it is not there. */
function oneOf(one: Sqlite.Statement, n: number): Row | null | undefined {
  try {
    return one.get(n) as Row | undefined;
  } catch (error) {
    if (!isSqliteError(error)) throw error;
    return null;
  }
}

/** SQLite's own error, by its code. */
export function isSqliteError(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("SQLITE_")
  );
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, "w", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  sync(dirname(path));
}

function sync(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
