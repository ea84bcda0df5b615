/** Events as people look at them: one row an occurrence, with filters, marks and what became of it upstream. */
import type { Database } from "../../database/database.ts";

/** What people say of an occurrence. */
export type Mark = "true" | "false" | "unsure";

/** What is asked for; every part may be left out. */
export interface EventQuery {
  readonly camera?: readonly string[] | undefined;
  readonly zone?: readonly string[] | undefined;
  readonly type?: readonly string[] | undefined;
  readonly label?: readonly string[] | undefined;
  readonly severity?: readonly number[] | undefined;
  readonly certainty?: string | undefined;
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
  readonly mark?: Mark | "none" | undefined;
  readonly acknowledged?: boolean | undefined;
  readonly open?: boolean | undefined;
  /** Whether it began on a test walk. */
  readonly testWalk?: boolean | undefined;
  /** Number of the last row of the page before. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** One occurrence: the message of its start, the newest message, and what is known besides. */
export interface Occurrence {
  readonly n: number;
  readonly id: string;
  readonly occurrence: string;
  readonly camera: string;
  readonly type: string;
  readonly severity: number;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly mark: Mark | null;
  readonly note: string | null;
  readonly markedBy: string | null;
  readonly markedMs: number | null;
  readonly acknowledged: boolean;
  /** Bodies of the first and the newest message. */
  readonly first: EventBody;
  readonly newest: EventBody;
}

/** One message of an occurrence, as sent. */
export interface EventBody {
  readonly id: string;
  readonly phase: "start" | "update" | "end";
  readonly atMs: number;
  readonly sequence: number;
  /** Brings evidence of the occurrence, or the word that it will not come. */
  readonly isEvidence: boolean;
  readonly body: unknown;
}

type Row = Readonly<Record<string, unknown>>;

/** Reads only, but for marks. */
export class EventArchive {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest start first. */
  list(query: EventQuery): readonly Occurrence[] {
    const { sql, values } = whereOf(query);
    const rows = this.#database.all(
      `SELECT e.*, m.mark, m.note, m.user, m.at_ms AS marked_ms FROM events e LEFT JOIN marks m ON m.occurrence = e.occurrence
       WHERE e.phase = 'start' AND e.n > 0 ${sql} ORDER BY e.n DESC LIMIT ?`,
      ...values,
      query.limit,
    );
    return rows.map((row) => this.#occurrenceOf(row));
  }

  /** The occurrence to which a message belongs; null when there is none. */
  find(id: string): Occurrence | null {
    const row = this.#database.get(
      `SELECT e.*, m.mark, m.note, m.user, m.at_ms AS marked_ms FROM events e LEFT JOIN marks m ON m.occurrence = e.occurrence
       WHERE e.n > 0 AND e.occurrence = (SELECT occurrence FROM events WHERE id = ?) ORDER BY e.n LIMIT 1`,
      id,
    );
    return row ? this.#occurrenceOf(row) : null;
  }

  /** Every message of an occurrence, oldest first, at most 500. */
  messages(occurrence: string): readonly EventBody[] {
    return this.#database
      .all("SELECT * FROM events WHERE occurrence = ? AND n > 0 ORDER BY n LIMIT 500", occurrence)
      .map(bodyOf);
  }

  /** Id of the first message of an occurrence. */
  idOf(occurrence: string): string | null {
    const row = this.#database.get("SELECT id FROM events WHERE occurrence = ? ORDER BY n LIMIT 1", occurrence);
    return row ? String(row["id"]) : null;
  }

  /** Which uplinks carry this message, and whether their platforms have it. */
  acknowledgements(id: string): readonly { readonly uplink: string; readonly acknowledged: boolean }[] {
    return this.#database
      .all(
        `SELECT o.uplink, o.settled OR o.seq <= l.acked AS done FROM outbox o
         JOIN events e ON e.n = o.event JOIN lanes l ON l.uplink = o.uplink AND l.lane = o.lane WHERE e.id = ?`,
        id,
      )
      .map((row) => ({ uplink: String(row["uplink"]), acknowledged: Number(row["done"]) === 1 }));
  }

