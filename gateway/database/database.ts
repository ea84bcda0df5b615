/** The one door to SQLite: opened so that a commit survives a power cut, checked at every start, set aside when damaged. */
import type Sqlite from "better-sqlite3";
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { systemClock } from "../runtime/clock.ts";
import { DatabaseError } from "../runtime/errors.ts";
import { makeFolder } from "../runtime/whole-file.ts";
import { isNotedDamaged, isSetAside, isSqliteError, noteDamage, setAside } from "./quarantine.ts";

/** A value of a column or parameter. */
export type SqlValue = string | number | bigint | Uint8Array | null;

/** How a file is opened. */
export interface DatabaseOptions {
  /** Folder of `0001-name.sql` …, applied in order, each once; the daemon's tables by default. */
  readonly migrations?: URL;
  /** Hard bound of the file; rows can still be deleted when it is reached. Default 512. */
  readonly maxMegabytes?: number;
  /** Wall time, for the name of a quarantine folder. Default: the machine's. */
  readonly nowMs?: number;
}

/** The tables of the daemon. */
export const gatewayMigrations = new URL("./migrations/", import.meta.url);

/** The first release without the WAL-reset corruption of two connections: sqlite.org/releaselog. */
const leastVersion = [3, 51, 3] as const;
/** better-sqlite3 13 is built for this N-API and crashes the process on an older one instead of throwing. */
const leastNapi = 10;
/** Of a new file: an event has about 2.2 kB, of which a page of 4 kB holds one and a page of 8 kB three. An older file keeps its own. */
const newPageBytes = 8_192;

/** Within so many pages of its bound a file counts as full. */
const sparePages = 64;

/** One open file with one writing connection. */
export class Database implements Disposable {
  readonly path: string;
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement>();

  private constructor(path: string, sqlite: Sqlite.Database) {
    this.path = path;
    this.#sqlite = sqlite;
  }

  /**
   * Opens or makes the file at `path`. A damaged file goes to `quarantine/` beside it and a new one is made.
   * Throws DatabaseError: DATABASE_UNSAFE, DATABASE_FULL, DATABASE_BUSY, DATABASE_IO.
   */
  static async open(path: string, options: DatabaseOptions = {}): Promise<Database> {
    const Engine = await engine();
    try {
      await makeFolder(dirname(path));
      if (!isNotedDamaged(path)) return new Database(path, prepared(Engine, path, options));
    } catch (error) {
      const said = databaseError(error, path);
      if (!(said instanceof DatabaseError) || said.code !== "DATABASE_CORRUPT") throw said;
    }
    return Database.#successor(Engine, path, options);
  }

