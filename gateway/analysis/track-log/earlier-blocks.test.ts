import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Track } from "../tracking/track.ts";
import { anchorPoint } from "../zones/anchor.ts";
import { fileHead, scanFile, trackStates } from "./block-format.ts";
import { entriesIn } from "./block-reader.ts";
import { BlockWriter } from "./block-writer.ts";
import { appendTo } from "./column-index.ts";
import { LogColumns } from "./columns.ts";
import type { LogEntry } from "./log-entry.ts";
import { pointBytes, slotAt } from "./points.ts";
import { halfMinute } from "./testing/half-minute.ts";

/** Written before blocks had heads, and when their points lay among the records; fifteen entries a block. */
const earlier = ["without-summaries", "with-summaries"].map((name) =>
  join(import.meta.dirname, `../../../test-fixtures/track-logs/${name}.tracks`),
);

function entriesOf(bytes: Buffer): readonly LogEntry[] {
  return scanFile(bytes).bodies.flatMap((body) => {
    const reader = entriesIn(body);
    const entries: LogEntry[] = [];
    for (let entry = reader.next(); entry; entry = reader.next()) entries.push(entry);
    return shaped(entries);
  });
}

/** A block tells the picture's shape where it changes. */
function shaped(entries: readonly LogEntry[]): readonly LogEntry[] {
  let aspect: number | undefined;
  return entries.map((entry) => {
    if (entry.kind !== "frame") return entry;
    aspect = entry.seen.aspect ?? aspect;
    return { ...entry, seen: { ...entry.seen, aspect } } as LogEntry;
  });
}

/** The log of now with the same blocks. */
function written(): Buffer {
  const writer = new BlockWriter();
  const blocks = [fileHead(0)];
  for (const [i, entry] of halfMinute().entries()) {
    writer.add(entry);
    if (i % 15 === 14) blocks.push(writer.seal());
  }
  if (writer.sizeBytes > 0) blocks.push(writer.seal());
  return Buffer.concat(blocks);
}

function columnsOf(bytes: Buffer): LogColumns {
  const columns = new LogColumns();
  appendTo(columns, bytes);
  return columns;
}

test("a log of an earlier release reads as it was written", async () => {
  for (const path of earlier) expect(entriesOf(await readFile(path))).toEqual(halfMinute());
  expect(entriesOf(written())).toEqual(halfMinute());
});

test.each(earlier)("columns of both say the same, before and after their records were read: %s", async (path) => {
  const [old, now] = [columnsOf(await readFile(path)), columnsOf(written())];
  expect(now.blocks.filter(({ isOpen }) => !isOpen).length).toBeGreaterThan(4);
  const said = ({ blocks }: LogColumns) =>
    blocks.map(({ body: { from, end }, ...rest }) => ({
      ...rest,
      framesAt: rest.framesAt - from * Number(rest.isPlain),
      restAt: rest.restAt - from,
      pointsAt: rest.pointsAt - from,
      length: end - from,
    }));
  expect(said(old)).toEqual(said(now));
  const frames = halfMinute();
  expect(now.entries).toBe(frames.length);
  for (const [entry, { nowMs, ...one }] of frames.entries()) {
    for (const columns of [old, now]) {
      expect(columns.nowMs[entry]).toBe(nowMs);
      if (one.kind !== "frame") continue;
      expect(columns.tracks(entry).map(plain)).toEqual(one.seen.tracks ?? []);
      expect(columns.scene(entry)).toEqual(one.seen.scene);
      expect(columns.measures.get(entry)).toEqual(one.seen.measures);
    }
  }
  expect(now.blocks.every(({ isOpen }) => isOpen)).toBe(true);
});

/** With everything it says, not only with what it keeps. */
function plain(track: Track): Track {
  const { firstSeenMs, lastSeenMs, hits, velocity } = track;
  return { ...track, firstSeenMs, lastSeenMs, hits, velocity };
}

test("tracks are the same from whichever end an entry is come to", () => {
  const columns = columnsOf(written());
  const forwards = halfMinute().map((_, entry) => columns.tracks(entry).map(plain));
  const backwards = halfMinute().map((_, i) => columns.tracks(columns.entries - 1 - i).map(plain));
  expect(backwards.reverse()).toEqual(forwards);
});

test("a head says no less of a track than its points", () => {
  const columns = columnsOf(written());
  for (const block of columns.blocks) {
    columns.open(block);
    const points = Array.from({ length: block.toAppearance - block.fromAppearance }, () => 0);
    for (let entry = block.fromEntry; entry < block.toEntry; entry += 1) {
      for (const [k, { box, state }] of columns.tracks(entry).entries()) {
        const slot = slotAt(block.body.bytes, (columns.pointsAt[entry] ?? 0) + k * pointBytes);
        const appearance = block.fromAppearance + slot;
        points[slot] = (points[slot] ?? 0) + 1;
        expect(columns.spans.states(appearance) & (1 << trackStates.indexOf(state))).not.toBe(0);
        const outer = columns.spans.anchors(appearance);
        const { x, y } = anchorPoint(box, "bottom");
        expect(outer.x).toBeLessThanOrEqual(x);
        expect(outer.x + outer.width).toBeGreaterThanOrEqual(x);
        expect(outer.y).toBeLessThanOrEqual(y);
        expect(outer.y + outer.height).toBeGreaterThanOrEqual(y);
      }
    }
    for (const [slot, count] of points.entries()) expect(columns.pointsOf[block.fromAppearance + slot]).toBe(count);
  }
});
