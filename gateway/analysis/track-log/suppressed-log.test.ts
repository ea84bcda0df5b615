import { appendFile, mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Suppressed } from "../zones/suppression.ts";
import { readSuppressed, SuppressedLog } from "./suppressed-log.ts";

let folder = "";
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "suppressed-"))));
afterEach(async () => rm(folder, { recursive: true, force: true }));

const note = (atMs: number, filler = ""): Suppressed => ({
  cameraId: "cam",
  zoneId: "water",
  ruleId: "water/site-intrusion",
  eventType: "site-intrusion",
  reason: "too-short",
  atMs,
  value: 3.1,
  limit: `>= 5${filler}`,
  setting: "zones/water/rules/site-intrusion/suspectedSec",
  tracks: [1],
});
const fail = (cause: unknown): void => {
  throw cause;
};

test("what was noted is read back from a time on, after half a line too", async () => {
  await using log = new SuppressedLog(join(folder, "cam"), fail);
  for (const atMs of [1_000, 2_000, 3_000]) log.add(note(atMs));
  await log[Symbol.asyncDispose]();
  await appendFile(join(folder, "cam", "suppressed.jsonl"), '{"atMs": 4000, "rule');
  expect(await readSuppressed(join(folder, "cam"), 2_000)).toEqual([note(2_000), note(3_000)]);
  expect(await readSuppressed(join(folder, "nobody"), 0)).toEqual([]);
});

test("half a line that a power cut left does not take the next note with it", async () => {
  for (const [atMs, torn] of [
    [1_000, '{"atMs": 1500, "rule'],
    [2_000, ""],
    [3_000, "\0\0\0"],
    [4_000, ""],
  ] as const) {
    {
      await using log = new SuppressedLog(folder, fail);
      log.add(note(atMs));
    }
    await appendFile(join(folder, "suppressed.jsonl"), torn);
  }
  expect((await readSuppressed(folder, 0)).map(({ atMs }) => atMs)).toEqual([1_000, 2_000, 3_000, 4_000]);
});

test("two files, however long it goes on; the newest notes are there", async () => {
  const filler = "x".repeat(10_000);
  for (let i = 0; i < 200; i += 1) {
    await using log = new SuppressedLog(folder, fail);
    log.add(note(i, filler));
  }
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  expect(names).toHaveLength(2);
  expect(sizes.reduce((a, b) => a + b)).toBeLessThan(1_200_000);
  expect((await readSuppressed(folder, 0)).at(-1)?.atMs).toBe(199);
});
