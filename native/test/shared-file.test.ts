/** Two processes see the same memory; whatever is wrong with the file is an error and not a crash. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import { createSharedFile, mapSharedFile } from "../index.ts";

const memoryFolder = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const folder = mkdtempSync(path.join(memoryFolder, "xueliang-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

const indexUrl = new URL("../index.ts", import.meta.url).href;

function fileOf(name: string): string {
  return path.join(folder, name);
}

/** A child that maps the file, adds one to its first byte, answers and stays until its stdin ends. */
const childProgram = `
  const { mapSharedFile } = await import(${JSON.stringify(indexUrl)});
  const slot = new Uint8Array(mapSharedFile(process.argv[1], 4096));
  process.stdin.on("data", () => {
    slot[0]++;
    slot[4095] = 7;
    process.stdout.write("done\\n");
  });`;

test("what one process writes the other one reads, both ways, also after the file has lost its name", async () => {
  const file = fileOf("slots");
  const slot = new Uint8Array(createSharedFile(file, 4096)!);
  expect(slot.every((byte) => byte === 0)).toBe(true);
  slot[0] = 41;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", childProgram, file], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.write("go\n");
  await once(child.stdout, "data");
  expect([slot[0], slot[4095]]).toEqual([42, 7]);
  rmSync(file);
  slot[0] = 99;
  child.stdin.write("go\n");
  await once(child.stdout, "data");
  expect(slot[0]).toBe(100);
  child.stdin.end();
  expect(await once(child, "exit")).toEqual([0, null]);
});

test("a file that is too small is refused before a page of it is touched", () => {
  const file = fileOf("small");
  writeFileSync(file, new Uint8Array(100));
  expect(() => mapSharedFile(file, 101)).toThrow(RangeError);
  expect(() => mapSharedFile(file, 101)).toThrow(/^bytes is more than the file holds/);
  truncateSync(file, 101);
  expect(mapSharedFile(file, 101)?.byteLength).toBe(101);
});

for (const [name, make, code] of [
  ["a missing file", () => mapSharedFile(fileOf("nowhere"), 10), "ENOENT"],
  ["a folder", () => mapSharedFile(folder, 10), "EIO"],
  [
    "a file that is already there",
    () => (createSharedFile(fileOf("twice"), 10), createSharedFile(fileOf("twice"), 10)),
    "EEXIST",
  ],
] as const)
  test(`${name} is ${code}`, () => {
    expect(make).toThrow(expect.objectContaining({ code }));
  });

for (const [name, file, bytes, kind] of [
  ["no bytes", "none", 0, RangeError],
  ["half a byte", "half", 0.5, RangeError],
  ["a zero byte in the path", "a\0b", 10, RangeError],
  ["an empty path", "", 10, RangeError],
  ["a path of 2,000 letters", "x".repeat(2000), 10, RangeError],
  ["a path that is a number", 5 as unknown as string, 10, TypeError],
] as const)
  test(`${name} throws`, () => {
    expect(() => createSharedFile(file, bytes)).toThrow(kind);
    expect(() => mapSharedFile(file, bytes)).toThrow(kind);
  });
