/** A sink in PostgreSQL: events, watermarks and quarantine in one transaction; several receivers may share it. The only door to `pg`. */
import { readdirSync, readFileSync } from "node:fs";
import pg from "pg";
import { decide } from "../../gateway/delivery/uplink/protocol/commit.ts";
import type { Batch, BatchItem, Watermark } from "../../gateway/delivery/uplink/protocol/platform-port.ts";
import { GatewayError } from "../../gateway/runtime/errors.ts";
import type { Committed, KeptEvidence, PlatformSink, SinkCounts, StoredEvent } from "../sink.ts";
import { storable } from "./storable.ts";

const migrations = new URL("./postgres/", import.meta.url);
/** Any number, the same for every receiver: who holds it may change the tables. */
const migrationLock = 7_203_118_421;
/** A transaction that met another receiver's rows in the other order is tried again this often. */
const attempts = 5;
/** Waits for a lock, a statement, a connection, ms: below the time after which a box gives a session up. */
const patienceMs = 20_000;

/** The PostgreSQL sink; its connection URL holds no password (PGPASSWORD or ~/.pgpass do). */
export class PostgresSink implements PlatformSink {
  readonly #pool: pg.Pool;

  private constructor(pool: pg.Pool) {
    this.#pool = pool;
  }

  /** Connects, brings the tables of the schema `xueliang` up to date, and refuses a server that acknowledges before its disk has it. Throws GatewayError SINK_UNREACHABLE, SINK_UNSAFE. */
  static async open(url: string): Promise<PostgresSink> {
    const pool = new pg.Pool({
      connectionString: url,
      max: 4,
      connectionTimeoutMillis: patienceMs,
      statement_timeout: patienceMs,
      application_name: "xueliang-receiver",
      options: "-c search_path=xueliang -c synchronous_commit=on -c client_min_messages=warning",
    });
    // An idle connection that breaks is replaced at its next use; without a listener it would end the process.
    pool.on("error", () => undefined);
    const sink = new PostgresSink(pool);
    try {
      await sink.#prepare();
      return sink;
    } catch (error) {
      await pool.end();
      throw error;
    }
  }

  async watermarks(gw: string, epoch: string): Promise<ReadonlyMap<number, Watermark>> {
    const { rows } = await this.#query("SELECT lane, acked, last_id FROM watermarks WHERE gw = $1 AND epoch = $2", [
      gw,
      epoch,
    ]);
    return new Map(rows.map((row) => [Number(row["lane"]), markOf(row)]));
  }

  async commit(batches: readonly Batch[], nowMs: number): Promise<readonly Committed[]> {
    return this.#transaction(async (client) => {
      // One lock a box and epoch, always in the same order: two receivers that hold sessions of one box take turns.
      const keys = [...new Set(batches.map(({ gw, epoch }) => `${gw}/${epoch}`))].sort();
      for (const key of keys) await client.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", [key]);
      const done: Committed[] = [];
      for (const batch of batches) done.push(await commitOne(client, storable(batch), new Date(nowMs)));
      return done;
    });
  }

  async keepEvidence(evidence: KeptEvidence, nowMs: number): Promise<void> {
    const { sha256, sm3, bytes, mediaType, gw, eventId, path } = evidence;
    await this.#query(
      "INSERT INTO evidence (sha256, sm3, bytes, media_type, gw, event_id, path, received) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
      [sha256, sm3, bytes, mediaType, gw, eventId, path, new Date(nowMs)],
    );
  }

  async evidence(sha256: string): Promise<KeptEvidence | null> {
    const { rows } = await this.#query("SELECT * FROM evidence WHERE sha256 = $1", [sha256]);
    const [row] = rows;
    if (!row) return null;
    const text = (name: string): string => String(row[name]);
    return {
      sha256,
      sm3: text("sm3"),
      bytes: Number(row["bytes"]),
      mediaType: text("media_type"),
      gw: text("gw"),
      eventId: text("event_id"),
      path: text("path"),
    };
  }

  async event(id: string): Promise<StoredEvent | null> {
    const { rows } = await this.#query("SELECT gw, body FROM events WHERE id = $1", [id]);
    const [row] = rows;
    return row ? { id, gw: String(row["gw"]), body: octets(row["body"]) } : null;
  }

  async *stored(): AsyncGenerator<StoredEvent> {
    let after: readonly [string, string] = ["0", "0"];
    for (;;) {
      const { rows } = await this.#query(
        "SELECT id, gw, body, tx::text AS tx, n::text AS n FROM events WHERE (tx, n) > ($1::xid8, $2::bigint) ORDER BY events.tx, events.n LIMIT 500",
        after,
      );
      for (const row of rows) yield { id: String(row["id"]), gw: String(row["gw"]), body: octets(row["body"]) };
      const last = rows.at(-1);
      if (!last) return;
      after = [String(last["tx"]), String(last["n"])];
    }
  }

  async *cameraLists(): AsyncGenerator<StoredEvent> {
    const { rows } = await this.#query(
      "SELECT id, gw, body FROM events WHERE type = 'system.cameras.v1' ORDER BY events.tx, events.n",
      [],
    );
    for (const row of rows) yield { id: String(row["id"]), gw: String(row["gw"]), body: octets(row["body"]) };
  }

  async counts(): Promise<SinkCounts> {
    const { rows } = await this.#query(
      "SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM quarantine) AS quarantined, (SELECT count(*) FROM gaps) AS gaps, (SELECT count(*) FROM evidence) AS evidence",
      [],
    );
    const of = (name: string): number => Number(rows[0]?.[name] ?? 0);
    return { events: of("events"), quarantined: of("quarantined"), gaps: of("gaps"), evidence: of("evidence") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.end();
  }

  async #prepare(): Promise<void> {
    await this.#transaction(async (client) => {
      await client.query("SELECT pg_advisory_xact_lock($1)", [migrationLock]);
      await client.query("CREATE SCHEMA IF NOT EXISTS xueliang");
      await client.query("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY)");
      const { rows } = await client.query<{ name: string }>("SELECT name FROM migrations");
      const there = new Set(rows.map((row) => row.name));
      for (const name of readdirSync(migrations).sort()) {
        if (there.has(name)) continue;
        await client.query(readFileSync(new URL(name, migrations), "utf8"));
        await client.query("INSERT INTO migrations VALUES ($1)", [name]);
      }
      for (const setting of ["fsync", "full_page_writes", "synchronous_commit"]) {
        const shown = await client.query<Record<string, string>>(`SHOW ${setting}`);
        if (shown.rows[0]?.[setting] !== "on")
          throw new GatewayError("SINK_UNSAFE", { detail: `${setting} = ${shown.rows[0]?.[setting] ?? "?"}` });
      }
    });
  }

  async #query(sql: string, values: readonly unknown[]): Promise<pg.QueryResult<Record<string, unknown>>> {
    try {
      return await this.#pool.query<Record<string, unknown>>(sql, [...values]);
    } catch (error) {
      throw sinkError(error);
    }
  }

  async #transaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      let client: pg.PoolClient | null = null;
      try {
        client = await this.#pool.connect();
        await client.query("BEGIN");
        const result = await work(client);
        await client.query("COMMIT");
        client.release();
        return result;
      } catch (error) {
        // A connection in an unknown state is thrown away: the server rolls back what it held.
        client?.release(true);
        if (isDeadlock(error) && attempt < attempts) continue;
        throw sinkError(error);
      }
    }
  }
}

