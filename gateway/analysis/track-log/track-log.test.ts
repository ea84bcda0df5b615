import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ClockDouble } from "../../runtime/clock-double.ts";
import type { GatewayError } from "../../runtime/errors.ts";
import type { Track } from "../tracking/track.ts";
import type { Observation } from "../zones/rule.ts";
import { fileHead, scanFile } from "./block-format.ts";
import { entriesIn } from "./block-reader.ts";
import { BlockWriter } from "./block-writer.ts";
import { listLogFiles } from "./log-files.ts";
import type { LogEntry } from "./log-entry.ts";
import { quantise } from "./quantise.ts";
import { TrackLog } from "./track-log.ts";

const noonMs = Date.parse("2026-03-14T12:00:00+08:00");
const track = (id: number, bend: Partial<Track> = {}): Track => ({
  id,
  label: "person",
  state: "confirmed",
  box: { x: 0.3, y: 0.5, width: 0.06, height: 0.25 },
  score: 0.8,
  firstSeenMs: noonMs,
  lastSeenMs: noonMs,
  seenNow: true,
  hits: 1,
  velocity: { x: 0, y: 0 },
  ...bend,
});

const anyTrack: fc.Arbitrary<Track> = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  label: fc.constantFrom("person", "fishing-rod", "漂浮物", "x".repeat(90)),
  state: fc.constantFrom("tentative" as const, "confirmed" as const, "lost" as const, "ended" as const),
  box: fc.record({
    x: fc.double({ min: -3, max: 3 }),
    y: fc.double({ min: -3, max: 3, noNaN: true }),
    width: fc.double({ min: 0, max: 3, noNaN: true }),
    height: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  firstSeenMs: fc.integer({ min: 0, max: 2e12 }),
  lastSeenMs: fc.integer({ min: 0, max: 2e12 }),
  seenNow: fc.boolean(),
  hits: fc.nat(1e6),
  velocity: fc.record({
    x: fc.double({ min: -20, max: 20, noNaN: true }),
    y: fc.double({ min: -20, max: 20, noNaN: true }),
  }),
});
const anySeen: fc.Arbitrary<Observation> = fc.record(
  {
    tracks: fc.option(fc.array(anyTrack, { maxLength: 5 })),
    scene: fc.option(
      fc.record({
        brightness: fc.double({ min: 0, max: 255, noNaN: true }),
        contrast: fc.double({ min: 0, max: 127.5, noNaN: true }),
        sharpness: fc.double({ min: 0, max: 1e5, noNaN: true }),
        blackShare: fc.double({ min: 0, max: 1, noNaN: true }),
        change: fc.option(fc.double({ min: 0, max: 255, noNaN: true })),
      }),
    ),
    measures: fc.dictionary(fc.constantFrom("waterLevelM", "flowMs"), fc.option(fc.double({ noNaN: true }))),
  },
  { requiredKeys: ["tracks", "scene"] },
);

function written(entries: readonly LogEntry[]): { readonly bytes: Buffer; readonly read: LogEntry[] } {
  const writer = new BlockWriter();
  const blocks: Buffer[] = [];
  for (const entry of entries) {
    if (!writer.takes(entry)) blocks.push(writer.seal());
    writer.add(entry);
  }
  if (writer.sizeBytes > 0) blocks.push(writer.seal());
  const bytes = Buffer.concat([fileHead(0), ...blocks]);
  return { bytes, read: scanFile(bytes).bodies.flatMap(entriesOf) };
}

function entriesOf(body: Buffer): LogEntry[] {
  const reader = entriesIn(body);
  const entries: LogEntry[] = [];
  for (let entry = reader.next(); entry; entry = reader.next()) entries.push(entry);
  return entries;
}

