/** The platform's chained files: both digests hold every line, and a file of a release with SM3 alone is none that was touched. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ChainedLog } from "./chained-log.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chained-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const without = (name: string) => (line: string, i: number) =>
  i === 3 ? line.replace(new RegExp(`"${name}":"[0-9a-f]{64}",?`), "").replace(",}}", "}}") : line;

test.each([
  ["nothing", (line: string) => line, null],
  ["a word", (line: string, i: number) => (i === 3 ? line.replace("line 4", "line 9") : line), 4],
  ["one SHA-256", (line: string, i: number) => (i === 3 ? line.replace(/"sha256":".{4}/, '"sha256":"0000') : line), 4],
  ["one SM3", (line: string, i: number) => (i === 3 ? line.replace(/"sm3":".{4}/, '"sm3":"0000') : line), 4],
  ["a SHA-256 taken away", without("sha256"), 4],
  ["an SM3 taken away", without("sm3"), 4],
])("touched: %s", async (_what, change, broken) => {
  const path = join(folder, "log.jsonl");
  // Two lines as a release before wrote them.
  let hash = "00".repeat(32);
  const old = ["line 1", "line 2"].map((what) => {
    hash = createHash("sm3").update(hash).update(JSON.stringify({ what })).digest("hex");
    return JSON.stringify({ what, hash });
  });
  writeFileSync(path, `${old.join("\n")}\n`);
  for (const what of ["line 3", "line 4", "line 5"]) await (await ChainedLog.open(path)).append({ what });
  const lines = readFileSync(path, "utf8").trimEnd().split("\n");
  for (const line of lines.slice(2)) expect(line).toMatch(/,"chain":{"sha256":"[0-9a-f]{64}","sm3":"[0-9a-f]{64}"}}$/);
  writeFileSync(path, `${lines.map(change).join("\n")}\n`);
  expect(await (await ChainedLog.open(path)).brokenAt()).toBe(broken);
});
