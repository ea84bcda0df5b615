import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fileHead, scanFile } from "./block-format.ts";
import { BlockReader } from "./block-reader.ts";
import { BlockWriter } from "./block-writer.ts";
import { appendTo } from "./column-index.ts";
import { LogColumns } from "./columns.ts";
import type { LogEntry } from "./log-entry.ts";
import { halfMinute } from "./testing/half-minute.ts";

/** Written by the release before blocks had heads, fifteen entries a block. */
const earlier = join(import.meta.dirname, "../../../test-fixtures/track-logs/without-summaries.tracks");

function entriesOf(bytes: Buffer): readonly LogEntry[] {
  return scanFile(bytes).bodies.flatMap((body) => {
    const reader = new BlockReader(body);
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
  expect(entriesOf(await readFile(earlier))).toEqual(halfMinute());
  expect(entriesOf(written())).toEqual(halfMinute());
});

test("columns of both say the same, whether a block was opened or its head believed", async () => {
  const [old, now] = [columnsOf(await readFile(earlier)), columnsOf(written())];
  const unread = now.blocks.filter((block) => block.unread !== null);
  expect(unread.length).toBeGreaterThan(4);
  expect(old.blocks.every((block) => block.unread === null)).toBe(true);
  for (const [i, block] of now.blocks.entries()) {
    // A moved view is seen in the records alone: a head does not call its block plain.
    expect({ ...block, unread: null }).toEqual({ ...old.blocks[i], isPlain: block.isPlain });
  }
  for (let entry = 0; entry < old.entries; entry += 1) {
    expect(now.nowMs[entry]).toBe(old.nowMs[entry]);
    expect(now.tracks(entry)).toEqual(old.tracks(entry));
    expect(now.scene(entry)).toEqual(old.scene(entry));
  }
  expect(now.blocks.every((block) => block.unread === null)).toBe(true);
});

test("a head says no less of a track than its points", async () => {
  const [old, now] = [columnsOf(await readFile(earlier)), columnsOf(written())];
  expect(now.appearances).toBe(old.appearances);
  for (let i = 0; i < old.appearances; i += 1) {
    expect(now.pointsOf[i]).toBe(old.pointsOf[i]);
    expect(now.spans.states(i)).toBe(old.spans.states(i));
    const [inner, outer] = [old.spans.anchors(i), now.spans.anchors(i)];
    expect(outer.x).toBeLessThanOrEqual(inner.x);
    expect(outer.x + outer.width).toBeGreaterThanOrEqual(inner.x + inner.width);
    expect(outer.x).toBeGreaterThan(inner.x - 1e-4);
  }
});
