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

/** Largest record of one track: its point, its introduction, a new label. */
const pointRoom = 17 + 25 + 241;
const maxDelta = 0x7fff_ffff;
const maxSlots = 0xffff;

/** A block in the making. One buffer is used again and again; `seal` hands out a copy of what is in it. */
export class BlockWriter {
  #bytes = Buffer.allocUnsafe(64 * 1024);
  #at = 0;
  #baseMs = 0;
  #slots = 0;
  #aspect: number | undefined;
  readonly #known = new Map<number, Known>();
  readonly #labels = new Map<string, number>();

  /** Bytes so far, the head included; 0 when nothing was added. */
  get sizeBytes(): number {
    return this.#at;
  }

  /** Wall time of the first entry. */
  get baseMs(): number {
    return this.#baseMs;
  }

  /** Whether the entry fits in here; a clock that jumps by weeks, or very many labels, need a block of their own. */
  takes(entry: LogEntry): boolean {
    if (this.#at === 0) return true;
    const more = entry.kind === "frame" ? (entry.seen.tracks?.length ?? 0) : 0;
    const delta = Math.abs(entry.nowMs - this.#baseMs);
    return delta < maxDelta && this.#labels.size < 128 && this.#slots + more < maxSlots;
  }

  /** Adds one entry that was quantised before. */
  add(entry: LogEntry): void {
    if (this.#at === 0) this.#begin(entry.nowMs);
    this.#room(16);
    this.#u8(recordKinds[entry.kind]);
    this.#at = this.#bytes.writeInt32LE(entry.nowMs - this.#baseMs, this.#at);
    // Rules that begin anew have to be told the picture's shape anew.
    if (entry.kind === "start") this.#aspect = undefined;
    if (entry.kind === "gap") this.#u32(entry.frames);
    if (entry.kind === "frame") this.#frame(entry);
  }

  /** The block with its head; the writer is empty afterwards. */
  seal(): Buffer {
    const block = Buffer.from(this.#bytes.subarray(0, this.#at));
    const body = block.subarray(blockHeadBytes);
    blockMark.copy(block);
    block.writeUInt32LE(body.length, 4);
    block.writeUInt32LE(crc32(body), 8);
    this.#at = 0;
    this.#slots = 0;
    this.#aspect = undefined;
    this.#known.clear();
    this.#labels.clear();
    return block;
  }

  #begin(nowMs: number): void {
    this.#baseMs = nowMs;
    this.#at = this.#bytes.writeDoubleLE(nowMs, blockHeadBytes);
  }

  #frame({ nowMs, seen }: LogEntry & { readonly kind: "frame" }): void {
    const measures = seen.measures === undefined ? null : Object.entries(seen.measures).slice(0, 32);
    // Told once a block: each block stands on its own.
    const isShape = seen.aspect !== undefined && seen.aspect !== this.#aspect;
    this.#u8(
      (seen.tracks ? frameFlags.tracks : 0) |
        (seen.scene ? frameFlags.scene : 0) |
        (measures ? frameFlags.measures : 0) |
        (isShape ? frameFlags.aspect : 0) |
        (seen.moved === true ? frameFlags.moved : 0),
    );
    if (isShape) {
      this.#aspect = seen.aspect;
      this.#at = this.#bytes.writeFloatLE(seen.aspect, this.#at);
    }
    if (seen.scene) this.#scene(seen.scene);
    if (measures) {
      this.#room(measures.length * (pointRoom + 9) + 1);
      this.#u8(measures.length);
      for (const [name, value] of measures) {
        this.#label(name);
        this.#f64(value ?? NaN);
      }
    }
    if (!seen.tracks) return;
    this.#room(seen.tracks.length * pointRoom + 2);
    this.#u16(seen.tracks.length);
    for (const track of seen.tracks) this.#point(track, nowMs);
  }

  #scene({ brightness, contrast, sharpness, blackShare, change }: Scene): void {
    this.#room(16);
    this.#u16(Math.round(brightness * lumaSteps));
    this.#u16(Math.round(contrast * lumaSteps));
    this.#at = this.#bytes.writeFloatLE(sharpness, this.#at);
    this.#u16(Math.round(blackShare * shareSteps));
    this.#u16(change === null ? 0xffff : Math.round(change * lumaSteps));
  }

  /** 17 bytes, and 17 more with a label's name when the reader could not guess the rest. */
  #point(track: Track, nowMs: number): void {
    const { box, score, velocity } = track;
    const known = this.#known.get(track.id);
    const isGuessed = known !== undefined && isAsGuessed(known, track, nowMs);
    const slot = isGuessed ? known.slot : this.#slots++;
    this.#u16(slot);
    this.#u8(
      trackStates.indexOf(track.state) |
        (track.seenNow ? pointFlags.seenNow : 0) |
        (isGuessed ? 0 : pointFlags.introduced),
    );
    if (!isGuessed) this.#introduce(track);
    this.#u16(Math.round(score * scoreSteps));
    this.#u16(placeSteps(box.x));
    this.#u16(placeSteps(box.y));
    this.#u16(Math.round(box.width * boxSteps));
    this.#u16(Math.round(box.height * boxSteps));
    this.#at = this.#bytes.writeInt16LE(Math.round(velocity.x * speedSteps), this.#at);
    this.#at = this.#bytes.writeInt16LE(Math.round(velocity.y * speedSteps), this.#at);
    const { label, firstSeenMs, lastSeenMs, hits } = track;
    if (isGuessed) {
      known.lastSeenMs = lastSeenMs;
      known.hits = hits;
    } else this.#known.set(track.id, { slot, label, firstSeenMs, lastSeenMs, hits });
  }

  #introduce({ id, label, firstSeenMs, lastSeenMs, hits }: Track): void {
    this.#u32(id);
    this.#label(label);
    this.#f64(firstSeenMs);
    this.#f64(lastSeenMs);
    this.#u32(hits);
  }

  #label(label: string): void {
    const slot = this.#labels.get(label);
    if (slot !== undefined) {
      this.#u8(slot);
      return;
    }
    const next = this.#labels.size;
    const bytes = Buffer.from(label, "utf8").subarray(0, 240);
    this.#u8(newLabel);
    this.#u8(bytes.length);
    bytes.copy(this.#bytes, this.#at);
    this.#at += bytes.length;
    if (next < newLabel) this.#labels.set(label, next);
  }

  #room(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + more));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }

  #u8(value: number): void {
    this.#at = this.#bytes.writeUInt8(value, this.#at);
  }
  #u16(value: number): void {
    this.#at = this.#bytes.writeUInt16LE(value, this.#at);
  }
  #u32(value: number): void {
    this.#at = this.#bytes.writeUInt32LE(value, this.#at);
  }
  #f64(value: number): void {
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
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
