/** One file of the log as columns: what a rehearsal walks through without making an object of every point. */
import type { Scene } from "../detection/scene.ts";
import type { Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import { lookedBits, sceneSize, type Block } from "./block.ts";
import { trackStates, pointFlags, recordKinds } from "./block-format.ts";
import { ColumnReader } from "./column-reader.ts";
import { Extents } from "./extents.ts";
import { boxSteps, lumaSteps, placeOf, scoreSteps, shareSteps, speedSteps } from "./quantise.ts";

/** Entries and points by number; grows when the file did. */
export class LogColumns {
  entries = 0;
  points = 0;
  kind = new Uint8Array(1024);
  nowMs = new Float64Array(1024);
  /** Points of entry i are `firstPoint[i]` up to `firstPoint[i + 1]`, exclusive. */
  firstPoint = new Uint32Array(1025);
  /** Bits of `lookedBits`. */
  looked = new Uint8Array(1024);
  /** For a gap: the frames that are missing. */
  readonly missing = new Map<number, number>();
  /** Twelve bytes an entry, as in the file. */
  sceneBytes = new Uint8Array(0);
  /** Where the picture's shape is told. */
  readonly aspects = new Map<number, number>();
  readonly measures = new Map<number, Readonly<Record<string, number | null>>>();

  appearance = new Uint32Array(1024);
  flags = new Uint8Array(1024);
  score = new Uint16Array(1024);
  x = new Uint16Array(1024);
  y = new Uint16Array(1024);
  width = new Uint16Array(1024);
  height = new Uint16Array(1024);
  speedX = new Int16Array(1024);
  speedY = new Int16Array(1024);
  hits = new Uint32Array(1024);
  lastSeenMs = new Float64Array(1024);

  /** One appearance of a track in one block: its id, the number of its label, when it was first seen, its path. */
  appearances = 0;
  idOf = new Uint32Array(256);
  labelOf = new Uint8Array(256);
  firstSeenOf = new Float64Array(256);
  /** Number of the path in `paths`. */
  pathOf = new Uint32Array(256);
  /** In how many frames it is. */
  pointsOf = new Uint32Array(256);
  readonly labels: string[] = [];
  readonly blocks: Block[] = [];
  /** Where each block's boxes lie, by `Block.extent`. */
  readonly blockExtents = new Extents();
  /** What the points of each appearance are like; the group has the number of the appearance. */
  readonly spans = new Extents();
  /** Where the boxes of one id lie, over the whole file. */
  readonly paths = new Extents();
  readonly pathById = new Map<number, number>();
  /** The labels as they are written. */
  readonly labelTexts: Buffer[] = [];

  #bytesRead = 0;
  readonly #reader = new ColumnReader(this);
  #madeEntry = -1;
  #made: readonly Track[] = [];
  readonly #scratch = {
    id: 0,
    label: "",
    state: "ended" as Track["state"],
    // Fractions from the start: fields that began as whole numbers would be boxed anew at each store.
    box: { x: 0.5, y: 0.5, width: 0.5, height: 0.5 },
    score: 0.5,
    firstSeenMs: 0,
    lastSeenMs: 0,
    seenNow: true,
    hits: 0,
    velocity: { x: 0, y: 0 },
  };

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

  /** Room for so many points, and half as many again when there was too little. */
  reservePoints(points: number): void {
    if (points > this.flags.length) this.#growPoints(Math.max(points, this.flags.length * 1.5));
  }

  /** About how many bytes of memory this takes. */
  get sizeBytes(): number {
    const entries = this.kind.length * 14 + this.sceneBytes.length + this.measures.size * 120;
    return entries + this.flags.length * 31 + this.idOf.length * 64 + this.#bytesRead;
  }

  /** Point `i` as the rules get it. */
  track(i: number): Track {
    const known = this.appearance[i] ?? 0;
    const flags = this.flags[i] ?? 0;
    return {
      id: this.idOf[known] ?? 0,
      label: this.labels[this.labelOf[known] ?? 0] ?? "",
      state: trackStates[flags & 3] ?? "ended",
      box: {
        x: placeOf(this.x[i] ?? 0),
        y: placeOf(this.y[i] ?? 0),
        width: (this.width[i] ?? 0) / boxSteps,
        height: (this.height[i] ?? 0) / boxSteps,
      },
      score: (this.score[i] ?? 0) / scoreSteps,
      firstSeenMs: this.firstSeenOf[known] ?? 0,
      lastSeenMs: this.lastSeenMs[i] ?? 0,
      seenNow: (flags & pointFlags.seenNow) !== 0,
      hits: this.hits[i] ?? 0,
      velocity: { x: (this.speedX[i] ?? 0) / speedSteps, y: (this.speedY[i] ?? 0) / speedSteps },
    };
  }

  /** Point `i` in an object that the next call overwrites, with what a rule needs to know whether it counts. */
  borrow(i: number): Track {
    const scratch = this.#scratch;
    const known = this.appearance[i] ?? 0;
    scratch.id = this.idOf[known] ?? 0;
    scratch.label = this.labels[this.labelOf[known] ?? 0] ?? "";
    scratch.state = trackStates[(this.flags[i] ?? 0) & 3] ?? "ended";
    scratch.score = (this.score[i] ?? 0) / scoreSteps;
    const { box } = scratch;
    box.x = placeOf(this.x[i] ?? 0);
    box.y = placeOf(this.y[i] ?? 0);
    box.width = (this.width[i] ?? 0) / boxSteps;
    box.height = (this.height[i] ?? 0) / boxSteps;
    return scratch;
  }

  /** Reads the points of a block, unless that was done before. */
  open(block: Block): void {
    const { unread } = block;
    if (!unread) return;
    block.unread = null;
    this.reservePoints(this.points);
    this.#reader.read(unread, block);
  }

  /** Every point of entry `i`. */
  tracks(i: number): readonly Track[] {
    this.openAt(i);
    const tracks: Track[] = [];
    const end = this.firstPoint[i + 1] ?? 0;
    for (let point = this.firstPoint[i] ?? 0; point < end; point += 1) tracks.push(this.track(point));
    return tracks;
  }

  /** The same, made once for all that ask one after the other. */
  tracksOnce(i: number): readonly Track[] {
    if (this.#madeEntry !== i) this.#made = this.tracks(i);
    this.#madeEntry = i;
    return this.#made;
  }

  /** The box of point `i`. */
  box(i: number): Box {
    return {
      x: placeOf(this.x[i] ?? 0),
      y: placeOf(this.y[i] ?? 0),
      width: (this.width[i] ?? 0) / boxSteps,
      height: (this.height[i] ?? 0) / boxSteps,
    };
  }

  /** Whether entry `i` is a frame. */
  isFrame(i: number): boolean {
    return this.kind[i] === recordKinds.frame;
  }

  /** What was measured of the whole picture at entry `i`; null when nothing was. */
  scene(i: number): Scene | null {
    if (((this.looked[i] ?? 0) & lookedBits.scene) === 0) return null;
    const view = new DataView(this.sceneBytes.buffer, i * sceneSize, sceneSize);
    const change = view.getUint16(10, true);
    return {
      brightness: view.getUint16(0, true) / lumaSteps,
      contrast: view.getUint16(2, true) / lumaSteps,
      sharpness: view.getFloat32(4, true),
      blackShare: view.getUint16(8, true) / shareSteps,
      change: change === 0xffff ? null : change / lumaSteps,
    };
  }

  /** Room for scenes; a log without them needs none. */
  reserveScenes(): void {
    const size = this.kind.length * sceneSize;
    if (this.sceneBytes.length < size) this.sceneBytes = grown(this.sceneBytes, new Uint8Array(size));
  }

  /** A new appearance. @returns its number */
  introduce(id: number, label: number, firstSeenMs: number): number {
    const at = this.appearances;
    if (at >= this.idOf.length) {
      this.idOf = grown(this.idOf, new Uint32Array(at * 2));
      this.labelOf = grown(this.labelOf, new Uint8Array(at * 2));
      this.firstSeenOf = grown(this.firstSeenOf, new Float64Array(at * 2));
      this.pathOf = grown(this.pathOf, new Uint32Array(at * 2));
      this.pointsOf = grown(this.pointsOf, new Uint32Array(at * 2));
    }
    let path = this.pathById.get(id);
    if (path === undefined) {
      path = this.paths.open();
      this.pathById.set(id, path);
    }
    this.idOf[at] = id;
    this.labelOf[at] = label;
    this.firstSeenOf[at] = firstSeenMs;
    this.pathOf[at] = path;
    this.spans.open();
    this.appearances += 1;
    return at;
  }

  /** Number of the label that lies in the bytes; a new one when it was not known. */
  labelAt(bytes: Buffer, from: number, end: number): number {
    const { labels, labelTexts } = this;
    for (let i = 0; i < labelTexts.length; i += 1) if (labelTexts[i]?.compare(bytes, from, end) === 0) return i;
    labels.push(bytes.toString("utf8", from, end));
    return labelTexts.push(Buffer.from(bytes.subarray(from, end))) - 1;
  }

  /** Ends a block: all entries, points and appearances since its beginning are its own. */
  close(block: Block): void {
    for (let i = block.fromAppearance; i < block.toAppearance; i += 1) {
      this.blockExtents.merge(block.extent, this.spans, i);
      this.paths.merge(this.pathOf[i] ?? 0, this.spans, i);
    }
    this.blocks.push(block);
  }

  /** Reads the points of the block that an entry is in. */
  openAt(entry: number): void {
    const { blocks } = this;
    let [low, high] = [0, blocks.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((blocks[middle]?.fromEntry ?? 0) <= entry) low = middle;
      else high = middle - 1;
    }
    const block = blocks[low];
    if (block?.unread) this.open(block);
  }

  #growEntries(wanted: number): void {
    const size = Math.ceil(wanted);
    this.kind = grown(this.kind, new Uint8Array(size));
    this.nowMs = grown(this.nowMs, new Float64Array(size));
    this.firstPoint = grown(this.firstPoint, new Uint32Array(size + 1));
    this.looked = grown(this.looked, new Uint8Array(size));
  }

  #growPoints(wanted: number): void {
    const size = Math.ceil(wanted);
    this.appearance = grown(this.appearance, new Uint32Array(size));
    this.flags = grown(this.flags, new Uint8Array(size));
    this.score = grown(this.score, new Uint16Array(size));
    this.x = grown(this.x, new Uint16Array(size));
    this.y = grown(this.y, new Uint16Array(size));
    this.width = grown(this.width, new Uint16Array(size));
    this.height = grown(this.height, new Uint16Array(size));
    this.speedX = grown(this.speedX, new Int16Array(size));
    this.speedY = grown(this.speedY, new Int16Array(size));
    this.hits = grown(this.hits, new Uint32Array(size));
    this.lastSeenMs = grown(this.lastSeenMs, new Float64Array(size));
  }
}

type Column = Uint8Array | Uint16Array | Uint32Array | Int16Array | Float64Array;

function grown<Kind extends Column>(from: Column, to: Kind): Kind {
  to.set(from);
  return to;
}
