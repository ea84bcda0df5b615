/** One block of bytes → its entries, the values bit for bit as the rules got them. */
import type { Scene } from "../detection/scene.ts";
import type { Track } from "../tracking/track.ts";
import { frameFlags, newLabel, recordKinds, trackStates } from "./block-format.ts";
import { hasHead, pointsFrom, readHead, seenAt, type Introduced } from "./block-head.ts";
import { EarlierReader } from "./earlier-reader.ts";
import { frameAt, hasScene, isLookedAt, pointsOfFrame, stepOf } from "./frame-table.ts";
import type { LogEntry } from "./log-entry.ts";
import { readMeasures, type Measures } from "./measure-bytes.ts";
import * as point from "./points.ts";
import { boxSteps, placeOf, scoreSteps, speedSteps } from "./quantise.ts";
import { readScene, sceneBytes } from "./scene-bytes.ts";

/** The entries of one block. */
export interface BlockEntries {
  /** Wall time of the first entry. */
  readonly baseMs: number;
  /** The next entry; null at the end. @throws RangeError when a record ends in the middle: a bug, not damage */
  next(): LogEntry | null;
}

/** The entries of a body whose checksum holds, of whichever release it is. */
export function entriesIn(body: Buffer): BlockEntries {
  return hasHead(viewOf(body), 8, body.length) ? new BlockReader(body) : new EarlierReader(body);
}

type Known = { -readonly [Key in keyof Introduced]: Introduced[Key] };

class BlockReader implements BlockEntries {
  readonly baseMs: number;
  readonly #bytes: Buffer;
  readonly #view: DataView;
  /** The next scene of a plain block, the next record of any other. */
  #at: number;
  /** Where its first point lies, and the next one. */
  readonly #end: number;
  #pointAt: number;
  /** Of a plain block: its frames, which of them is next, when the one before was. */
  #frames = 0;
  #framesAt = 0;
  #frame = 0;
  #nowMs: number;
  #aspect: number | null = null;
  /** By number of its frame. */
  readonly #measures = new Map<number, Measures>();
  /** By slot. */
  readonly #known: Known[] = [];
  readonly #labels: string[] = [];

  constructor(body: Buffer) {
    this.#bytes = body;
    this.#view = viewOf(body);
    this.baseMs = this.#nowMs = this.#view.getFloat64(0, true);
    this.#end = this.#pointAt = pointsFrom(this.#view, 0, body.length);
    let told = "";
    this.#at = readHead(this.#view, 8, {
      label: (from, end) => {
        told = body.toString("utf8", from, end);
        this.#labels.push(told);
      },
      track: (id, label, toldAt) => {
        const name = label === newLabel ? told : (this.#labels[label] ?? "");
        this.#known.push({ id, label: name, ...seenAt(this.#view, toldAt) });
      },
      plain: (frames, framesAt, aspect) => {
        [this.#frames, this.#framesAt, this.#aspect] = [frames, framesAt, aspect];
      },
    });
    if (this.#isPlain) this.#listMeasures();
  }

  next(): LogEntry | null {
    if (this.#isPlain) return this.#plain();
    if (this.#at >= this.#end) return null;
    const kind = this.#u8();
    const nowMs = this.baseMs + this.#view.getInt32(this.#at, true);
    this.#at += 4;
    switch (kind) {
      case recordKinds.frame:
        return this.#record(nowMs);
      case recordKinds.start:
        return { kind: "start", nowMs };
      case recordKinds.lost:
        return { kind: "lost", nowMs };
      case recordKinds.gap: {
        const frames = this.#view.getUint32(this.#at, true);
        this.#at += 4;
        return { kind: "gap", nowMs, frames };
      }
      default:
        throw new RangeError(`no record of kind ${kind} is known`);
    }
  }

  #plain(): LogEntry | null {
    const i = this.#frame;
    if (i >= this.#frames) return null;
    this.#frame += 1;
    const frame = frameAt(this.#bytes, this.#framesAt, i);
    const nowMs = (this.#nowMs += stepOf(frame));
    const points = pointsOfFrame(this.#bytes, this.#framesAt, this.#frames, i);
    const tracks = isLookedAt(frame) ? this.#points(points, nowMs) : null;
    const scene = hasScene(frame) ? this.#scene() : null;
    // The block tells it once, with its first frame.
    const aspect = i === 0 && this.#aspect !== null ? { aspect: this.#aspect } : {};
    const measures = this.#measures.get(i);
    return { kind: "frame", nowMs, seen: { tracks, scene, ...(measures ? { measures } : {}), ...aspect } };
  }

  #record(nowMs: number): LogEntry {
    const flags = this.#u8();
    const aspect = (flags & frameFlags.aspect) === 0 ? {} : { aspect: this.#f32() };
    const moved = (flags & frameFlags.moved) === 0 ? {} : { moved: true };
    const scene = (flags & frameFlags.scene) === 0 ? null : this.#scene();
    const at = { byte: this.#at };
    const measures =
      (flags & frameFlags.measures) === 0 ? {} : { measures: readMeasures(this.#bytes, this.#view, at, this.#labels) };
    this.#at = at.byte;
    const tracks = (flags & frameFlags.tracks) === 0 ? null : this.#points(this.#u16(), nowMs);
    return { kind: "frame", nowMs, seen: { tracks, scene, ...measures, ...aspect, ...moved } };
  }

  #scene(): Scene {
    this.#at += sceneBytes;
    return readScene(this.#view, this.#at - sceneBytes);
  }

  get #isPlain(): boolean {
    return this.#framesAt > 0;
  }

  /** What more was measured lies behind the scenes. */
  #listMeasures(): void {
    const at = { byte: this.#at };
    for (let i = 0; i < this.#frames; i += 1)
      if (hasScene(frameAt(this.#bytes, this.#framesAt, i))) at.byte += sceneBytes;
    while (at.byte < this.#end) {
      const frame = this.#view.getUint16(at.byte, true);
      at.byte += 2;
      this.#measures.set(frame, readMeasures(this.#bytes, this.#view, at, this.#labels));
    }
  }

  #points(count: number, nowMs: number): readonly Track[] {
    return Array.from({ length: count }, () => this.#point(nowMs));
  }

  #point(nowMs: number): Track {
    const bytes = this.#bytes;
    const at = this.#pointAt;
    this.#pointAt += point.pointBytes;
    const known = this.#known[point.slotAt(bytes, at)];
    if (!known) throw new RangeError(`track slot ${point.slotAt(bytes, at)} was never introduced`);
    const seenNow = point.isSeenAt(bytes, at);
    if (seenNow && !point.isIntroducedAt(bytes, at)) {
      known.lastSeenMs = nowMs;
      known.hits += 1;
    }
    return {
      ...known,
      state: trackStates[point.stateAt(bytes, at)] ?? "ended",
      box: {
        x: placeOf(point.xAt(bytes, at)),
        y: placeOf(point.yAt(bytes, at)),
        width: point.widthAt(bytes, at) / boxSteps,
        height: point.heightAt(bytes, at) / boxSteps,
      },
      score: point.scoreAt(bytes, at) / scoreSteps,
      seenNow,
      velocity: { x: point.speedXAt(bytes, at) / speedSteps, y: point.speedYAt(bytes, at) / speedSteps },
    };
  }

  #u8(): number {
    this.#at += 1;
    return this.#view.getUint8(this.#at - 1);
  }
  #u16(): number {
    this.#at += 2;
    return this.#view.getUint16(this.#at - 2, true);
  }
  #f32(): number {
    this.#at += 4;
    return this.#view.getFloat32(this.#at - 4, true);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
