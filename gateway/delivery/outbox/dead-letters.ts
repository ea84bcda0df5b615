/** What will never count as delivered, and why: kept for whoever asks at the box. */
import type { Database } from "../../database/database.ts";
import type { DeadLetter, DeadLetters as Told } from "../../runtime/status.ts";

/** Rows of an uplink that are kept; the oldest go. */
const maxRows = 1_000;
/** As many as a person reads. */
const maxTold = 20;

/** Of one uplink. */
export class DeadLetters {
  readonly #database: Database;
  readonly #uplink: string;

  constructor(database: Database, uplink: string) {
    this.#database = database;
    this.#uplink = uplink;
  }

  /** One that is known already stays as it was. */
  note({ atMs, why, detail, eventId, events }: DeadLetter): void {
    const database = this.#database;
    database.run(
      "INSERT OR IGNORE INTO dead_letters (uplink, at_ms, why, detail, event_id, events) VALUES (?, ?, ?, ?, ?, ?)",
      this.#uplink,
      Math.round(atMs),
      why,
      detail,
      eventId,
      events,
    );
    database.run(
      "DELETE FROM dead_letters WHERE uplink = ? AND n <= (SELECT n FROM dead_letters WHERE uplink = ? ORDER BY n DESC LIMIT 1 OFFSET ?)",
      this.#uplink,
      this.#uplink,
      maxRows,
    );
  }

  /** How many events there are, and the newest of them. */
  told(): Told {
    const sum = this.#database.get(
      "SELECT coalesce(sum(events), 0) AS events FROM dead_letters WHERE uplink = ?",
      this.#uplink,
    );
    const rows = this.#database.all(
      "SELECT at_ms, why, detail, event_id, events FROM dead_letters WHERE uplink = ? ORDER BY n DESC LIMIT ?",
      this.#uplink,
      maxTold,
    );
    const newest = rows.map((row): DeadLetter => ({
      atMs: Number(row["at_ms"]),
      why: String(row["why"]),
      detail: String(row["detail"]),
      eventId: row["event_id"] === null ? null : String(row["event_id"]),
      events: Number(row["events"]),
    }));
    return { events: Number(sum?.["events"] ?? 0), newest };
  }
}
