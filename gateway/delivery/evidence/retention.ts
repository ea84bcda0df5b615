/** What may go first when room or time runs out; events that nobody has acknowledged are not in this list. */
import type { Database } from "../../database/database.ts";
import type { EvidenceFiles } from "./evidence-files.ts";

/** Bounds of what is kept. */
export interface RetentionLimits {
  readonly evidenceBytes: number;
  readonly keepDays: number;
}

/** Rows that may be forgotten once a platform has them. */
export interface Forgetful {
  forget(nowMs: number, batch: number): number;
}

/** At most this many rows a turn: a turn must not hold the main thread. */
const batch = 200;
/** In this order evidence goes when there is no room: sent before waiting, clips before snapshots, old before new. */
const evictionOrder = `
  CASE WHEN EXISTS (SELECT 1 FROM uploads u WHERE u.sha256 = e.sha256 AND u.state IN ('waiting', 'parked')) THEN 1 ELSE 0 END,
  CASE e.kind WHEN 'clip' THEN 0 ELSE 1 END, e.created_ms`;

/** One turn of housekeeping; returns how many files and rows went. */
export async function housekeep(
  database: Database,
  files: EvidenceFiles,
  outboxes: readonly Forgetful[],
  limits: RetentionLimits,
  nowMs: number,
): Promise<{ readonly files: number; readonly rows: number }> {
  const due = dueEvidence(database, limits, nowMs);
  for (const sha256 of due) {
    // The row first says that it is gone: a row may lack its file, a file never outlives its row unseen.
    database.transaction(() => {
      database.run("UPDATE uploads SET state = 'expired' WHERE sha256 = ? AND state <> 'acked'", sha256);
      database.run("UPDATE evidence SET state = 'evicted' WHERE sha256 = ?", sha256);
    });
    await files.remove(sha256);
  }
  let rows = 0;
  for (const outbox of outboxes) rows += outbox.forget(nowMs, batch);
  const olderThan = Math.round(nowMs - limits.keepDays * 86_400_000);
  // The newest event stays: the chain goes on from it.
  rows += database.run(
    `DELETE FROM events WHERE n IN (SELECT e.n FROM events e WHERE e.recorded_ms < ? AND e.n < (SELECT max(n) FROM events)
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event = e.n) ORDER BY e.n LIMIT ?)`,
    olderThan,
    batch,
  );
  rows += database.run(
    "DELETE FROM evidence WHERE sha256 IN (SELECT sha256 FROM evidence WHERE state = 'evicted' AND created_ms < ? LIMIT ?)",
    olderThan,
    batch,
  );
  database.run(
    "DELETE FROM uploads WHERE (uplink, sha256) IN (SELECT uplink, sha256 FROM uploads WHERE sha256 NOT IN (SELECT sha256 FROM evidence) LIMIT ?)",
    batch,
  );
  return { files: due.length, rows };
}

/** Events that no outbox holds any more go at once, whatever their age; the newest stays, because the chain goes on from it. */
export function dropUnsendable(database: Database, most: number): number {
  return database.run(
    `DELETE FROM events WHERE n IN (SELECT e.n FROM events e WHERE e.n < (SELECT max(n) FROM events)
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event = e.n) ORDER BY e.n LIMIT ?)`,
    most,
  );
}

/** Bytes of evidence that is kept. */
export function evidenceBytes(database: Database): number {
  return Number(database.get("SELECT coalesce(sum(bytes), 0) AS bytes FROM evidence WHERE state = 'kept'")?.["bytes"]);
}

function dueEvidence(database: Database, limits: RetentionLimits, nowMs: number): readonly string[] {
  const old = database.all(
    `SELECT sha256 FROM evidence e WHERE state = 'kept' AND created_ms < ?
       AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.sha256 = e.sha256 AND u.state = 'waiting') ORDER BY created_ms LIMIT ?`,
    Math.round(nowMs - limits.keepDays * 86_400_000),
    batch,
  );
  const due = old.map((row) => String(row["sha256"]));
  let over = evidenceBytes(database) - limits.evidenceBytes;
  if (over <= 0) return due;
  for (const row of database.all(
    `SELECT e.sha256, e.bytes FROM evidence e WHERE e.state = 'kept' ORDER BY ${evictionOrder} LIMIT ?`,
    batch,
  )) {
    if (over <= 0) break;
    due.push(String(row["sha256"]));
    over -= Number(row["bytes"]);
  }
  return [...new Set(due)];
}
