/** One block of bytes → columns. The same records as `BlockReader` reads, without an object for each. */
import { scanFile, frameFlags, newLabel, pointFlags, recordKinds } from "./block-format.ts";
import { lookedBits, sceneSize, type LogColumns } from "./columns.ts";

/** Takes in a file, or what has been added to it since. @param bytes from `goodEnd` on */
export function appendTo(columns: LogColumns, bytes: Buffer): void {
  const scan = scanFile(bytes);
  columns.damagedBytes += scan.damagedBytes;
  columns.reserve(bytes.length);
  for (const body of scan.bodies) new ColumnReader(columns, body).read();
  columns.tailBytes = scan.tailBytes;
  columns.goodEnd += scan.goodEnd;
}

/** Reads a body whose checksum holds. @throws RangeError when it ends in the middle of a record: a bug, not damage */
class ColumnReader {
  readonly #to: LogColumns;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #baseMs: number;
  #at = 8;
  #labelBits = 0;
  #isPlain = true;
  #aspect: number | null = null;
  #isUniform = true;
  #fromEntry = 0;
  /** First point of the frame before, and how many it has; -1 before the first. */
  #before = -1;
  #beforeCount = 0;
  #frames = 0;
  #looked = 0;
  /** By slot of the block: number of the appearance, then hits and last sight as the reader has to know them. */
  readonly #appearance: number[] = [];
  readonly #hits: number[] = [];
  readonly #lastSeenMs: number[] = [];
  /** By number of the label in this block: its number in the file. */
  readonly #labels: number[] = [];

  constructor(to: LogColumns, body: Buffer) {
    this.#to = to;
    this.#bytes = body;
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.#baseMs = this.#view.getFloat64(0, true);
  }