describe("what is kept", () => {
  test("every value the rules get comes back bit for bit, whatever the tracker says and the clock does", () => {
    const anyEntry = fc.record({ nowMs: fc.integer({ min: 0, max: 2e12 }), seen: anySeen });
    fc.assert(
      fc.property(fc.array(anyEntry, { maxLength: 12 }), (frames) => {
        const entries = frames.map(({ nowMs, seen }): LogEntry => ({ kind: "frame", nowMs, seen: quantise(seen) }));
        expect(written(entries).read).toEqual(entries);
      }),
      { numRuns: 60 },
    );
  });

  test("quantising twice is quantising once", () => {
    fc.assert(
      fc.property(anySeen, (seen) => {
        expect(quantise(quantise(seen))).toEqual(quantise(seen));
      }),
      { numRuns: 60 },
    );
  });

  test("round numbers stay what they are", () =>
    expect(quantise({ tracks: [track(1)], scene: null }).tracks).toEqual([track(1)]));

  test("not looked at, nobody there, start, lost and gap are five different things", () => {
    const seen = { scene: null };
    const entries: readonly LogEntry[] = [
      { kind: "start", nowMs: noonMs },
      { kind: "frame", nowMs: noonMs + 200, seen: { ...seen, tracks: null } },
      { kind: "frame", nowMs: noonMs + 400, seen: { ...seen, tracks: [] } },
      { kind: "gap", nowMs: noonMs + 600, frames: 70_000 },
      { kind: "lost", nowMs: noonMs + 600 },
    ];
    expect(written(entries).read).toEqual(entries);
  });

  test("a point costs 16 bytes once its track is known, a frame 3", () => {
    const frame = (i: number): LogEntry => ({
      kind: "frame",
      nowMs: noonMs + i * 200,
      seen: { tracks: [track(1, { lastSeenMs: noonMs + i * 200, hits: i + 1 })], scene: null },
    });
    const size = (n: number): number => written(Array.from({ length: n }, (_, i) => frame(i))).bytes.length;
    expect(size(101) - size(100)).toBe(16 + 3);
  });
});

describe("what breaks", () => {
  const frames = (from: number, count: number): LogEntry[] =>
    Array.from({ length: count }, (_, i) => ({
      kind: "frame",
      nowMs: noonMs + (from + i) * 200,
      seen: { tracks: [track(1)], scene: null },
    }));
  const blocks = [0, 1, 2].map((n) => {
    const writer = new BlockWriter();
    for (const entry of frames(n * 10, 10)) writer.add(entry);
    return writer.seal();
  });
  const whole = Buffer.concat([fileHead(noonMs), ...blocks]);

  test("a file cut anywhere keeps every whole block before the cut", () => {
    const ends = [20, 20 + (blocks[0]?.length ?? 0), 20 + (blocks[0]?.length ?? 0) + (blocks[1]?.length ?? 0)];
    for (let cut = 0; cut < whole.length; cut += 1) {
      const { goodEnd, tailBytes } = scanFile(whole.subarray(0, cut));
      const good = ends.filter((end) => end <= cut).at(-1) ?? 0;
      expect([goodEnd, tailBytes], `cut at ${cut}`).toEqual([good, cut - good]);
    }
  });

  test("a flipped bit costs one block and says so", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: whole.length - 1 }), fc.integer({ min: 0, max: 7 }), (at, bit) => {
        const flipped = Buffer.from(whole);
        flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << bit), at);
        const { bodies, damagedBytes, tailBytes } = scanFile(flipped);
        expect(bodies).toHaveLength(2);
        expect(damagedBytes + tailBytes).toBeGreaterThan(0);
        expect(bodies.flatMap(entriesOf)).toHaveLength(20);
      }),
      { numRuns: 60 },
    );
  });
});

