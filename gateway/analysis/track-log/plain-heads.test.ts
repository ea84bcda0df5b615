import fc from "fast-check";
import { expect, test } from "vitest";
import { nativeStatus, readHeads, wholeBlocks } from "../../../native/index.ts";
import type { Track } from "../tracking/track.ts";
import { blockHeadBytes, fileHead, fileHeadBytes, scanSpans } from "./block-format.ts";
import { BlockWriter } from "./block-writer.ts";
import { appendTo } from "./column-index.ts";
import { LogColumns } from "./columns.ts";
import { takePlain } from "./plain-heads.ts";
import { pointBytes } from "./points.ts";
import { quantise } from "./quantise.ts";
import { halfMinute } from "./testing/half-minute.ts";

const noon = Date.parse("2026-03-14T12:00:00+08:00");
const label = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom("person", "fishing-rod", "人") },
  { weight: 1, arbitrary: fc.string({ maxLength: 60, unit: "grapheme" }) },
);
const track = fc
  .record({
    id: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 0xffff_ffff })),
    label,
    state: fc.constantFrom("tentative", "confirmed", "lost"),
    x: fc.double({ min: -0.3, max: 1.4, noNaN: true }),
    y: fc.double({ min: -0.3, max: 1.4, noNaN: true }),
    size: fc.double({ min: 0, max: 1.7, noNaN: true }),
    score: fc.double({ min: 0, max: 1.7, noNaN: true }),
    hits: fc.nat(),
  })
  .map(({ x, y, size, hits, ...one }): Track => {
    const box = { x, y, width: size / 2, height: size };
    return { ...one, box, hits, firstSeenMs: noon - hits, lastSeenMs: noon, seenNow: true, velocity: { x: 0, y: 0 } };
  });
const frame = fc.record({
  stepMs: fc.oneof(
    { weight: 20, arbitrary: fc.constantFrom<number>(0, 200, 333, 16_383) },
    { weight: 1, arbitrary: fc.constantFrom<number>(16_384, -5) },
  ),
  tracks: fc.option(fc.uniqueArray(track, { maxLength: 6, selector: ({ id }) => id }), { freq: 6 }),
  black: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 3 }),
  seals: fc.boolean(),
  kind: fc.constantFrom("frame", ...Array.from({ length: 30 }, () => "frame"), "start"),
});
type Frame = typeof frame extends fc.Arbitrary<infer One> ? One : never;

/** A file of these frames. */
function written(frames: readonly Frame[]): Buffer {
  const writer = new BlockWriter();
  const blocks = [fileHead(noon)];
  let nowMs = noon;
  for (const { stepMs, tracks, black, seals, kind } of frames) {
    nowMs += stepMs;
    if (kind === "start") writer.add({ kind: "start", nowMs });
    const measures = black === null ? {} : { measures: { blackShare: black } };
    writer.add({ kind: "frame", nowMs, seen: quantise({ tracks, scene: null, aspect: 16 / 9, ...measures }) });
    if (seals) blocks.push(writer.seal());
  }
  if (writer.sizeBytes > 0) blocks.push(writer.seal());
  return Buffer.concat(blocks);
}

/** Everything that was read, as far as it goes. */
function said(columns: LogColumns): unknown {
  const { entries, appearances, blocks, pathIds, labels } = columns;
  for (const block of blocks) columns.open(block);
  const { kind, nowMs, looked, pointCount, pointsAt, idOf, labelOf, toldAt, pathOf, pointsOf } = columns;
  return {
    labels,
    blocks: blocks.map(({ body, ...rest }) => ({ ...rest, from: body.from, end: body.end })),
    rows: columns.rows.slice(0, 9 * blocks.length),
    ofEntries: [kind, nowMs, looked, pointCount, pointsAt].map((column) => column.slice(0, entries)),
    ofAppearances: [idOf, labelOf, toldAt, pathOf, pointsOf].map((column) => column.slice(0, appearances)),
    ids: pathIds.ids.slice(0, pathIds.count),
    extents: [columns.spans, columns.blockExtents, columns.paths].map(({ values, count }) =>
      values.slice(0, 12 * count),
    ),
    measures: [...columns.measures],
    counts: [entries, appearances, columns.points, columns.damagedBytes, columns.tailBytes, columns.goodEnd],
  };
}

test("the addon reads of a log what is read without it", () => {
  expect(nativeStatus.kind).toBe("native");
  let taken = 0;
  let blocks = 0;
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 120 }), fc.nat(3_000), (frames, cut) => {
      const bytes = written(frames);
      const [native, plain] = [new LogColumns(), new LogColumns()];
      // In two pieces, as a file that grows is read.
      const counting: typeof takePlain = (...all) => {
        const count = takePlain(...all);
        taken += count;
        return count;
      };
      appendTo(native, bytes.subarray(0, cut), counting);
      appendTo(native, bytes.subarray(native.goodEnd), counting);
      appendTo(plain, bytes.subarray(0, cut), () => 0);
      appendTo(plain, bytes.subarray(plain.goodEnd), () => 0);
      blocks += plain.blocks.length;
      expect(said(native)).toEqual(said(plain));
    }),
    { numRuns: 150, seed: 5 },
  );
  expect(taken / blocks).toBeGreaterThan(0.3);
});

