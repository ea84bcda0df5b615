/** A file of the log → what is known of its blocks; the records of plain ones are read only when somebody looks at them. */
import { lookedBits, type BlockBytes } from "./block.ts";
import { newLabel, recordKinds, scanSpans } from "./block-format.ts";
import { hasHead, headFlags, pointsFrom, readHead, type HeadReader } from "./block-head.ts";
import type { LogColumns } from "./columns.ts";
import { EarlierBlocks } from "./earlier-blocks.ts";
import { frameAt, isLookedAt, pointsOfFrame, stepOf } from "./frame-table.ts";
import { takePlain } from "./plain-heads.ts";
import * as point from "./points.ts";
import { RecordWalk } from "./record-walk.ts";

/**
 * Takes in a file, or what has been added to it since.
 * @param bytes from `goodEnd` on; they are kept
 * @param take takes in as many blocks as it can; the one that it leaves is read here
 */
export function appendTo(columns: LogColumns, bytes: Buffer, take = takePlain): void {
  const { spans, damagedBytes, tailBytes, goodEnd } = scanSpans(bytes);
  columns.damagedBytes += damagedBytes;
  const view = viewOf(bytes);
  const index = new BlockIndex(columns);
  const earlier = new EarlierBlocks();
  for (let i = 0; i < spans.length; i += 2) {
    i += 2 * take(columns, { bytes, view, spans: spans.subarray(i, i + mostAtOnce) });
    if (i >= spans.length) break;
    const [from = 0, end = 0] = [spans[i], spans[i + 1]];
    if (hasHead(view, from + 8, end)) index.read({ bytes, view, from, end });
    else {
      const body = earlier.headed(bytes.subarray(from, end));
      index.read({ bytes: body, view: viewOf(body), from: 0, end: body.length });
    }
  }
  columns.tailBytes = tailBytes;
  columns.goodEnd += goodEnd;
}

/** Numbers of `spans` that the addon gets at once: a block that it leaves costs no more than these. */
const mostAtOnce = 2 * 256;

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** Reads the heads of blocks, one after the other; where a head says too little, the records too. */
class BlockIndex implements HeadReader {
  readonly #to: LogColumns;
  readonly #records: RecordWalk;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #labels: number[] = [];
  #labelBits = 0;
  #fromAppearance = 0;
  #entry = 0;
  #nowMs = 0;
  #points = 0;
  #aspect: number | null = null;
  #looked = 0;
  #framesAt = 0;
  #pointsAt = 0;

  constructor(to: LogColumns) {
    this.#to = to;
    this.#records = new RecordWalk(to);
  }

  /** @param body of a block with a head */
  read(body: BlockBytes): void {
    const { bytes, view, from, end } = body;
    const to = this.#to;
    const flags = view.getUint8(from + 9);
    const isPlain = (flags & headFlags.plain) !== 0;
    const baseMs = view.getFloat64(from, true);
    const fromEntry = to.entries;
    this.#bytes = bytes;
    this.#view = view;
    this.#labels.length = 0;
    this.#labelBits = 0;
    this.#fromAppearance = to.appearances;
    this.#entry = fromEntry;
    this.#nowMs = baseMs;
    this.#points = 0;
    this.#aspect = null;
    this.#looked = 0;
    this.#framesAt = 0;
    const pointsAt = (this.#pointsAt = pointsFrom(view, from, end));
    if (!isPlain) to.reserveEntries((pointsAt - from) / 5);
    const restAt = readHead(view, from + 8, this);
    if (isPlain) this.#points = (end - pointsAt) / point.pointBytes;
    else this.#readRecords(body, restAt, pointsAt);
    to.entries = this.#entry;
    to.points += this.#points;
    to.close({
      fromEntry,
      toEntry: this.#entry,
      points: this.#points,
      fromAppearance: this.#fromAppearance,
      toAppearance: to.appearances,
      baseMs,
      labelBits: this.#labelBits,
      isPlain,
      aspect: this.#aspect,
      isOrdered: (flags & headFlags.ordered) !== 0,
      frames: isPlain ? this.#entry - fromEntry : this.#framesFrom(fromEntry),
      looked: this.#looked,
      number: to.blockExtents.open(),
      body,
      framesAt: this.#framesAt,
      restAt,
      pointsAt,
      isOpen: !isPlain || restAt === pointsAt,
    });
  }

  label(from: number, end: number): void {
    this.#labels.push(this.#to.labelAt(this.#bytes, from, end));
  }

  track(id: number, label: number, toldAt: number): void {
    const number = this.#labels[label === newLabel ? this.#labels.length - 1 : label] ?? 0;
    this.#labelBits |= 1 << Math.min(31, number);
    this.#to.introduce(id, number, toldAt);
  }

  plain(frames: number, framesAt: number, aspect: number | null): void {
    const to = this.#to;
    const bytes = this.#bytes;
    this.#aspect = aspect;
    this.#framesAt = framesAt;
    to.reserveEntries(frames);
    const from = this.#entry;
    let [nowMs, at] = [this.#nowMs, this.#pointsAt];
    for (let i = 0; i < frames; i += 1) {
      const frame = frameAt(bytes, framesAt, i);
      nowMs += stepOf(frame);
      to.kind[from + i] = recordKinds.frame;
      to.nowMs[from + i] = nowMs;
      to.looked[from + i] = isLookedAt(frame) ? lookedBits.tracks : 0;
      if (isLookedAt(frame)) this.#looked += 1;
      const points = pointsOfFrame(bytes, framesAt, frames, i);
      to.pointCount[from + i] = points;
      to.pointsAt[from + i] = at;
      at += points * point.pointBytes;
    }
    this.#nowMs = nowMs;
    this.#entry = from + frames;
  }

  extent(i: number, points: number, at: number): void {
    this.#to.pointsOf[this.#fromAppearance + i] = points;
    this.#to.spans.read(this.#fromAppearance + i, this.#view, at);
  }

  /** The head of a block that is not plain tells of its labels and tracks alone. */
  #readRecords(body: BlockBytes, restAt: number, pointsAt: number): void {
    const to = this.#to;
    const { bytes } = body;
    const fromEntry = this.#entry;
    this.#entry = this.#records.walk(body, { restAt, pointsAt }, fromEntry);
    for (let entry = fromEntry; entry < this.#entry; entry += 1) {
      if (((to.looked[entry] ?? 0) & lookedBits.tracks) !== 0) this.#looked += 1;
      const count = to.pointCount[entry] ?? 0;
      const at = to.pointsAt[entry] ?? 0;
      for (let k = 0; k < count; k += 1) this.#addPoint(bytes, at + k * point.pointBytes);
    }
  }

  #addPoint(bytes: Buffer, at: number): void {
    const to = this.#to;
    const appearance = this.#fromAppearance + point.slotAt(bytes, at);
    if (appearance >= to.appearances)
      throw new RangeError(`track slot ${point.slotAt(bytes, at)} was never introduced`);
    this.#points += 1;
    to.pointsOf[appearance] = (to.pointsOf[appearance] ?? 0) + 1;
    const [x, y] = [point.xAt(bytes, at), point.yAt(bytes, at)];
    const [width, height] = [point.widthAt(bytes, at), point.heightAt(bytes, at)];
    to.spans.add(appearance, x, y, width, height, point.scoreAt(bytes, at), point.stateAt(bytes, at));
  }

  #framesFrom(fromEntry: number): number {
    let frames = 0;
    for (let entry = fromEntry; entry < this.#entry; entry += 1) if (this.#to.isFrame(entry)) frames += 1;
    return frames;
  }
}
