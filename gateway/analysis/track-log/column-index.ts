/** A file of the log → what is known of its blocks; the points of those with a head are read only when somebody looks at them. */
import { lookedBits, type BlockBytes } from "./block.ts";
import { newLabel, recordKinds, scanSpans } from "./block-format.ts";
import { hasHead, headFlags, readHead, type HeadReader } from "./block-head.ts";
import { ColumnReader } from "./column-reader.ts";
import type { LogColumns } from "./columns.ts";

/** Takes in a file, or what has been added to it since. @param bytes from `goodEnd` on; they are kept */
export function appendTo(columns: LogColumns, bytes: Buffer): void {
  const { spans, damagedBytes, tailBytes, goodEnd } = scanSpans(bytes);
  columns.damagedBytes += damagedBytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  columns.reserve(bytes.length);
  // Without heads all points will be read at once.
  if (!hasHead(view, (spans[0] ?? 0) + 8, bytes.length)) columns.reservePoints(columns.points + bytes.length / 18);
  const heads = new HeadIndex(columns);
  const reader = new ColumnReader(columns);
  for (let i = 0; i < spans.length; i += 2) {
    const block = { bytes, view, from: spans[i] ?? 0, end: spans[i + 1] ?? 0 };
    if (!heads.read(block)) readWhole(columns, reader, block);
  }
  columns.tailBytes = tailBytes;
  columns.goodEnd += goodEnd;
}

/** A block that says too little of itself: all of it is read. */
function readWhole(columns: LogColumns, reader: ColumnReader, block: BlockBytes): void {
  columns.reserveEntries((block.end - block.from) / 5);
  columns.reservePoints(columns.points + Math.ceil((block.end - block.from) / 17));
  const { entries: fromEntry, points: fromPoint, appearances: fromAppearance } = columns;
  reader.read(block, null);
  const { labelBits, isPlain, aspect, isOrdered, frames, looked } = reader;
  columns.entries = reader.entry;
  columns.points = reader.point;
  columns.close({
    fromEntry,
    toEntry: columns.entries,
    fromPoint,
    points: columns.points - fromPoint,
    fromAppearance,
    toAppearance: columns.appearances,
    baseMs: block.view.getFloat64(block.from, true),
    labelBits,
    isPlain,
    aspect,
    isOrdered,
    frames,
    looked,
    extent: columns.blockExtents.open(),
    unread: null,
  });
}

/** Reads the heads of plain blocks, one after the other. */
class HeadIndex implements HeadReader {
  readonly #to: LogColumns;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** By number of the label in this block: its number in the file. */
  #labels: number[] = [];
  #labelBits = 0;
  #fromAppearance = 0;
  #fromPoint = 0;
  #entry = 0;
  #nowMs = 0;
  #aspect: number | null = null;
  #looked = 0;

  constructor(to: LogColumns) {
    this.#to = to;
  }

  /** @returns false when it is not a plain block with a head */
  read(block: BlockBytes): boolean {
    const { bytes, view, from, end } = block;
    if (!hasHead(view, from + 8, end) || (view.getUint8(from + 9) & headFlags.plain) === 0) return false;
    const to = this.#to;
    const baseMs = view.getFloat64(from, true);
    const fromEntry = to.entries;
    this.#bytes = bytes;
    this.#view = view;
    this.#labels.length = 0;
    this.#labelBits = 0;
    this.#fromAppearance = to.appearances;
    this.#fromPoint = to.points;
    this.#entry = fromEntry;
    to.reserveEntries((end - from) / 10);
    this.#nowMs = baseMs;
    this.#looked = 0;
    readHead(view, from + 8, this);
    to.entries = this.#entry;
    to.firstPoint[this.#entry] = to.points;
    to.close({
      fromEntry,
      toEntry: this.#entry,
      fromPoint: this.#fromPoint,
      points: to.points - this.#fromPoint,
      fromAppearance: this.#fromAppearance,
      toAppearance: to.appearances,
      baseMs,
      labelBits: this.#labelBits,
      isPlain: true,
      aspect: this.#aspect,
      isOrdered: (view.getUint8(from + 9) & headFlags.ordered) !== 0,
      frames: this.#entry - fromEntry,
      looked: this.#looked,
      extent: to.blockExtents.open(),
      unread: block,
    });
    return true;
  }

  label(from: number, end: number): void {
    this.#labels.push(this.#to.labelAt(this.#bytes, from, end));
  }

  track(id: number, label: number, firstSeenMs: number): void {
    const number = this.#labels[label === newLabel ? this.#labels.length - 1 : label] ?? 0;
    this.#labelBits |= 1 << Math.min(31, number);
    this.#to.introduce(id, number, firstSeenMs);
  }

  plain(points: number, _frames: number, aspect: number | null): void {
    this.#to.points += points;
    this.#aspect = aspect;
  }

  frame(stepMs: number, isLooked: boolean): void {
    const to = this.#to;
    const entry = this.#entry;
    this.#entry = entry + 1;
    this.#nowMs += stepMs;
    to.kind[entry] = recordKinds.frame;
    to.nowMs[entry] = this.#nowMs;
    to.looked[entry] = isLooked ? lookedBits.tracks : 0;
    if (isLooked) this.#looked += 1;
  }

  extent(i: number, points: number, at: number): void {
    this.#to.pointsOf[this.#fromAppearance + i] = points;
    this.#to.spans.read(this.#fromAppearance + i, this.#view, at);
  }
}
