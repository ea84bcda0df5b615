/** What the one door to SQLite promises: FULL, checked at each start, set aside when damaged, known by its epoch. */
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "./database.ts";

let folder = "";
let path = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "database-"));
  path = join(folder, "gateway.db");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("every commit is synced: FULL after the first write, and in the next life too", async () => {
  for (let life = 0; life < 2; life += 1) {
    using database = await Database.open(path);
    database.run("INSERT OR REPLACE INTO meta (name, value) VALUES ('a', 'b')");
    expect(database.get("PRAGMA synchronous")).toEqual({ synchronous: 2 });
    expect(database.get("PRAGMA journal_mode")).toEqual({ journal_mode: "wal" });
  }
});

test("a file keeps its epoch, another file has another", async () => {
  let first: string;
  {
    using database = await Database.open(path);
    first = database.epoch;
  }
  using again = await Database.open(path);
  using other = await Database.open(join(folder, "other.db"));
  expect(first).toMatch(/^[0-9a-f]{32}$/);
  expect(again.epoch).toBe(first);
  expect(other.epoch).not.toBe(first);
});

test("a transaction is all or nothing", async () => {
  using database = await Database.open(path);
  expect(() =>
    database.transaction(() => {
      database.run("INSERT INTO meta (name, value) VALUES ('half', '1')");
      throw new Error("power");
    }),
  ).toThrow("power");
  expect(database.get("SELECT 1 AS there FROM meta WHERE name = 'half'")).toBeUndefined();
});

for (const [name, damage] of [
  ["a file that is no database", (bytes: Buffer) => bytes.fill(0x41, 0, 512)],
  ["a lost page in the middle", (bytes: Buffer) => bytes.fill(0, 3 * 8_192, 4 * 8_192)],
  ["half a file", (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2 / 8_192) * 8_192)],
] as const) {
  test(`${name} is set aside and a new one begins under a new epoch`, async () => {
    let epoch: string;
    {
      using database = await Database.open(path);
      epoch = database.epoch;
      for (let n = 0; n < 400; n += 1)
        database.run("INSERT INTO meta (name, value) VALUES (?, ?)", `n${n}`, "x".repeat(200));
    }
    writeFileSync(path, damage(Buffer.from(readFileSync(path))));
    using database = await Database.open(path);
    expect(database.quarantined).not.toBeNull();
    expect(readFileSync(database.quarantined ?? "").length).toBeGreaterThan(0);
    expect(database.epoch).not.toBe(epoch);
  });
}

test("damage that no check found and a read met is set aside at the next start, whatever ended the first try", async () => {
  const rows = 500;
  const fill = (database: Database): void =>
    database.transaction(() => {
      for (let n = 0; n < rows; n += 1)
        database.run("INSERT INTO meta (name, value) VALUES (?, ?)", `n${n}`, "x".repeat(7_000));
    });
  {
    using database = await Database.open(path);
    fill(database);
    database.shrink();
    // Under its feet, with nothing of it kept in memory.
    database.run("PRAGMA shrink_memory");
    const bytes = readFileSync(path);
    for (let page = 4; page < 400; page += 1) bytes.fill(0xa5, page * 8_192, (page + 1) * 8_192);
    const file = openSync(path, "r+");
    writeSync(file, bytes);
    closeSync(file);
    const read = (): unknown => database.all("SELECT value FROM meta");
    expect(read).toThrow(expect.objectContaining({ code: "DATABASE_CORRUPT" }));
  }
  // The power goes in the middle of setting it aside: the log has moved, the file has not.
  const folder2 = join(folder, "quarantine", "begun");
  mkdirSync(folder2, { recursive: true });
  writeFileSync(`${path}-damaged`, folder2);
  writeFileSync(join(folder2, "gateway.db-wal"), "moved before");
  {
    using database = await Database.open(path);
    expect(database.quarantined).toBe(join(folder2, "gateway.db"));
    fill(database);
  }
  // What was not taken over yet is still named at the next start, and then no more; the file stays.
  {
    using database = await Database.open(path);
    expect(database.quarantined).not.toBeNull();
    database.salvaged();
  }
  using database = await Database.open(path);
  expect(database.quarantined).toBeNull();
  expect(database.get("SELECT count(*) AS count FROM meta WHERE name LIKE 'n%'")).toEqual({ count: rows });
  expect(readFileSync(join(folder2, "gateway.db")).length).toBeGreaterThan(1_000_000);
});

test("the size bound holds and rows can still be deleted", async () => {
  using database = await Database.open(path, { maxMegabytes: 1 });
  const fill = (): void => {
    for (let n = 0; ; n += 1) database.run("INSERT INTO meta (name, value) VALUES (?, ?)", `n${n}`, "x".repeat(10_000));
  };
  expect(fill).toThrow(expect.objectContaining({ code: "DATABASE_FULL" }));
  expect(database.run("DELETE FROM meta WHERE name LIKE 'n%'")).toBeGreaterThan(50);
  expect(database.sizeBytes).toBeLessThanOrEqual(1_048_576);
});