  /** Evidence files that a message of this box names; only these may be looked at. */
  evidence(sha256: string): { readonly mediaType: string; readonly bytes: number; readonly state: string } | null {
    const row = this.#database.get("SELECT media_type, bytes, state FROM evidence WHERE sha256 = ?", sha256);
    return row
      ? { mediaType: String(row["media_type"]), bytes: Number(row["bytes"]), state: String(row["state"]) }
      : null;
  }

  /** The cameras whose events name this evidence file. */
  camerasOf(sha256: string): readonly string[] {
    return this.#database
      .all(
        "SELECT DISTINCT e.camera FROM evidence v JOIN events e ON e.id = v.event_id WHERE v.sha256 = ? AND e.n > 0",
        sha256,
      )
      .map((row) => String(row["camera"]));
  }

  /** Evidence of the messages of an occurrence, by the rows that keep it, oldest first. */
  evidenceOf(
    occurrence: string,
  ): readonly { readonly sha256: string; readonly kind: string; readonly state: string }[] {
    return this.#database
      .all(
        `SELECT v.sha256, v.kind, v.state FROM evidence v JOIN events e ON e.id = v.event_id
         WHERE e.occurrence = ? ORDER BY v.created_ms LIMIT 100`,
        occurrence,
      )
      .map((row) => ({ sha256: String(row["sha256"]), kind: String(row["kind"]), state: String(row["state"]) }));
  }

  /** Keeps, changes or (null) takes back what somebody says of an occurrence. */
  mark(
    occurrence: string,
    said: { readonly mark: Mark | null; readonly note: string | null; readonly user: string; readonly atMs: number },
  ): void {
    if (said.mark === null) this.#database.run("DELETE FROM marks WHERE occurrence = ?", occurrence);
    else
      this.#database.run(
        "INSERT OR REPLACE INTO marks (occurrence, mark, note, user, at_ms) VALUES (?, ?, ?, ?, ?)",
        occurrence,
        said.mark,
        said.note,
        said.user,
        said.atMs,
      );
  }

  /** Keeps all evidence of an occurrence from being deleted, until somebody lets it go. */
  hold(occurrence: string, said: { readonly user: string; readonly reason: string; readonly atMs: number }): void {
    this.#database.run(
      "INSERT OR REPLACE INTO holds (occurrence, user, reason, at_ms) VALUES (?, ?, ?, ?)",
      occurrence,
      said.user,
      said.reason,
      Math.round(said.atMs),
    );
  }

  /** False when it was not on hold. */
  release(occurrence: string): boolean {
    return this.#database.run("DELETE FROM holds WHERE occurrence = ?", occurrence) > 0;
  }

  /** Null: it is not on hold. */
  holdOf(occurrence: string): { readonly user: string; readonly reason: string; readonly atMs: number } | null {
    const row = this.#database.get("SELECT * FROM holds WHERE occurrence = ?", occurrence);
    return row ? { user: String(row["user"]), reason: String(row["reason"]), atMs: Number(row["at_ms"]) } : null;
  }

  /** What is on hold, the oldest hold first, at most 1,000. */
  holds(): readonly {
    readonly occurrence: string;
    readonly user: string;
    readonly reason: string;
    readonly atMs: number;
  }[] {
    return this.#database.all("SELECT * FROM holds ORDER BY at_ms LIMIT 1000").map((row) => ({
      occurrence: String(row["occurrence"]),
      user: String(row["user"]),
      reason: String(row["reason"]),
      atMs: Number(row["at_ms"]),
    }));
  }

  #occurrenceOf(row: Row): Occurrence {
    const occurrence = String(row["occurrence"]);
    const last = this.#database.get(
      // A message that brings evidence says nothing of how the occurrence stands, and may come after its end.
      "SELECT * FROM events WHERE occurrence = ? AND n > 0 AND type <> 'evidence' ORDER BY n DESC LIMIT 1",
      occurrence,
    );
    const first = bodyOf(row);
    const newest = last ? bodyOf(last) : first;
    return {
      n: Number(row["n"]),
      id: first.id,
      occurrence,
      camera: String(row["camera"]),
      type: String(row["type"]),
      severity: Number((last ?? row)["severity"]),
      startMs: first.atMs,
      endMs: newest.phase === "end" ? newest.atMs : null,
      mark: (row["mark"] as Mark | null | undefined) ?? null,
      note: textOrNull(row["note"]),
      markedBy: textOrNull(row["user"]),
      markedMs: row["marked_ms"] == null ? null : Number(row["marked_ms"]),
      acknowledged: this.acknowledgements(newest.id).every((one) => one.acknowledged),
      first,
      newest,
    };
  }
}

