/** The records of a block that is not plain → its entries in columns; the points stay where they are. */
import { lookedBits, type Block, type BlockBytes } from "./block.ts";
import { frameFlags, recordKinds } from "./block-format.ts";
import { labelsOf } from "./block-head.ts";
import type { LogColumns } from "./columns.ts";
import { readMeasures } from "./measure-bytes.ts";
import { pointBytes } from "./points.ts";
import { sceneBytes } from "./scene-bytes.ts";

/** Walks the records of blocks, one block after the other. */
export class RecordWalk {
  readonly #to: LogColumns;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;
  #pointsAt = 0;
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
  walk(body: BlockBytes, { restAt, pointsAt }: Pick<Block, "restAt" | "pointsAt">, entry: number): number {
    const { bytes, view, from } = body;
    this.#bytes = bytes;
    this.#view = view;
    this.#body = body;
    this.#labels = null;
    this.#at = restAt;
    this.#pointsAt = pointsAt;
    const to = this.#to;
    const baseMs = view.getFloat64(from, true);
    let next = entry;
    for (; this.#at < pointsAt; next += 1) {
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
    if (this.#at > pointsAt || this.#pointsAt > body.end)
      throw new RangeError("a block ends in the middle of a record");
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
      to.keepScene(entry, this.#bytes, this.#at);
      this.#at += sceneBytes;
    }
    if ((flags & frameFlags.measures) !== 0) this.#measures(entry);
    if ((flags & frameFlags.moved) !== 0) looked |= lookedBits.moved;
    if ((flags & frameFlags.tracks) !== 0) {
      looked |= lookedBits.tracks;
      const count = view.getUint16(this.#at, true);
      to.pointCount[entry] = count;
      to.pointsAt[entry] = this.#pointsAt;
      this.#at += 2;
      this.#pointsAt += count * pointBytes;
    }
    to.looked[entry] = looked;
  }

  #measures(entry: number): void {
    this.#labels ??= this.#body ? labelsOf(this.#body) : [];
    const at = { byte: this.#at };
    this.#to.measures.set(entry, readMeasures(this.#bytes, this.#view, at, this.#labels));
    this.#at = at.byte;
  }
}