describe("on disk", () => {
  let folder = "";
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "track-log-"))));
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  const told: GatewayError[] = [];
  const openLog = (clock: ClockDouble, bend: { days?: number; maxBytes?: number; folder?: string } = {}) =>
    TrackLog.open({ folder, days: 7, maxBytes: 10_000_000, clock, onError: (error) => told.push(error), ...bend });
  const seen: Observation = { tracks: [track(1), track(2)], scene: null };
  async function all(): Promise<LogEntry[]> {
    const files = await listLogFiles(folder);
    const contents = await Promise.all(files.map(({ name }) => readFile(join(folder, name))));
    return contents.flatMap((bytes) => scanFile(bytes).bodies.flatMap(entriesOf));
  }
  beforeEach(() => told.splice(0));

  test("a restart goes on in the same file, after cutting what a power cut left half written", async () => {
    const clock = new ClockDouble();
    {
      await using log = await openLog(clock);
      log.start(noonMs);
      log.keep(seen, noonMs + 200);
    }
    const [file] = await listLogFiles(folder);
    const path = join(folder, file?.name ?? "");
    const good = await readFile(path);
    await writeFile(path, Buffer.concat([good, Buffer.from("XLBK\x40\0\0\0half a block")]));
    {
      await using log = await openLog(clock);
      log.keep(seen, noonMs + 400);
    }
    expect(told.map(({ code }) => code)).toEqual(["TRACK_LOG_CUT"]);
    expect(await listLogFiles(folder)).toHaveLength(1);
    expect((await all()).map(({ nowMs }) => nowMs - noonMs)).toEqual([0, 200, 400]);
  });

  test("the room is never exceeded, the newest stays", async () => {
    const maxBytes = 80_000;
    const clock = new ClockDouble();
    await using log = await openLog(clock, { maxBytes });
    for (let i = 0; i < 200; i += 1) {
      for (let j = 0; j < 10; j += 1) log.keep(seen, noonMs + i * 2_000 + j * 200);
      log.lost(noonMs + i * 2_000 + 1_999);
      if (i % 20 === 0) await expect.poll(() => listLogFiles(folder), { timeout: 20_000 }).not.toHaveLength(0);
    }
    await log[Symbol.asyncDispose]();
    const files = await listLogFiles(folder);
    const sizes = await Promise.all(files.map(async ({ name }) => (await stat(join(folder, name))).size));
    expect(files[0]?.number).toBeGreaterThan(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(maxBytes);
    expect((await all()).at(-1)?.nowMs).toBe(noonMs + 199 * 2_000 + 1_999);
  });

  const oneDay = 86_400_000;
  async function daysAfter(nows: readonly number[]): Promise<readonly string[]> {
    await using log = await openLog(new ClockDouble(), { days: 2 });
    for (const nowMs of nows) {
      log.keep(seen, nowMs);
      log.lost(nowMs);
    }
    await log[Symbol.asyncDispose]();
    return (await listLogFiles(folder)).map(({ day }) => day);
  }
  const spring2038 = Date.parse("2038-01-19T03:00:00Z");

  test.each([
    ["days beyond the limit go", [0, 1, 2, 3, 4], ["20260316", "20260317", "20260318"]],
    ["a clock years ahead deletes nothing that is young", [0, 1, spring2038], ["20260314", "20260315", "20380119"]],
    [
      "what it dated goes when its days are over, though it is of the future then",
      [0, 1, spring2038, 1, 2, 3, 4],
      ["20260316", "20260317", "20260318"],
    ],
    ["a clock back in 1970 keeps the order of writing", [0, 1, 5_000], ["20260314", "20260315", "19700101"]],
    ["nor does it make its own files old at once", [0, 5_000, 1], ["20260314", "19700101", "20260315"]],
  ])("%s", async (_what, nows, left) => {
    expect(await daysAfter(nows.map((at) => (at < 1_000 ? noonMs + at * oneDay : at)))).toEqual(left);
  });

  test("a disk that cannot be written costs log, not frames, and is told once", async () => {
    const file = join(folder, "no-folder");
    await writeFile(file, "");
    const clock = new ClockDouble();
    await using log = await openLog(clock, { folder: join(file, "cam") });
    for (let i = 0; i < 5; i += 1) {
      expect(log.keep(seen, noonMs + i)).toEqual(seen);
      log.lost(noonMs + i);
    }
    await log[Symbol.asyncDispose]();
    expect(told.map(({ code }) => code)).toEqual(["TRACK_LOG_WRITE"]);
  });
});
