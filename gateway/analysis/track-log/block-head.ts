/**
 * The head of a block: its labels and tracks, and what is known of all its points, so that who asks about one place or one
 * time need not read the records at all. Blocks of earlier releases have none and say the same among their records.
 *
 * After the block's base: u8 `recordKinds.head`, u8 flags, u8 labels and each as length and text, u16 tracks and each as
 * u32 id, u8 label (255: length and text follow), f64 first seen, f64 last seen, u32 hits. A plain block goes on with f32
 * aspect where its flag is set, u32 points, u32 frames, for each frame u16 (ms since the one before; the highest bit is set
 * when it was looked at), and for each track u16 points and its extent.
 */
import type { BlockBytes } from "./block.ts";
import { newLabel, recordKinds } from "./block-format.ts";
import type { ByteWriter } from "./byte-writer.ts";
import { extentBytes, type Extents } from "./extents.ts";

/**
 * plain: nothing but frames in the order of their time, none of a moved view, one shape; ordered: every frame has
 * its tracks in the order of the head; aspect: the shape is told.
 */
export const headFlags = { plain: 1, ordered: 2, aspect: 4 } as const;
const lookedBit = 0x8000;
/** What is said of a track in so many frames or more: that there are so many. */
const mostPoints = 0xffff;
const trackBytes = 2 + extentBytes;
/** A longer step from frame to frame makes a block that is not plain. */
export const longestStepMs = lookedBit - 1;

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
  /** Frame by frame. */
  readonly stepsMs: readonly number[];
  readonly isLooked: readonly boolean[];
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
  const { isPlain, isOrdered, aspect, points, stepsMs, isLooked, extents, pointsOf } = summary;
  const texts = [...names].map(labelBytes);
  const room = texts.reduce((sum, text) => sum + text.length + 1, tracks.bytes.length + 24);
  to.room(room + 2 * stepsMs.length + trackBytes * tracks.count);
  to.u8(recordKinds.head);
  to.u8(
    (isPlain ? headFlags.plain : 0) |
      (isOrdered ? headFlags.ordered : 0) |
      (isPlain && aspect !== undefined ? headFlags.aspect : 0),
  );
  to.u8(texts.length);
  for (const text of texts) to.text(text);
  to.u16(tracks.count);
  to.bytes(tracks.bytes);
  if (!isPlain) return;
  if (aspect !== undefined) to.f32(aspect);
  to.u32(points);
  to.u32(stepsMs.length);
  for (const [i, stepMs] of stepsMs.entries()) to.u16(stepMs | (isLooked[i] === true ? lookedBit : 0));
  for (let i = 0; i < tracks.count; i += 1) {
    to.u16(Math.min(mostPoints, pointsOf[i] ?? 0));
    extents.write(i, to);
  }
}

/** A label as it is written: at most 240 bytes. */
export function labelBytes(label: string): Uint8Array {
  return Buffer.from(label, "utf8").subarray(0, 240);
}

/** Who reads a head is told of what is in it, in this order. */
export interface HeadReader {
  /** A label lies in the bytes from here to there. */
  label(from: number, end: number): void;
  /** @param label number of a label told before; `newLabel`: the one told just now */
  track(id: number, label: number, firstSeenMs: number, lastSeenMs: number, hits: number): void;
  /** Of a plain block. */
  plain?(points: number, frames: number, aspect: number | null): void;
  frame?(stepMs: number, isLooked: boolean): void;
  /** Of the i-th track; `Extents.read` reads it at `at`. */
  extent?(i: number, points: number, at: number): void;
}

/** Whether there is a head at `at`, the first byte after the block's base. */
export function hasHead(view: DataView, at: number, end: number): boolean {
  return at < end && view.getUint8(at) === recordKinds.head;
}

/** Reads a head. @returns where the records begin */
export function readHead(view: DataView, from: number, to: HeadReader): number {
  let at = from + 3;
  const flags = view.getUint8(from + 1);
  for (let left = view.getUint8(from + 2); left > 0; left -= 1) at = readText(view, at, to);
  const count = view.getUint16(at, true);
  at += 2;
  for (let i = 0; i < count; i += 1) {
    const id = view.getUint32(at, true);
    const label = view.getUint8(at + 4);
    at += 5;
    if (label === newLabel) at = readText(view, at, to);
    to.track(id, label, view.getFloat64(at, true), view.getFloat64(at + 8, true), view.getUint32(at + 16, true));
    at += 20;
  }
  if ((flags & headFlags.plain) === 0) return at;
  let aspect: number | null = null;
  if ((flags & headFlags.aspect) !== 0) {
    aspect = view.getFloat32(at, true);
    at += 4;
  }
  const frames = view.getUint32(at + 4, true);
  to.plain?.(view.getUint32(at, true), frames, aspect);
  at += 8;
  if (to.frame)
    for (let i = 0; i < frames; i += 1) {
      const step = view.getUint16(at + 2 * i, true);
      to.frame(step & longestStepMs, step >= lookedBit);
    }
  at += 2 * frames;
  for (let i = 0; i < count && to.extent; i += 1)
    to.extent(i, view.getUint16(at + trackBytes * i, true), at + trackBytes * i + 2);
  return at + trackBytes * count;
}

/** The labels of a block with a head, by their number. */
export function labelsOf({ bytes, from }: Pick<BlockBytes, "bytes" | "from">): readonly string[] {
  const labels: string[] = [];
  let at = from + 11;
  for (let left = bytes.readUInt8(from + 10); left > 0; left -= 1) {
    const end = at + 1 + bytes.readUInt8(at);
    labels.push(bytes.toString("utf8", at + 1, end));
    at = end;
  }
  return labels;
}

/** @returns the byte after the text */
function readText(view: DataView, at: number, to: HeadReader): number {
  const end = at + 1 + view.getUint8(at);
  to.label(at + 1, end);
  return end;
}
