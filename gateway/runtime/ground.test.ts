import { describe, expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";
import { ClockDouble } from "./clock-double.ts";
import { systemClock } from "./clock.ts";
import { CameraError, GatewayError, type ErrorCode } from "./errors.ts";
import { Latest } from "./latest.ts";
import { openLog } from "./log.ts";
import { Percentiles } from "./percentiles.ts";
import { supervise, type Pause } from "./supervise.ts";
import { Tally } from "./tally.ts";
import { errorTexts } from "./texts/errors.ts";
import { fill, languageOf } from "./texts/fill.ts";

describe("backoff doubles up to its limit and spreads", () => {
  test.each([
    ["the first repetition, middle of the spread", 1, 0.5, 1_000],
    ["the fourth", 4, 0.5, 8_000],
    ["far beyond the limit", 40, 0.5, 60_000],
    ["lowest of the spread", 2, 0, 1_000],
    ["highest of the spread", 2, 1, 3_000],
  ])("%s", (_name, attempt, random, waitMs) => expect(backoffMs(attempt, random)).toBe(waitMs));
});

describe("supervise", () => {
  const unreachable = (): never => {
    throw new CameraError("CAMERA_UNREACHABLE", { camera: "a", address: "b", detail: "c" });
  };
  const refused = (): never => {
    throw new CameraError("CAMERA_UNAUTHORIZED", { camera: "a" });
  };

  test("repeats after growing waits and stops when aborted", async () => {
    const clock = new ClockDouble();
    const stop = new AbortController();
    const waits: number[] = [];
    const ended = supervise(async () => unreachable(), stop.signal, {
      clock,
      random: () => 0.5,
      onFailure: (_e, ms) => waits.push(ms),
    });
    await clock.advance(8_000);
    stop.abort();
    await ended;
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  test("a refused password is not hammered", async () => {
    const clock = new ClockDouble();
    const stop = new AbortController();
    let runs = 0;
    const ended = supervise(
      async () => {
        runs += 1;
        refused();
      },
      stop.signal,
      { clock, random: () => 0.5 },
    );
    await clock.advance(29 * 60_000);
    expect(runs).toBe(1);
    await clock.advance(2 * 60_000);
    expect(runs).toBe(2);
    stop.abort();
    await ended;
  });

  test("a long healthy run starts the waits afresh", async () => {
    const clock = new ClockDouble();
    const stop = new AbortController();
    const waits: number[] = [];
    let runs = 0;
    const run = async (signal: AbortSignal): Promise<void> => {
      runs += 1;
      if (runs === 3) await clock.sleep(61_000, signal);
      unreachable();
    };
    const ended = supervise(run, stop.signal, { clock, random: () => 0.5, onFailure: (_e, ms) => waits.push(ms) });
    await clock.advance(65_000);
    stop.abort();
    await ended;
    expect(waits.slice(0, 3)).toEqual([1_000, 2_000, 1_000]);
  });

  test("a pause ends early when the next try is worth making, and only then", async () => {
    const clock = new ClockDouble();
    const stop = new AbortController();
    let runs = 0;
    let asked = 0;
    const ended = supervise(
      async () => {
        runs += 1;
        if (runs < 8) unreachable();
        await clock.sleep(1e6, stop.signal).catch(() => undefined);
      },
      stop.signal,
      {
        clock,
        random: () => 0.5,
        worthTrying: (_failure, { signal }) => {
          asked += 1;
          return asked < 7 ? null : clock.sleep(5_000, signal).catch(() => undefined);
        },
      },
    );
    await clock.advance(63_500);
    expect(runs).toBe(7);
    await clock.advance(4_000);
    expect(runs).toBe(7);
    await clock.advance(1_000);
    expect(runs).toBe(8);
    stop.abort();
    await ended;
    expect(clock.sleeping).toBe(0);
  });

  test("a pause lasts longer while no try is worth making, at most as long as the longest", async () => {
    const clock = new ClockDouble();
    const stop = new AbortController();
    let runs = 0;
    const run = (): Promise<void> => {
      runs += 1;
      return Promise.reject(new CameraError("CAMERA_UNREACHABLE", { camera: "a", address: "b", detail: "c" }));
    };
    const dueMs: number[] = [];
    const worthTrying = (_failure: unknown, pause: Pause): Promise<void> => {
      dueMs.push(pause.dueMs);
      return clock.sleep(runs === 1 ? 20_000 : 1e6, pause.signal).catch(() => undefined);
    };
    const ended = supervise(run, stop.signal, { clock, random: () => 0.5, worthTrying });
    await clock.advance(19_500);
    expect([runs, dueMs]).toEqual([1, [1_000]]);
    await clock.advance(1_000);
    expect(runs).toBe(2);
    await clock.advance(59_000);
    expect(runs).toBe(2);
    await clock.advance(1_000);
    expect(runs).toBe(3);
    stop.abort();
    await ended;
  });

  test("a bug is thrown on", async () => {
    const clock = new ClockDouble();
    const broken = async (): Promise<void> => Promise.reject(new TypeError("bug"));
    await expect(supervise(broken, new AbortController().signal, { clock })).rejects.toThrow("bug");
  });
});

describe("latest", () => {
  test("the newest wins and what it replaced is counted and told", async () => {
    const dropped: number[] = [];
    const latest = new Latest<number>((value) => dropped.push(value));
    latest.put(1);
    latest.put(2);
    expect(await latest.take(new AbortController().signal)).toBe(2);
    expect([latest.overwrittenCount, dropped]).toEqual([1, [1]]);
  });

  test("a waiting reader gets the next value; an aborted one gets nothing and leaves the next value alone", async () => {
    const latest = new Latest<number>();
    const stop = new AbortController();
    const first = latest.take(stop.signal);
    latest.put(7);
    expect(await first).toBe(7);
    const second = latest.take(stop.signal);
    stop.abort();
    expect(await second).toBeUndefined();
    latest.put(8);
    expect(latest.poll()).toBe(8);
  });
});

test("a tally says the first fault, then counts, then the recovery", () => {
  const tally = new Tally(10_000);
  expect(tally.fault("a", 0)).toEqual({ kind: "first", last: "a" });
  expect(tally.fault("b", 5_000)).toBeNull();
  expect(tally.fault("c", 10_000)).toEqual({ kind: "repeated", count: 2, periodMs: 10_000, last: "c" });
  expect(tally.ok()).toEqual({ kind: "recovered", count: 3 });
  expect(tally.ok()).toBeNull();
});

test("percentiles look at the newest values only", () => {
  const ring = new Percentiles(4);
  expect(ring.at(0.5)).toBeNull();
  for (const value of [100, 1, 2, 3, 4]) ring.add(value);
  expect([ring.at(0), ring.at(0.5), ring.at(0.99)]).toEqual([1, 3, 4]);
});

test("the real clock sleeps, and an aborted sleep rejects with the reason", async () => {
  const beforeMs = systemClock.monotonicMs();
  await systemClock.sleep(5);
  expect(systemClock.monotonicMs() - beforeMs).toBeGreaterThan(3);
  await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
});

describe("every error text", () => {
  const places = (text: string): string =>
    [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort().join();
  test.each(Object.entries(errorTexts))(
    "%s has both languages, the same places in both, and a remedy",
    (code, text) => {
      expect(places(text.zh[0])).toBe(places(text.en[0]));
      expect(text.zh.join("")).toMatch(/[\u4e00-\u9fff]/);
      expect(text.en[1].length).toBeGreaterThan(10);
      expect(new GatewayError(code as ErrorCode).exitCode).toBeGreaterThan(0);
    },
  );
});

test.each([
  ["zh_CN.UTF-8", "zh"],
  ["zh-Hans", "zh"],
  ["C.UTF-8", "en"],
  ["en_US.UTF-8", "en"],
  [undefined, "en"],
])("a locale %s is spoken to in %s", (locale, language) => expect(languageOf(locale)).toBe(language));

test("a text keeps a place that nobody filled", () => expect(fill("{a} and {b}", { a: 1 })).toBe("1 and {b}"));

test("the log says errors in the site's language and its last gate removes secrets", () => {
  const lines: string[] = [];
  const write = process.stderr.write.bind(process.stderr);
  process.stderr.write = (chunk: string | Uint8Array) => lines.push(String(chunk)) > 0;
  try {
    const log = openLog({ language: "zh", level: "info", redact: (line) => line.replaceAll("p@ss", "***") });
    log.warn({ note: "p@ss" }, "camera", new CameraError("CAMERA_UNAUTHORIZED", { camera: "北码头" }));
  } finally {
    process.stderr.write = write;
  }
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    msg: "camera",
    note: "***",
    code: "CAMERA_UNAUTHORIZED",
    text: expect.stringContaining("北码头") as unknown,
  });
});
