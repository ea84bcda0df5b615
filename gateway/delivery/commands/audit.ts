/** What was asked of this box and what came of it, each line bound to all before it: SHA-256(previous, line). */
import { createHash } from "node:crypto";
import type { Database } from "../../database/database.ts";

/** One line; plain JSON. */
export interface AuditLine {
  readonly what: string;
  readonly [name: string]: string | number | boolean | null;
}

/** A line as it is exported: whoever has all of them can follow the chain, hash = SHA-256(previous hash ‖ body). */
export interface ExportedLine {
  readonly n: number;
  /** The very text that was hashed. */
  readonly body: string;
  /** Hex. */
  readonly hash: string;
}

const start = "00".repeat(32);
/** Half a year, which is what 网络安全法 art. 21 asks of logs; some months of a busy box are less than this many lines. */
const keptMs = 180 * 86_400_000;
const keptLines = 50_000;
/** More is never kept, however young: about 60 MB. Floods are counted, not listed, so that only people come here. */
const mostLines = 200_000;

/** The chain of one box. */
export class Audit {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a line; within the caller's transaction, if there is one. Returns its number and hash. */
  add(line: AuditLine, nowMs: number): Pick<ExportedLine, "n" | "hash"> {
    const last = this.#database.get("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1");
    const body = JSON.stringify({ at: new Date(nowMs).toISOString(), ...line });
    const n = Number(last?.["n"] ?? 0) + 1;
    const hash = link(hashOf(last?.["hash"]), body);
    this.#database.run(
      "INSERT INTO audit (n, at_ms, body, hash) VALUES (?, ?, ?, ?)",
      n,
      Math.round(nowMs),
      body,
      hash,
    );
    this.#forget(n, nowMs);
    return { n, hash: hash.toString("hex") };
  }

  /** The newest lines, newest first. */
  newest(limit: number): readonly unknown[] {
    return this.#database
      .all("SELECT body FROM audit ORDER BY n DESC LIMIT ?", limit)
      .map((row) => JSON.parse(String(row["body"])) as unknown);
  }

  /** Every kept line from `sinceMs` on, oldest first. */
  *lines(sinceMs: number): Generator<ExportedLine> {
    for (let from = 0; ;) {
      const rows = this.#database.all(
        "SELECT n, body, hash FROM audit WHERE n > ? AND at_ms >= ? ORDER BY n LIMIT 500",
        from,
        sinceMs,
      );
      for (const row of rows)
        yield {
          n: Number(row["n"]),
          body: String(row["body"]),
          hash: Buffer.from(hashOf(row["hash"])).toString("hex"),
        };
      if (rows.length === 0) return;
      from = Number(rows.at(-1)?.["n"]);
    }
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

  /** Always the oldest, so that what is left is one piece of the chain: a clock that jumped must not tear a hole into it. */
  #forget(newest: number, nowMs: number): void {
    if (newest % 64 !== 0) return; // Now and then is enough.
    const young = this.#database.get(
      "SELECT n FROM audit WHERE at_ms >= ? ORDER BY n LIMIT 1",
      Math.round(nowMs - keptMs),
    );
    const old = Math.min(newest - keptLines, Number(young?.["n"] ?? newest) - 1);
    this.#database.run("DELETE FROM audit WHERE n <= ?", Math.max(old, newest - mostLines));
  }
}

function link(previous: Uint8Array, body: string): Buffer {
  return createHash("sha256").update(previous).update(body).digest();
}

function hashOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(start, "hex");
}
