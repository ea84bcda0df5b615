/** An outbox in memory for boxes of which only the line is wanted: it outlives sessions, as a disk would. */
import { createHash, randomBytes } from "node:crypto";
import type { DueRow, OutboxPort } from "../../delivery/uplink/protocol/box-port.ts";
import { eventId } from "../../delivery/events/event-id.ts";

/** When an event was first taken to be sent, wall ms; outlives its row. */
export interface Sent {
  atMs: number | null;
}

interface Row {
  readonly id: string;
  readonly body: Uint8Array;
  readonly sent: Sent;
}

/** One box's rows: three lanes, each from 1 on; what is acknowledged is forgotten. */
export class MemoryOutbox implements OutboxPort {
  /** Rows acknowledged over all lanes. */
  acknowledged = 0;
  readonly #epoch = randomBytes(16).toString("hex");
  /** Rows of each lane behind those that were forgotten. */
  readonly #lanes = [0, 1, 2].map(() => ({ forgotten: 0, lastId: "", rows: [] as Row[] }));

  /** Puts an event into a lane. */
  append(lane: number, id: string, body: Uint8Array): Sent {
    const sent: Sent = { atMs: null };
    this.#lanes[lane]?.rows.push({ id, body, sent });
    return sent;
  }

  epoch(): string {
    return this.#epoch;
  }

  head(lane: number): number {
    const { forgotten = 0, rows = [] } = this.#lanes[lane] ?? {};
    return forgotten + rows.length;
  }

  acked(lane: number): number {
    return this.#lanes[lane]?.forgotten ?? 0;
  }

  idAt(lane: number, seq: number): string | null {
    const { forgotten = 0, rows = [], lastId = "" } = this.#lanes[lane] ?? {};
    return seq === forgotten && lastId !== "" ? lastId : (rows[seq - forgotten - 1]?.id ?? null);
  }

  due(lane: number, from: number, most: number, maxBytes: number): readonly DueRow[] {
    const { forgotten = 0, rows = [] } = this.#lanes[lane] ?? {};
    const due: DueRow[] = [];
    let bytes = 0;
    for (const { body, sent } of rows.slice(from - forgotten - 1, from - forgotten - 1 + most)) {
      bytes += body.length + 1;
      if (due.length > 0 && bytes > maxBytes) break;
      sent.atMs ??= Date.now();
      due.push({ seq: from + due.length, body, via: [] });
    }
    return due;
  }

  acknowledge(lane: number, upTo: number): void {
    const at = this.#lanes[lane];
    if (!at) return;
    const gone = at.rows.splice(0, upTo - at.forgotten);
    at.lastId = gone.at(-1)?.id ?? at.lastId;
    at.forgotten += gone.length;
    this.acknowledged += gone.length;
  }

  gapAt(): null {
    return null;
  }

  settle(): void {}

  giveUp(): void {
    throw new Error("every event made here is one");
  }

  requeue(): void {
    throw new Error("no platform here comes back from a backup");
  }

  renumber(): void {
    throw new Error("this memory is not rolled back");
  }

  quarantined(_lane: number, _seq: number, detail: string): void {
    throw new Error(`set aside: ${detail}`);
  }
}

/** Makes events of about 2.2 kB, as a rule with a handful of objects does, named by the time at which they are made. */
export function madeAt(
  gw: string,
  nowMs: number,
): { readonly id: string; readonly body: Uint8Array; readonly sha256: string } {
  const id = eventId(nowMs, randomBytes(10));
  const body = Buffer.from(
    JSON.stringify({
      specversion: "1.0",
      id,
      source: `/gateways/${gw}`,
      type: "vision.fishing-multi-rod.v1",
      time: new Date(nowMs).toISOString(),
      datacontenttype: "application/json",
      correlationid: id,
      data: {
        ...{ phase: "start", certainty: "suspected", severity: 3, nameZh: "一人多竿垂钓", nameEn: "several rods" },
        ...{ departments: ["yuzheng", "gongan"], site: { id: gw, name: "码头" }, camera: { id: "pier", name: "码头" } },
        objects: Array.from({ length: 12 }, (_, i) => ({
          track: i,
          label: "rod",
          score: 0.8,
          box: [0.1, 0.2, 0.3, 0.4],
        })),
        reason: "x".repeat(900),
      },
    }),
  );
  return { id, body, sha256: createHash("sha256").update(body).digest("hex") };
}
