/** What gateways behind this one gave it, until it is where it shall be in the end: the sink of a relay, in the box's own database. */
import type { Database } from "../../database/database.ts";
import type { EventTable } from "../events/event-table.ts";
import type { EvidenceFiles } from "../evidence/evidence-files.ts";
import { insertEvidence } from "../evidence/uploads.ts";
import { decide } from "../uplink/protocol/commit.ts";
import type { Batch, BatchItem, Committed, Watermark } from "../uplink/protocol/platform-port.ts";
import type { Receipt } from "../uplink/protocol/platform-session.ts";
import { originOf, readEvent, type ReadEvent } from "../uplink/protocol/read-event.ts";
import type { OpenUplink } from "../uplink/open-uplinks.ts";

/** One lane of a gateway behind this one. */
export interface RelayedLane {
  readonly gw: string;
  readonly epoch: string;
  readonly lane: number;
}

/** What a relay's store is made of. */
export interface RelayStoreOptions {
  /** Name of this gateway among others. */
  readonly gw: string;
  readonly database: Database;
  readonly table: EventTable;
  readonly files: EvidenceFiles;
  readonly uplinks: readonly OpenUplink[];
  /** Told of each step of a lane towards its end. */
  readonly onReceipt: (lane: RelayedLane, receipt: Receipt) => void;
}

/** Evidence of another gateway as it lies here. */
export interface RelayedEvidence {
  readonly sha256: string;
  readonly sm3: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly gw: string;
  readonly eventId: string;
  readonly path: string;
}

/** An event of another gateway as it lies here. */
export interface RelayedEvent {
  readonly id: string;
  readonly gw: string;
  readonly body: Uint8Array;
}

function relayed(row: Readonly<Record<string, unknown>>): RelayedEvent {
  const body = row["body"] instanceof Uint8Array ? row["body"] : new Uint8Array();
  const read = readEvent(body, () => true);
  return { id: String(row["id"]), gw: "id" in read ? originOf(read) : "", body };
}

/** Ranges that one receipt may carry: what an ACK can list. */
const maxRanges = 16;

/** The sink of a relay. */
export class RelayStore implements AsyncDisposable {
  readonly #options: RelayStoreOptions;

  constructor(options: RelayStoreOptions) {
    this.#options = options;
    // A crash between an acknowledgement from above and its note here: nothing of these waits any more.
    options.database.run(`DELETE FROM relay_waiting WHERE ${nowhereWaiting}`);
  }

  async watermarks(gw: string, epoch: string): Promise<ReadonlyMap<number, Watermark>> {
    const { database } = this.#options;
    const rows = database.all("SELECT lane, acked, last_id FROM relay_marks WHERE gw = ? AND epoch = ?", gw, epoch);
    return Promise.resolve(
      new Map(
        rows.map((row) => {
          const lane = Number(row["lane"]);
          const { final } = this.#receipt({ gw, epoch, lane }, Number(row["acked"]));
          return [lane, { acked: Number(row["acked"]), lastId: String(row["last_id"]), final }];
        }),
      ),
    );
  }

