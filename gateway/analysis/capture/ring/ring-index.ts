/** Which segments the ring holds, which moments they show, and which may go; pure. */
import type { StreamFigures } from "../../../runtime/status.ts";

/** A file of coded video that begins with a key frame. */
export interface Segment {
  readonly path: string;
  /** Counts connections: times and codec are the same only within one. */
  readonly session: number;
  /** Time of its first picture in the stream's own count, ms. */
  readonly streamMs: number;
  /** Wall time at which its first packet was written. */
  readonly writtenMs: number;
  /** Segments of one timeline share one difference between the two clocks. */
  readonly timeline: number;
  /** How far it goes, in the stream's own count, ms. */
  lastStreamMs: number;
  bytes: number;
  isClosed: boolean;
  holders: number;
}

/** Bounds of what is kept. */
export interface RingBounds {
  readonly keepMs: number;
  readonly maxBytes: number;
}

/** The camera's clock was set when two segments disagree by more, ms. */
const jumpMs = 3_000;
/** How long the last picture before a pause stands for, ms. */
const lastPictureMs = 500;
/** As many segments tell what the stream is like. */
const figureSegments = 12;

/** One camera's segments, oldest first. */
export class RingIndex {
  readonly #bounds: RingBounds;
  readonly #segments: Segment[] = [];
  #session = 0;
  #timeline = 0;
  #pace: { readonly streamMs: number; readonly pictures: number; pictureMs: number | null } | null = null;

  constructor(bounds: RingBounds) {
    this.#bounds = bounds;
  }

  get segments(): readonly Segment[] {
    return this.#segments;
  }

  /** Number of the connection that is, or was last. */
  get session(): number {
    return this.#session;
  }

  /** The segment that is being written; null between connections. */
  get open(): Segment | null {
    const last = this.#segments.at(-1);
    return last && !last.isClosed ? last : null;
  }

  get bytes(): number {
    return this.#segments.reduce((sum, segment) => sum + segment.bytes, 0);
  }

  /** How much video is held, in ms. */
  get heldMs(): number {
    return this.#segments.reduce((sum, { streamMs, lastStreamMs }) => sum + Math.max(0, lastStreamMs - streamMs), 0);
  }

  /** A connection begins. */
  begin(): void {
    this.end();
    this.#session += 1;
    this.#timeline += 1;
    this.#pace = null;
  }

  /** The connection is over: what was being written is as long as it will get. */
  end(): void {
    const { open } = this;
    if (open) open.isClosed = true;
  }

