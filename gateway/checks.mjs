// What `npm test` runs, part by part: formatting, lint, types, generated docs, then every test.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const only = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "xueliang-checks-"));
const report = join(folder, "tests.json");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
const parts = [
  ["format", "prettier", ["--check", "--log-level", "warn", "."]],
  ["lint", "eslint", ["."]],
  ["types", "tsc", ["--noEmit", "-p", "."]],
  ["types of the page", "tsc", ["--noEmit", "-p", "gateway/web/page"]],
  ["docs", "node", ["gateway/docs.ts", "--check"]],
  ["tests", "vitest", ["run", ...reporters, ...only]],
];

const failed = [];
for (const [name, program, args] of only.length > 0 ? parts.slice(-1) : parts) {
  const startedMs = Date.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(program, args, { stdio: ["ignore", "inherit", "inherit"] });
  console.log(`── ${name}: ${status === 0 ? "ok" : "FAILED"} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) console.error(`\nfailed: ${failed.join(", ")}`);
try {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
  const skipped = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === "pending" || status === "skipped");
  for (const { fullName } of skipped) console.log(`skipped: ${fullName}`);
  console.log(`\n${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
} catch {
  console.error("the tests left no report");
  failed.push("report");
}
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed.length > 0 ? 1 : 0;
