/** What was asked of this box and what came of it, each line bound to all before it: SHA-256(previous, line). */
import { createHash } from "node:crypto";
import type { Database } from "../../database/database.ts";

/** One line; plain JSON. */
export interface AuditLine {
  readonly what: string;
  readonly [name: string]: string | number | boolean | null;
}

const start = "00".repeat(32);
const keptLines = 50_000;

/** The chain of one box. */
export class Audit {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a line; within the caller's transaction, if there is one. */
  add(line: AuditLine, nowMs: number): void {
    const last = this.#database.get("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1");
    const body = JSON.stringify({ at: new Date(nowMs).toISOString(), ...line });
    const n = Number(last?.["n"] ?? 0) + 1;
    this.#database.run(
      "INSERT INTO audit (n, at_ms, body, hash) VALUES (?, ?, ?, ?)",
      n,
      Math.round(nowMs),
      body,
      link(hashOf(last?.["hash"]), body),
    );
    this.#database.run("DELETE FROM audit WHERE n <= ?", n - keptLines);
  }

  /** The newest lines, newest first. */
  newest(limit: number): readonly unknown[] {
    return this.#database
      .all("SELECT body FROM audit ORDER BY n DESC LIMIT ?", limit)
      .map((row) => JSON.parse(String(row["body"])) as unknown);
  }

  /** Number of the first line that does not follow from the one before it; null when the chain holds. */
  broken(): number | null {
    let beforeN: number | null = null;
    let beforeHash: Uint8Array | null = null;
    for (let from = 0; ;) {
      const rows = this.#database.all("SELECT n, body, hash FROM audit WHERE n > ? ORDER BY n LIMIT 500", from);
      if (rows.length === 0) return null;
      for (const row of rows) {
        const n = Number(row["n"]);
        const hash = hashOf(row["hash"]);
        // The oldest kept line may stand on one that has been forgotten; the very first stands on nothing.
        const previous: Uint8Array | null = beforeHash ?? (n === 1 ? Buffer.from(start, "hex") : null);
        if (beforeN !== null && n !== beforeN + 1) return n;
        if (previous && !link(previous, String(row["body"])).equals(hash)) return n;
        [beforeN, beforeHash, from] = [n, hash, n];
      }
    }
  }
}

function link(previous: Uint8Array, body: string): Buffer {
  return createHash("sha256").update(previous).update(body).digest();
}

function hashOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(start, "hex");
}
