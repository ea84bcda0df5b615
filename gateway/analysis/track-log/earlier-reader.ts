/** Blocks of earlier releases: points of 17 bytes among the records, at first with no head before them. */
import type { Scene } from "../detection/scene.ts";
import type { Track } from "../tracking/track.ts";
import { frameFlags, newLabel, recordKinds, trackStates } from "./block-format.ts";
import { headFlags, readTracks, seenAt, type Introduced } from "./block-head.ts";
import { extentBytes } from "./extents.ts";
import type { LogEntry } from "./log-entry.ts";
import { boxSteps, placeOf, scoreSteps, speedSteps } from "./quantise.ts";
import { readScene, sceneBytes } from "./scene-bytes.ts";

type Known = { -readonly [Key in keyof Introduced]: Introduced[Key] };

/** Bits of a point's flag byte; the two lowest are the state. */
const pointFlags = { seenNow: 4, introduced: 8 } as const;

/** See `BlockReader`. */
export class EarlierReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  readonly #baseMs: number;
  #at = 8;
  /** By slot: with a head all of them from the start, else as the records introduce them. */
  readonly #known: Known[] = [];
  readonly #hasHead: boolean;
  readonly #labels: string[] = [];

  constructor(body: Buffer) {
    this.#bytes = body;
    this.#view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    this.#baseMs = this.#view.getFloat64(0, true);
    this.#hasHead = this.#at < body.length && this.#view.getUint8(this.#at) === recordKinds.earlierHead;
    if (this.#hasHead) this.#readHead();
  }

  /** Wall time of the first entry. */
  get baseMs(): number {
    return this.#baseMs;
  }

  /** The next entry; null at the end. */
  next(): LogEntry | null {
    if (this.#at >= this.#view.byteLength) return null;
    const kind = this.#u8();
    const nowMs = this.#baseMs + this.#view.getInt32(this.#at, true);
    this.#at += 4;
    switch (kind) {
      case recordKinds.frame:
        return this.#frame(nowMs);
      case recordKinds.start:
        return { kind: "start", nowMs };
      case recordKinds.lost:
        return { kind: "lost", nowMs };
      case recordKinds.gap:
        return { kind: "gap", nowMs, frames: this.#u32() };
      default:
        throw new RangeError(`no record of kind ${kind} is known`);
    }
  }

  #readHead(): void {
    const flags = this.#view.getUint8(this.#at + 1);
    let told = "";
    this.#at = readTracks(this.#view, this.#at + 2, {
      label: (from, end) => {
        told = this.#bytes.toString("utf8", from, end);
        this.#labels.push(told);
      },
      track: (id, label, toldAt) => {
        const name = label === newLabel ? told : (this.#labels[label] ?? "");
        this.#known.push({ id, label: name, ...seenAt(this.#view, toldAt) });
      },
    });
    if ((flags & headFlags.plain) === 0) return;
    if ((flags & headFlags.aspect) !== 0) this.#at += 4;
    const frames = this.#view.getUint32(this.#at + 4, true);
    this.#at += 8 + 2 * frames + this.#known.length * (2 + extentBytes);
  }

  #frame(nowMs: number): LogEntry {
    const flags = this.#u8();
    const aspect = (flags & frameFlags.aspect) === 0 ? {} : { aspect: this.#f32() };
    const moved = (flags & frameFlags.moved) === 0 ? {} : { moved: true };
    const scene = (flags & frameFlags.scene) === 0 ? null : this.#scene();
    const measures = (flags & frameFlags.measures) === 0 ? null : this.#measures();
    let tracks: Track[] | null = null;
    if ((flags & frameFlags.tracks) !== 0) {
      tracks = [];
      for (let left = this.#u16(); left > 0; left -= 1) tracks.push(this.#point(nowMs));
    }
    const measured = measures === null ? {} : { measures };
    return { kind: "frame", nowMs, seen: { tracks, scene, ...measured, ...aspect, ...moved } };
  }

  #scene(): Scene {
    this.#at += sceneBytes;
    return readScene(this.#view, this.#at - sceneBytes);
  }

  #measures(): Readonly<Record<string, number | null>> {
    const measures: Record<string, number | null> = {};
    for (let left = this.#u8(); left > 0; left -= 1) {
      const name = this.#label();
      const value = this.#f64();
      measures[name] = Number.isNaN(value) ? null : value;
    }
    return measures;
  }

  #point(nowMs: number): Track {
    const slot = this.#u16();
    const flags = this.#u8();
    const seenNow = (flags & pointFlags.seenNow) !== 0;
    const isNew = (flags & pointFlags.introduced) !== 0;
    const known = isNew && !this.#hasHead ? this.#introduced(slot) : this.#known[slot];
    if (!known) throw new RangeError(`track slot ${slot} was never introduced`);
    if (!isNew && seenNow) {
      known.lastSeenMs = nowMs;
      known.hits += 1;
    }
    const view = this.#view;
    const at = this.#at;
    this.#at += 14;
    return {
      id: known.id,
      label: known.label,
      state: trackStates[flags & 3] ?? "ended",
      box: {
        x: placeOf(view.getUint16(at + 2, true)),
        y: placeOf(view.getUint16(at + 4, true)),
        width: view.getUint16(at + 6, true) / boxSteps,
        height: view.getUint16(at + 8, true) / boxSteps,
      },
      score: view.getUint16(at, true) / scoreSteps,
      firstSeenMs: known.firstSeenMs,
      lastSeenMs: known.lastSeenMs,
      seenNow,
      hits: known.hits,
      velocity: {
        x: view.getInt16(at + 10, true) / speedSteps,
        y: view.getInt16(at + 12, true) / speedSteps,
      },
    };
  }

  #introduced(slot: number): Known {
    const id = this.#u32();
    const label = this.#label();
    const known = { id, label, firstSeenMs: this.#f64(), lastSeenMs: this.#f64(), hits: this.#u32() };
    this.#known[slot] = known;
    return known;
  }

  #label(): string {
    const slot = this.#u8();
    if (slot !== newLabel) return this.#labels[slot] ?? "";
    const length = this.#u8();
    const label = this.#bytes.toString("utf8", this.#at, this.#at + length);
    this.#at += length;
    this.#labels.push(label);
    return label;
  }

  #u8(): number {
    const value = this.#view.getUint8(this.#at);
    this.#at += 1;
    return value;
  }
  #u16(): number {
    const value = this.#view.getUint16(this.#at, true);
    this.#at += 2;
    return value;
  }
  #u32(): number {
    const value = this.#view.getUint32(this.#at, true);
    this.#at += 4;
    return value;
  }
  #f32(): number {
    const value = this.#view.getFloat32(this.#at, true);
    this.#at += 4;
    return value;
  }
  #f64(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += 8;
    return value;
  }
}
