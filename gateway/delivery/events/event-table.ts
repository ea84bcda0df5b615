/** The SQL of events and of the occurrences that are still open. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { OpenOccurrence, Trigger } from "../../analysis/zones/trigger.ts";
import type { Database } from "../../database/database.ts";
import { withSignature, type EventSigner } from "../keys/event-signature.ts";
import { chained, chainStart, sm3After } from "./chain.ts";
import { type Event } from "./event.ts";
import { walkIn, type WalkNote } from "./walk-note.ts";

/** An event that another gateway made, and the way that it came, this box included. */
export interface ForeignEvent extends Omit<Event, "n" | "hash"> {
  readonly via: readonly string[];
}

/** Events of one database file. */
export class EventTable {
  readonly #database: Database;

  readonly #signer: EventSigner | null;

  /** @param signer signs what this box makes; null: nobody asked for it */
  constructor(database: Database, signer: EventSigner | null = null) {
    this.#database = database;
    this.#signer = signer;
  }

  /** `event` signed, and its link of the chain with it; as it is where nobody signs. It must be the next to be inserted. */
  sealed(event: Event): Event {
    if (!this.#signer) return event;
    const body = withSignature(event.body, this.#signer);
    return { ...event, body, hash: chained(this.head().hash, event.id, body) };
  }

  /** Number and digests of the chain up to the newest event. */
  head(): { readonly n: number; readonly hash: string; readonly sm3: string } {
    const row = this.#database.get("SELECT n, id, body, hash FROM events WHERE n > 0 ORDER BY n DESC LIMIT 1");
    if (!row) return { n: 0, hash: chainStart, sm3: chainStart };
    return { n: Number(row["n"]), hash: hex(row["hash"]), sm3: sm3After(String(row["id"]), bytes(row["body"])) };
  }

  /** Within the caller's transaction. */
  insert(event: Event): void {
    this.#write(event.n, event, Buffer.from(event.hash, "hex"), null);
  }

  /** Keeps an event of another gateway, with its very bytes, outside this box's own chain; returns its number, below zero. */
  insertForeign(event: ForeignEvent): number {
    const least = Number(this.#database.get("SELECT min(n) AS n FROM events")?.["n"] ?? 0);
    const n = Math.min(0, least) - 1;
    this.#write(n, event, createHash("sha256").update(event.body).digest(), JSON.stringify(event.via));
    return n;
  }

  /** Number of the event with this id; null when it is not here. */
  numberOf(id: string): number | null {
    const row = this.#database.get("SELECT n FROM events WHERE id = ?", id);
    return row ? Number(row["n"]) : null;
  }

  /** The newest `limit` bodies, newest first, without measurements: for the status page and for `events list`. */
  newest(limit: number): readonly Uint8Array[] {
    return this.#database
      .all(
        "SELECT body FROM events WHERE n > 0 AND type NOT IN ('water-level', 'surface-speed', 'camera-observation') ORDER BY n DESC LIMIT ?",
        limit,
      )
      .map((row) => bytes(row["body"]));
  }

  /** The test walk that the newest message of an occurrence speaks of; evidence that came later says nothing of it. */
  walkOf(occurrence: string): WalkNote | null {
    const row = this.#database.get(
      "SELECT body FROM events WHERE occurrence = ? AND n > 0 AND type <> 'evidence' ORDER BY n DESC LIMIT 1",
      occurrence,
    );
    return row ? walkIn(bytes(row["body"])) : null;
  }

  /** Lane of an open occurrence: every phase of it travels in the lane of its start, so that they arrive in order. */
  laneOf(occurrenceId: string): number | undefined {
    const row = this.#database.get("SELECT lane FROM occurrences WHERE id = ?", occurrenceId);
    return row ? Number(row["lane"]) : undefined;
  }

  /** Keeps what is open; within the caller's transaction, so that an occurrence and its events never disagree. */
  follow(trigger: Trigger, lane: number): void {
    if (trigger.phase === "end") {
      this.#database.run("DELETE FROM occurrences WHERE id = ?", trigger.occurrenceId);
      return;
    }
    const open: OpenOccurrence = {
      occurrenceId: trigger.occurrenceId,
      cameraId: trigger.cameraId,
      zoneId: trigger.zoneId,
      ruleId: trigger.ruleId,
      eventType: trigger.eventType,
      certainty: trigger.certainty,
      severity: trigger.severity,
      onsetMs: trigger.onsetMs,
      lastAtMs: trigger.atMs,
    };
    this.#database.run(
      "INSERT OR REPLACE INTO occurrences (id, lane, body) VALUES (?, ?, ?)",
      trigger.occurrenceId,
      lane,
      JSON.stringify(open),
    );
  }

  /** What was open when the daemon last stopped. */
  openOccurrences(): readonly OpenOccurrence[] {
    return this.#database
      .all("SELECT body FROM occurrences ORDER BY id LIMIT 10000")
      .map((row) => JSON.parse(String(row["body"])) as OpenOccurrence);
  }

  /** Names `via` only where there is one: a database of an earlier release has no such column. */
  #write(n: number, event: Omit<Event, "n" | "hash">, hash: Uint8Array, via: string | null): void {
    const [column, place, more] = via === null ? ["", "", []] : [", via", ", ?", [via]];
    this.#database.run(
      `INSERT INTO events (n, id, occurrence, phase, type, camera, severity, at_ms, recorded_ms, body, hash, crc${column}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?${place})`,
      n,
      event.id,
      event.occurrence,
      event.phase,
      event.type,
      event.cameraId,
      event.severity,
      Math.round(event.atMs),
      Math.round(event.recordedAtMs),
      event.body,
      hash,
      crc32(event.body),
      ...more,
    );
  }
}

function hex(value: unknown): string {
  return Buffer.from(bytes(value)).toString("hex");
}

function bytes(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}
