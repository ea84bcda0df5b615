/** One block of bytes → columns. The same records as `BlockReader` reads, without an object for each. */
import { lookedBits, sceneSize, type Block, type BlockBytes } from "./block.ts";
import { frameFlags, newLabel, pointFlags, recordKinds } from "./block-format.ts";
import { hasHead, readHead, type HeadReader } from "./block-head.ts";
import type { LogColumns } from "./columns.ts";

/** Where a block begins whose head was read before. */
export type KnownBlock = Pick<Block, "fromEntry" | "fromPoint" | "fromAppearance">;

/** Reads blocks, one after the other. */
export class ColumnReader implements HeadReader {
  readonly #to: LogColumns;
  #bytes: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(new ArrayBuffer(0));
  #baseMs = 0.5;
  #fromEntry = 0;
  #hasHead = false;
  #at = 0;
  /** Number of the entry and of the point that come next. */
  entry = 0;
  point = 0;
  labelBits = 0;
  isPlain = true;
  aspect: number | null = null;
  isOrdered = true;
  frames = 0;
  looked = 0;
  /** Appearance of the point before in the same frame. */
  #before = -1;
  /** By slot of the block: number of the appearance, then hits and last sight as the reader has to know them. */
  readonly #appearance: number[] = [];
  readonly #hits: number[] = [];
  readonly #lastSeenMs: number[] = [];
  /** By number of the label in this block: its number in the file. */
  readonly #labels: number[] = [];
  /** Number of the first appearance where the head was read before; null: every track is a new one. */
  #fromAppearance: number | null = null;

  constructor(to: LogColumns) {
    this.#to = to;
  }