function whereOf(query: EventQuery): { readonly sql: string; readonly values: readonly (string | number)[] } {
  const parts: string[] = [];
  const values: (string | number)[] = [];
  const add = (sql: string, ...given: readonly (string | number)[]): void => {
    parts.push(`AND ${sql}`);
    values.push(...given);
  };
  const oneOf = (column: string, list: readonly (string | number)[] | undefined): void => {
    if (list && list.length > 0) add(`${column} IN (${list.map(() => "?").join(", ")})`, ...list);
  };
  const data = (path: string): string => `json_extract(CAST(e.body AS TEXT), '$.data.${path}')`;
  oneOf("e.camera", query.camera);
  oneOf("e.type", query.type);
  oneOf("e.severity", query.severity);
  oneOf(data("rule.zone"), query.zone);
  if (query.certainty !== undefined) add(`${data("certainty")} = ?`, query.certainty);
  if (query.fromMs !== undefined) add("e.at_ms >= ?", query.fromMs);
  if (query.toMs !== undefined) add("e.at_ms <= ?", query.toMs);
  if (query.mark === "none") add("m.mark IS NULL");
  else if (query.mark !== undefined) add("m.mark = ?", query.mark);
  if (query.before !== undefined) add("e.n < ?", query.before);
  if (query.testWalk !== undefined) add(`${data("testWalk")} IS ${query.testWalk ? "NOT NULL" : "NULL"}`);
  if (query.open !== undefined)
    add(
      `${query.open ? "NOT " : ""}EXISTS (SELECT 1 FROM events x WHERE x.occurrence = e.occurrence AND x.phase = 'end')`,
    );
  if (query.acknowledged !== undefined)
    add(
      `${query.acknowledged ? "NOT " : ""}EXISTS (SELECT 1 FROM outbox o JOIN lanes l ON l.uplink = o.uplink AND l.lane = o.lane
        JOIN events x ON x.n = o.event WHERE x.occurrence = e.occurrence AND NOT o.settled AND o.seq > l.acked)`,
    );
  if (query.label && query.label.length > 0)
    add(
      `EXISTS (SELECT 1 FROM json_each(CAST(e.body AS TEXT), '$.data.objects') j
        WHERE json_extract(j.value, '$.class') IN (${query.label.map(() => "?").join(", ")}))`,
      ...query.label,
    );
  return { sql: parts.join(" "), values };
}

function bodyOf(row: Row): EventBody {
  const body = row["body"] instanceof Uint8Array ? row["body"] : new Uint8Array();
  return {
    id: String(row["id"]),
    phase: String(row["phase"]) as EventBody["phase"],
    atMs: Number(row["at_ms"]),
    sequence: Number(row["n"]),
    isEvidence: row["type"] === "evidence",
    body: JSON.parse(Buffer.from(body).toString("utf8")) as unknown,
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
