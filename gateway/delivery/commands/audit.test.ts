/** The chain of the audit: every line is held by both digests, and a line of a release without SM3 is none that was touched. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../../database/database.ts";
import { Audit } from "./audit.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "audit-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ["nothing", "SELECT 1", null],
  ["a word of a line", "UPDATE audit SET body = replace(body, 'line 3', 'line 9') WHERE n = 3", 3],
  ["a line that is gone", "DELETE FROM audit WHERE n = 3", 4],
  ["one SHA-256", "UPDATE audit SET hash = zeroblob(32) WHERE n = 3", 3],
  ["one SM3", "UPDATE audit SET sm3 = zeroblob(32) WHERE n = 3", 3],
  ["an SM3 taken away", "UPDATE audit SET sm3 = NULL WHERE n = 3", 3],
  ["lines of a release without SM3", "UPDATE audit SET sm3 = NULL WHERE n <= 3", null],
  ["the oldest lines, cleared away", "DELETE FROM audit WHERE n <= 3", null],
])("touched: %s", async (_what, sql, broken) => {
  using database = await Database.open(join(folder, "box.db"));
  const audit = new Audit(database);
  const add = (n: number): void => void audit.add({ what: `line ${n}` }, n);
  for (let n = 1; n <= 3; n += 1) add(n);
  // What a box brings along from before it had SM3 stands on nothing; what comes after it does.
  if (sql.includes("n <= 3") && sql.startsWith("UPDATE")) database.run(sql);
  for (let n = 4; n <= 5; n += 1) add(n);
  if (!sql.startsWith("SELECT")) database.run(sql);
  expect(audit.broken()).toBe(broken);
});
