/** Entries → one block of bytes. */
import { crc32 } from "node:zlib";
import type { Scene } from "../detection/scene.ts";
import type { Track } from "../tracking/track.ts";
import {
  blockHeadBytes,
  blockMark,
  frameFlags,
  newLabel,
  pointFlags,
  recordKinds,
  trackStates,
} from "./block-format.ts";
import { labelBytes, longestStepMs, writeHead } from "./block-head.ts";
import { ByteWriter } from "./byte-writer.ts";
import { Extents } from "./extents.ts";
import type { LogEntry } from "./log-entry.ts";
import { boxSteps, lumaSteps, placeSteps, scoreSteps, shareSteps, speedSteps } from "./quantise.ts";

/** What the reader will believe of a track unless it is told otherwise. */
interface Known {
  readonly slot: number;
  readonly label: string;
  readonly firstSeenMs: number;
  lastSeenMs: number;
  hits: number;
}

/** Largest record of one track. */
const pointRoom = 17;
/** A label with its slot and length; a track in the head has 24 bytes more. */
const labelRoom = 242;
const maxDelta = 0x7fff_ffff;
const maxSlots = 0xffff;

/** A block in the making. Its buffers are used again and again; `seal` hands out a copy of what is in them. */
export class BlockWriter {
  readonly #records = new ByteWriter();
  /** The tracks of the head. */
  readonly #tracks = new ByteWriter();
  readonly #whole = new ByteWriter();
  #isEmpty = true;
  #baseMs = 0;
  #slots = 0;
  #points = 0;
  #aspect: number | undefined;
  readonly #known = new Map<number, Known>();
  readonly #labels = new Map<string, number>();
  readonly #extents = new Extents();
  #isPlain = true;
  #isOrdered = true;
  readonly #stepsMs: number[] = [];
  readonly #isLooked: boolean[] = [];
  #newestMs = 0;
  /** By slot: its points. */
  readonly #pointsOf: number[] = [];

  /** About how many bytes there are so far, the heads left out; 0 when nothing was added. */
  get sizeBytes(): number {
    return this.#isEmpty ? 0 : blockHeadBytes + 8 + this.#records.length + this.#tracks.length;
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
    return delta < maxDelta && this.#labels.size < 128 && this.#slots + more < maxSlots;
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
        points: this.#points,
        stepsMs: this.#stepsMs,
        isLooked: this.#isLooked,
        extents: this.#extents,
        pointsOf: this.#pointsOf,
      },
    );
    whole.room(this.#records.length);
    whole.bytes(this.#records.written);
    const block = Buffer.from(whole.written);
    const body = block.subarray(blockHeadBytes);
    block.writeUInt32LE(body.length, 4);
    block.writeUInt32LE(crc32(body), 8);
    this.#clear();
    return block;
  }

  #clear(): void {
    this.#isEmpty = true;
    this.#records.clear();
    this.#tracks.clear();
    this.#slots = 0;
    this.#points = 0;
    this.#aspect = undefined;
    this.#known.clear();
    this.#labels.clear();
    this.#extents.clear();
    this.#isPlain = true;
    this.#isOrdered = true;
    this.#pointsOf.length = 0;
    this.#stepsMs.length = 0;
    this.#isLooked.length = 0;
  }

  #frame({ nowMs, seen }: LogEntry & { readonly kind: "frame" }): void {
    const records = this.#records;
    const measures = seen.measures === undefined ? null : Object.entries(seen.measures).slice(0, 32);
    // Told once a block: each block stands on its own.
    const isShape = seen.aspect !== undefined && seen.aspect !== this.#aspect;
    this.#summarise(nowMs, seen.tracks !== null);
    if (seen.moved === true || (isShape && this.#aspect !== undefined)) this.#isPlain = false;
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
    if (seen.scene) this.#scene(seen.scene);
    if (measures) {
      records.room(measures.length * (labelRoom + 8) + 1);
      records.u8(measures.length);
      for (const [name, value] of measures) {
        this.#label(name, records);
        records.f64(value ?? NaN);
      }
    }
    if (!seen.tracks) return;
    records.room(seen.tracks.length * pointRoom + 2);
    records.u16(seen.tracks.length);
    let before = -1;
    for (const track of seen.tracks) {
      const slot = this.#point(track, nowMs);
      if (slot <= before) this.#isOrdered = false;
      before = slot;
    }
  }

  /** Notes the time of a frame for the head. */
  #summarise(nowMs: number, isLooked: boolean): void {
    const stepMs = nowMs - this.#newestMs;
    this.#newestMs = nowMs;
    if (stepMs < 0 || stepMs > longestStepMs) this.#isPlain = false;
    this.#stepsMs.push(this.#isPlain ? stepMs : 0); // Shrinks in #clear.
    this.#isLooked.push(isLooked); // Shrinks in #clear.
  }

  #scene({ brightness, contrast, sharpness, blackShare, change }: Scene): void {
    const records = this.#records;
    records.room(16);
    records.u16(Math.round(brightness * lumaSteps));
    records.u16(Math.round(contrast * lumaSteps));
    records.f32(sharpness);
    records.u16(Math.round(blackShare * shareSteps));
    records.u16(change === null ? 0xffff : Math.round(change * lumaSteps));
  }

  /** 17 bytes, and a line in the head when the reader could not guess the rest. @returns its slot */
  #point(track: Track, nowMs: number): number {
    const { id, label, box, score, velocity, firstSeenMs, lastSeenMs, hits } = track;
    const records = this.#records;
    const known = this.#known.get(id);
    const isGuessed = known !== undefined && isAsGuessed(known, track, nowMs);
    const slot = isGuessed ? known.slot : this.#introduce(track);
    const state = trackStates.indexOf(track.state);
    records.u16(slot);
    records.u8(state | (track.seenNow ? pointFlags.seenNow : 0) | (isGuessed ? 0 : pointFlags.introduced));
    const [x, y] = [placeSteps(box.x), placeSteps(box.y)];
    const [width, height] = [Math.round(box.width * boxSteps), Math.round(box.height * boxSteps)];
    const scored = Math.round(score * scoreSteps);
    records.u16(scored);
    records.u16(x);
    records.u16(y);
    records.u16(width);
    records.u16(height);
    records.i16(Math.round(velocity.x * speedSteps));
    records.i16(Math.round(velocity.y * speedSteps));
    this.#extents.add(slot, x, y, width, height, scored, state);
    this.#points += 1;
    this.#pointsOf[slot] = (this.#pointsOf[slot] ?? 0) + 1; // Shrinks in #clear.
    if (isGuessed) {
      known.lastSeenMs = lastSeenMs;
      known.hits = hits;
    } else this.#known.set(id, { slot, label, firstSeenMs, lastSeenMs, hits });
    return slot;
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
