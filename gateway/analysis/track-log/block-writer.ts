/** Entries → one block of bytes. */
import { crc32 } from "node:zlib";
import type { Track } from "../tracking/track.ts";
import type { Observation } from "../zones/rule.ts";
import { blockHeadBytes, blockMark, frameFlags, newLabel, recordKinds, trackStates } from "./block-format.ts";
import { labelBytes, writeHead } from "./block-head.ts";
import { ByteWriter } from "./byte-writer.ts";
import { Extents } from "./extents.ts";
import { FrameTable, longestStepMs, mostFramePoints, mostFrames } from "./frame-table.ts";
import type { LogEntry } from "./log-entry.ts";
import { greatestScore, mostSlots, pointBytes, scoreOf, whoOf } from "./points.ts";
import { boxSteps, placeSteps, scoreSteps, speedSteps } from "./quantise.ts";
import { sceneBytes, writeScene } from "./scene-bytes.ts";

/** What the reader will believe of a track unless it is told otherwise. */
interface Known {
  readonly slot: number;
  readonly label: string;
  readonly firstSeenMs: number;
  lastSeenMs: number;
  hits: number;
}

/** A label with its slot and length; a track in the head has 24 bytes more. */
const labelRoom = 242;
const maxDelta = 0x7fff_ffff;

/** A block in the making. Its buffers are used again and again; `seal` hands out a copy of what is in them. */
export class BlockWriter {
  /** What there is of each entry but its points, in case the block turns out not to be plain. */
  readonly #records = new ByteWriter();
  readonly #frames = new FrameTable();
  readonly #scenes = new ByteWriter();
  readonly #measures = new ByteWriter();
  readonly #points = new ByteWriter();
  /** The tracks of the head. */
  readonly #tracks = new ByteWriter();
  readonly #whole = new ByteWriter();
  #isEmpty = true;
  #baseMs = 0;
  #slots = 0;
  #aspect: number | undefined;
  readonly #known = new Map<number, Known>();
  readonly #labels = new Map<string, number>();
  readonly #extents = new Extents();
  #isPlain = true;
  #isOrdered = true;
  #newestMs = 0;
  /** By slot: its points. */
  readonly #pointsOf: number[] = [];

  /** About how many bytes there are so far, the heads left out; 0 when nothing was added. */
  get sizeBytes(): number {
    return this.#isEmpty ? 0 : blockHeadBytes + 8 + this.#records.length + this.#tracks.length + this.#points.length;
  }

  /** Wall time of the first entry. */
  get baseMs(): number {
    return this.#baseMs;
  }

