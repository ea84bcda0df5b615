import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Reply } from "zeromq";
import { yuvBytes } from "../../../native/index.ts";
import type { Frame } from "../capture/frame.ts";
import { frameOf } from "../capture/testing/test-frame.ts";
import { systemClock } from "../../runtime/clock.ts";
import { RemoteDetector } from "./remote-detector.ts";
import { examplePackage } from "./testing/example-package.ts";

vi.setConfig({ testTimeout: 60_000 });

const model = examplePackage({
  name: "npu",
  input: { widthPx: 32, heightPx: 32, layout: "nhwc", dtype: "uint8", pad: 114 },
  head: { type: "end-to-end", nms: "inside", strides: [] },
});

let folder: string;
let address: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "xueliang-zmq-"));
  address = `ipc://${join(folder, "detector")}`;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const frame = (cameraId: string): Frame =>
  frameOf({ cameraId, widthPx: 64, heightPx: 32, pixels: new Uint8Array(yuvBytes(64, 32)).fill(128) });
const open = (timeoutMs = 10_000): RemoteDetector =>
  new RemoteDetector({ address, model, timeoutMs, clock: systemClock, onFailure: () => undefined });

function rows(...values: readonly (readonly number[])[]): Buffer {
  const all = new Float32Array(120);
  all.set(values.flat());
  return Buffer.from(all.buffer);
}

/** A sidecar as Frigate's are: answers each request with what `answer` gives, undefined keeps silent. */
async function serve(answers: readonly (readonly Buffer[] | string[])[], heard: Buffer[][] = []): Promise<Reply> {
  const socket = new Reply({ linger: 0 });
  await socket.bind(address);
  void (async () => {
    for (const answer of answers) {
      heard.push(await socket.receive());
      await socket.send([...answer]);
    }
  })().catch(() => undefined); // Closed by the test.
  return socket;
}

const boat = rows([1, 0.8, 0.25, 0.5, 0.75, 1]);

test("asks in the plugin's words and brings boxes back to the picture", async () => {
  const heard: Buffer[][] = [];
  const server = await serve([[boat], [Buffer.from('{"shape":[20,6],"dtype":"float32"}'), boat]], heard);
  await using detector = open();
  for (const shape of ["one frame", "header and frame"]) {
    const [seen, ...more] = (await detector.detect(frame("a"))) ?? [];
    expect(more, shape).toEqual([]);
    expect(seen).toMatchObject({ label: "boat" });
    // 64 x 32 lies in rows 8 to 24 of 32 x 32: a quarter to three quarters is all of its height.
    expect(seen?.box).toEqual({ x: 0.5, y: 0, width: 0.5, height: 1 });
  }
  expect(JSON.parse(heard[0]?.[0]?.toString() ?? "")).toEqual({
    shape: [1, 32, 32, 3],
    dtype: "uint8",
    model_type: "npu",
  });
  expect(heard[0]?.[1]).toHaveLength(32 * 32 * 3);
  server.close();
});

test("looked and nobody there is [], not null", async () => {
  const server = await serve([[rows()]]);
  await using detector = open();
  expect(await detector.detect(frame("a"))).toEqual([]);
  server.close();
});

for (const [name, answer] of [
  ["too short", [Buffer.alloc(10)]],
  ["an error in words", ['{"error":"no model"}']],
  ["values that are no numbers", [rows([1, NaN, 0, 0, 1, 1])]],
] as const) {
  test(`an answer that is none is not looked at: ${name}`, async () => {
    const server = await serve([[...answer] as Buffer[], [boat]]);
    await using detector = open();
    expect(await detector.detect(frame("a"))).toBeNull();
    expect(detector.status().lastError?.code).toBe("DETECTOR_UNREACHABLE");
    expect((await detector.detect(frame("a")))?.length).toBe(1);
    server.close();
  });
}

test("a sidecar that is away gives null, and works once it is there", async () => {
  await using detector = open(300);
  expect(await detector.detect(frame("a"))).toBeNull();
  expect(detector.status()).toMatchObject({ state: "restarting", failures: 1 });
  const server = await serve(Array.from({ length: 50 }, () => [boat]));
  const endMs = performance.now() + 30_000;
  let seen: unknown = null;
  while (seen === null && performance.now() < endMs) seen = await detector.detect(frame("a"));
  expect(seen).toHaveLength(1);
  expect(detector.status().state).toBe("running");
  server.close();
});
