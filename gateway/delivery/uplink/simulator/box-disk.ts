/** The box's database in memory: what is on the disk, and what a power cut or an old image leaves of it. */
import type { DueRow, Gap, OutboxPort } from "../protocol/box-port.ts";
import type { Random } from "./random.ts";

interface Row {
  readonly id: string;
  readonly body: Uint8Array;
  readonly via: readonly string[];
}
interface Lane {
  head: number;
  acked: number;
  rows: Map<number, Row>;
}
/** The state of a disk at one moment. */
export interface Image {
  readonly epoch: string;
  readonly lanes: readonly Lane[];
}

/** Implements the outbox of the protocol. */
export class BoxDisk implements OutboxPort {
  readonly #random: Random;
  readonly #keepsAcked: boolean;
  #epoch: string;
  #lanes: readonly Lane[] = [0, 1, 2].map(() => ({ head: 0, acked: 0, rows: new Map<number, Row>() }));

  constructor(random: Random, keepsAcked: boolean) {
    this.#random = random;
    this.#keepsAcked = keepsAcked;
    this.#epoch = random.hex32();
  }

  image(): Image {
    return { epoch: this.#epoch, lanes: this.#lanes.map((lane) => ({ ...lane, rows: new Map(lane.rows) })) };
  }

  restore(image: Image): void {
    this.#epoch = image.epoch;
    this.#lanes = image.lanes.map((lane) => ({ ...lane, rows: new Map(lane.rows) }));
  }

  append(lane: number, id: string, body: Uint8Array, via: readonly string[] = []): void {
    const to = this.#lane(lane);
    to.head += 1;
    to.rows.set(to.head, { id, body, via });
  }

  /** Ids of everything that is still on the disk. */
  ids(): ReadonlySet<string> {
    return new Set(this.#lanes.flatMap((lane) => [...lane.rows.values()].map((row) => row.id)));
  }

  /** Whether the event with this id is here and not yet acknowledged. */
  waits(id: string): boolean {
    return this.#lanes.some((lane) => [...lane.rows].some(([seq, row]) => row.id === id && seq > lane.acked));
  }

  epoch(): string {
    return this.#epoch;
  }

  head(lane: number): number {
    return this.#lane(lane).head;
  }

  acked(lane: number): number {
    return this.#lane(lane).acked;
  }

  idAt(lane: number, seq: number): string | null {
    return this.#lane(lane).rows.get(seq)?.id ?? null;
  }

  due(lane: number, from: number, maxEvents: number, maxBytes: number): readonly DueRow[] {
    const { rows } = this.#lane(lane);
    const due: DueRow[] = [];
    let bytes = 0;
    for (let seq = from; due.length < maxEvents; seq += 1) {
      const row = rows.get(seq);
      if (!row || (due.length > 0 && bytes + row.body.length + 1 > maxBytes)) break;
      bytes += row.body.length + 1;
      due.push({ seq, body: row.body, via: row.via });
    }
    return due;
  }

  gapAt(lane: number, seq: number): Gap | null {
    const { rows, head } = this.#lane(lane);
    let to = seq;
    while (to <= head && !rows.has(to)) to += 1;
    return to === seq ? null : { from: seq, to: to - 1, reason: "retention" };
  }

  acknowledge(lane: number, seq: number): void {
    const of = this.#lane(lane);
    of.acked = Math.max(of.acked, Math.min(of.head, seq));
    if (this.#keepsAcked) return;
    for (const known of [...of.rows.keys()]) if (known < of.acked) of.rows.delete(known);
  }

  settle(): void {
    // What is settled out of its turn stays until the watermark passes it: that is all the protocol asks.
  }

  giveUp(lane: number, seq: number): void {
    this.#lane(lane).rows.delete(seq);
  }

  requeue(lane: number, seq: number): void {
    const of = this.#lane(lane);
    of.acked = Math.min(of.acked, seq - 1);
  }

  renumber(): void {
    this.#epoch = this.#random.hex32();
    this.#lanes = this.#lanes.map(({ rows }) => {
      const kept = [...rows].sort(([a], [b]) => a - b).map(([, row]) => row);
      return { head: kept.length, acked: 0, rows: new Map(kept.map((row, i) => [i + 1, row])) };
    });
  }

  quarantined(): void {
    throw new Error("the simulator sends no unusable events");
  }

  #lane(lane: number): Lane {
    const found = this.#lanes[lane];
    if (!found) throw new RangeError(`lane ${lane}`);
    return found;
  }
}
