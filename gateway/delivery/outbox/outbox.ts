/** Rows that wait for a platform: the row is the truth, the wire only a copy. */
import { crc32 } from "node:zlib";
import type { Database } from "../../database/database.ts";
import { ageBounds } from "../../database/lived-days.ts";
import type { Event } from "../events/event.ts";
import type { OutboxListener } from "./outbox-listener.ts";
import { renumber } from "./renumber.ts";

/** How many acknowledged rows are kept, and how long: a platform may come back from last night's backup. */
export const keepAcked = { rows: 50_000, days: 7 } as const;

/** A row that waits. */
export interface DueRow {
  readonly seq: number;
  readonly body: Uint8Array;
  /** Gateways that relayed it to here, first one first. */
  readonly via: readonly string[];
}

/** A run of numbers that will never be sent, because their rows are gone. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** Depth and age of what waits for one uplink. */
export interface Waiting {
  readonly depth: number;
  /** Wall ms at which the oldest waiting event was recorded. */
  readonly oldestMs: number | null;
}

/** The outbox of one uplink. */
export class Outbox {
  readonly #database: Database;
  readonly #uplink: string;
  readonly #listener: OutboxListener;
  /** Rows added since the start. */
  addedCount = 0;

  constructor(database: Database, uplink: string, listener: OutboxListener = {}) {
    this.#database = database;
    this.#uplink = uplink;
    this.#listener = listener;
    database.run("INSERT OR IGNORE INTO epochs (uplink, epoch) VALUES (?, ?)", uplink, database.epoch);
    for (const lane of [0, 1, 2])
      database.run("INSERT OR IGNORE INTO lanes (uplink, lane, head, acked) VALUES (?, ?, 0, 0)", uplink, lane);
  }