test("tables of ids and columns grow with a log that is longer than they are", () => {
  const frames = Array.from({ length: 3_000 }, (_, i): Frame => {
    const who = { label: i % 2 === 0 ? "person" : "boat", state: "confirmed", score: 0.5, seenNow: true } as const;
    const box = { x: 0.1, y: 0.1, width: 0.1, height: 0.2 };
    const times = { firstSeenMs: noon, lastSeenMs: noon, hits: i, velocity: { x: 0, y: 0 } };
    return { stepMs: 200, tracks: [{ id: i * 7, ...who, box, ...times }], black: null, seals: true, kind: "frame" };
  });
  const bytes = written(frames);
  const [native, plain] = [new LogColumns(), new LogColumns()];
  appendTo(native, bytes);
  appendTo(plain, bytes, () => 0);
  expect(native.pathIds.count).toBe(3_000);
  expect(said(native)).toEqual(said(plain));
});

test("whole blocks are found as they are without the addon, whatever was damaged", () => {
  const writer = new BlockWriter();
  const blocks = [fileHead(noon)];
  for (const [i, entry] of halfMinute().entries()) {
    writer.add(entry);
    if (i % 10 === 9) blocks.push(writer.seal());
  }
  const whole = Buffer.concat(blocks);
  expect(wholeBlocks(whole, fileHeadBytes, new Uint32Array(1_000))).toBe(2 * (blocks.length - 1));
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat(whole.length - 1), value: fc.integer({ min: 0, max: 255 }) }), { maxLength: 6 }),
      fc.nat(whole.length),
      (flips, end) => {
        const bytes = Buffer.from(whole.subarray(0, end));
        for (const { at, value } of flips) if (at < end) bytes[at] = value;
        expect(scanSpans(bytes)).toEqual(scanSpans(bytes, () => 0));
      },
    ),
    { numRuns: 400, seed: 3 },
  );
});

test("heads that are not as they say are left alone, whatever they say", () => {
  const writer = new BlockWriter();
  for (const entry of halfMinute().slice(1, 30)) writer.add(entry);
  const body = writer.seal().subarray(blockHeadBytes);
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat(400), value: fc.integer({ min: 0, max: 255 }) }), { maxLength: 8 }),
      fc.nat(body.length + 100),
      (flips, end) => {
        const bytes = Buffer.from(body);
        for (const { at, value } of flips) bytes[at] = value;
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
        const columns = new LogColumns();
        for (const text of ["person", "fishing-rod", "人"])
          columns.labelAt(Buffer.from(text), 0, Buffer.byteLength(text));
        const taken = takePlain(columns, { bytes, view, spans: Uint32Array.of(0, end) });
        expect(taken).toBeLessThanOrEqual(1);
        if (taken === 0) expect([columns.entries, columns.appearances, columns.blocks.length]).toEqual([0, 0, 0]);
        else {
          const last = columns.entries - 1;
          const behind = (columns.pointsAt[last] ?? 0) + pointBytes * (columns.pointCount[last] ?? 0);
          if (columns.entries > 0) expect(behind).toBe(end);
          expect(end).toBeLessThanOrEqual(bytes.length);
        }
      },
    ),
    { numRuns: 2_000, seed: 4 },
  );
});

test("columns of one kind are refused where they differ in length", () => {
  const columns = new LogColumns();
  const [bytes, spans] = [new Uint8Array(8), new Uint32Array(2)];
  const rest = {
    counts: new Uint32Array(4),
    spanValues: columns.spans.values,
    blockValues: columns.blockExtents.values,
    pathValues: columns.paths.values,
    rows: columns.rows,
    ids: columns.pathIds.ids,
    table: columns.pathIds.table,
  };
  const heads = { ...columns.heads, ...rest };
  expect(readHeads(bytes, spans, heads)).toBe(0);
  expect(() => readHeads(bytes, spans, { ...heads, nowMs: heads.nowMs.subarray(1) })).toThrow(/^nowMs has another/);
  expect(() => readHeads(bytes, spans, { ...heads, pathOf: heads.pathOf.subarray(1) })).toThrow(/^pathOf has another/);
  expect(() => readHeads(bytes, spans, { ...heads, table: heads.table.subarray(1) })).toThrow(/^table must hold/);
  expect(() => readHeads(bytes, spans, { ...heads, counts: new Uint32Array(3) })).toThrow(/^counts holds 3/);
  expect(() => readHeads(bytes, spans, { ...heads, kind: new Uint16Array(1_024) as never })).toThrow(TypeError);
});