  /** Appends the whole block. */
  read(): void {
    const to = this.#to;
    to.reserveBlock(this.#view.byteLength);
    this.#fromEntry = to.entries;
    const [fromEntry, fromPoint, fromAppearance] = [to.entries, to.points, to.appearances];
    while (this.#at < this.#view.byteLength) this.#entry();
    const extent = to.blockExtents.open();
    for (let i = fromAppearance; i < to.appearances; i += 1) {
      to.blockExtents.merge(extent, to.spans, i);
      to.paths.merge(to.pathOf[i] ?? 0, to.spans, i);
    }
    to.blocks.push({
      fromEntry,
      toEntry: to.entries,
      baseMs: this.#baseMs,
      labelBits: this.#labelBits,
      extent: to.points > fromPoint ? extent : null,
      isPlain: this.#isPlain,
      aspect: this.#aspect,
      isUniform: this.#isUniform,
      fromAppearance,
      toAppearance: to.appearances,
      frames: this.#frames,
      looked: this.#looked,
      points: to.points - fromPoint,
    });
  }

  #entry(): void {
    const to = this.#to;
    const view = this.#view;
    const kind = view.getUint8(this.#at);
    const nowMs = this.#baseMs + view.getInt32(this.#at + 1, true);
    this.#at += 5;
    const entry = to.entries;
    // A clock that runs back within a block: nothing is said of it as a whole.
    if (entry > this.#fromEntry && nowMs < (to.nowMs[entry - 1] ?? 0)) this.#isUniform = false;
    to.kind[entry] = kind;
    to.nowMs[entry] = nowMs;
    to.looked[entry] = 0;
    if (kind === recordKinds.frame) this.#frame(entry, nowMs);
    else this.#isPlain = false;
    if (kind === recordKinds.gap) {
      to.missing.set(entry, view.getUint32(this.#at, true));
      this.#at += 4;
    } else if (kind < recordKinds.frame || kind > recordKinds.gap)
      throw new RangeError(`no record of kind ${kind} is known`);
    to.entries = entry + 1;
    to.firstPoint[entry + 1] = to.points;
  }

  #frame(entry: number, nowMs: number): void {
    const view = this.#view;
    const flags = view.getUint8(this.#at);
    this.#at += 1;
    this.#frames += 1;
    if ((flags & frameFlags.aspect) !== 0) {
      const aspect = view.getFloat32(this.#at, true);
      this.#to.aspects.set(entry, aspect);
      this.#at += 4;
      if (this.#aspect !== null && this.#aspect !== aspect) this.#isPlain = false;
      this.#aspect = aspect;
    }
    if ((flags & frameFlags.scene) !== 0) this.#scene(entry);
    if ((flags & frameFlags.measures) !== 0) this.#measures(entry);
    if ((flags & frameFlags.moved) !== 0) this.#to.looked[entry] = (this.#to.looked[entry] ?? 0) | lookedBits.moved;
    if ((flags & frameFlags.tracks) === 0) return;
    this.#looked += 1;
    this.#to.looked[entry] = (this.#to.looked[entry] ?? 0) | lookedBits.tracks;
    const count = view.getUint16(this.#at, true);
    this.#at += 2;
    const first = this.#to.points;
    for (let left = count; left > 0; left -= 1) this.#point(nowMs);
    this.#compare(first, count);
  }

  /** Whether this frame has the same appearances as the one before it. */
  #compare(first: number, count: number): void {
    const { appearance } = this.#to;
    const before = this.#before;
    let isSame = before < 0 || count === this.#beforeCount;
    for (let i = 0; isSame && before >= 0 && i < count; i += 1)
      isSame = appearance[before + i] === appearance[first + i];
    this.#isUniform &&= isSame;
    this.#before = first;
    this.#beforeCount = count;
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
    if ((flags & pointFlags.introduced) !== 0) this.#introduce(slot);
    else if ((flags & pointFlags.seenNow) !== 0) {
      this.#lastSeenMs[slot] = nowMs;
      this.#hits[slot] = (this.#hits[slot] ?? 0) + 1;
    }
    const appearance = this.#appearance[slot];
    if (appearance === undefined) throw new RangeError(`track slot ${slot} was never introduced`);
    const at = this.#at;
    this.#at += 14;
    const point = to.points;
    to.points = point + 1;
    const x = view.getUint16(at + 2, true);
    const y = view.getUint16(at + 4, true);
    const width = view.getUint16(at + 6, true);
    const height = view.getUint16(at + 8, true);
    to.appearance[point] = appearance;
    to.flags[point] = flags;
    to.score[point] = view.getUint16(at, true);
    to.x[point] = x;
    to.y[point] = y;
    to.width[point] = width;
    to.height[point] = height;
    to.speedX[point] = view.getInt16(at + 10, true);
    to.speedY[point] = view.getInt16(at + 12, true);
    to.hits[point] = this.#hits[slot] ?? 0;
    to.lastSeenMs[point] = this.#lastSeenMs[slot] ?? 0;
    to.spans.add(appearance, x, y, width, height, view.getUint16(at, true), flags & 3);
  }

  #introduce(slot: number): void {
    const to = this.#to;
    const view = this.#view;
    const id = view.getUint32(this.#at, true);
    this.#at += 4;
    const label = this.#label();
    const firstSeenMs = view.getFloat64(this.#at, true);
    this.#lastSeenMs[slot] = view.getFloat64(this.#at + 8, true);
    this.#hits[slot] = view.getUint32(this.#at + 16, true);
    this.#at += 20;
    this.#labelBits |= 1 << Math.min(31, label);
    this.#appearance[slot] = to.introduce(id, label, firstSeenMs);
  }

  /** Number of a label in the file. */
  #label(): number {
    const slot = this.#view.getUint8(this.#at);
    this.#at += 1;
    if (slot !== newLabel) return this.#labels[slot] ?? 0;
    const length = this.#view.getUint8(this.#at);
    const name = this.#bytes.toString("utf8", this.#at + 1, this.#at + 1 + length);
    this.#at += 1 + length;
    const to = this.#to;
    let label = to.labelNumbers.get(name);
    if (label === undefined) {
      label = to.labels.length;
      to.labels.push(name);
      to.labelNumbers.set(name, label);
    }
    this.#labels.push(label);
    return label;
  }
}
