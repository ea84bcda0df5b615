/** One file of the log as columns: what a rehearsal walks through without making an object of every point. */
import type { HeadColumns } from "../../../native/index.ts";
import type { Scene } from "../detection/scene.ts";
import type { Track } from "../tracking/track.ts";
import { lookedBits, type Block } from "./block.ts";
import { recordKinds } from "./block-format.ts";
import { Extents } from "./extents.ts";
import { IdNumbers } from "./id-numbers.ts";
import { LoggedTracks } from "./logged-tracks.ts";
import { openFrames } from "./plain-frames.ts";
import { pointBytes } from "./points.ts";
import { RecordWalk } from "./record-walk.ts";
import { readScene, sceneBytes } from "./scene-bytes.ts";

/** Numbers of a block in `LogColumns.rows`. */
export const rowFields = 9;

/** Entries by number; grows when the file did. */
export class LogColumns {
  entries = 0;
  points = 0;
  kind = new Uint8Array(1024);
  nowMs = new Float64Array(1024);
  /** Bits of `lookedBits`. */
  looked = new Uint8Array(1024);
  /** Of the entries of an open block: how many points there are, and where the first one lies in the block's bytes. */
  pointCount = new Uint16Array(1024);
  pointsAt = new Uint32Array(1024);
  /** For a gap: the frames that are missing. */
  readonly missing = new Map<number, number>();
  /** `sceneBytes` an entry, as in the file. */
  scenes = new Uint8Array(0);
  /** Where the picture's shape is told. */
  readonly aspects = new Map<number, number>();
  readonly measures = new Map<number, Readonly<Record<string, number | null>>>();

  /** One appearance of a track in one block: its id, the number of its label, what is told of it then, its path. */
  appearances = 0;
  idOf = new Uint32Array(256);
  labelOf = new Uint8Array(256);
  /** Where the head of its block tells when it was first seen, last seen, and how often: `headline` in `block-head.ts`. */
  toldAt = new Uint32Array(256);
  /** Number of the path in `paths`. */
  pathOf = new Uint32Array(256);
  /** In how many frames it is. */
  pointsOf = new Uint32Array(256);
  readonly labels: string[] = [];
  readonly blocks: Block[] = [];
  /** The numbers of each block that the addon reads and writes: `HeadColumns.rows`. */
  rows = new Uint32Array(64 * rowFields);
  /** Where each block's boxes lie. */
  readonly blockExtents = new Extents();
  /** What the points of each appearance are like; the group has the number of the appearance. */
  readonly spans = new Extents();
  /** Where the boxes of one id lie, over the whole file; its number in `pathIds`. */
  readonly paths = new Extents();
  readonly pathIds = new IdNumbers();
  /** The labels as they are written. */
  readonly labelTexts: Buffer[] = [];

  #scenesView = new DataView(this.scenes.buffer);
  #bytesRead = 0;
  readonly #records = new RecordWalk(this);
  readonly #tracks = new LoggedTracks(this);
  /** The block that was asked for last. */
  #newest: Block | null = null;
  #madeEntry = -1;
  #made: readonly Track[] = [];

  /** Bytes that were no record. */
  damagedBytes = 0;
  /** Bytes after the last good block: a write that had not ended when it was read. */
  tailBytes = 0;
  /** End of the last good block: what comes later is appended from here. */
  goodEnd = 0;

