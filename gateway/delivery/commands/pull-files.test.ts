import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { systemClock } from "../../runtime/clock.ts";
import type { Piece } from "../uplink/pieces.ts";
import { pullFiles, type PullOptions } from "./pull-files.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pull-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const bytes = randomBytes(50_000);
const sha256 = createHash("sha256").update(bytes).digest("hex");
const asked: number[] = [];

/** A platform that has the file; `answer` may be another one for some questions. */
function pull(answer: (off: number, n: number) => Piece | null = () => null, more: Partial<PullOptions> = {}) {
  asked.length = 0;
  return pullFiles({
    cmd: "ab".repeat(16),
    files: [{ name: "samples/a.bin", bytes: bytes.length, sha256 }],
    folder,
    clock: systemClock,
    signal: new AbortController().signal,
    patienceMs: 60_000,
    onProgress: () => undefined,
    ask: ({ off, size }) => {
      asked.push(off);
      const other = answer(off, asked.length);
      return Promise.resolve(other ?? { kind: "bytes", bytes: bytes.subarray(off, off + size) });
    },
    ...more,
  });
}
const path = (): string => join(folder, "samples/a.bin");

test("a file comes in pieces, none of them asked for twice", async () => {
  await pull();
  expect(readFileSync(path()).equals(bytes)).toBe(true);
  expect(asked).toEqual([0, 16_384, 32_768, 49_152]);
  expect(readdirSync(join(folder, "samples"))).toEqual(["a.bin"]);
});

test("what is there whole is not asked for", async () => {
  await pull();
  await pull();
  expect(asked).toEqual([]);
});

test("a line that breaks, and an order that is stopped: the next one goes on where the disk ends", async () => {
  const stop = new AbortController();
  const broken = pull((_off, n) => (n === 3 ? (stop.abort(), { kind: "lost" }) : null), { signal: stop.signal });
  await expect(broken).rejects.toThrow();
  expect(statSync(`${path()}.part`).size).toBe(32_768);
  await pull((_off, n) => (n === 1 ? { kind: "lost" } : null));
  expect(asked).toEqual([32_768, 32_768, 49_152]);
  expect(readFileSync(path()).equals(bytes)).toBe(true);
});

test.each([
  ["a part from a disk that lost its end in a power cut", Buffer.alloc(20_000)],
  ["a part that is longer than the file", Buffer.alloc(60_000)],
])("%s is begun anew", async (_name, part) => {
  await pull();
  rmSync(path());
  writeFileSync(`${path()}.part`, part);
  await pull();
  expect(readFileSync(path()).equals(bytes)).toBe(true);
});

test("a file must fit both digests that were signed", async () => {
  const file = { name: "samples/a.bin", bytes: bytes.length, sha256 };
  const sm3 = createHash("sm3").update(bytes).digest("hex");
  await pull(undefined, { files: [{ ...file, sm3 }] });
  const wrong = pull(undefined, { files: [{ ...file, sm3: sha256 }] });
  await expect(wrong).rejects.toMatchObject({ code: "TRANSFER_FAILED" });
});

test("bytes that are never right are given up after three times", async () => {
  const wrong = pull((off) => ({ kind: "bytes", bytes: randomBytes(Math.min(16_384, bytes.length - off)) }));
  await expect(wrong).rejects.toMatchObject({ code: "TRANSFER_FAILED" });
  expect(asked.filter((off) => off === 0).length).toBe(3);
  expect(readdirSync(join(folder, "samples"))).toEqual([]);
});

test.each<readonly [string, Piece, Partial<PullOptions>]>([
  ["a platform that does not have it", { kind: "refused", why: "not here" }, {}],
  ["no platform for too long", { kind: "lost" }, { patienceMs: 0 }],
])("told: %s", async (_name, piece, more) => {
  await expect(pull(() => piece, more)).rejects.toMatchObject({ code: "TRANSFER_FAILED" });
});
