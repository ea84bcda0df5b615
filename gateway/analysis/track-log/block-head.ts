/**
 * The head of a block: its labels and tracks, and what is known of all its points, so that who asks about one place or one
 * time need not read the points at all. Blocks of earlier releases: `earlier-reader.ts`.
 *
 * After the block's base: u8 `recordKinds.head`, u8 flags, u32 points, u8 labels and each as length and text, u16 tracks and
 * each as u32 id, u8 label (255: length and text follow), f64 first seen, f64 last seen, u32 hits. A plain block goes on with
 * f32 aspect where its flag is set, u32 frames, its frames (`frame-table.ts`), for each track u16 points and its extent, and
 * the scenes of those frames that have one, and for those that measured more u16 frame and its measures (`measure-bytes.ts`);
 * any other block with its records. Points end both.
 */
import type { BlockBytes } from "./block.ts";
import { newLabel, recordKinds } from "./block-format.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { extentBytes, type Extents } from "./extents.ts";
import { frameBytes, type FrameTable } from "./frame-table.ts";
import { pointBytes } from "./points.ts";

/**
 * plain: nothing but frames in the order of their time, none of a moved view, one shape; ordered: every
 * frame has its tracks in the order of the head; aspect: the shape is told.
 */
export const headFlags = { plain: 1, ordered: 2, aspect: 4 } as const;
/** What is said of a track in so many frames or more: that there are so many. */
const mostPoints = 0xffff;
const trackBytes = 2 + extentBytes;

/** A track as a block introduces it. */
export interface Introduced {
  readonly id: number;
  readonly label: string;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  readonly hits: number;
}

/** What a writer knows of a block when it is whole. */
export interface BlockSummary {
  readonly isPlain: boolean;
  readonly isOrdered: boolean;
  readonly aspect: number | undefined;
  readonly points: number;
  readonly frames: FrameTable;
  /** One group a track, and in how many frames it is. */
  readonly extents: Extents;
  readonly pointsOf: readonly number[];
}

/** Writes a head. @param names by number of the label @param tracks already written: `introduce` @param count of tracks */
export function writeHead(
  to: ByteWriter,
  names: Iterable<string>,
  tracks: { readonly bytes: Uint8Array; readonly count: number },
  summary: BlockSummary,
): void {
  const { isPlain, isOrdered, aspect, points, frames, extents, pointsOf } = summary;
  const texts = [...names].map(labelBytes);
  const room = texts.reduce((sum, text) => sum + text.length + 1, tracks.bytes.length + 24);
  to.room(room + frameBytes * frames.count + trackBytes * tracks.count);
  to.u8(recordKinds.head);
  to.u8(
    (isPlain ? headFlags.plain : 0) |
      (isOrdered ? headFlags.ordered : 0) |
      (isPlain && aspect !== undefined ? headFlags.aspect : 0),
  );
  to.u32(points);
  to.u8(texts.length);
  for (const text of texts) to.text(text);
  to.u16(tracks.count);
  to.bytes(tracks.bytes);
  if (!isPlain) return;
  if (aspect !== undefined) to.f32(aspect);
  to.u32(frames.count);
  frames.write(to);
  for (let i = 0; i < tracks.count; i += 1) {
    to.u16(Math.min(mostPoints, pointsOf[i] ?? 0));
    extents.write(i, to);
  }
}

/** A label as it is written: at most 240 bytes. */
export function labelBytes(label: string): Uint8Array {
  return Buffer.from(label, "utf8").subarray(0, 240);
}

/** Who reads the labels and tracks of a head is told of them in this order. */
export interface TrackReader {
  /** A label lies in the bytes from here to there. */
  label(from: number, end: number): void;
  /**
   * @param label number of a label told before; `newLabel`: the one told just now
   * @param toldAt where more of it is told: `firstSeenAt`, `lastSeenAt`, `hitsAt`
   */
  track(id: number, label: number, toldAt: number): void;
}

/** Who reads the whole of it, of the rest too. */
export interface HeadReader extends TrackReader {
  /** Of a plain block: where its frames are told. */
  plain(frames: number, framesAt: number, aspect: number | null): void;
  /** Of the i-th track; `Extents.read` reads it at `at`. */
  extent?(i: number, points: number, at: number): void;
}

/** Whether there is a head of this release at `at`, the first byte after the block's base. */
export function hasHead(view: DataView, at: number, end: number): boolean {
  return at < end && view.getUint8(at) === recordKinds.head;
}

/** Where the points of a block with a head begin. @param from first byte of its body @param end the byte after its last */
export function pointsFrom(view: DataView, from: number, end: number): number {
  return end - pointBytes * view.getUint32(from + 10, true);
}

/** Reads a head. @param from the byte after the block's base @returns where the scenes of a plain block begin, or the records */
export function readHead(view: DataView, from: number, to: HeadReader): number {
  const flags = view.getUint8(from + 1);
  let tracks = 0;
  let at = readTracks(view, from + 6, to, (count) => (tracks = count));
  if ((flags & headFlags.plain) === 0) return at;
  let aspect: number | null = null;
  if ((flags & headFlags.aspect) !== 0) {
    aspect = view.getFloat32(at, true);
    at += 4;
  }
  const frames = view.getUint32(at, true);
  at += 4;
  to.plain(frames, at, aspect);
  at += frameBytes * frames;
  for (let i = 0; i < tracks && to.extent; i += 1)
    to.extent(i, view.getUint16(at + trackBytes * i, true), at + trackBytes * i + 2);
  return at + trackBytes * tracks;
}

/** Reads labels and tracks. @returns the byte after them */
export function readTracks(
  view: DataView,
  from: number,
  to: TrackReader,
  told: (count: number) => void = () => undefined,
): number {
  let at = from + 1;
  for (let left = view.getUint8(from); left > 0; left -= 1) at = readText(view, at, to);
  const count = view.getUint16(at, true);
  at += 2;
  told(count);
  for (let i = 0; i < count; i += 1) {
    const id = view.getUint32(at, true);
    const label = view.getUint8(at + 4);
    at += 5;
    if (label === newLabel) at = readText(view, at, to);
    to.track(id, label, at);
    at += 20;
  }
  return at;
}

/** When a track was first seen, wall ms, as its block began; so the next two. */
export function firstSeenAt(view: DataView, toldAt: number): number {
  return view.getFloat64(toldAt, true);
}
/** When it was seen last. */
export function lastSeenAt(view: DataView, toldAt: number): number {
  return view.getFloat64(toldAt + 8, true);
}
/** How often it had been seen. */
export function hitsAt(view: DataView, toldAt: number): number {
  return view.getUint32(toldAt + 16, true);
}

/** All three. */
export function seenAt(view: DataView, toldAt: number): Pick<Introduced, "firstSeenMs" | "lastSeenMs" | "hits"> {
  return {
    firstSeenMs: firstSeenAt(view, toldAt),
    lastSeenMs: lastSeenAt(view, toldAt),
    hits: hitsAt(view, toldAt),
  };
}

/** The labels of a block with a head, by their number. */
export function labelsOf({ bytes, from }: Pick<BlockBytes, "bytes" | "from">): readonly string[] {
  const labels: string[] = [];
  let at = from + 15;
  for (let left = bytes.readUInt8(from + 14); left > 0; left -= 1) {
    const end = at + 1 + bytes.readUInt8(at);
    labels.push(bytes.toString("utf8", at + 1, end));
    at = end;
  }
  return labels;
}

/** @returns the byte after the text */
function readText(view: DataView, at: number, to: TrackReader): number {
  const end = at + 1 + view.getUint8(at);
  to.label(at + 1, end);
  return end;
}
