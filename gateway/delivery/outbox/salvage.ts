/** What can be saved from a damaged database: events that no platform has acknowledged, under their old ids. */
import { crc32 } from "node:zlib";
import { salvagedRows, type Database } from "../../database/database.ts";
import { chained, type Event } from "../events/event.ts";
import { EventTable } from "../events/event-table.ts";
import type { Outbox } from "./outbox.ts";

/** Copies every readable event of this box (others still hold theirs) from the damaged file whose bytes are whole; acknowledged or not, because its marks are not to be trusted. */
export async function salvage(
  damagedPath: string,
  database: Database,
  outboxes: readonly Outbox[],
): Promise<{ readonly events: number; readonly damaged: number }> {
  const table = new EventTable(database);
  let events = 0;
  let damaged = 0;
  for await (const row of salvagedRows(damagedPath, "SELECT * FROM events WHERE n > 0 ORDER BY n")) {
    const body = row["body"];
    if (!(body instanceof Uint8Array) || crc32(body) !== row["crc"]) {
      damaged += 1;
      continue;
    }
    const head = table.head();
    const id = String(row["id"]);
    const event: Event = {
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
    database.transaction(() => {
      table.insert(event);
      for (const outbox of outboxes) outbox.append(event, event.severity <= 3 ? 0 : 1);
    });
    events += 1;
  }
  for await (const row of salvagedRows(damagedPath, "SELECT * FROM evidence")) {
    database.run(
      "INSERT OR IGNORE INTO evidence (sha256, sm3, bytes, media_type, kind, event_id, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
      row["sha256"] ?? "",
      row["sm3"] ?? "",
      row["bytes"] ?? 0,
      row["media_type"] ?? "",
      row["kind"] ?? "",
      row["event_id"] ?? "",
      row["created_ms"] ?? 0,
    );
  }
  for await (const row of salvagedRows(damagedPath, "SELECT * FROM uploads WHERE state <> 'acked'")) {
    database.run(
      "INSERT OR IGNORE INTO uploads (uplink, sha256, state) VALUES (?, ?, 'waiting')",
      row["uplink"] ?? "",
      row["sha256"] ?? "",
    );
  }
  for await (const row of salvagedRows(damagedPath, "SELECT * FROM occurrences")) {
    database.run(
      "INSERT OR IGNORE INTO occurrences (id, lane, body) VALUES (?, ?, ?)",
      row["id"] ?? "",
      row["lane"] ?? 0,
      row["body"] ?? "",
    );
  }
  return { events, damaged };
}
