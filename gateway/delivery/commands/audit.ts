/** What was asked of this box and what came of it, each line bound to all before it by SHA-256 and by SM3 of (previous, line). */
import { createHash } from "node:crypto";
import type { Database } from "../../database/database.ts";
import { ageBounds } from "../../database/lived-days.ts";

/** One line; plain JSON. */
export interface AuditLine {
  readonly what: string;
  readonly [name: string]: string | number | boolean | null;
}

/** A line as it is exported: whoever has all of them can follow the chain, hash = SHA-256(previous hash ‖ body), and sm3 likewise. */
export interface ExportedLine {
  readonly n: number;
  /** The very text that was hashed. */
  readonly body: string;
  /** Hex. */
  readonly hash: string;
  /** Hex; zeros on lines of a release without it. */
  readonly sm3: string;
}

const start = "00".repeat(32);
/** Half a year, which is what 网络安全法 art. 21 asks of logs; some months of a busy box are less than this many lines. */
const keptDays = 180;
const keptLines = 50_000;
/** More is never kept, however young: about 60 MB. Floods are counted, not listed, so that only people come here. */
const mostLines = 200_000;

/** The chain of one box. */
export class Audit {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All lines that `work` adds, in one commit. */
  together(work: () => void): void {
    this.#database.transaction(work);
  }

  /** Adds a line; within the caller's transaction, if there is one. Returns its number and digests. */
  add(line: AuditLine, nowMs: number): Omit<ExportedLine, "body"> {
    const last = this.#database.get("SELECT n, hash, sm3 FROM audit ORDER BY n DESC LIMIT 1");
    const body = JSON.stringify({ at: new Date(nowMs).toISOString(), ...line });
    const n = Number(last?.["n"] ?? 0) + 1;
    const hash = link("sha256", hashOf(last?.["hash"]), body);
    const sm3 = link("sm3", hashOf(last?.["sm3"]), body);
    this.#database.run(
      "INSERT INTO audit (n, at_ms, body, hash, sm3) VALUES (?, ?, ?, ?, ?)",
      n,
      Math.round(nowMs),
      body,
      hash,
      sm3,
    );
    this.#forget(n, nowMs);
    return { n, hash: hash.toString("hex"), sm3: sm3.toString("hex") };
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
        // All columns: beside a daemon of a release before SM3 there is no such one.
        "SELECT * FROM audit WHERE n > ? AND at_ms >= ? ORDER BY n LIMIT 500",
        from,
        sinceMs,
      );
      for (const row of rows)
        yield {
          n: Number(row["n"]),
          body: String(row["body"]),
          hash: Buffer.from(hashOf(row["hash"])).toString("hex"),
          sm3: Buffer.from(hashOf(row["sm3"])).toString("hex"),
        };
      if (rows.length === 0) return;
      from = Number(rows.at(-1)?.["n"]);
    }
  }

  /** Number of the first line that does not follow from the one before it; null when the chain holds. */
  broken(): number | null {
    let before: { readonly n: number; readonly hash: Uint8Array; readonly sm3: Uint8Array } | null = null;
    for (let from = 0; ;) {
      const rows = this.#database.all("SELECT * FROM audit WHERE n > ? ORDER BY n LIMIT 500", from);
      if (rows.length === 0) return null;
      for (const row of rows) {
        const n = Number(row["n"]);
        const body = String(row["body"]);
        const [hash, sm3] = [hashOf(row["hash"]), hashOf(row["sm3"])];
        // The oldest kept line may stand on one that has been forgotten; the very first stands on nothing.
        before ??= n === 1 ? { n: 0, hash: hashOf(null), sm3: hashOf(null) } : null;
        if (before && n !== before.n + 1) return n;
        if (before && !link("sha256", before.hash, body).equals(hash)) return n;
        // Lines of a release without SM3 have none; the first with it stands on nothing.
        const hasSm3 = row["sm3"] instanceof Uint8Array || before?.sm3.some((octet) => octet !== 0) === true;
        if (before && hasSm3 && !link("sm3", before.sm3, body).equals(sm3)) return n;
        before = { n, hash, sm3 };
        from = n;
      }
    }
  }

  /** Always the oldest, so that what is left is one piece of the chain: a clock that jumped must not tear a hole into it. */
  #forget(newest: number, nowMs: number): void {
    if (newest % 64 !== 0) return; // Now and then is enough.
    const { beforeMs, afterMs } = ageBounds(this.#database, nowMs, keptDays);
    const young = this.#database.get(
      "SELECT n FROM audit WHERE at_ms BETWEEN ? AND ? ORDER BY n LIMIT 1",
      beforeMs,
      afterMs,
    );
    const old = Math.min(newest - keptLines, Number(young?.["n"] ?? newest) - 1);
    this.#database.run("DELETE FROM audit WHERE n <= ?", Math.max(old, newest - mostLines));
  }
}

function link(digest: "sha256" | "sm3", previous: Uint8Array, body: string): Buffer {
  return createHash(digest).update(previous).update(body).digest();
}

function hashOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : Buffer.from(start, "hex");
}
