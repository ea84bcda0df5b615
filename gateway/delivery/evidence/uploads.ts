/** Which evidence is still to be sent to which uplink, and what of it is kept. */
import type { Database } from "../../database/database.ts";
import { backoffMs } from "../../runtime/backoff.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { EvidenceRef } from "../events/event.ts";

/** Evidence that waits for one uplink. */
export interface Offered {
  readonly sha256: string;
  readonly sm3?: string;
  readonly size: number;
  readonly type: string;
  readonly ev: string;
  readonly kind: "thumb" | "snapshot" | "clip";
}

/** Why a blob is given up: the platform does not take it; the file is not there; its bytes are not those of its digest any more. */
type GiveUpReason = "refused" | "gone" | "damaged";

/** Evidence that will never reach its platform, because it is not what it was any more. */
export interface LostEvidence {
  readonly sha256: string;
  readonly kind: string;
  readonly bytes: number;
  readonly eventId: string;
  readonly why: Exclude<GiveUpReason, "refused">;
}

/** Evidence that is whole here, and not where it was sent to. */
export interface SpoiledEvidence {
  readonly sha256: string;
  readonly eventId: string;
  /** How often it was sent so far. */
  readonly times: number;
  /** When it is offered again. */
  readonly waitMs: number;
}

/** Whom an uplink's uploads tell what. */
export interface UploadsOptions {
  readonly clock: Clock;
  /** Told of evidence that the platform waits for in vain, once. */
  readonly onLost?: (lost: LostEvidence) => void;
  /** Told of evidence that is whole here and spoiled there, each time it is put off. */
  readonly onSpoiled?: (spoiled: SpoiledEvidence) => void;
}

/** A minute, two, four … an hour: a platform's disk is mended by people. */
const putOff = { firstMs: 60_000, maxMs: 3_600_000, jitter: 0.2 };
/** So many are put off at once; of more the first is offered early. */
const mostPutOff = 1_000;

/** Adds evidence and its uploads; within the caller's transaction, after the file is on the disk. */
export function insertEvidence(
  database: Database,
  evidence: EvidenceRef,
  eventId: string,
  createdMs: number,
  uplinks: readonly string[],
): void {
  database.run(
    "INSERT OR IGNORE INTO evidence (sha256, sm3, bytes, media_type, kind, event_id, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?)",
    evidence.sha256,
    evidence.sm3,
    evidence.bytes,
    evidence.mediaType,
    evidence.kind,
    eventId,
    Math.round(createdMs),
  );
  for (const uplink of uplinks)
    database.run(
      "INSERT OR IGNORE INTO uploads (uplink, sha256, state) VALUES (?, ?, 'waiting')",
      uplink,
      evidence.sha256,
    );
}

/** SQLite plans a join anew at each call whose parameter might give a better plan; what a subquery gives, it does not weigh. */
function nextUpload(condition: string): string {
  return `SELECT u.sha256, e.sm3, e.bytes, e.media_type, e.kind, e.event_id FROM uploads u JOIN evidence e ON e.sha256 = u.sha256
    WHERE u.uplink = (SELECT ?) AND u.state = 'waiting' ${condition} ORDER BY e.kind = 'clip', e.created_ms LIMIT 1`;
}

/** The uploads of one uplink. */
export class Uploads {
  readonly #database: Database;
  readonly #uplink: string;
  readonly #options: UploadsOptions;
  /** Digest → how often it was put off, and until when (monotonic ms). A restart offers them at once. */
  readonly #putOff = new Map<string, { readonly times: number; readonly untilMs: number }>();

  constructor(database: Database, uplink: string, options: UploadsOptions) {
    this.#database = database;
    this.#uplink = uplink;
    this.#options = options;
  }