async function commitOne(client: pg.PoolClient, batch: Batch, received: Date): Promise<Committed> {
  const { gw, epoch, lane, ticket } = batch;
  const where = [gw, epoch, lane];
  const found = await client.query<Record<string, unknown>>(
    "SELECT acked, last_id FROM watermarks WHERE gw = $1 AND epoch = $2 AND lane = $3 FOR UPDATE",
    where,
  );
  const before = found.rows[0] ? markOf(found.rows[0]) : { acked: 0, lastId: "" };
  const { mark, fresh, duplicates, quarantined, gap } = decide(batch, before, () => false);
  // The primary key decides what is new: between a look and an insert another receiver could have stored it.
  const inserted = await insertEvents(client, batch, fresh, received);
  for (const { seq, why, body } of quarantined)
    await client.query("INSERT INTO quarantine VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING", [
      ...where,
      seq,
      why,
      received,
      Buffer.from(body),
    ]);
  if (gap)
    await client.query("INSERT INTO gaps VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING", [
      ...where,
      gap.from,
      gap.to,
      gap.reason.toWellFormed().replaceAll("\0", "�"),
      received,
    ]);
  await client.query(
    "INSERT INTO watermarks VALUES ($1, $2, $3, $4, $5) ON CONFLICT (gw, epoch, lane) DO UPDATE SET acked = excluded.acked, last_id = excluded.last_id",
    [...where, mark.acked, mark.lastId],
  );
  return {
    ticket,
    lane,
    acked: mark.acked,
    fresh: fresh.filter(({ event }) => inserted.has(event?.id ?? "")),
    duplicates: [...duplicates, ...fresh.filter(({ event }) => !inserted.has(event?.id ?? ""))],
    quarantined,
  };
}

async function insertEvents(
  client: pg.PoolClient,
  { gw, epoch, lane }: Batch,
  items: readonly BatchItem[],
  received: Date,
): Promise<ReadonlySet<string>> {
  if (items.length === 0) return new Set();
  const column = <T>(of: (item: BatchItem) => T): T[] => items.map(of);
  const { rows } = await client.query<{ id: string }>(
    `INSERT INTO events (id, gw, epoch, lane, seq, type, time, occurrence, severity, departments, received, body)
     SELECT id, $1, $2, $3, seq, type, time, occurrence, severity,
            ARRAY(SELECT json_array_elements_text(departments::json)), $4, body
     FROM unnest($5::text[], $6::bigint[], $7::text[], $8::text[], $9::text[], $10::smallint[], $11::text[], $12::bytea[])
          AS new (id, seq, type, time, occurrence, severity, departments, body)
     ON CONFLICT (id) DO NOTHING RETURNING id`,
    [
      gw,
      epoch,
      lane,
      received,
      column((item) => item.event?.id),
      column((item) => item.seq),
      column((item) => item.event?.type),
      column((item) => item.event?.time),
      column((item) => item.event?.correlationid ?? null),
      column((item) => item.event?.data.severity ?? null),
      column((item) => JSON.stringify(item.event?.data.departments ?? [])),
      column((item) => Buffer.from(item.body)),
    ],
  );
  return new Set(rows.map((row) => row.id));
}

function markOf(row: Readonly<Record<string, unknown>>): Watermark {
  return { acked: Number(row["acked"]), lastId: String(row["last_id"]) };
}

function octets(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function isDeadlock(error: unknown): boolean {
  return error instanceof pg.DatabaseError && (error.code === "40P01" || error.code === "40001");
}

/** Everything the server or the line says is worth another try, but a statement that is wrong is a bug. */
function sinkError(error: unknown): unknown {
  if (error instanceof GatewayError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  // Classes of SQLSTATE that a statement of ours would have caused: syntax, data, constraint.
  if (/^(42|22|23)/.test(code)) return error;
  const detail = code === "" ? "the connection broke" : code;
  return new GatewayError("SINK_UNREACHABLE", { sink: "PostgreSQL", detail }, { cause: error });
}
