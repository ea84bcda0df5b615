/** What can be saved from a damaged database: events that no platform has acknowledged, under their old ids. */
import { crc32 } from "node:zlib";
import type { Database } from "../../database/database.ts";
import { isSqliteError, salvagedInOrder, salvagedRows } from "../../database/quarantine.ts";
import { chained } from "../events/chain.ts";
import { type Event } from "../events/event.ts";
import { EventTable } from "../events/event-table.ts";
import { walkIn } from "../events/walk-note.ts";
import type { Outbox } from "./outbox.ts";

/** What came over. */
export interface Salvaged {
  readonly events: number;
  /** Rows that are there and cannot be read, or whose bytes are not those that were written. */
  readonly damaged: number;
}

/**
 * Copies every readable event of this box (others still hold theirs) from the damaged file whose bytes are whole;
 * acknowledged or not, because its marks are not to be trusted. Cut off, it goes on at the next start.
 * @param waysOf where an event goes: whoever did not ask for it before does not get it now
 */
export async function salvage(
  damagedPath: string,
  database: Database,
  waysOf: (event: Event) => readonly Pick<Outbox, "append">[],
): Promise<Salvaged> {
  const table = new EventTable(database);
  let events = 0;
  let damaged = 0;
  /** Columns beside a whole body may be nonsense that the new file does not take. */
  const taken = (take: () => void): boolean => {
    try {
      take();
      return true;
    } catch (error) {
      if (!isSqliteError(error)) throw error;
      damaged += 1;
      return false;
    }
  };
  let last: number | null = null;
  let unread = 0;
  for await (const row of salvagedInOrder(damagedPath, "events", "n")) {
    if (!row) {
      unread += 1;
      continue;
    }
    // Numbers count up without gaps: one that is not even there went with its page.
    const n = Number(row["n"]);
    damaged += last === null ? unread : n - last - 1;
    last = n;
    unread = 0;
    const { body } = row;
    if (!(body instanceof Uint8Array) || crc32(body) !== row["crc"]) {
      damaged += 1;
      continue;
    }
    const event = eventOf(row, body, table.head());
    if (table.numberOf(event.id) !== null) continue; // From a former try that was cut off.
    const took = taken(() => {
      database.transaction(() => {
        // Asked before its row is there: an occurrence goes where its first message went.
        const ways = walkIn(body) ? [] : waysOf(event);
        table.insert(event);
        for (const outbox of ways) outbox.append(event, event.severity <= 3 ? 0 : 1);
      });
    });
    if (took) events += 1;
  }
  damaged += unread;
  for (const [from, into, columns] of others)
    for await (const row of salvagedRows(damagedPath, from))
      taken(() => void database.run(into, ...columns.map((column) => row[column] ?? "")));
  database.salvaged();
  return { events, damaged };
}

/** What else is worth keeping: where from, where to, which columns. */
const others = [
  [
    "SELECT * FROM evidence WHERE state = 'kept'",
    "INSERT OR IGNORE INTO evidence (sha256, sm3, bytes, media_type, kind, event_id, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ["sha256", "sm3", "bytes", "media_type", "kind", "event_id", "created_ms"],
  ],
  [
    "SELECT * FROM uploads WHERE state <> 'acked'",
    "INSERT OR IGNORE INTO uploads (uplink, sha256, state) VALUES (?, ?, 'waiting')",
    ["uplink", "sha256"],
  ],
  [
    "SELECT * FROM occurrences",
    "INSERT OR IGNORE INTO occurrences (id, lane, body) VALUES (?, ?, ?)",
    ["id", "lane", "body"],
  ],
] as const;

function eventOf(
  row: Readonly<Record<string, unknown>>,
  body: Uint8Array,
  head: { readonly n: number; readonly hash: string },
): Event {
  // As the platform reads it: the column beside it may be what is damaged.
  const id = idIn(body) ?? String(row["id"]);
  return {
    id,
    n: head.n + 1,
    occurrence: String(row["occurrence"]),
    phase: row["phase"] === "start" || row["phase"] === "end" ? row["phase"] : "update",
    type: String(row["type"]),
    cameraId: String(row["camera"]),
    severity: Number(row["severity"]),
    atMs: Number(row["at_ms"]),
    recordedAtMs: Number(row["recorded_ms"]),
    body,
    hash: chained(head.hash, id, body),
  };
}

function idIn(body: Uint8Array): string | null {
  const start = Buffer.from(body.subarray(0, 200)).toString("latin1");
  return /^\{"specversion":"1\.0","id":"([^"\\]{1,128})"/.exec(start)?.[1] ?? null;
}