  /**
   * Reads a whole block.
   * @param known null: everything of it is new
   * @throws RangeError when it ends in the middle of a record: a bug, not damage
   */
  read({ bytes, view, from, end }: BlockBytes, known: KnownBlock | null): void {
    const to = this.#to;
    this.#bytes = bytes;
    this.#view = view;
    this.#baseMs = view.getFloat64(from, true);
    this.entry = this.#fromEntry = known?.fromEntry ?? to.entries;
    this.point = known?.fromPoint ?? to.points;
    this.#fromAppearance = known?.fromAppearance ?? null;
    this.#appearance.length = 0;
    this.#labels.length = 0;
    this.labelBits = 0;
    this.isPlain = this.isOrdered = true;
    this.aspect = null;
    this.frames = this.looked = 0;
    this.#at = from + 8;
    this.#hasHead = hasHead(view, this.#at, end);
    if (this.#hasHead) this.#at = readHead(view, this.#at, this);
    to.firstPoint[this.entry] = this.point;
    while (this.#at < end) this.#record();
  }

  label(from: number, end: number): void {
    this.#labels.push(this.#to.labelAt(this.#bytes, from, end));
  }

  track(id: number, label: number, firstSeenMs: number, lastSeenMs: number, hits: number): void {
    const slot = this.#appearance.length;
    this.#lastSeenMs[slot] = lastSeenMs;
    this.#hits[slot] = hits;
    const from = this.#fromAppearance;
    const number = label === newLabel ? this.#labels.at(-1) : this.#labels[label];
    this.#appearance[slot] = from === null ? this.#introduce(id, number ?? 0, firstSeenMs) : from + slot;
  }

  #record(): void {
    const to = this.#to;
    const view = this.#view;
    const kind = view.getUint8(this.#at);
    const nowMs = this.#baseMs + view.getInt32(this.#at + 1, true);
    this.#at += 5;
    const entry = this.entry;
    // A clock that runs back within a block: nothing is said of it as a whole.
    if (entry > this.#fromEntry && nowMs < (to.nowMs[entry - 1] ?? 0)) this.isOrdered = false;
    to.kind[entry] = kind;
    to.nowMs[entry] = nowMs;
    to.looked[entry] = 0;
    if (kind === recordKinds.frame) this.#frame(entry, nowMs);
    else this.isPlain = false;
    if (kind === recordKinds.gap) {
      to.missing.set(entry, view.getUint32(this.#at, true));
      this.#at += 4;
    } else if (kind < recordKinds.frame || kind > recordKinds.gap)
      throw new RangeError(`no record of kind ${kind} is known`);
    this.entry = entry + 1;
    to.firstPoint[entry + 1] = this.point;
  }

  #frame(entry: number, nowMs: number): void {
    const view = this.#view;
    const flags = view.getUint8(this.#at);
    this.#at += 1;
    this.frames += 1;
    if ((flags & frameFlags.aspect) !== 0) {
      const aspect = view.getFloat32(this.#at, true);
      this.#to.aspects.set(entry, aspect);
      this.#at += 4;
      if (this.aspect !== null && this.aspect !== aspect) this.isPlain = false;
      this.aspect = aspect;
    }
    if ((flags & frameFlags.scene) !== 0) this.#scene(entry);
    if ((flags & frameFlags.measures) !== 0) this.#measures(entry);
    if ((flags & frameFlags.moved) !== 0) this.#to.looked[entry] = (this.#to.looked[entry] ?? 0) | lookedBits.moved;
    if ((flags & frameFlags.tracks) === 0) return;
    this.looked += 1;
    this.#to.looked[entry] = (this.#to.looked[entry] ?? 0) | lookedBits.tracks;
    const count = view.getUint16(this.#at, true);
    this.#at += 2;
    this.#before = -1;
    for (let left = count; left > 0; left -= 1) this.#point(nowMs);
  }

  #scene(entry: number): void {
    const to = this.#to;
    to.looked[entry] = lookedBits.scene;
    to.reserveScenes();
    const from = this.#at;
    for (let i = 0; i < sceneSize; i += 1) to.sceneBytes[entry * sceneSize + i] = this.#bytes[from + i] ?? 0;
    this.#at += sceneSize;
  }

  #measures(entry: number): void {
    const measures: Record<string, number | null> = {};
    let left = this.#view.getUint8(this.#at);
    this.#at += 1;
    for (; left > 0; left -= 1) {
      const name = this.#to.labels[this.#label()] ?? "";
      const value = this.#view.getFloat64(this.#at, true);
      this.#at += 8;
      measures[name] = Number.isNaN(value) ? null : value;
    }
    this.#to.measures.set(entry, measures);
  }

  #point(nowMs: number): void {
    const to = this.#to;
    const view = this.#view;
    const slot = view.getUint16(this.#at, true);
    const flags = view.getUint8(this.#at + 2);
    this.#at += 3;
    if ((flags & pointFlags.introduced) !== 0) {
      if (!this.#hasHead) this.#introduced();
    } else if ((flags & pointFlags.seenNow) !== 0) {
      this.#lastSeenMs[slot] = nowMs;
      this.#hits[slot] = (this.#hits[slot] ?? 0) + 1;
    }
    const appearance = this.#appearance[slot];
    if (appearance === undefined) throw new RangeError(`track slot ${slot} was never introduced`);
    const at = this.#at;
    this.#at += 14;
    const point = this.point;
    this.point = point + 1;
    const x = view.getUint16(at + 2, true);
    const y = view.getUint16(at + 4, true);
    const width = view.getUint16(at + 6, true);
    const height = view.getUint16(at + 8, true);
    const score = view.getUint16(at, true);
    to.appearance[point] = appearance;
    to.flags[point] = flags;
    to.score[point] = score;
    to.x[point] = x;
    to.y[point] = y;
    to.width[point] = width;
    to.height[point] = height;
    to.speedX[point] = view.getInt16(at + 10, true);
    to.speedY[point] = view.getInt16(at + 12, true);
    to.hits[point] = this.#hits[slot] ?? 0;
    to.lastSeenMs[point] = this.#lastSeenMs[slot] ?? 0;
    if (appearance <= this.#before) this.isOrdered = false;
    this.#before = appearance;
    if (this.#fromAppearance !== null) return;
    to.spans.add(appearance, x, y, width, height, score, flags & 3);
    to.pointsOf[appearance] = (to.pointsOf[appearance] ?? 0) + 1;
  }

  /** A track among the records of a block without a head. */
  #introduced(): void {
    const view = this.#view;
    const id = view.getUint32(this.#at, true);
    this.#at += 4;
    const label = this.#label();
    const at = this.#at;
    this.#at += 20;
    const slot = this.#appearance.length;
    this.#lastSeenMs[slot] = view.getFloat64(at + 8, true);
    this.#hits[slot] = view.getUint32(at + 16, true);
    this.#appearance[slot] = this.#introduce(id, label, view.getFloat64(at, true));
  }

  #introduce(id: number, label: number, firstSeenMs: number): number {
    this.labelBits |= 1 << Math.min(31, label);
    return this.#to.introduce(id, label, firstSeenMs);
  }

  /** Number of a label in the file. */
  #label(): number {
    const slot = this.#view.getUint8(this.#at);
    this.#at += 1;
    if (slot !== newLabel) return this.#labels[slot] ?? 0;
    const length = this.#view.getUint8(this.#at);
    const label = this.#to.labelAt(this.#bytes, this.#at + 1, this.#at + 1 + length);
    this.#at += 1 + length;
    this.#labels.push(label);
    return label;
  }
}