  epoch(): string {
    return String(this.#database.get("SELECT epoch FROM epochs WHERE uplink = ?", this.#uplink)?.["epoch"]);
  }

  /** Pictures before clips: ten pictures are on their way in the time of one clip. */
  next(): Offered | null {
    const notNow = this.#notNow();
    // Asked for every second. A statement with the list is planned anew each time: it is for when there is one.
    const row =
      notNow.length === 0
        ? this.#database.get(nextUpload(""), this.#uplink)
        : this.#database.get(
            nextUpload("AND u.sha256 NOT IN (SELECT value FROM json_each(?))"),
            this.#uplink,
            JSON.stringify(notNow),
          );
    if (!row) return null;
    return {
      sha256: String(row["sha256"]),
      // Empty only where a damaged database was saved without it.
      ...(row["sm3"] === "" ? {} : { sm3: String(row["sm3"]) }),
      size: Number(row["bytes"]),
      type: String(row["media_type"]),
      ev: String(row["event_id"]),
      kind: row["kind"] === "clip" ? "clip" : "snapshot",
    };
  }

  done(sha256: string): void {
    this.#putOff.delete(sha256);
    this.#set(sha256, "acked");
  }

  parked(sha256: string, why: GiveUpReason): void {
    const row = this.#database.get(
      "SELECT e.kind, e.bytes, e.event_id FROM uploads u JOIN evidence e ON e.sha256 = u.sha256 WHERE u.uplink = ? AND u.sha256 = ? AND u.state = 'waiting'",
      this.#uplink,
      sha256,
    );
    this.#putOff.delete(sha256);
    if (!row) return; // It was deleted meanwhile, in its order, and is told as that.
    this.#set(sha256, why === "refused" ? "parked" : "expired");
    if (why === "refused") return;
    const [kind, bytes, eventId] = [String(row["kind"]), Number(row["bytes"]), String(row["event_id"])];
    this.#options.onLost?.({ sha256, kind, bytes, eventId, why });
  }

  bad(sha256: string): number {
    this.#database.run("UPDATE uploads SET bad = bad + 1 WHERE uplink = ? AND sha256 = ?", this.#uplink, sha256);
    return Number(
      this.#database.get("SELECT bad FROM uploads WHERE uplink = ? AND sha256 = ?", this.#uplink, sha256)?.["bad"] ?? 0,
    );
  }

  spoiled(sha256: string): void {
    const row = this.#database.get(
      "SELECT u.bad, e.event_id FROM uploads u JOIN evidence e ON e.sha256 = u.sha256 WHERE u.uplink = ? AND u.sha256 = ?",
      this.#uplink,
      sha256,
    );
    if (!row) return; // It was deleted meanwhile, in its order.
    const times = (this.#putOff.get(sha256)?.times ?? 0) + 1;
    const waitMs = backoffMs(times, Math.random(), putOff);
    this.#putOff.delete(sha256);
    const [first] = this.#putOff.keys();
    if (this.#putOff.size >= mostPutOff && first !== undefined) this.#putOff.delete(first);
    this.#putOff.set(sha256, { times, untilMs: this.#options.clock.monotonicMs() + waitMs });
    this.#options.onSpoiled?.({ sha256, eventId: String(row["event_id"]), times: Number(row["bad"]), waitMs });
  }

  /** What was set aside for the time being waits again; called when a session begins. */
  retryParked(): void {
    this.#database.run(
      "UPDATE uploads SET state = 'waiting' WHERE uplink = ? AND state = 'parked' AND bad < 3",
      this.#uplink,
    );
  }

  /** How many wait. */
  waiting(): number {
    return Number(
      this.#database.get(
        "SELECT count(*) AS count FROM uploads WHERE uplink = ? AND state = 'waiting'",
        this.#uplink,
      )?.["count"],
    );
  }

  #notNow(): readonly string[] {
    const nowMs = this.#options.clock.monotonicMs();
    return [...this.#putOff].flatMap(([sha256, { untilMs }]) => (untilMs > nowMs ? [sha256] : []));
  }

  #set(sha256: string, state: "acked" | "parked" | "expired"): void {
    this.#database.run("UPDATE uploads SET state = ? WHERE uplink = ? AND sha256 = ?", state, this.#uplink, sha256);
  }
}
