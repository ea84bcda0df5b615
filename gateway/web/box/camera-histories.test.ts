/** A day of cameras that outlives the daemon, against a real folder. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CameraStatus } from "../../runtime/status.ts";
import { CameraHistories } from "./camera-histories.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xueliang-history-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const slotMs = 600_000;
const noon = Date.UTC(2026, 10, 20, 12);
const camera = (framesIn: number, state = "streaming"): CameraStatus =>
  ({ id: "north", state, framesIn, analysed: framesIn / 2, triggers: 0, reconnects: 0 }) as unknown as CameraStatus;
const open = (nowMs: number): CameraHistories => new CameraHistories(folder, () => [], nowMs);
const lines = (): string[] =>
  readdirSync(join(folder, "camera-history")).flatMap((name) =>
    readFileSync(join(folder, "camera-history", name), "utf8")
      .split("\n")
      .filter((line) => line !== ""),
  );

/** Ten seconds between looks, from `fromMs` until before `toMs`. */
function watch(histories: CameraHistories, fromMs: number, toMs: number, state?: string): void {
  for (let atMs = fromMs, n = 0; atMs < toMs; atMs += 10_000, n += 1) histories.look([camera(n * 10, state)], atMs);
}

test("a restart in the middle of a slot and another in the next one lose nothing, and write a line a slot", () => {
  {
    using first = open(noon);
    watch(first, noon, noon + slotMs / 2);
  }
  {
    using second = open(noon + slotMs / 2);
    watch(second, noon + slotMs / 2, noon + 2 * slotMs, "waiting");
    expect(lines().length).toBe(2);
  }
  expect(lines().length).toBe(3);
  using third = open(noon + 2 * slotMs);
  const { slots, firstMs } = third.of("north", noon + 2 * slotMs);
  const at = (ms: number) => slots[(ms - firstMs) / slotMs];
  expect(at(noon)).toMatchObject({ up: 0.5, framesIn: 290 + 290 });
  expect(at(noon + slotMs)).toMatchObject({ up: 0 });
  expect(at(noon + 2 * slotMs)).toBeNull();
  expect(lines().every((line) => line.length < 100)).toBe(true);
});

test("a start with the clock in 2038 or 1970 costs no history once it is right again", () => {
  {
    using first = open(noon);
    watch(first, noon, noon + slotMs);
  }
  for (const odd of [Date.UTC(2038, 0, 19, 12), 12 * 3_600_000]) {
    using wrong = open(odd);
    watch(wrong, odd, odd + slotMs, "waiting");
  }
  using later = open(noon + slotMs);
  const { slots, firstMs } = later.of("north", noon + slotMs);
  expect(slots[(noon - firstMs) / slotMs]).toMatchObject({ up: 1 });
});

test("a day of six cameras is less than 64 KiB, and older days are gone but for two", () => {
  const six = Array.from({ length: 6 }, (_, n) => ({ ...camera(1_000_000), id: `camera-${n}` }));
  using histories = open(noon);
  for (let slot = 0; slot < 5 * 144; slot += 1) histories.look(six, noon + slot * slotMs);
  const sizes = readdirSync(join(folder, "camera-history")).map(
    (name) => readFileSync(join(folder, "camera-history", name)).length,
  );
  expect(sizes.length).toBe(6);
  expect(Math.max(...sizes)).toBeLessThan(64 * 1_024);
  using later = open(noon + 5 * 144 * slotMs);
  expect(readdirSync(join(folder, "camera-history")).length).toBe(4);
  expect(later.of("camera-0", noon + 5 * 144 * slotMs).slots.filter((slot) => slot !== null).length).toBeGreaterThan(
    140,
  );
});

test("a daemon whose cameras are not up yet keeps what it read", () => {
  {
    using first = open(noon);
    watch(first, noon, noon + 60_000);
  }
  using second = open(noon + 120_000);
  second.look([], noon + 130_000);
  expect(second.of("north", noon + 130_000).slots.at(-1)).toMatchObject({ up: 1 });
});

test("a torn line, nonsense and a folder that cannot be written harm nothing", () => {
  {
    using first = open(noon);
    watch(first, noon, noon + slotMs + 20_000);
  }
  const [name = ""] = readdirSync(join(folder, "camera-history"));
  const path = join(folder, "camera-history", name);
  appendFileSync(path, '\n{"at":17636');
  writeFileSync(join(folder, "camera-history", "2026-11-21.ndjson"), "\u0000\u0000\n[]\n{}");
  {
    using second = open(noon + 2 * slotMs);
    expect(second.of("north", noon + 2 * slotMs).slots.filter((slot) => slot !== null).length).toBe(2);
    watch(second, noon + 2 * slotMs, noon + 3 * slotMs + 10_000);
  }
  using third = open(noon + 4 * slotMs);
  expect(third.of("north", noon + 4 * slotMs).slots.filter((slot) => slot !== null).length).toBe(4);
  using nowhere = new CameraHistories("/dev/null", () => [], noon);
  watch(nowhere, noon, noon + slotMs + 10_000);
  expect(nowhere.of("north", noon + slotMs).slots.at(-2)).toMatchObject({ up: 1 });
});
