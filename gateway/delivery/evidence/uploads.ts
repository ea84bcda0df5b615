/** Which evidence is still to be sent to which uplink, and what of it is kept. */
import type { Database } from "../../database/database.ts";
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

/** Why a blob is given up: the platform does not take it; the file is not there; its bytes are not those of its digest. */
type GiveUpReason = "refused" | "gone" | "damaged";

/** Evidence that will never reach its platform, because it is not what it was any more. */
export interface LostEvidence {
  readonly sha256: string;
  readonly kind: string;
  readonly bytes: number;
  readonly eventId: string;
  readonly why: Exclude<GiveUpReason, "refused">;
}

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

/** The uploads of one uplink. */
export class Uploads {
  readonly #database: Database;
  readonly #uplink: string;
  readonly #onLost: (lost: LostEvidence) => void;

  /** @param onLost told of evidence that the platform waits for in vain, once */
  constructor(database: Database, uplink: string, onLost: (lost: LostEvidence) => void = () => undefined) {
    this.#database = database;
    this.#uplink = uplink;
    this.#onLost = onLost;
  }

  epoch(): string {
    return String(this.#database.get("SELECT epoch FROM epochs WHERE uplink = ?", this.#uplink)?.["epoch"]);
  }

  /** Pictures before clips: ten pictures are on their way in the time of one clip. */
  next(): Offered | null {
    const row = this.#database.get(
      `SELECT u.sha256, e.sm3, e.bytes, e.media_type, e.kind, e.event_id FROM uploads u JOIN evidence e ON e.sha256 = u.sha256
       WHERE u.uplink = ? AND u.state = 'waiting' ORDER BY e.kind = 'clip', e.created_ms LIMIT 1`,
      this.#uplink,
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
    this.#set(sha256, "acked");
  }

  parked(sha256: string, why: GiveUpReason): void {
    const row = this.#database.get(
      "SELECT e.kind, e.bytes, e.event_id FROM uploads u JOIN evidence e ON e.sha256 = u.sha256 WHERE u.uplink = ? AND u.sha256 = ? AND u.state = 'waiting'",
      this.#uplink,
      sha256,
    );
    if (!row) return; // It was deleted meanwhile, in its order, and is told as that.
    this.#set(sha256, why === "refused" ? "parked" : "expired");
    if (why === "refused") return;
    const [kind, bytes, eventId] = [String(row["kind"]), Number(row["bytes"]), String(row["event_id"])];
    this.#onLost({ sha256, kind, bytes, eventId, why });
  }

  bad(sha256: string): number {
    this.#database.run("UPDATE uploads SET bad = bad + 1 WHERE uplink = ? AND sha256 = ?", this.#uplink, sha256);
    return Number(
      this.#database.get("SELECT bad FROM uploads WHERE uplink = ? AND sha256 = ?", this.#uplink, sha256)?.["bad"] ?? 0,
    );
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

  #set(sha256: string, state: "acked" | "parked" | "expired"): void {
    this.#database.run("UPDATE uploads SET state = ? WHERE uplink = ? AND sha256 = ?", state, this.#uplink, sha256);
  }
}
