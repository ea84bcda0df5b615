/** One small picture a track: taken once, found by track and time, bounded, whole after a power cut. */
import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { frameFromFile, sizeOfPicture, thumbnail } from "../snapshot.ts";
import type { Frame } from "../capture/frame.ts";
import { painted } from "../capture/testing/test-frame.ts";
import type { Box } from "../geometry.ts";
import type { Track } from "../tracking/track.ts";
import { dayOf } from "./log-files.ts";
import { listThumbnailFiles, ThumbnailFinder } from "./thumbnail-files.ts";
import { ThumbnailLog } from "./thumbnail-log.ts";

const noon = Date.parse("2026-03-14T12:00:00Z");
const day = 86_400_000;
let folder = "";
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "thumbs-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

/** 320 × 180, white; what a privacy mask covers is black. */
function frame(atMs: number, masked: Box | null = null): Frame {
  const [widthPx, heightPx] = [320, 180];
  const isMasked = (x: number, y: number): boolean =>
    masked !== null &&
    x >= masked.x * widthPx &&
    x < (masked.x + masked.width) * widthPx &&
    y >= masked.y * heightPx &&
    y < (masked.y + masked.height) * heightPx;
  const picture = painted(widthPx, heightPx, (x, y) => (isMasked(x, y) ? [0, 0, 0] : [255, 255, 255]));
  return { ...picture, cameraId: "cam", capturedAtMs: atMs };
}

const track = (id: number, more: Partial<Track> = {}): Track => ({
  ...{
    id,
    label: "person",
    state: "confirmed",
    score: 0.8,
    firstSeenMs: noon,
    lastSeenMs: noon,
    seenNow: true,
    hits: 9,
  },
  box: { x: 0.25, y: 0.25, width: 0.5, height: 0.5 },
  velocity: { x: 0, y: 0 },
  ...more,
});

function opened(more: Partial<ConstructorParameters<typeof ThumbnailLog>[0]> = {}): ThumbnailLog {
  const onFailed = (cause: unknown): void => {
    throw cause;
  };
  return new ThumbnailLog({ folder, days: 7, maxBytes: 1_000_000, cut: thumbnail, onFailed, ...more });
}

test("each confirmed track has one picture of at most 96 pixels, with the mask in it; others have none", async () => {
  {
    await using log = opened();
    const masked = { x: 0, y: 0, width: 0.5, height: 1 };
    log.look(frame(noon, masked), [track(1), track(2, { state: "tentative" }), track(3, { seenNow: false })]);
    log.look(frame(noon + 200), [track(1), track(4, { hits: 1 })]);
  }
  const finder = new ThumbnailFinder();
  const jpeg = await finder.find(folder, 1, noon + 5_000);
  expect(await Promise.all([2, 3, 4].map((id) => finder.find(folder, id, noon)))).toEqual([null, null, null]);
  const path = join(folder, "one.jpg");
  await writeFile(path, jpeg ?? "");
  const { widthPx, heightPx } = await sizeOfPicture(path);
  expect(Math.max(widthPx, heightPx)).toBe(96);
  const { pixels } = await frameFromFile(path, "cam", 1);
  const middle = Math.floor(heightPx / 2) * widthPx * 3;
  expect(pixels[middle + 6]).toBeLessThan(20);
  expect(pixels[middle + (widthPx - 2) * 3]).toBeGreaterThan(235);
});

test("an id that begins anew with the gateway is told apart by the time", async () => {
  const cut = (one: Frame): Promise<Uint8Array> => Promise.resolve(Buffer.from(`at ${one.capturedAtMs - noon}`));
  for (const ms of [0, 3_600_000]) {
    await using log = opened({ cut });
    log.look(frame(noon + ms), [track(1)]);
  }
  const finder = new ThumbnailFinder();
  const said = async (ms: number): Promise<string> => String(await finder.find(folder, 1, noon + ms));
  expect(await said(60_000)).toBe("at 0");
  expect(await said(3_700_000)).toBe("at 3600000");
  expect(await said(-5_000), "a moment before its picture").toBe("at 0");
  expect(await finder.find(folder, 1, noon + 3 * day)).toBeNull();
});

test("a power cut in the middle of a record costs that picture; what follows is found", async () => {
  const cut = (): Promise<Uint8Array> => Promise.resolve(Buffer.alloc(500, 7));
  const finder = new ThumbnailFinder();
  {
    await using log = opened({ cut });
    log.look(frame(noon), [track(1), track(2)]);
  }
  const [file] = await listThumbnailFiles(folder);
  const path = join(folder, file?.name ?? "");
  await truncate(path, (await stat(path)).size - 100);
  expect(await finder.find(folder, 2, noon)).toBeNull();
  {
    await using log = opened({ cut });
    log.look(frame(noon + 1_000), [track(3)]);
  }
  for (const finds of [finder, new ThumbnailFinder()]) {
    expect((await finds.find(folder, 1, noon))?.length).toBe(500);
    expect(await finds.find(folder, 2, noon)).toBeNull();
    expect((await finds.find(folder, 3, noon))?.length).toBe(500);
  }
  await appendFile(path, "XLTH and so on");
  expect((await readFile(path)).length).toBeGreaterThan(1_000);
  expect((await finder.find(folder, 3, noon))?.length).toBe(500);
});

test("room and days are kept: the oldest go first", async () => {
  const cut = (): Promise<Uint8Array> => Promise.resolve(Buffer.alloc(10_000));
  {
    await using log = opened({ cut, maxBytes: 200_000, days: 2 });
    for (let id = 1; id <= 60; id += 1) {
      log.look(frame(noon), [track(id)]);
      // One after the other: more than two in the making wait for a later frame.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const sizes = await Promise.all((await listThumbnailFiles(folder)).map(({ name }) => stat(join(folder, name))));
  const total = sizes.reduce((sum, { size }) => sum + size, 0);
  expect(total).toBeLessThanOrEqual(200_000);
  expect(total).toBeGreaterThan(100_000);
  {
    await using log = opened({ cut, maxBytes: 200_000, days: 2 });
    log.look(frame(Date.parse("2038-01-19T03:00:00Z")), []);
  }
  expect(await listThumbnailFiles(folder), "a clock years ahead is no reason").not.toEqual([]);
  for (const ahead of [0, 1, 2, 3]) {
    // The track log has a file of each day.
    await writeFile(join(folder, `0000000${ahead + 1}-${dayOf(noon + ahead * day)}.tracks`), "");
    await using log = opened({ cut, maxBytes: 200_000, days: 2 });
    log.look(frame(noon + ahead * day), []);
  }
  expect(await listThumbnailFiles(folder)).toEqual([]);
});

test("an encoder that hangs holds no frame, and a track that found it busy has its turn later", async () => {
  let calls = 0;
  let free: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (free = resolve));
  {
    await using log = opened({ cut: () => ((calls += 1), held.then(() => Buffer.alloc(9))) });
    for (let i = 0; i < 50; i += 1) log.look(frame(noon + i * 200), [track(1), track(2), track(3)]);
    expect(calls).toBe(2);
    free();
    // The two pictures are on the disk when the disk has taken them.
    for (let i = 0; calls < 3; i += 1) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.look(frame(noon + 20_000 + i), [track(1), track(2), track(3)]);
    }
    expect(calls).toBe(3);
  }
  expect((await new ThumbnailFinder().find(folder, 3, noon + 20_000))?.length).toBe(9);
});
