/** A sink in one SQLite file: events, watermarks and quarantine in one transaction, on the disk before anything is acknowledged. */
import { Database } from "../../gateway/database/database.ts";
import { decide } from "../../gateway/delivery/uplink/protocol/commit.ts";
import type { Batch, BatchItem, Watermark } from "../../gateway/delivery/uplink/protocol/platform-port.ts";
import type { Committed, KeptEvidence, PlatformSink, SinkCounts, StoredEvent } from "../sink.ts";
import { storable } from "./storable.ts";

/** The default sink. */
export class SqliteSink implements PlatformSink {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** Opens or makes the file at `path`. */
  static async open(path: string, nowMs: number): Promise<SqliteSink> {
    return new SqliteSink(
      await Database.open(path, {
        migrations: new URL("./migrations/", import.meta.url),
        nowMs,
        maxMegabytes: 1_000_000,
      }),
    );
  }

  async watermarks(gw: string, epoch: string): Promise<ReadonlyMap<number, Watermark>> {
    const rows = this.#database.all(
      "SELECT lane, acked, last_id FROM watermarks WHERE gw = ? AND epoch = ? LIMIT 8",
      gw,
      epoch,
    );
    return Promise.resolve(
      new Map(
        rows.map((row) => [Number(row["lane"]), { acked: Number(row["acked"]), lastId: String(row["last_id"]) }]),
      ),
    );
  }

  async commit(batches: readonly Batch[], nowMs: number): Promise<readonly Committed[]> {
    // `async` so that a refusal of the disk arrives as a rejection, like that of any other sink.
    await Promise.resolve();
    return this.#database.transaction(() => batches.map((batch) => this.#commitOne(storable(batch), nowMs)));
  }

  async keepEvidence(evidence: KeptEvidence, nowMs: number): Promise<void> {
    await Promise.resolve();
    const { sha256, sm3, bytes, mediaType, gw, eventId, path } = evidence;
    this.#database.run(
      "INSERT OR IGNORE INTO evidence (sha256, sm3, bytes, media_type, gw, event_id, path, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      sha256,
      sm3,
      bytes,
      mediaType,
      gw,
      eventId,
      path,
      Math.round(nowMs),
    );
  }

  async evidence(sha256: string): Promise<KeptEvidence | null> {
    const row = this.#database.get("SELECT * FROM evidence WHERE sha256 = ?", sha256);
    if (!row) return Promise.resolve(null);
    const text = (name: string): string => String(row[name]);
    return Promise.resolve({
      sha256,
      sm3: text("sm3"),
      bytes: Number(row["bytes"]),
      mediaType: text("media_type"),
      gw: text("gw"),
      eventId: text("event_id"),
      path: text("path"),
    });
  }

  async event(id: string): Promise<StoredEvent | null> {
    const row = this.#database.get("SELECT gw, body FROM events WHERE id = ?", id);
    const body = row?.["body"];
    return Promise.resolve(body instanceof Uint8Array ? { id, gw: String(row?.["gw"]), body } : null);
  }

  async *stored(): AsyncGenerator<StoredEvent> {
    let after = 0;
    for (;;) {
      const rows = this.#database.all(
        "SELECT rowid AS n, id, gw, body FROM events WHERE rowid > ? ORDER BY rowid LIMIT 500",
        after,
      );
      for (const { id, gw, body } of rows)
        yield await Promise.resolve({
          id: String(id),
          gw: String(gw),
          body: body instanceof Uint8Array ? body : new Uint8Array(),
        });
      const last = rows.at(-1);
      if (!last) return;
      after = Number(last["n"]);
    }
  }

  async *cameraLists(): AsyncGenerator<StoredEvent> {
    const rows = this.#database.all(
      "SELECT id, gw, body FROM events WHERE type = 'system.cameras.v1' ORDER BY received_ms, rowid",
    );
    for (const { id, gw, body } of rows)
      if (body instanceof Uint8Array) yield await Promise.resolve({ id: String(id), gw: String(gw), body });
  }

  async counts(): Promise<SinkCounts> {
    const of = (table: string): number =>
      Number(this.#database.get(`SELECT count(*) AS count FROM ${table}`)?.["count"] ?? 0);
    return Promise.resolve({
      events: of("events"),
      quarantined: of("quarantine"),
      gaps: of("gaps"),
      evidence: of("evidence"),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#database[Symbol.dispose]();
    return Promise.resolve();
  }

  #commitOne(batch: Batch, nowMs: number): Committed {
    const { gw, epoch, lane, ticket } = batch;
    const row = this.#database.get(
      "SELECT acked, last_id FROM watermarks WHERE gw = ? AND epoch = ? AND lane = ?",
      gw,
      epoch,
      lane,
    );
    const before = { acked: Number(row?.["acked"] ?? 0), lastId: String(row?.["last_id"] ?? "") };
    const isKnown = (id: string): boolean =>
      this.#database.get("SELECT 1 AS known FROM events WHERE id = ?", id) !== undefined;
    const { mark, fresh, duplicates, quarantined, gap } = decide(batch, before, isKnown);
    const at = Math.round(nowMs);
    for (const item of fresh) this.#insert(batch, item, at);
    for (const { seq, why, body } of quarantined) {
      this.#database.run(
        "INSERT OR IGNORE INTO quarantine (gw, epoch, lane, seq, why, received_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        gw,
        epoch,
        lane,
        seq,
        why,
        at,
        body,
      );
    }
    if (gap) {
      this.#database.run(
        "INSERT OR IGNORE INTO gaps (gw, epoch, lane, from_seq, to_seq, reason, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
        gw,
        epoch,
        lane,
        gap.from,
        gap.to,
        gap.reason,
        at,
      );
    }
    this.#database.run(
      "INSERT OR REPLACE INTO watermarks (gw, epoch, lane, acked, last_id) VALUES (?, ?, ?, ?, ?)",
      gw,
      epoch,
      lane,
      mark.acked,
      mark.lastId,
    );
    return { ticket, lane, acked: mark.acked, fresh, duplicates, quarantined };
  }

  #insert(batch: Batch, item: BatchItem, nowMs: number): void {
    const { event } = item;
    if (!event) return;
    this.#database.run(
      "INSERT INTO events (id, gw, epoch, lane, seq, type, time, occurrence, severity, received_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      event.id,
      batch.gw,
      batch.epoch,
      batch.lane,
      item.seq,
      event.type,
      event.time,
      event.correlationid ?? null,
      event.data.severity ?? null,
      nowMs,
      item.body,
    );
  }
}
