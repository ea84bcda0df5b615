/** Evidence is kept when it fits every digest that its offer names, and only then. */
import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Blobs } from "./blobs.ts";
import { openSink } from "./sinks/open-sink.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "blobs-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const bytes = randomBytes(5_000);
const [sha256 = "", sm3 = ""] = ["sha256", "sm3"].map((hash) => createHash(hash).update(bytes).digest("hex"));

test.each([
  ["both digests", { sha256, sm3 }, true],
  ["SHA-256 alone, of a box without SM3", { sha256 }, true],
  ["the SM3 of something else", { sha256, sm3: sha256 }, false],
  ["the SHA-256 of something else", { sha256: sm3, sm3 }, false],
])("%s", async (_what, named, isKept) => {
  await using sink = await openSink(`sqlite:${join(folder, "platform.db")}`, Date.now());
  const blobs = new Blobs(join(folder, "evidence"), sink, Date.now);
  const offer = { ...named, size: bytes.length, type: "image/jpeg", ev: "e", kind: "snapshot" } as const;
  expect(await blobs.offer("box-1", offer)).toBe(0);
  const stored = await blobs.append({ sha256: named.sha256, off: 0, crc32: crc32(bytes) }, bytes);
  expect(stored?.kind).toBe(isKept ? "done" : "bad");
  const path = blobs.path(named.sha256, "image/jpeg");
  expect(existsSync(path) && readFileSync(path).equals(bytes)).toBe(isKept);
  expect(await sink.evidence(named.sha256)).toEqual(isKept ? expect.objectContaining({ sha256, sm3 }) : null);
  // What did not fit is begun anew, and what is there is not asked for again.
  expect(await blobs.offer("box-1", offer)).toBe(isKept ? null : 0);
});

test("a piece that begins behind what is there is not kept: a hole would cost the whole file", async () => {
  await using sink = await openSink(`sqlite:${join(folder, "platform.db")}`, Date.now());
  const blobs = new Blobs(join(folder, "evidence"), sink, Date.now);
  const offer = { sha256, sm3, size: bytes.length, type: "image/jpeg", ev: "e", kind: "snapshot" } as const;
  const put = (off: number, end: number) => {
    const piece = bytes.subarray(off, end);
    return blobs.append({ sha256, off, crc32: crc32(piece) }, piece);
  };
  expect(await blobs.offer("box-1", offer)).toBe(0);
  expect(await put(1_000, 2_000)).toBe(null);
  expect(await put(0, 1_000)).toEqual({ kind: "durable", off: 1_000 });
  expect(await put(2_000, 3_000)).toBe(null);
  expect(await blobs.offer("box-1", offer)).toBe(1_000);
  expect(await put(1_000, 5_000)).toMatchObject({ kind: "done" });
});
