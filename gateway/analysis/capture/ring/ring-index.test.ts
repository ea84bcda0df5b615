import assert from "node:assert/strict";
import { describe, test } from "vitest";
import { RingIndex } from "./ring-index.ts";

const bounds = { keepMs: 10_000, maxBytes: 1_000 };

/** Segments of two seconds from wall time 100,000 on; the stream counts from zero and `lateMs` says how late each was written. */
function filled(lateMs: readonly number[], options: Partial<typeof bounds> = {}): RingIndex {
  const index = new RingIndex({ ...bounds, ...options });
  index.begin();
  lateMs.forEach((late, i) => {
    index.opened(`s${i}`, i * 2_000, 100_000 + i * 2_000 + late);
    index.reached(i * 2_000 + 1_900, (i + 1) * 20);
  });
  return index;
}

const paths = (segments: readonly { readonly path: string }[]): readonly string[] => segments.map(({ path }) => path);

describe("times", () => {
  test("the promptest packet tells the truth, late ones do not move it", () => {
    const index = filled([900, 0, 40, 300]);
    assert.deepEqual(
      index.segments.map((segment) => index.startMs(segment)),
      [100_000, 102_000, 104_000, 106_000],
    );
  });

  test("the first segment of a connection is written late and counts only alone", () => {
    assert.equal(filled([700]).startMs(filled([700]).segments[0]!), 100_700);
    assert.equal(filled([-500, 0]).newestMs(), 103_900, "a burst at the start does not count either");
  });

  test("a camera whose clock is set begins a new timeline; what was before keeps its times", () => {
    const index = filled([0, 0, 0]);
    index.opened("s3", 3_600_000, 106_000);
    index.opened("s4", 3_602_000, 108_010);
    assert.equal(index.startMs(index.segments[1]!), 102_000);
    assert.equal(index.startMs(index.segments[3]!), 106_010);
    assert.deepEqual(paths(index.around(104_000, 108_500, 109_000)), ["s3", "s4"]);
  });
});

for (const [name, atMs, expected] of [
  ["in the middle of one", 103_000, "s1"],
  ["exactly at a start", 104_000, "s2"],
  ["before the oldest", 99_999, null],
  ["in the one that is being written", 107_999, "s3"],
] as const) {
  test(`the segment of a moment: ${name}`, () => {
    assert.equal(filled([0, 0, 0, 0]).at(atMs)?.path ?? null, expected);
  });
}

test("a pause between two connections belongs to neither", () => {
  const index = filled([0, 0]);
  index.begin();
  index.opened("t0", 0, 120_000);
  index.opened("t1", 2_000, 122_000);
  assert.equal(index.at(104_300)?.path, "s1", "the last picture stands for half a second");
  assert.equal(index.at(110_000), null);
  assert.equal(index.at(121_000)?.path, "t0");
  assert.deepEqual(paths(index.around(100_000, 121_000, 123_000)), ["t0", "t1"], "never over a pause");
});

test("after the connection is over nothing newer is promised", () => {
  const index = filled([0, 0]);
  index.end();
  assert.equal(index.newestMs(), null);
  assert.equal(index.at(109_000), null);
});

describe("what may go", () => {
  test("whole segments older than the time that is kept", () => {
    const index = filled([0, 0, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual(paths(index.expire(114_500)), ["s0", "s1"].slice(0, 2));
    assert.equal(index.at(103_000), null);
  });

  test("the oldest first when the bytes are too many, and never the one that is being written", () => {
    const index = filled([0, 0, 0]);
    for (const segment of index.segments) segment.bytes = 700;
    assert.deepEqual(paths(index.expire(106_000)), ["s0", "s1"]);
    assert.equal(index.isOverfull(), false);
    index.segments[0]!.bytes = 1_001;
    assert.equal(index.isOverfull(), true);
  });

  test("what somebody reads stays until it is let go", () => {
    const index = filled([0, 0, 0]);
    for (const segment of index.segments) segment.bytes = 700;
    index.segments[0]!.holders = 1;
    assert.deepEqual(paths(index.expire(106_000)), ["s1"]);
    index.segments[0]!.holders = 0;
    assert.deepEqual(paths(index.expire(106_000)), ["s0"]);
  });

  test("what a dead connection left goes too", () => {
    const index = filled([0]);
    index.end();
    assert.deepEqual(paths(index.expire(100_000 + 19_000)), []);
    assert.deepEqual(paths(index.expire(100_000 + 21_000)), ["s0"]);
  });
});

test("the distance of two pictures is measured once ten were seen", () => {
  assert.equal(filled([0]).pictureMs, 40);
  assert.equal(Math.round(filled([0, 0]).pictureMs), 100);
});

describe("what the stream is like", () => {
  const bytes = (index: RingIndex, each: number): RingIndex => {
    for (const segment of index.segments) segment.bytes = each;
    return index;
  };

  test("its rate over whole segments, and the distance of its key frames", () => {
    assert.deepEqual(bytes(filled([0, 0, 0, 0]), 250_000).figures(), { bitsPerSec: 1_000_000, keyFrameMs: 2_000 });
  });

  test("one key frame that comes late is not the rule", () => {
    const index = filled([0, 0, 0, 0]);
    index.opened("late", 9_000, 109_000);
    assert.equal(index.figures()?.keyFrameMs, 2_000);
  });

  test("nobody knows after a moment, nor from another connection", () => {
    const index = bytes(filled([0, 0]), 1_000);
    assert.equal(index.figures(), null);
    const again = filled([0, 0, 0, 0]);
    again.begin();
    again.opened("t0", 0, 200_000);
    assert.equal(again.figures(), null);
  });
});
