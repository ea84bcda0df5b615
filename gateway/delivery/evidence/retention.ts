/** What may go first when room or time runs out; events that nobody has acknowledged are not in this list. */
import type { Database } from "../../database/database.ts";
import { ageBounds } from "../../database/lived-days.ts";
import type { EvidenceFiles } from "./evidence-files.ts";

/** Bounds of what is kept. */
export interface RetentionLimits {
  readonly evidenceBytes: number;
  readonly keepDays: number;
  /** So much of what every platform has must go besides: the disk is full. */
  readonly shedBytes?: number;
}

/** Evidence that was deleted: what the proof says of it. */
export interface Deleted {
  readonly sha256: string;
  readonly sm3: string;
  readonly kind: string;
  readonly bytes: number;
  readonly eventId: string;
  readonly createdMs: number;
  readonly deletedMs: number;
  /** old: its time was over; room: the space for evidence was used up. */
  readonly why: string;
}

/** Rows that may be forgotten once a platform has them. */
export interface Forgetful {
  forget(nowMs: number, batch: number): number;
}

/** At most this many rows a turn: a turn must not hold the main thread. */
const batch = 200;
const waits = "EXISTS (SELECT 1 FROM uploads u WHERE u.sha256 = e.sha256 AND u.state IN ('waiting', 'parked'))";
/** In this order evidence goes when there is no room: sent before waiting, clips before snapshots, of what waits the less severe first, old before new. */
const evictionOrder = `
  ${waits}, e.kind <> 'clip',
  CASE WHEN ${waits} THEN -(SELECT v.severity FROM events v WHERE v.id = e.event_id) END, e.created_ms`;

/**
 * One turn of housekeeping; returns how many files and rows went. Evidence on hold stays, whatever its age and the room;
 * what goes is noted for `untold` in the commit that lets it go.
 */
export async function housekeep(
  database: Database,
  files: EvidenceFiles,
  outboxes: readonly Forgetful[],
  limits: RetentionLimits,
  nowMs: number,
): Promise<{ readonly files: number; readonly rows: number }> {
  const due = dueEvidence(database, limits, nowMs);
  for (const one of due) {
    const { sha256 } = one;
    // The row first says that it is gone: a row may lack its file, a file never outlives its row unseen.
    database.transaction(() => {
      database.run("UPDATE uploads SET state = 'expired' WHERE sha256 = ? AND state <> 'acked'", sha256);
      database.run("UPDATE evidence SET state = 'evicted' WHERE sha256 = ?", sha256);
      noteDeletion(database, one, nowMs);
    });
    await files.remove(sha256);
  }
  let rows = 0;
  for (const outbox of outboxes) rows += outbox.forget(nowMs, batch);
  const { beforeMs, afterMs } = ageBounds(database, nowMs, limits.keepDays);
  // The newest event stays: the chain goes on from it.
  rows += database.run(
    `DELETE FROM events WHERE n IN (SELECT e.n FROM events e WHERE (e.recorded_ms < ? OR e.recorded_ms > ?) AND e.n < (SELECT max(n) FROM events)
       AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.event = e.n)
       AND NOT EXISTS (SELECT 1 FROM holds h WHERE h.occurrence = e.occurrence) ORDER BY e.n LIMIT ?)`,
    beforeMs,
    afterMs,
    batch,
  );
  rows += database.run(
    "DELETE FROM evidence WHERE sha256 IN (SELECT sha256 FROM evidence WHERE state = 'evicted' AND (created_ms < ? OR created_ms > ?) LIMIT ?)",
    beforeMs,
    afterMs,
    batch,
  );
  database.run(
    "DELETE FROM uploads WHERE (uplink, sha256) IN (SELECT uplink, sha256 FROM uploads WHERE sha256 NOT IN (SELECT sha256 FROM evidence) LIMIT ?)",
    batch,
  );
  return { files: due.length, rows };
}

/** Evidence that is gone and of which nobody has been told, the oldest deletion first. */
export function untold(database: Database, most: number): readonly Deleted[] {
  return database
    .all("SELECT * FROM deletions ORDER BY deleted_ms, sha256 LIMIT ?", most)
    .map((row) => deletedOf(row, String(row["why"]), Number(row["deleted_ms"])));
}

/** They have been told; within the transaction of the word itself. */
export function told(database: Database, deleted: readonly Deleted[]): void {
  for (const { sha256 } of deleted) database.run("DELETE FROM deletions WHERE sha256 = ?", sha256);
}

function noteDeletion(database: Database, one: Deleted, nowMs: number): void {
  database.run(
    "INSERT OR REPLACE INTO deletions (sha256, sm3, kind, bytes, event_id, created_ms, deleted_ms, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    one.sha256,
    one.sm3,
    one.kind,
    one.bytes,
    one.eventId,
    one.createdMs,
    Math.round(nowMs),
    one.why,
  );
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

/** Evidence that nobody has put on hold: an event on hold holds all evidence of its occurrence. */
const free = `state = 'kept' AND NOT EXISTS (
  SELECT 1 FROM holds h JOIN events v ON v.occurrence = h.occurrence WHERE v.id = e.event_id)`;
const columns = "e.sha256, e.sm3, e.kind, e.bytes, e.event_id, e.created_ms";

function dueEvidence(database: Database, limits: RetentionLimits, nowMs: number): readonly Deleted[] {
  const { beforeMs, afterMs } = ageBounds(database, nowMs, limits.keepDays);
  const old = database.all(
    `SELECT ${columns} FROM evidence e WHERE ${free} AND (created_ms < ? OR created_ms > ?)
       AND NOT EXISTS (SELECT 1 FROM uploads u WHERE u.sha256 = e.sha256 AND u.state = 'waiting') ORDER BY created_ms LIMIT ?`,
    beforeMs,
    afterMs,
    batch,
  );
  const due = new Map(old.map((row) => [String(row["sha256"]), deletedOf(row, "old", nowMs)]));
  const shorten = (over: number, which: string): void => {
    if (over <= 0) return;
    for (const row of database.all(
      `SELECT ${columns} FROM evidence e WHERE ${which} ORDER BY ${evictionOrder} LIMIT ?`,
      batch,
    )) {
      if (over <= 0) return;
      const sha256 = String(row["sha256"]);
      if (!due.has(sha256)) due.set(sha256, deletedOf(row, "room", nowMs));
      over -= Number(row["bytes"]);
    }
  };
  shorten(evidenceBytes(database) - limits.evidenceBytes, free);
  // A disk that others have filled is no reason to lose what nobody has yet.
  shorten(limits.shedBytes ?? 0, `${free} AND NOT ${waits}`);
  return [...due.values()];
}

function deletedOf(row: Readonly<Record<string, unknown>>, why: string, deletedMs: number): Deleted {
  return {
    sha256: String(row["sha256"]),
    sm3: String(row["sm3"]),
    kind: String(row["kind"]),
    bytes: Number(row["bytes"]),
    eventId: String(row["event_id"]),
    createdMs: Number(row["created_ms"]),
    deletedMs,
    why,
  };
}
