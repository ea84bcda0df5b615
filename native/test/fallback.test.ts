/** A machine whose binary is missing, foreign or torn still works, and says so. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(path.join(tmpdir(), "xueliang-fallback-"));
afterAll(() => rmSync(folder, { recursive: true }));

const prebuilds = path.join(import.meta.dirname, "../prebuilds");
const other = process.arch === "arm64" ? "x64" : "arm64";
const torn = path.join(folder, "torn.node");
writeFileSync(torn, readFileSync(path.join(prebuilds, `linux-${process.arch}/xueliang.node`)).subarray(0, 5000));
const text = path.join(folder, "text.node");
writeFileSync(text, "not a library");

const program = `
  const { letterbox, nativeStatus, mapSharedFile, dieWithParent } = await import(${JSON.stringify(new URL("../index.ts", import.meta.url).href)});
  const target = new Uint8Array(12);
  letterbox(Uint8Array.of(100, 100, 100, 100, 128, 128), 2, 2, { x: 0, y: 0, width: 2, height: 2 }, target, 2, 2);
  console.log(JSON.stringify({ ...nativeStatus, pixel: target[0], shared: mapSharedFile("/dev/null", 1), dies: dieWithParent() }));`;

for (const [name, env, note] of [
  ["XUELIANG_NATIVE=off", { XUELIANG_NATIVE: "off" }, /^XUELIANG_NATIVE=off/],
  [
    "no binary",
    { XUELIANG_NATIVE_PATH: path.join(folder, "none.node") },
    /^no addon for linux-.*node native\/build\.ts/,
  ],
  ["a torn binary", { XUELIANG_NATIVE_PATH: torn }, /^the addon is no whole library/],
  ["a text instead", { XUELIANG_NATIVE_PATH: text }, /^the addon is no whole library/],
  [
    "another machine's binary",
    { XUELIANG_NATIVE_PATH: path.join(prebuilds, `linux-${other}/xueliang.node`) },
    /^the addon does not load/,
  ],
] as const)
  test(`${name}: the reference runs, with a note`, () => {
    const answer = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
      env: { ...process.env, ...env },
      encoding: "utf8",
    });
    expect(JSON.parse(answer)).toEqual({
      kind: "reference",
      path: expect.any(String) as string,
      note: expect.stringMatching(note) as string,
      pixel: 98,
      shared: null,
      dies: false,
    });
  });