  /** A new file instead of a damaged one, which it names until all that can be is taken over. */
  static #successor(Engine: Engine, path: string, options: DatabaseOptions): Database {
    try {
      const damaged = setAside(path, options.nowMs ?? systemClock.nowMs());
      const database = new Database(path, prepared(Engine, path, options));
      database.run("INSERT OR REPLACE INTO meta (name, value) VALUES ('quarantined', ?)", damaged);
      isSetAside(path);
      return database;
    } catch (error) {
      throw databaseError(error, path);
    }
  }

  /** A damaged predecessor from which not everything has been taken over yet; null when there is none. */
  get quarantined(): string | null {
    const row = this.get("SELECT value FROM meta WHERE name = 'quarantined'");
    return row ? String(row["value"]) : null;
  }

  /** Nothing more is wanted of the predecessor; the file stays where it is. */
  salvaged(): void {
    this.run("DELETE FROM meta WHERE name = 'quarantined'");
  }

  /**
   * Opens the file of a daemon that may be running, for reading only.
   * Throws DatabaseError: DATABASE_UNSAFE, DATABASE_IO when there is none, DATABASE_CORRUPT.
   */
  static async read(path: string): Promise<Database> {
    const Engine = await engine();
    try {
      return new Database(path, new Engine(path, { readonly: true, fileMustExist: true, timeout: 5_000 }));
    } catch (error) {
      throw databaseError(error, path);
    }
  }

  /** 128-bit random name of this file, made with it: a new file never passes for the old one. */
  get epoch(): string {
    return String(this.get("SELECT value FROM meta WHERE name = 'epoch'")?.["value"]);
  }

  /** Size of the file in bytes, free pages included. */
  get sizeBytes(): number {
    return Number(this.#sqlite.pragma("page_count", { simple: true })) * pageBytesOf(this.#sqlite);
  }

  /** Whether the file has reached its own bound: then it is not the disk that is full. */
  get isAtBound(): boolean {
    const [used, most, free] = ["page_count", "max_page_count", "freelist_count"].map((name) =>
      Number(this.#sqlite.pragma(name, { simple: true })),
    );
    // An event takes a few pages at once: the last ones are never filled.
    return (used ?? 0) - (free ?? 0) + sparePages >= (most ?? 0);
  }

  /** Runs one statement; returns how many rows it changed. */
  run(sql: string, ...values: readonly SqlValue[]): number {
    return this.#guarded(() => this.#statement(sql).run(...values).changes);
  }

  /** The first row, or undefined. */
  get(sql: string, ...values: readonly SqlValue[]): Record<string, SqlValue> | undefined {
    return this.#guarded(() => this.#statement(sql).get(...values) as Record<string, SqlValue> | undefined);
  }

  /** Every row; the caller bounds the statement with LIMIT. */
  all(sql: string, ...values: readonly SqlValue[]): readonly Record<string, SqlValue>[] {
    return this.#guarded(() => this.#statement(sql).all(...values) as Record<string, SqlValue>[]);
  }

  /** All of `work` or nothing of it; on return it is on the disk. */
  transaction<T>(work: () => T): T {
    return this.#guarded(() => this.#sqlite.transaction(work).immediate());
  }

  /** Gives free pages back and empties the write-ahead log. */
  shrink(): void {
    this.#guarded(() => {
      this.#sqlite.pragma("incremental_vacuum(2000)");
      this.#sqlite.pragma("wal_checkpoint(TRUNCATE)");
    });
  }

  [Symbol.dispose](): void {
    if (this.#sqlite.open) this.#sqlite.close();
  }

  #statement(sql: string): Sqlite.Statement {
    const known = this.#statements.get(sql);
    if (known) return known;
    const made = this.#sqlite.prepare(sql);
    this.#statements.set(sql, made);
    return made;
  }

  #guarded<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      const said = databaseError(error, this.path);
      if (said instanceof DatabaseError && said.code === "DATABASE_CORRUPT") noteDamage(this.path);
      throw said;
    }
  }
}

type Engine = typeof Sqlite;

/** The library itself. Throws DatabaseError DATABASE_UNSAFE. */
export async function engine(): Promise<Engine> {
  if (Number(process.versions["napi"] ?? 0) < leastNapi) {
    throw new DatabaseError("DATABASE_UNSAFE", {
      detail: `Node ${process.versions.node} has N-API ${process.versions["napi"] ?? "?"}, ${leastNapi} is needed`,
    });
  }
  // Imported only now: loading it on an older Node ends the process without a word.
  return (await import("better-sqlite3")).default;
}

