import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "vitest";
import { FramePool } from "./frame-pool.ts";
import { FrameSlicer } from "./frame-slicer.ts";

/** Writes as many bytes as there is room for; says how many. */
function put(slicer: FrameSlicer, bytes: Uint8Array): number {
  const room = slicer.room();
  const count = Math.min(room.length, bytes.length);
  room.set(bytes.subarray(0, count));
  slicer.took(count);
  return count;
}

/** Cuts `bytes` at these places and gives back the frames that come out. */
function framesOf(bytes: Uint8Array, frameBytes: number, cuts: readonly number[]): Uint8Array[] {
  const slicer = new FrameSlicer(frameBytes);
  const frames: Uint8Array[] = [];
  let slot = new Uint8Array(frameBytes);
  slicer.begin(slot);
  const edges = [0, ...[...new Set(cuts)].sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < edges.length; i += 1) {
    const chunk = bytes.subarray(edges[i - 1], edges[i]);
    for (let at = 0; at < chunk.length;) {
      at += put(slicer, chunk.subarray(at));
      if (!slicer.isComplete) continue;
      frames.push(slot);
      slicer.begin((slot = new Uint8Array(frameBytes)));
    }
  }
  return frames;
}

test("every single cut gives the same frames", () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => i);
  for (let cut = 0; cut <= bytes.length; cut += 1) {
    const frames = framesOf(bytes, 12, [cut]);
    assert.deepEqual(
      frames.map((frame) => [...frame]),
      [0, 12, 24].map((start) => [...bytes.subarray(start, start + 12)]),
      `cut at ${cut}`,
    );
  }
});

test("any cuts give the same frames", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 30 }),
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.nat(200)),
      (frameBytes, bytes, cuts) => {
        const frames = framesOf(
          bytes,
          frameBytes,
          cuts.filter((cut) => cut <= bytes.length),
        );
        assert.equal(frames.length, Math.floor(bytes.length / frameBytes));
        assert.deepEqual([...Buffer.concat(frames)], [...bytes.subarray(0, frames.length * frameBytes)]);
      },
    ),
    { seed: 7, numRuns: 500 },
  );
});

test("a frame without a slot is skipped whole", () => {
  const slicer = new FrameSlicer(4);
  const slot = new Uint8Array(4);
  slicer.begin(null);
  assert.equal(put(slicer, Uint8Array.of(1, 2, 3, 4, 5)), 4);
  assert.ok(slicer.isComplete);
  slicer.begin(slot);
  assert.equal(put(slicer, Uint8Array.of(5)), 1);
  assert.deepEqual([...slot], [5, 0, 0, 0]);
});

test("a frame of nothing is refused", () => assert.throws(() => new FrameSlicer(0), RangeError));

test("the pool has three slots, gives each back once, and runs dry instead of growing", () => {
  const pool = new FramePool({ cameraId: "c", widthPx: 2, heightPx: 2 });
  const frames = [1, 2, 3].map((seq) => {
    assert.ok(pool.write());
    return pool.publish({ seq, capturedAtMs: seq, intact: true });
  });
  assert.equal(pool.write(), null);
  frames[1]?.[Symbol.dispose]();
  frames[1]?.[Symbol.dispose]();
  assert.equal(pool.freeCount, 1);
  const again = pool.write();
  assert.equal(again, frames[1]?.pixels);
  assert.equal(pool.write(), again, "the slot being written stays the same");
  assert.equal(new Set(frames.map((frame) => frame.pixels.byteOffset)).size, 3);
});