  /** Rows, their places in every outbox that wants them, and watermarks, in one transaction. */
  async commit(batches: readonly Batch[], nowMs: number): Promise<readonly Committed[]> {
    // `async` so that a refusal of the disk arrives as a rejection, like that of any other sink.
    await Promise.resolve();
    const { database, uplinks: ways, onReceipt } = this.#options;
    const done = database.transaction(() => batches.map((batch) => this.#commitOne(batch, nowMs)));
    for (const { uplink } of ways) uplink.wake();
    for (const [i, { acked, lane }] of done.entries()) {
      const batch = batches[i];
      if (!batch) continue;
      const receipt = this.#receipt(batch, acked);
      // What nobody above wants is at its end here and now.
      if (receipt.final > 0 || receipt.sack.length > 0) onReceipt({ gw: batch.gw, epoch: batch.epoch, lane }, receipt);
    }
    return done;
  }

  /** Takes a whole file of evidence over and offers it to every uplink that carries its event. */
  async keepEvidence(
    evidence: { readonly sha256: string; readonly mediaType: string; readonly eventId: string; readonly path: string },
    nowMs: number,
  ): Promise<void> {
    const { database, files, uplinks: ways } = this.#options;
    const { sha256, mediaType, eventId, path } = evidence;
    const adopted = await files.adopt(path);
    const kind = mediaType.startsWith("video/") ? "clip" : "snapshot";
    const carrying = new Set(
      database
        .all("SELECT DISTINCT o.uplink FROM outbox o JOIN events e ON e.n = o.event WHERE e.id = ?", eventId)
        .map((row) => String(row["uplink"])),
    );
    const asked = ways.filter((way) => carrying.has(way.id) && way.wantsEvidence(kind)).map(({ id }) => id);
    const ref = { kind, mediaType, bytes: adopted.bytes, widthPx: 0, heightPx: 0, sha256, sm3: adopted.sm3 } as const;
    database.transaction(() => insertEvidence(database, ref, eventId, nowMs, asked));
    for (const { uplink } of ways) uplink.wake();
  }

  /** Evidence with this digest as it lies here; null when it does not. Of which gateway it is, its event says. */
  async evidence(sha256: string): Promise<RelayedEvidence | null> {
    const { database, files } = this.#options;
    const row = database.get("SELECT * FROM evidence WHERE sha256 = ? AND state = 'kept'", sha256);
    if (!row) return Promise.resolve(null);
    return Promise.resolve({
      sha256,
      sm3: String(row["sm3"]),
      bytes: Number(row["bytes"]),
      mediaType: String(row["media_type"]),
      gw: "",
      eventId: String(row["event_id"]),
      path: files.path(sha256),
    });
  }

  /** The event with this id; null when it is no longer here. */
  async event(id: string): Promise<RelayedEvent | null> {
    const row = this.#options.database.get("SELECT id, body FROM events WHERE id = ? AND n < 0", id);
    return Promise.resolve(row ? relayed(row) : null);
  }

  /** Every event of others that is still here, in the order in which it came. */
  async *stored(): AsyncIterable<RelayedEvent> {
    const next = "SELECT n, id, body FROM events WHERE n < ? ORDER BY n DESC LIMIT 1";
    for (let below = 0; ;) {
      const row = this.#options.database.get(next, below);
      if (!row) return;
      below = Number(row["n"]);
      yield await Promise.resolve(relayed(row));
    }
  }

  async counts(): Promise<Readonly<Record<"events" | "quarantined" | "gaps" | "evidence", number>>> {
    const count = (from: string): number =>
      Number(this.#options.database.get(`SELECT count(*) AS count FROM ${from}`)?.["count"]);
    return Promise.resolve({
      events: count("events WHERE n < 0"),
      quarantined: count("relay_quarantine"),
      gaps: 0,
      evidence: count("evidence WHERE state = 'kept'"),
    });
  }

  /** An uplink's platform has these rows in the end: whoever sent them to this relay hears of it. */
  passedOn(uplinkId: string, lane: number, from: number, to: number): void {
    const { database, onReceipt } = this.#options;
    const span = "SELECT o.event FROM outbox o WHERE o.uplink = ? AND o.lane = ? AND o.seq BETWEEN ? AND ?";
    const touched = database.all(
      `SELECT DISTINCT gw, epoch, lane FROM relay_waiting WHERE event IN (${span})`,
      uplinkId,
      lane,
      from,
      to,
    );
    if (touched.length === 0) return;
    database.run(`DELETE FROM relay_waiting WHERE event IN (${span}) AND ${nowhereWaiting}`, uplinkId, lane, from, to);
    for (const row of touched) {
      const of = { gw: String(row["gw"]), epoch: String(row["epoch"]), lane: Number(row["lane"]) };
      onReceipt(of, this.#receipt(of, this.#mark(of).acked));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // The database belongs to the gateway.
  }

  #mark({ gw, epoch, lane }: RelayedLane): Watermark {
    const row = this.#options.database.get(
      "SELECT acked, last_id FROM relay_marks WHERE gw = ? AND epoch = ? AND lane = ?",
      gw,
      epoch,
      lane,
    );
    return { acked: Number(row?.["acked"] ?? 0), lastId: String(row?.["last_id"] ?? "") };
  }

  /** Everything before the first number that still waits, and the ranges between those that do. */
  #receipt({ gw, epoch, lane }: RelayedLane, acked: number): Receipt {
    const waiting = this.#options.database
      .all(
        "SELECT seq FROM relay_waiting WHERE gw = ? AND epoch = ? AND lane = ? ORDER BY seq LIMIT 256",
        gw,
        epoch,
        lane,
      )
      .map((row) => Number(row["seq"]));
    const [first] = waiting;
    if (first === undefined) return { final: acked, sack: [] };
    const sack = waiting.flatMap((seq, i): (readonly [number, number])[] => {
      const next = waiting[i + 1] ?? (waiting.length < 256 ? acked + 1 : seq + 1);
      return next > seq + 1 ? [[seq + 1, next - 1]] : [];
    });
    return { final: first - 1, sack: sack.slice(0, maxRanges) };
  }

  #commitOne(batch: Batch, nowMs: number): Committed {
    const { database, table } = this.#options;
    const { gw, epoch, lane, ticket } = batch;
    const isKnown = (id: string): boolean => table.numberOf(id) !== null;
    const { mark, fresh, duplicates, quarantined } = decide(batch, this.#mark(batch), isKnown);
    for (const item of fresh) if (item.event) this.#wait(batch, item.seq, this.#insert(batch, item, item.event, nowMs));
    for (const { seq, event } of duplicates) {
      // Known from another epoch or another way: it is at its end when that one is.
      const n = event ? table.numberOf(event.id) : null;
      if (n !== null && seq > this.#mark(batch).acked) this.#wait(batch, seq, n);
    }
    for (const { seq, why, body } of quarantined) {
      database.run(
        "INSERT OR IGNORE INTO relay_quarantine (gw, epoch, lane, seq, why, at_ms, body) VALUES (?, ?, ?, ?, ?, ?, ?)",
        gw,
        epoch,
        lane,
        seq,
        why,
        Math.round(nowMs),
        body,
      );
    }
    database.run(
      "INSERT OR REPLACE INTO relay_marks (gw, epoch, lane, acked, last_id, final) VALUES (?, ?, ?, ?, ?, 0)",
      gw,
      epoch,
      lane,
      mark.acked,
      mark.lastId,
    );
    return { ticket, lane, acked: mark.acked, fresh, duplicates, quarantined };
  }

  #wait({ gw, epoch, lane }: Batch, seq: number, event: number): void {
    const { database } = this.#options;
    database.run(
      "INSERT OR IGNORE INTO relay_waiting (gw, epoch, lane, seq, event) VALUES (?, ?, ?, ?, ?)",
      gw,
      epoch,
      lane,
      seq,
      event,
    );
    database.run(`DELETE FROM relay_waiting WHERE event = ? AND ${nowhereWaiting}`, event);
  }

  #insert(batch: Batch, item: BatchItem, event: ReadEvent, nowMs: number): number {
    const { gw, table, uplinks: ways } = this.#options;
    const { data } = event;
    const type = typeof data["eventId"] === "string" ? data["eventId"] : event.type;
    const facts = { type, severity: data.severity ?? 4, departments: data.departments ?? [] };
    const occurrence = event.correlationid ?? event.id;
    const goes = ways.filter((way) => event.type.startsWith("system.") || way.wants(facts, occurrence));
    const stored = {
      id: event.id,
      occurrence,
      phase: data.phase ?? ("update" as const),
      type,
      cameraId: data.camera?.id ?? "",
      severity: facts.severity,
      atMs: Number.isFinite(Date.parse(event.time)) ? Date.parse(event.time) : nowMs,
      recordedAtMs: nowMs,
      body: item.body,
      via: [...(batch.via ?? []), gw],
    };
    const n = table.insertForeign(stored);
    for (const { outbox } of goes) outbox.append({ n, body: item.body }, batch.lane);
    return n;
  }
}

/** Of a row of relay_waiting: no outbox still waits for a platform to take its event. */
const nowhereWaiting = `NOT EXISTS (SELECT 1 FROM outbox p JOIN lanes l ON l.uplink = p.uplink AND l.lane = p.lane
  WHERE p.event = relay_waiting.event AND p.seq > l.acked AND p.settled = 0)`;