  /** The first packet of a new segment was written. */
  opened(path: string, streamMs: number, nowMs: number): void {
    const last = this.#segments.at(-1);
    if (last) last.isClosed = true;
    if (last?.session === this.#session && Math.abs(nowMs - streamMs - (last.writtenMs - last.streamMs)) > jumpMs)
      this.#timeline += 1;
    const [session, timeline] = [this.#session, this.#timeline];
    const fresh = { bytes: 0, isClosed: false, holders: 0, lastStreamMs: streamMs };
    this.#segments.push({ path, session, timeline, streamMs, writtenMs: nowMs, ...fresh });
  }

  /** The stream was written up to here; `pictures` were written since the connection began. */
  reached(streamMs: number, pictures: number): void {
    const { open } = this;
    if (!open) return;
    open.lastStreamMs = Math.max(open.lastStreamMs, streamMs);
    this.#pace ??= { streamMs, pictures, pictureMs: null };
    const more = pictures - this.#pace.pictures;
    if (more >= 10) this.#pace.pictureMs = Math.max(1, (streamMs - this.#pace.streamMs) / more);
  }

  /** Mean distance of two pictures, ms; a guess until ten were seen. */
  get pictureMs(): number {
    return this.#pace?.pictureMs ?? 40;
  }

  /** By the newest whole segments of this connection; null until there are two. */
  figures(): StreamFigures | null {
    const own = this.#segments.filter(({ timeline }) => timeline === this.#timeline).slice(-figureSegments);
    const [first, last] = [own[0], own.at(-1)];
    const lengths = own.slice(1).map(({ streamMs }, i) => streamMs - (own[i]?.streamMs ?? 0));
    const middle = lengths.toSorted((a, b) => a - b)[lengths.length >> 1];
    if (!first || !last || middle === undefined || lengths.length < 2) return null;
    const bytes = own.slice(0, -1).reduce((sum, segment) => sum + segment.bytes, 0);
    const spanMs = last.streamMs - first.streamMs;
    return { bitsPerSec: Math.round((bytes * 8_000) / spanMs), keyFrameMs: Math.round(middle) };
  }

  /** Wall time of the newest written picture; null when nothing is being written. */
  newestMs(): number | null {
    const { open } = this;
    return open ? open.lastStreamMs + this.#offsetMs(open.timeline) : null;
  }

  /** Wall time of a segment's first picture. */
  startMs(segment: Segment): number {
    return segment.streamMs + this.#offsetMs(segment.timeline);
  }

  /** The segment that shows `atMs`; null when it was before the oldest one, or in a pause between two connections. */
  at(atMs: number): Segment | null {
    const index = this.#segments.findLastIndex((segment) => this.startMs(segment) <= atMs);
    const segment = this.#segments[index];
    if (!segment) return null;
    if (this.after(segment) || !segment.isClosed) return segment;
    return atMs <= this.startMs(segment) + segment.lastStreamMs - segment.streamMs + lastPictureMs ? segment : null;
  }

  /** The segment that goes on where this one ends; null for the newest one, or before a pause. */
  after(segment: Segment): Segment | null {
    const next = this.#segments[this.#segments.indexOf(segment) + 1];
    return next?.timeline === segment.timeline ? next : null;
  }

  /** The unbroken run of one connection's segments that shows `atMs` and as much of the span around it as there is. */
  around(fromMs: number, atMs: number, toMs: number): readonly Segment[] {
    const middle = this.at(atMs);
    if (!middle) return [];
    const run = this.#segments.filter(
      ({ session, timeline }) => session === middle.session && timeline === middle.timeline,
    );
    return run.filter((segment, i) => {
      const next = run[i + 1];
      const endMs = next ? this.startMs(next) : Infinity;
      return this.startMs(segment) < toMs && endMs > fromMs;
    });
  }

  /** Takes out what is too old or too much; the caller deletes the files. What somebody holds stays. */
  expire(nowMs: number): readonly Segment[] {
    const gone: Segment[] = [];
    let bytes = this.bytes;
    for (let i = 0; i < this.#segments.length;) {
      const segment = this.#segments[i];
      if (!segment) break;
      const next = this.#segments[i + 1];
      const isOld = (next?.writtenMs ?? Infinity) < nowMs - this.#bounds.keepMs;
      const isLone = !next && segment.isClosed && segment.writtenMs < nowMs - 2 * this.#bounds.keepMs;
      const isTooMuch = bytes > this.#bounds.maxBytes && segment.isClosed;
      if (segment.holders > 0 || !(isOld || isLone || isTooMuch)) {
        i += 1;
        continue;
      }
      this.#segments.splice(i, 1);
      bytes -= segment.bytes;
      gone.push(segment);
    }
    return gone;
  }

  /** Whether one segment alone is more than the ring may hold: no key frame came for too long. */
  isOverfull(): boolean {
    return (this.open?.bytes ?? 0) > this.#bounds.maxBytes;
  }

  /**
   * Packets are written at once or late, never early: the smallest difference is the true one. The first segment of a
   * connection is written up to a second late, while ffmpeg still looks at the stream, so that it counts only alone.
   */
  #offsetMs(timeline: number): number {
    const own = this.#segments.filter((segment) => segment.timeline === timeline);
    const trusted = own.length > 1 ? own.slice(1) : own;
    return trusted.reduce((least, { writtenMs, streamMs }) => Math.min(least, writtenMs - streamMs), Infinity);
  }
}