  /** Whether the entry fits in here; a clock that jumps by weeks, or very many labels, need a block of their own. */
  takes(entry: LogEntry): boolean {
    if (this.#isEmpty) return true;
    const more = entry.kind === "frame" ? (entry.seen.tracks?.length ?? 0) : 0;
    const delta = Math.abs(entry.nowMs - this.#baseMs);
    return delta < maxDelta && this.#labels.size < 128 && this.#slots + more < mostSlots;
  }

  /** Adds one entry that was quantised before. */
  add(entry: LogEntry): void {
    const { kind, nowMs } = entry;
    if (this.#isEmpty) this.#baseMs = this.#newestMs = nowMs;
    this.#isEmpty = false;
    const records = this.#records;
    records.room(32);
    records.u8(recordKinds[kind]);
    records.i32(nowMs - this.#baseMs);
    // Rules that begin anew have to be told the picture's shape anew.
    if (kind === "start") this.#aspect = undefined;
    if (kind === "gap") records.u32(entry.frames);
    if (kind === "frame") this.#frame(entry);
    else this.#isPlain = false;
  }

  /** The block with its head; the writer is empty afterwards. */
  seal(): Buffer {
    const whole = this.#whole;
    whole.clear();
    whole.room(blockHeadBytes + 8);
    whole.bytes(blockMark);
    whole.u32(0);
    whole.u32(0);
    whole.f64(this.#baseMs);
    writeHead(
      whole,
      this.#labels.keys(),
      { bytes: this.#tracks.written, count: this.#slots },
      {
        isPlain: this.#isPlain,
        isOrdered: this.#isOrdered,
        aspect: this.#aspect,
        points: this.#points.length / pointBytes,
        frames: this.#frames,
        extents: this.#extents,
        pointsOf: this.#pointsOf,
      },
    );
    for (const part of this.#isPlain ? [this.#scenes, this.#measures, this.#points] : [this.#records, this.#points]) {
      whole.room(part.length);
      whole.bytes(part.written);
    }
    const block = Buffer.from(whole.written);
    const body = block.subarray(blockHeadBytes);
    block.writeUInt32LE(body.length, 4);
    block.writeUInt32LE(crc32(body), 8);
    this.#clear();
    return block;
  }

  #clear(): void {
    this.#isEmpty = true;
    for (const part of [this.#records, this.#frames, this.#scenes, this.#measures, this.#points, this.#tracks])
      part.clear();
    this.#slots = 0;
    this.#aspect = undefined;
    this.#known.clear();
    this.#labels.clear();
    this.#extents.clear();
    this.#isPlain = true;
    this.#isOrdered = true;
    this.#pointsOf.length = 0;
  }

  #frame({ nowMs, seen }: LogEntry & { readonly kind: "frame" }): void {
    const records = this.#records;
    const measures = seen.measures === undefined ? null : Object.entries(seen.measures).slice(0, 32);
    // Told once a block: each block stands on its own.
    const isShape = seen.aspect !== undefined && seen.aspect !== this.#aspect;
    this.#list(nowMs, seen);
    // A plain block tells its shape once, for all of its frames.
    const isLateShape = isShape && (this.#aspect !== undefined || this.#frames.count > 1);
    if (seen.moved === true || isLateShape) this.#isPlain = false;
    records.u8(
      (seen.tracks ? frameFlags.tracks : 0) |
        (seen.scene ? frameFlags.scene : 0) |
        (measures ? frameFlags.measures : 0) |
        (isShape ? frameFlags.aspect : 0) |
        (seen.moved === true ? frameFlags.moved : 0),
    );
    if (isShape) {
      this.#aspect = seen.aspect;
      records.f32(seen.aspect);
    }
    if (seen.scene)
      for (const to of [records, this.#scenes]) {
        to.room(sceneBytes);
        writeScene(to, seen.scene);
      }
    if (measures) {
      this.#measures.room(2);
      this.#measures.u16(Math.max(0, this.#frames.count - 1)); // The frame is in the list; if not, nobody reads this.
      for (const to of [records, this.#measures]) this.#measured(measures, to);
    }
    if (!seen.tracks) return;
    records.room(2);
    records.u16(seen.tracks.length);
    this.#points.room(seen.tracks.length * pointBytes);
    let before = -1;
    for (const track of seen.tracks) {
      const slot = this.#point(track, nowMs);
      if (slot <= before) this.#isOrdered = false;
      before = slot;
    }
  }

  /** Notes a frame for a plain block, or that this one is none. */
  #list(nowMs: number, { tracks, scene }: Observation): void {
    const stepMs = nowMs - this.#newestMs;
    const points = tracks?.length ?? 0;
    this.#newestMs = nowMs;
    if (stepMs < 0 || stepMs > longestStepMs || points > mostFramePoints || this.#frames.count === mostFrames)
      this.#isPlain = false;
    if (this.#isPlain) this.#frames.add(stepMs, tracks !== null, scene !== null, points);
  }

  /** Its bytes, and a line in the head when the reader could not guess the rest. @returns its slot */
  #point(track: Track, nowMs: number): number {
    const { id, label, box, score, velocity, firstSeenMs, lastSeenMs, hits } = track;
    const points = this.#points;
    const known = this.#known.get(id);
    const isGuessed = known !== undefined && isAsGuessed(known, track, nowMs);
    const slot = isGuessed ? known.slot : this.#introduce(track);
    const state = trackStates.indexOf(track.state);
    const [x, y] = [placeSteps(box.x), placeSteps(box.y)];
    const [width, height] = [Math.round(box.width * boxSteps), Math.round(box.height * boxSteps)];
    const scored = Math.min(greatestScore, Math.round(score * scoreSteps));
    points.u16(whoOf(slot, track.seenNow, !isGuessed));
    points.u16(scoreOf(scored, state));
    points.u16(x);
    points.u16(y);
    points.u16(width);
    points.u16(height);
    points.i16(Math.round(velocity.x * speedSteps));
    points.i16(Math.round(velocity.y * speedSteps));
    this.#extents.add(slot, x, y, width, height, scored, state);
    this.#pointsOf[slot] = (this.#pointsOf[slot] ?? 0) + 1; // Shrinks in #clear.
    if (isGuessed) {
      known.lastSeenMs = lastSeenMs;
      known.hits = hits;
    } else this.#known.set(id, { slot, label, firstSeenMs, lastSeenMs, hits });
    return slot;
  }

  #measured(measures: readonly (readonly [string, number | null])[], to: ByteWriter): void {
    to.room(measures.length * (labelRoom + 8) + 1);
    to.u8(measures.length);
    for (const [name, value] of measures) {
      this.#label(name, to);
      to.f64(value ?? NaN);
    }
  }

  #introduce({ id, label, firstSeenMs, lastSeenMs, hits }: Track): number {
    const tracks = this.#tracks;
    tracks.room(labelRoom + 24);
    tracks.u32(id);
    this.#label(label, tracks);
    tracks.f64(firstSeenMs);
    tracks.f64(lastSeenMs);
    tracks.u32(hits);
    this.#slots += 1;
    return this.#extents.open();
  }

  /** A label by its number in the head; spelt out when the head is full. */
  #label(label: string, to: ByteWriter): void {
    const slot = this.#labels.get(label) ?? this.#labels.size;
    to.u8(Math.min(slot, newLabel));
    if (slot < newLabel) this.#labels.set(label, slot);
    else to.text(labelBytes(label));
  }
}

function isAsGuessed(known: Known, track: Track, nowMs: number): boolean {
  return (
    known.label === track.label &&
    known.firstSeenMs === track.firstSeenMs &&
    track.lastSeenMs === (track.seenNow ? nowMs : known.lastSeenMs) &&
    track.hits === known.hits + (track.seenNow ? 1 : 0)
  );
}
