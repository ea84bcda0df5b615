/** 20,000 calls of every kernel, good and refused, leave the memory of the process where it was. */
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

const program = `
  const native = await import(${JSON.stringify(new URL("../index.ts", import.meta.url).href)});
  const { mkdtempSync, readFileSync, rmSync, writeFileSync } = await import("node:fs");
  const [width, height] = [80, 45];
  const source = new Uint8Array(native.yuvBytes(width, height));
  const state = new Uint8Array(native.motionStateSize(width, height));
  const scene = new Uint8Array(native.sceneStateSize(width, height));
  const blocks = new Uint8Array(32 * 18), out = new Float64Array(5);
  const target = new Uint8Array(48 * 48 * 3), region = { x: 0, y: 0, width, height };
  const folder = mkdtempSync("/dev/shm/xueliang-memory-");
  writeFileSync(folder + "/slot", new Uint8Array(65536));
  function round(n) {
    // Ever new sizes: the tables of a resize must make room for each other.
    native.letterbox(source, width, height, { ...region, width: 1 + (n % width) }, target, 48, 48, { filter: n % 2 ? "area" : "linear" });
    native.motionStep(source, width, height, state, blocks);
    native.measureScene(source, width, height, scene, out);
    native.lineSums(source.subarray(0, width * height), width, height, new Uint32Array(width), new Uint32Array(height));
    if (n % 10 === 0) native.mapSharedFile(folder + "/slot", 65536);
    try { native.measureScene(source, width, height, state, out); } catch {}
  }
  function rss() { globalThis.gc(); globalThis.gc(); return process.memoryUsage().rss; }
  for (let n = 0; n < 4000; n++) round(n);
  const before = rss();
  for (let n = 0; n < 20000; n++) round(n);
  // Finalizers run in their own turns of the loop, some collections later.
  let maps = 99;
  for (let turn = 0; turn < 100 && maps > 0; turn++) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
    maps = readFileSync("/proc/self/maps", "utf8").split("\\n").filter((line) => line.includes(folder)).length;
  }
  const after = rss();
  rmSync(folder, { recursive: true });
  console.log(JSON.stringify({ kind: native.nativeStatus.kind, grownBytes: after - before, maps }));`;

test("memory is flat over 20,000 rounds", () => {
  const answer = execFileSync(process.execPath, ["--expose-gc", "--input-type=module", "--eval", program], {
    encoding: "utf8",
  });
  const { kind, grownBytes, maps } = JSON.parse(answer) as { kind: string; grownBytes: number; maps: number };
  expect(kind).toBe("native");
  // A leak of the smallest buffer here, 3.6 KB, a round would be 72 MB; a mapping a tenth round 130 MB.
  expect(grownBytes).toBeLessThan(32 * 2 ** 20);
  // The last one may still be held by the stack.
  expect(maps).toBeLessThanOrEqual(1);
}, 120_000);