function prepared(Engine: Engine, path: string, options: DatabaseOptions): Sqlite.Database {
  const sqlite = new Engine(path, { timeout: 5_000 });
  try {
    assertVersion(sqlite);
    for (const pragma of [`page_size = ${newPageBytes}`, "auto_vacuum = INCREMENTAL", "journal_mode = WAL"])
      sqlite.pragma(pragma);
    if (sqlite.pragma("journal_mode", { simple: true }) !== "wal")
      throw new DatabaseError("DATABASE_UNSAFE", { detail: "journal_mode is not wal" });
    const maxPages = Math.floor(((options.maxMegabytes ?? 512) * 1_048_576) / pageBytesOf(sqlite));
    for (const pragma of [
      "synchronous = FULL",
      "foreign_keys = ON",
      "trusted_schema = OFF",
      "cell_size_check = ON",
      "mmap_size = 0",
      "wal_autocheckpoint = 1000",
      "journal_size_limit = 16777216",
      `max_page_count = ${maxPages}`,
    ]) {
      sqlite.pragma(pragma);
    }
    const checked = sqlite.pragma("quick_check(1)", { simple: true });
    if (checked !== "ok") throw new DatabaseError("DATABASE_CORRUPT", { path, detail: String(checked).slice(0, 200) });
    migrate(sqlite, options.migrations ?? gatewayMigrations);
    // Read again after the first write: on a new file the build's default turns FULL into NORMAL at exactly that moment.
    sqlite.pragma("synchronous = FULL");
    sqlite
      .prepare("INSERT OR REPLACE INTO meta (name, value) VALUES ('opened', ?)")
      .run(String(options.nowMs ?? systemClock.nowMs()));
    if (sqlite.pragma("synchronous", { simple: true }) !== 2)
      throw new DatabaseError("DATABASE_UNSAFE", { detail: "synchronous is not FULL after the first write" });
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

function pageBytesOf(sqlite: Sqlite.Database): number {
  return Number(sqlite.pragma("page_size", { simple: true }));
}

function assertVersion(sqlite: Sqlite.Database): void {
  const { version } = sqlite.prepare("SELECT sqlite_version() AS version").get() as { version: string };
  const parts = version.split(".").map(Number);
  for (const [i, least] of leastVersion.entries()) {
    const part = parts[i] ?? 0;
    if (part > least) return;
    if (part < least)
      throw new DatabaseError("DATABASE_UNSAFE", { detail: `SQLite ${version}, ${leastVersion.join(".")} is needed` });
  }
}

function migrate(sqlite: Sqlite.Database, folder: URL): void {
  const files = readdirSync(folder)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort();
  const done = Number(sqlite.pragma("user_version", { simple: true }));
  for (const [i, file] of files.entries()) {
    if (i < done) continue;
    sqlite.transaction(() => {
      sqlite.exec(readFileSync(new URL(file, folder), "utf8"));
      if (i === 0)
        sqlite.prepare("INSERT INTO meta (name, value) VALUES ('epoch', ?)").run(randomBytes(16).toString("hex"));
      sqlite.pragma(`user_version = ${i + 1}`);
    })();
  }
}

/** What the disk says to Node, around the library's own work. */
function diskError(error: unknown, path: string): unknown {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return error;
  const isFull = error.code === "ENOSPC" || error.code === "EDQUOT";
  return new DatabaseError(
    isFull ? "DATABASE_FULL" : "DATABASE_IO",
    { path, detail: String(error.code) },
    { cause: error },
  );
}

/** SQLite's own error in the product's words; anything else is handed back unchanged. */
export function databaseError(error: unknown, path: string): unknown {
  if (!isSqliteError(error)) return diskError(error, path);
  const detail = error.message;
  if (error.code === "SQLITE_FULL" || /disk is full/.test(detail))
    return new DatabaseError("DATABASE_FULL", { path }, { cause: error });
  if (error.code.startsWith("SQLITE_BUSY") || error.code.startsWith("SQLITE_LOCKED"))
    return new DatabaseError("DATABASE_BUSY", { path }, { cause: error });
  if (error.code.startsWith("SQLITE_CORRUPT") || error.code === "SQLITE_NOTADB")
    return new DatabaseError("DATABASE_CORRUPT", { path, detail }, { cause: error });
  if (error.code.startsWith("SQLITE_IOERR") || error.code === "SQLITE_CANTOPEN")
    return new DatabaseError("DATABASE_IO", { path, detail }, { cause: error });
  return error;
}
