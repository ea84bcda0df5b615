/** The records of a block with a head → its entries in columns; the points stay where they are. */
import { lookedBits, sceneSize, type BlockBytes } from "./block.ts";
import { frameFlags, newLabel, recordKinds } from "./block-format.ts";
import { labelsOf } from "./block-head.ts";
import type { LogColumns } from "./columns.ts";
import { pointBytes } from "./points.ts";

/** Walks the records of blocks, one block after the other. */
export class RecordWalk {
  readonly #to: LogColumns;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #body: BlockBytes | null = null;
  #labels: readonly string[] | null = null;

  constructor(to: LogColumns) {
    this.#to = to;
  }

  /**
   * Fills in everything of the entries from `entry` on.
   * @returns the number of the entry after the last
   * @throws RangeError when the block ends in the middle of a record: a bug, not damage
   */
  walk(body: BlockBytes, recordsAt: number, entry: number): number {
    const { bytes, view, from, end } = body;
    this.#bytes = bytes;
    this.#view = view;
    this.#body = body;
    this.#labels = null;
    this.#at = recordsAt;
    const to = this.#to;
    const baseMs = view.getFloat64(from, true);
    let next = entry;
    for (; this.#at < end; next += 1) {
      const kind = view.getUint8(this.#at);
      to.kind[next] = kind;
      to.nowMs[next] = baseMs + view.getInt32(this.#at + 1, true);
      to.looked[next] = 0;
      to.pointCount[next] = 0;
      this.#at += 5;
      if (kind === recordKinds.frame) this.#frame(next);
      else if (kind === recordKinds.gap) {
        to.missing.set(next, view.getUint32(this.#at, true));
        this.#at += 4;
      } else if (kind < recordKinds.frame || kind > recordKinds.gap)
        throw new RangeError(`no record of kind ${kind} is known`);
    }
    if (this.#at > end) throw new RangeError("a block ends in the middle of a record");
    return next;
  }

  #frame(entry: number): void {
    const to = this.#to;
    const view = this.#view;
    const flags = view.getUint8(this.#at);
    this.#at += 1;
    if ((flags & frameFlags.aspect) !== 0) {
      to.aspects.set(entry, view.getFloat32(this.#at, true));
      this.#at += 4;
    }
    let looked = 0;
    if ((flags & frameFlags.scene) !== 0) {
      looked |= lookedBits.scene;
      to.reserveScenes();
      for (let i = 0; i < sceneSize; i += 1) to.sceneBytes[entry * sceneSize + i] = this.#bytes[this.#at + i] ?? 0;
      this.#at += sceneSize;
    }
    if ((flags & frameFlags.measures) !== 0) this.#measures(entry);
    if ((flags & frameFlags.moved) !== 0) looked |= lookedBits.moved;
    if ((flags & frameFlags.tracks) !== 0) {
      looked |= lookedBits.tracks;
      const count = view.getUint16(this.#at, true);
      to.pointCount[entry] = count;
      to.pointsAt[entry] = this.#at + 2;
      this.#at += 2 + count * pointBytes;
    }
    to.looked[entry] = looked;
  }

  #measures(entry: number): void {
    const measures: Record<string, number | null> = {};
    let left = this.#view.getUint8(this.#at);
    this.#at += 1;
    for (; left > 0; left -= 1) {
      const name = this.#label();
      const value = this.#view.getFloat64(this.#at, true);
      this.#at += 8;
      measures[name] = Number.isNaN(value) ? null : value;
    }
    this.#to.measures.set(entry, measures);
  }

  /** A label by its number in the head, or spelt out. */
  #label(): string {
    const slot = this.#view.getUint8(this.#at);
    this.#at += 1;
    if (slot !== newLabel) {
      this.#labels ??= this.#body ? labelsOf(this.#body) : [];
      return this.#labels[slot] ?? "";
    }
    const from = this.#at + 1;
    this.#at = from + this.#view.getUint8(this.#at);
    return this.#bytes.toString("utf8", from, this.#at);
  }
}
