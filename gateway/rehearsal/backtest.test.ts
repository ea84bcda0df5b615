import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileHead } from "../analysis/track-log/block-format.ts";
import { BlockWriter } from "../analysis/track-log/block-writer.ts";
import { quantise } from "../analysis/track-log/quantise.ts";
import { marchNoon, still, tracksAt } from "../analysis/zones/testing/story.ts";
import { testCommand } from "../cli/rules-test.ts";
import { terminal } from "../cli/testing/terminal.ts";
import { scoreOf, worseThan, type StoryResult } from "./backtest.ts";

const result = (bend: Partial<StoryResult> = {}): StoryResult => ({
  name: "a",
  seconds: 60,
  expected: 1,
  right: 1,
  missed: 0,
  falseAlarms: 0,
  late: 0,
  lateness: [],
  lines: [],
  windows: 10,
  windowsRight: 9,
  debrisError: 0.002,
  ...bend,
});

describe("the score of all stories", () => {
  test("late is found but late; nothing fired has no precision rather than a bad one", () => {
    const some = [
      result({ falseAlarms: 1, lateness: [3] }),
      result({ expected: 3, right: 0, missed: 1, late: 1, lateness: [9, 1] }),
    ];
    expect(scoreOf(some)).toMatchObject({ precision: 2 / 3, recall: 0.5, falseAlarmsPerDay: 720, medianLateness: 3 });
    expect(scoreOf([result({ expected: 0, right: 0 })])).toMatchObject({
      precision: null,
      recall: null,
      medianLateness: null,
    });
  });

  for (const [name, now, worse] of [
    ["the same is not worse", [result()], []],
    ["fewer missed is not worse", [result({ missed: 0 })], []],
    ["one more false alarm is", [result({ falseAlarms: 1 })], ["a: falseAlarms 0 → 1"]],
    ["rods counted right less often is", [result({ windowsRight: 7 })], ["a: windows right 9 → 7"]],
    ["a hundredth of the debris is how processors round", [result({ debrisError: 0.011 })], []],
    ["more of it is not", [result({ debrisError: 0.03 })], ["a: debris error 0.002 → 0.03"]],
    ["a story that was not run is", [], ["a: not run"]],
    ["a new story is judged next time", [result(), result({ name: "b", missed: 3 })], []],
  ] as const)
    test(name, () => expect(worseThan([result()], now)).toEqual(worse));
});

describe("rules test on a log", () => {
  let folder = "";
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), "backtest-"))));
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  /** A person stays for a minute; the story says that somebody is expected from `fromSec` to `toSec`. */
  async function story(fromSec: number, toSec: number): Promise<void> {
    const whole = [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ];
    const rules = [{ type: "person-enter-water", kind: "presence-dwell", detectedSec: 8 }];
    const header = {
      seconds: 60,
      zones: [{ id: "bank", polygon: whole, rules }],
      expected: [{ type: "person-enter-water", startsAtSec: [fromSec, toSec], phases: [] }],
    };
    await writeFile(join(folder, "stays.truth.jsonl"), `${JSON.stringify(header)}\n`);
    const writer = new BlockWriter();
    const actors = [still(1, "person", { x: 0.3, y: 0.3, width: 0.1, height: 0.3 }, 10)];
    for (let i = 0; i < 300; i += 1) {
      const nowMs = marchNoon + i * 200;
      const seen = quantise({ tracks: tracksAt(actors, i / 5, marchNoon), scene: null });
      writer.add({ kind: "frame", nowMs, seen });
    }
    await writeFile(join(folder, "stays.tracks"), Buffer.concat([fileHead(marchNoon), writer.seal()]));
  }

  async function run(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    const { io, said } = terminal(folder, { json: args.includes("--json") });
    return { code: await testCommand([".", ...args.filter((arg) => arg !== "--json")], io), out: said.out };
  }

  test("two runs are the same to the byte, in both forms", async () => {
    await story(10, 25);
    for (const form of [[], ["--json"]]) expect(await run(...form)).toEqual(await run(...form));
    expect(await run()).toMatchObject({ code: 0 });
  });

  test("a log that was damaged is judged by what is whole, and never passes", async () => {
    await story(10, 25);
    const path = join(folder, "stays.tracks");
    const whole = await readFile(path);
    await writeFile(path, Buffer.concat([whole, whole.subarray(-40)]));
    const { code, out } = await run();
    expect(code).toBe(1);
    expect(out).toContain("right: person-enter-water");
    expect(out).toContain("missed: 40 bytes of the log are broken");
  });

  test("what cannot be judged is refused with its reason, and is no fault of the program", async () => {
    const header = { seconds: 9, zones: [], expected: [] };
    const square = [[0, 0], [1, 0], [1, 1]]; // prettier-ignore
    for (const [text, reason] of [
      ["hello", "not valid JSON"],
      [JSON.stringify({ ...header, seconds: "9" }), "seconds"],
      [JSON.stringify({ ...header, zones: [{ id: "a", polygon: square.slice(1) }] }), "zones[0].polygon has 2 entries"],
      [
        JSON.stringify({ ...header, zones: [{ id: "a", polygon: square, rules: ["fishing-multirod"] }] }),
        'did you mean "fishing-multi-rod"',
      ],
    ] as const) {
      await writeFile(join(folder, "odd.truth.jsonl"), text);
      await expect(run()).rejects.toThrow(reason);
    }
    const { io } = terminal(folder);
    await expect(testCommand(["nowhere"], io)).rejects.toThrow("no NAME.truth.jsonl in nowhere");
  });

  test("frame by frame: what was seen, the reasoning up to the first step not passed, what fired", async () => {
    await story(10, 25);
    const { out } = await run("--trace");
    expect(out).toContain("9.8 s  ·\n    person-enter-water @ bank: ✗ objects 0 (>= 1)");
    expect(out).toContain(
      "12.0 s  person 1 0.80\n    person-enter-water @ bank: ✓ objects 1 (>= 1) ✗ stayed 2 s (>= 8 s)",
    );
    expect(out).toContain("    ▶ person-enter-water started (detected, severity 3)");
    const frames = (await run("--trace", "--json")).out.split("\n").filter((line) => line.includes('"frame"'));
    expect(frames).toHaveLength(300);
  });

  test("an event that comes too late fails; against a baseline of the same it does not; a right one before, and it does", async () => {
    await story(10, 25);
    await writeFile(join(folder, "right.json"), (await run("--json")).out);
    await story(10, 11);
    const late = await run("--json");
    expect(late.code).toBe(1);
    await writeFile(join(folder, "late.json"), late.out);
    expect((await run("--baseline", "late.json")).code).toBe(0);
    const worse = await run("--baseline", "right.json");
    expect(worse.code).toBe(1);
    expect(worse.out).toContain("stays: late 0 → 1");
  });
});
