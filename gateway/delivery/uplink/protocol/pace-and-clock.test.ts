/** What a box learns from answers: how much may be on the way, and what time it is over there. */
import { describe, expect, test } from "vitest";
import { BulkPace } from "./bulk-pace.ts";
import { ClockOffset } from "./clock-offset.ts";
import { chunkBytes, minChunkBytes } from "./limits.ts";
import { ResultParts, resultMessages } from "./result.ts";

/** Sends through a line of `bytesPerMs` with one queue; returns the longest time that a byte at its end would have waited. */
function longestQueueMs(bytesPerMs: number, wayMs: number, chunks: number): { worstMs: number; sentBytes: number } {
  const pace = new BulkPace();
  let nowMs = 0;
  let freeAtMs = 0;
  let end = 0;
  let worstMs = 0;
  const answers: { atMs: number; end: number }[] = [];
  for (let n = 0; n < chunks;) {
    const size = pace.next(chunkBytes);
    if (size > 0) {
      freeAtMs = Math.max(freeAtMs, nowMs) + size / bytesPerMs;
      end += size;
      pace.sent(end, size, nowMs);
      answers.push({ atMs: freeAtMs + wayMs, end });
      worstMs = Math.max(worstMs, freeAtMs - nowMs);
      n += 1;
      continue;
    }
    const [answer] = answers.splice(0, 1);
    if (!answer) throw new Error("nothing on the way and nothing may be sent");
    nowMs = Math.max(nowMs, answer.atMs);
    pace.stored(answer.end, nowMs);
  }
  return { worstMs, sentBytes: end };
}

describe("evidence on one line with alarms", () => {
  for (const [name, bytesPerMs, wayMs, mostMs] of [
    ["512 kbit/s, 150 ms away", 64, 150, 250],
    ["512 kbit/s next door", 64, 5, 250],
    ["256 kbit/s, 80 ms away", 32, 80, 400],
    ["10 Mbit/s", 1_250, 20, 250],
  ] as const) {
    test(`${name}: what is on the way is through within ${mostMs} ms`, () => {
      expect(longestQueueMs(bytesPerMs, wayMs, 400).worstMs).toBeLessThan(mostMs);
    });
  }
  test("a fast line is filled", () => {
    const pace = new BulkPace();
    for (let n = 1, end = 0; n < 40; n += 1) {
      const size = pace.next(65_536);
      pace.sent((end += size), size, n);
      pace.stored(end, n + 1);
    }
    expect(pace.next(65_536)).toBe(chunkBytes);
    expect(new BulkPace().next(65_536)).toBe(2 * minChunkBytes);
    expect(pace.next(1_000)).toBe(1_000);
  });
});

/** Octets on the way at once, after many answers that each took `wayMs` on a line that nothing else fills. */
function onTheWay(wayMs: number): number {
  const pace = new BulkPace();
  let end = 0;
  let sent = 0;
  for (let turn = 0; turn < 80; turn += 1) {
    const before = end;
    for (let size = pace.next(65_536); size > 0; size = pace.next(65_536)) pace.sent((end += size), size, turn * wayMs);
    sent = end - before;
    pace.stored(end, (turn + 1) * wayMs);
  }
  return sent;
}

describe("what a cut can cost", () => {
  for (const [name, wayMs, mostBytes, leastBytes] of [
    ["a line that one payload fills", 4, 65_536, 49_152],
    ["32 Mbit/s, 16 ms there and back", 16, 65_536, 49_152],
    ["twice as far", 32, 131_072, 98_304],
    ["far away", 200, 8 * chunkBytes, 7 * chunkBytes],
  ] as const) {
    test(name, () => {
      expect(onTheWay(wayMs)).toBeLessThanOrEqual(mostBytes);
      expect(onTheWay(wayMs)).toBeGreaterThanOrEqual(leastBytes);
    });
  }
});

describe("clock", () => {
  for (const [name, beats, expected] of [
    ["nobody answered", [], null],
    [
      "the quickest answer counts",
      [
        [0, 1_060, 1_061, 101],
        [1_000, 2_010, 2_011, 21 + 1_000],
      ],
      1_000,
    ],
    ["an answer without times says nothing", [[0, undefined, undefined, 10]], null],
    ["an answer from before its question says nothing", [[100, 5, 5, 50]], null],
    [
      "a clock that was set makes older answers worthless",
      [
        [0, 5, 5, 10],
        [100, 90_105, 90_105, 110],
      ],
      90_000,
    ],
  ] as const) {
    test(name, () => {
      const clock = new ClockOffset();
      for (const [t0, t1, t2, t3] of beats) clock.answered({ t0, ...(t1 === undefined ? {} : { t1, t2 }) }, t3);
      if (expected === null) expect(clock.best).toBeNull();
      else expect(clock.best?.offsetMs).toBeCloseTo(expected, 0);
    });
  }
});

describe("results in parts", () => {
  const big = { cmd: "1".repeat(32), gw: "b", state: "done", detail: "", body: Buffer.alloc(150_000, "x") } as const;
  test("come together whole", () => {
    const parts = new ResultParts();
    const taken = resultMessages(big).map((m) =>
      m.kind === "RES" ? parts.take(m.header, m.payload ?? new Uint8Array()) : null,
    );
    expect(taken.map((t) => t?.body.length ?? null)).toEqual([null, null, 150_000]);
  });
  test("a missing part leaves nothing", () => {
    const parts = new ResultParts();
    const [first, , third] = resultMessages(big);
    for (const m of [first, third])
      expect(m?.kind === "RES" ? parts.take(m.header, m.payload ?? new Uint8Array()) : null).toBeNull();
  });
  test("more than a mebibyte is left out, and said so", () => {
    const [only, second] = resultMessages({ ...big, body: Buffer.alloc(1_048_577) });
    expect(second).toBeUndefined();
    expect(only).toMatchObject({ header: { detail: "result of 1048577 octets left out" } });
  });
});
