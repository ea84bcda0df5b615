/** `rules test` over a clip: decoder, detector process and rules as they ship, and the same output to the byte each time. */
import { execFile } from "node:child_process";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = join(import.meta.dirname, "../xueliang.mjs");
const clips = join(import.meta.dirname, "../../test-fixtures/clips");
/** The shortest of them, 20 s; a person walks through it before the signal goes. */
const story = "fault-lost";

async function run(folder: string, ...flags: readonly string[]): Promise<string> {
  const args = [program, "rules", "test", folder, ...flags];
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 24 });
  return stdout;
}

test("two runs over a clip are the same to the byte, in words and as JSON with every frame", async () => {
  const folder = await mkdtemp(join(tmpdir(), "backtest-clip-"));
  try {
    for (const file of [`${story}.mp4`, `${story}.truth.jsonl`]) await copyFile(join(clips, file), join(folder, file));
    for (const [flags, seen] of [
      [[], "right: video-signal-loss"],
      [["--json", "--trace"], '"label":"person"'],
    ] as const) {
      // At the same time, so that they also wait for each other at different places.
      const [first, second] = await Promise.all([run(folder, ...flags), run(folder, ...flags)]);
      // Not toContain: a failure would print megabytes.
      expect(first.includes(seen), seen).toBe(true);
      expect(second === first, firstDifference(first, second)).toBe(true);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);

function firstDifference(one: string, other: string): string {
  const [lines, others] = [one.split("\n"), other.split("\n")];
  const at = lines.findIndex((line, i) => line !== others[i]);
  return `line ${at + 1}: ${lines[at]?.slice(0, 300) ?? ""} | ${others[at]?.slice(0, 300) ?? ""}`;
}