  /** Room for so many more bytes of blocks, by what blocks of this camera are like. */
  reserve(bytes: number): void {
    const perEntry = this.entries > 0 ? Math.max(5, (this.#bytesRead / this.entries) * 0.9) : 24;
    this.reserveEntries(bytes / perEntry);
    this.#bytesRead += bytes;
  }

  /** Room for so many more entries. */
  reserveEntries(more: number): void {
    const entries = this.entries + Math.ceil(more) + 16;
    if (entries > this.kind.length) this.#growEntries(Math.max(entries, this.kind.length * 1.5));
  }

  /** What the addon fills (`native/index.ts`), but for what is kept elsewhere. */
  get heads(): Pick<
    HeadColumns,
    | "labels"
    | "kind"
    | "looked"
    | "nowMs"
    | "pointCount"
    | "pointsAt"
    | "labelOf"
    | "idOf"
    | "toldAt"
    | "pathOf"
    | "pointsOf"
  > {
    const { kind, looked, nowMs, pointCount, pointsAt, labelOf, idOf, toldAt, pathOf, pointsOf } = this;
    const labels = Buffer.concat(this.labelTexts.flatMap((text) => [Buffer.of(text.length), text]));
    return { labels, kind, looked, nowMs, pointCount, pointsAt, labelOf, idOf, toldAt, pathOf, pointsOf };
  }

  /** About how many bytes of memory this takes. */
  get sizeBytes(): number {
    const entries = this.kind.length * 16 + this.scenes.length + this.measures.size * 120;
    return entries + this.idOf.length * 65 + this.blocks.length * 200 + this.#bytesRead;
  }

  /** Reads what there is of each entry of a block, unless that was done before. */
  open(block: Block): void {
    if (block.isOpen) return;
    block.isOpen = true;
    if (block.isPlain) openFrames(this, block);
    else this.#records.walk(block.body, block, block.fromEntry);
  }

  /** The block that an entry is in, open. */
  openAt(entry: number): Block {
    const { blocks } = this;
    const newest = this.#newest;
    if (newest?.isOpen === true && entry >= newest.fromEntry && entry < newest.toEntry) return newest;
    let low = 0;
    let high = blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((blocks[middle]?.fromEntry ?? 0) <= entry) low = middle;
      else high = middle - 1;
    }
    const block = blocks[low];
    if (!block) throw new RangeError(`no block has entry ${entry}`);
    this.open(block);
    this.#newest = block;
    return block;
  }

  /** Every point of entry `i` as the rules get it. */
  tracks(i: number): readonly Track[] {
    return this.#tracks.all(this.openAt(i), i);
  }

  /** The same of an entry of an open block, made once for all that ask one after the other. */
  tracksOnce(block: Block, entry: number): readonly Track[] {
    if (this.#madeEntry !== entry) this.#made = this.#tracks.all(block, entry);
    this.#madeEntry = entry;
    return this.#made;
  }

  /** The point at `at` of an entry as the rules get it. */
  trackAt(block: Block, entry: number, at: number): Track {
    return this.#tracks.one(block, entry, (at - (this.pointsAt[entry] ?? 0)) / pointBytes);
  }

  /** Point `k` of an entry as the rules get it. */
  track(block: Block, entry: number, k: number): Track {
    return this.#tracks.one(block, entry, k);
  }

  /** The point at `at` in an object that the next call overwrites, with what a rule needs to know whether it counts. */
  borrow(block: Block, at: number): Track {
    return this.#tracks.borrow(block, at);
  }

  /** Whether entry `i` is a frame. */
  isFrame(i: number): boolean {
    return this.kind[i] === recordKinds.frame;
  }

  /** What was measured of the whole picture at entry `i`; null when nothing was. */
  scene(i: number): Scene | null {
    if (((this.looked[i] ?? 0) & lookedBits.scene) === 0) return null;
    return readScene(this.#scenesView, i * sceneBytes);
  }

  /** Takes in the scene of an entry that lies in the bytes at `at`; a log without scenes needs no room for them. */
  keepScene(entry: number, bytes: Uint8Array, at: number): void {
    const size = this.kind.length * sceneBytes;
    if (this.scenes.length < size) {
      this.scenes = grown(this.scenes, new Uint8Array(size));
      this.#scenesView = new DataView(this.scenes.buffer);
    }
    for (let i = 0; i < sceneBytes; i += 1) this.scenes[entry * sceneBytes + i] = bytes[at + i] ?? 0;
  }

  /** A new appearance. @returns its number */
  introduce(id: number, label: number, toldAt: number): number {
    const at = this.appearances;
    this.reserveAppearances(1);
    const path = this.pathIds.numberOf(id);
    if (path === this.paths.count) this.paths.open();
    this.idOf[at] = id;
    this.labelOf[at] = label;
    this.toldAt[at] = toldAt;
    this.pathOf[at] = path;
    this.spans.open();
    this.appearances += 1;
    return at;
  }

  /** Number of the label that lies in the bytes; a new one when it was not known. */
  labelAt(bytes: Buffer, from: number, end: number): number {
    const { labels, labelTexts } = this;
    for (let i = 0; i < labelTexts.length; i += 1) {
      const text = labelTexts[i];
      if (text && isSame(text, bytes, from, end)) return i;
    }
    labels.push(bytes.toString("utf8", from, end));
    return labelTexts.push(Buffer.from(bytes.subarray(from, end))) - 1;
  }

  /** Ends a block: all entries, points and appearances since its beginning are its own. */
  close(block: Block): void {
    for (let i = block.fromAppearance; i < block.toAppearance; i += 1) {
      this.blockExtents.merge(block.number, this.spans, i);
      this.paths.merge(this.pathOf[i] ?? 0, this.spans, i);
    }
    this.#noteRow(block);
    this.blocks.push(block);
  }

  /** Room for so many more blocks. */
  reserveBlocks(more: number): void {
    const size = (this.blocks.length + more) * rowFields;
    if (size > this.rows.length) this.rows = grown(this.rows, new Uint32Array(Math.max(size, 2 * this.rows.length)));
    this.blockExtents.makeRoom(more);
  }

  #noteRow(block: Block): void {
    const { fromEntry, toEntry, fromAppearance, toAppearance, labelBits, looked, framesAt, restAt, isOrdered } = block;
    this.reserveBlocks(1);
    const numbers = [fromEntry, toEntry, fromAppearance, toAppearance, labelBits, looked, framesAt, restAt];
    this.rows.set([...numbers, isOrdered ? 1 : 0], block.number * rowFields);
  }

  #growEntries(wanted: number): void {
    const size = Math.ceil(wanted);
    this.kind = grown(this.kind, new Uint8Array(size));
    this.nowMs = grown(this.nowMs, new Float64Array(size));
    this.looked = grown(this.looked, new Uint8Array(size));
    this.pointCount = grown(this.pointCount, new Uint16Array(size));
    this.pointsAt = grown(this.pointsAt, new Uint32Array(size));
  }

  /** Room for so many more appearances. */
  reserveAppearances(more: number): void {
    if (this.appearances + more <= this.idOf.length) return;
    const size = Math.max(this.appearances + more, 2 * this.idOf.length);
    this.idOf = grown(this.idOf, new Uint32Array(size));
    this.labelOf = grown(this.labelOf, new Uint8Array(size));
    this.toldAt = grown(this.toldAt, new Uint32Array(size));
    this.pathOf = grown(this.pathOf, new Uint32Array(size));
    this.pointsOf = grown(this.pointsOf, new Uint32Array(size));
  }
}

type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

function grown<Kind extends Column>(from: Column, to: Kind): Kind {
  to.set(from);
  return to;
}

/** Byte by byte: labels are short, and a call that compares costs more than they do. */
function isSame(text: Buffer, bytes: Buffer, from: number, end: number): boolean {
  if (text.length !== end - from) return false;
  for (let i = 0; i < text.length; i += 1) if (text[i] !== bytes[from + i]) return false;
  return true;
}