  /** Adds `event` at the end of `lane`; within the caller's transaction. */
  append(event: Pick<Event, "n" | "body">, lane: number): void {
    this.#database.run("UPDATE lanes SET head = head + 1 WHERE uplink = ? AND lane = ?", this.#uplink, lane);
    this.#database.run(
      "INSERT INTO outbox (uplink, lane, seq, event, bytes) VALUES (?, ?, ?, ?, ?)",
      this.#uplink,
      lane,
      this.head(lane),
      event.n,
      event.body.byteLength,
    );
    this.addedCount += 1;
  }

  epoch(): string {
    return String(this.#database.get("SELECT epoch FROM epochs WHERE uplink = ?", this.#uplink)?.["epoch"]);
  }

  head(lane: number): number {
    return Number(
      this.#database.get("SELECT head FROM lanes WHERE uplink = ? AND lane = ?", this.#uplink, lane)?.["head"],
    );
  }

  acked(lane: number): number {
    return Number(
      this.#database.get("SELECT acked FROM lanes WHERE uplink = ? AND lane = ?", this.#uplink, lane)?.["acked"],
    );
  }

  idAt(lane: number, seq: number): string | null {
    const row = this.#database.get(
      "SELECT e.id FROM outbox o JOIN events e ON e.n = o.event WHERE o.uplink = ? AND o.lane = ? AND o.seq = ?",
      this.#uplink,
      lane,
      seq,
    );
    return row ? String(row["id"]) : null;
  }

  /** The kept events from `from` to `to`, for those who show what was acknowledged. */
  bodiesBetween(lane: number, from: number, to: number): readonly Uint8Array[] {
    return this.#database
      .all(
        "SELECT e.body FROM outbox o JOIN events e ON e.n = o.event WHERE o.uplink = ? AND o.lane = ? AND o.seq BETWEEN ? AND ? ORDER BY o.seq LIMIT 1000",
        this.#uplink,
        lane,
        from,
        to,
      )
      .flatMap((row) => (row["body"] instanceof Uint8Array ? [row["body"]] : []));
  }

  due(lane: number, from: number, maxEvents: number, maxBytes: number): readonly DueRow[] {
    const rows = this.#database.all(
      "SELECT o.seq, e.id, e.body, e.crc, e.via FROM outbox o JOIN events e ON e.n = o.event WHERE o.uplink = ? AND o.lane = ? AND o.seq >= ? ORDER BY o.seq LIMIT ?",
      this.#uplink,
      lane,
      from,
      maxEvents,
    );
    const due: DueRow[] = [];
    let bytes = 0;
    for (const row of rows) {
      const body = row["body"] instanceof Uint8Array ? row["body"] : new Uint8Array();
      if (Number(row["seq"]) !== from + due.length || (due.length > 0 && bytes + body.length + 1 > maxBytes)) break;
      if (crc32(body) !== row["crc"]) {
        this.giveUp(lane, Number(row["seq"]), "damaged");
        break;
      }
      bytes += body.length + 1;
      due.push({ seq: Number(row["seq"]), body, via: viaOf(row["via"]) });
    }
    return due;
  }

  gapAt(lane: number, seq: number): Gap | null {
    const next = this.#database.get(
      "SELECT seq FROM outbox WHERE uplink = ? AND lane = ? AND seq >= ? ORDER BY seq LIMIT 1",
      this.#uplink,
      lane,
      seq,
    );
    const to = next ? Number(next["seq"]) - 1 : this.head(lane);
    if (to < seq) return null;
    const said = this.#database.get(
      "SELECT reason FROM gaps WHERE uplink = ? AND lane = ? AND from_seq <= ? ORDER BY from_seq DESC LIMIT 1",
      this.#uplink,
      lane,
      to,
    );
    return { from: seq, to, reason: String(said?.["reason"] ?? "retention") };
  }

  acknowledge(lane: number, seq: number): void {
    this.#database.run(
      "UPDATE lanes SET acked = max(acked, min(head, ?)) WHERE uplink = ? AND lane = ?",
      seq,
      this.#uplink,
      lane,
    );
  }

  /** Marks rows that are acknowledged out of their turn; the watermark stays where it is. */
  settle(lane: number, ranges: readonly (readonly [from: number, to: number])[]): void {
    for (const [from, to] of ranges)
      this.#database.run(
        "UPDATE outbox SET settled = 1 WHERE uplink = ? AND lane = ? AND seq BETWEEN ? AND ? AND settled = 0",
        this.#uplink,
        lane,
        from,
        to,
      );
  }

  /** Takes a row out for ever and leaves a gap with its reason, which the platform is told in its turn. */
  giveUp(lane: number, seq: number, reason: string): void {
    const row = this.#database.get(
      "SELECT e.id FROM outbox o JOIN events e ON e.n = o.event WHERE o.uplink = ? AND o.lane = ? AND o.seq = ?",
      this.#uplink,
      lane,
      seq,
    );
    this.#database.transaction(() => {
      this.#insertGap(lane, seq, seq, reason);
      this.#database.run("DELETE FROM outbox WHERE uplink = ? AND lane = ? AND seq = ?", this.#uplink, lane, seq);
    });
    if (row) this.#listener.givenUp?.({ lane, from: seq, to: seq, reason, eventId: String(row["id"]) });
  }

  /**
   * Makes room where there is none: the oldest waiting rows of the least urgent lane become one gap.
   * @returns how many rows went; 0: nothing is left to give up
   */
  giveUpOldest(most: number): number {
    for (const lane of [2, 1, 0]) {
      const rows = this.#database.all(
        "SELECT o.seq FROM outbox o JOIN lanes l ON l.uplink = o.uplink AND l.lane = o.lane WHERE o.uplink = ? AND o.lane = ? AND o.seq > l.acked ORDER BY o.seq LIMIT ?",
        this.#uplink,
        lane,
        most,
      );
      const [first] = rows;
      const last = rows.at(-1);
      if (!first || !last) continue;
      const [from, to] = [Number(first["seq"]), Number(last["seq"])];
      this.#database.transaction(() => {
        this.#insertGap(lane, from, to, "full");
        this.#database.run(
          "DELETE FROM outbox WHERE uplink = ? AND lane = ? AND seq BETWEEN ? AND ?",
          this.#uplink,
          lane,
          from,
          to,
        );
      });
      this.#listener.givenUp?.({ lane, from, to, reason: "full", eventId: null });
      return rows.length;
    }
    return 0;
  }

  /** Whether an earlier message of this occurrence goes this way: then the later ones do too. */
  carries(occurrence: string): boolean {
    return (
      this.#database.get(
        "SELECT 1 AS known FROM events e JOIN outbox o ON o.event = e.n WHERE e.occurrence = ? AND o.uplink = ? LIMIT 1",
        occurrence,
        this.#uplink,
      ) !== undefined
    );
  }

  /** The platform came back from a backup: rows from `seq` on are sent again, and evidence of as long is offered again, because its row may be gone there with them. */
  requeue(lane: number, seq: number): void {
    this.#database.run(
      `UPDATE uploads SET state = 'waiting' WHERE uplink = ? AND state = 'acked' AND sha256 IN
         (SELECT sha256 FROM evidence WHERE state = 'kept' AND created_ms >= ?)`,
      this.#uplink,
      // By the days lived through: one picture that a wrong clock dated years ahead makes no other one old.
      ageBounds(this.#database, Infinity, keepAcked.days).beforeMs,
    );
    this.#database.run(
      "UPDATE outbox SET settled = 0 WHERE uplink = ? AND lane = ? AND seq >= ? AND settled = 1",
      this.#uplink,
      lane,
      seq,
    );
    this.#database.run(
      "UPDATE lanes SET acked = min(acked, ?) WHERE uplink = ? AND lane = ?",
      seq - 1,
      this.#uplink,
      lane,
    );
  }

  renumber(): void {
    renumber(this.#database, this.#uplink);
  }

  #insertGap(lane: number, from: number, to: number, reason: string): void {
    this.#database.run(
      "INSERT OR REPLACE INTO gaps (uplink, lane, from_seq, to_seq, reason) VALUES (?, ?, ?, ?, ?)",
      this.#uplink,
      lane,
      from,
      to,
      reason,
    );
  }

  /** The platform keeps the bytes and acknowledges the number: here nothing is left to do but to tell. */
  quarantined(lane: number, seq: number, detail: string): void {
    this.#listener.rejected?.({ eventId: this.idAt(lane, seq), detail });
  }

  /** How much waits. */
  waiting(): Waiting {
    const row = this.#database.get("SELECT sum(head - acked) AS depth FROM lanes WHERE uplink = ?", this.#uplink);
    const oldest = this.#database.get(
      "SELECT min(e.recorded_ms) AS ms FROM lanes l JOIN outbox o ON o.uplink = l.uplink AND o.lane = l.lane AND o.seq = l.acked + 1 JOIN events e ON e.n = o.event WHERE l.uplink = ?",
      this.#uplink,
    );
    return { depth: Number(row?.["depth"] ?? 0), oldestMs: typeof oldest?.["ms"] === "number" ? oldest["ms"] : null };
  }

  /** Acknowledged rows that are old or many go, at most `batch` of them; the newest of each lane stays for the chain check. */
  forget(nowMs: number, batch: number): number {
    const { beforeMs, afterMs } = ageBounds(this.#database, nowMs, keepAcked.days);
    return this.#database.run(
      `DELETE FROM outbox WHERE (uplink, lane, seq) IN (
         SELECT o.uplink, o.lane, o.seq FROM outbox o JOIN lanes l ON l.uplink = o.uplink AND l.lane = o.lane JOIN events e ON e.n = o.event
         WHERE o.uplink = ? AND o.seq < l.acked AND (o.seq <= l.acked - ? OR e.recorded_ms < ? OR e.recorded_ms > ?) ORDER BY o.seq LIMIT ?)`,
      this.#uplink,
      keepAcked.rows,
      beforeMs,
      afterMs,
      batch,
    );
  }
}

/** The way that is stored with a relayed event. */
function viaOf(stored: unknown): readonly string[] {
  return typeof stored === "string" ? (JSON.parse(stored) as string[]) : [];
}
