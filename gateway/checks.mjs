// What `npm test` runs, part by part: lint, types, formatting, generated docs, then every test.
import { spawnSync } from "node:child_process";

const only = process.argv.slice(2);
const parts = [
  ["format", "prettier", ["--check", "--log-level", "warn", "."]],
  ["lint", "eslint", ["."]],
  ["types", "tsc", ["--noEmit", "-p", "."]],
  ["docs", "node", ["gateway/docs.ts", "--check"]],
  ["tests", "vitest", ["run", ...only]],
];

const failed = [];
for (const [name, program, args] of only.length > 0 ? parts.slice(-1) : parts) {
  const startedMs = Date.now();
  console.log(`\n── ${name}`);
  const { status } = spawnSync(program, args, { stdio: "inherit", shell: false });
  console.log(`── ${name}: ${status === 0 ? "ok" : "FAILED"} (${((Date.now() - startedMs) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}
if (failed.length > 0) console.error(`\nfailed: ${failed.join(", ")}`);
process.exitCode = failed.length > 0 ? 1 : 0;
