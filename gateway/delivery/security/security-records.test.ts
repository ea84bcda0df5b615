/** Who did what: one chain on the box, one event up the uplinks that want it, and a flood that stays a number. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Database } from "../../database/database.ts";
import { noteDay } from "../../database/lived-days.ts";
import { openDelivery } from "../../e2e/peers/open-delivery.ts";
import { systemClock } from "../../runtime/clock.ts";
import { SecurityLog, type SecurityFact } from "../../runtime/security-log.ts";
import { Audit } from "../commands/audit.ts";
import { ActWindows } from "./act-windows.ts";
import { SecurityRecords } from "./security-records.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "security-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const wrong = (address: string): SecurityFact => ({ act: "login-failed", user: null, address });
const login: SecurityFact = { act: "login", user: "chen", address: "10.0.0.7" };

describe("how many records acts become", () => {
  test("ten thousand wrong passwords an hour from a thousand addresses: the first at once, then counts, ever more seldom", () => {
    const windows = new ActWindows();
    let [records, told, named] = [0, 0, 0];
    for (let i = 0; i < 10_000; i += 1) {
      for (const { count, addresses, moreAddresses } of windows.take(wrong(`10.0.${i % 4}.${i % 250}`), i * 360)) {
        [records, told, named] = [records + 1, told + count, Math.max(named, addresses.length)];
        expect(moreAddresses).toBe(count > 16);
      }
    }
    for (const { count } of windows.all(3_600_000)) [records, told] = [records + 1, told + count];
    expect({ records, told, named }).toEqual({ records: 8, told: 10_000, named: 16 });
  });

  test("a day of it stays below a hundred and ten records", () => {
    const windows = new ActWindows();
    let records = 0;
    for (let s = 0; s < 86_400; s += 1) records += windows.take(wrong("10.0.0.1"), s * 1_000).length;
    expect(records).toBeLessThan(110);
  });

  test("each act of somebody who was let in is a record of its own, until a script does it", () => {
    const windows = new ActWindows();
    const written = Array.from({ length: 100 }, (_, i) => windows.take(login, i * 10).length);
    expect(written.reduce((a, b) => a + b)).toBe(20);
    expect(windows.due(59_999)).toEqual([]);
    expect(windows.due(60_000)).toMatchObject([{ count: 80, fact: { act: "login" } }]);
  });

  test("after a quiet minute everything is as at the beginning", () => {
    const windows = new ActWindows();
    windows.take(wrong("a"), 0);
    windows.take(wrong("b"), 1);
    expect(windows.due(60_000).length).toBe(1);
    expect(windows.due(180_000)).toEqual([]);
    expect(windows.take(wrong("c"), 180_001)).toMatchObject([{ count: 1 }]);
  });
});

test("what was noted before anybody could write is written first; what found no room is told", () => {
  const log = new SecurityLog();
  for (let i = 0; i < 203; i += 1) log.note({ ...login, detail: { i } });
  const written: SecurityFact[] = [];
  const stop = log.follow((fact) => written.push(fact));
  expect(written.length).toBe(201);
  expect(written.at(-1)).toMatchObject({ act: "records-lost", detail: { lost: 3 } });
  stop();
  log.note(login);
  expect(written.length).toBe(201);
});

const uplinks = [
  { id: "city", address: "tcp://127.0.0.1:1", serverKey: "x".repeat(40) },
  { id: "fishery", address: "tcp://127.0.0.1:1", serverKey: "x".repeat(40), departments: ["yuzheng"] },
  { id: "police", address: "tcp://127.0.0.1:1", serverKey: "x".repeat(40), types: ["intrusion"], security: true },
];

test("one commit: a line of the chain, an event with its place in it, and an outbox row for each uplink that wants it", async () => {
  await using opened = await openDelivery({ folder, address: "", serverKey: "", uplinks });
  const { delivery, database } = opened;
  const audit = new Audit(database);
  const from = new SecurityLog();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const records = new SecurityRecords({ from, audit, system: delivery.system, clock: systemClock, log });
  from.note(login);
  for (let i = 0; i < 50; i += 1) from.note(wrong("10.0.0.8"));
  await records[Symbol.asyncDispose]();
  const [counted, first, entered] = delivery.newestEvents(9) as readonly {
    readonly data: { readonly detail: object };
  }[];
  expect(entered?.data.detail).toMatchObject({ act: "login", user: "chen", address: "10.0.0.7", count: 1 });
  expect(first?.data.detail).toMatchObject({ act: "login-failed", user: null, count: 1 });
  expect(counted?.data.detail).toMatchObject({ count: 49, addresses: ["10.0.0.8"], audit: { n: 3 } });
  const lines = [...audit.lines(0)];
  expect(lines.map(({ body }) => (JSON.parse(body) as { what: string }).what)).toEqual([
    "login",
    "login-failed",
    "login-failed",
  ]);
  expect(counted?.data.detail).toMatchObject({ audit: { hash: lines[2]?.hash } });
  const ways = database.all("SELECT uplink, count(*) AS n FROM outbox GROUP BY uplink ORDER BY uplink");
  expect(ways).toEqual([
    { uplink: "city", n: 3 },
    { uplink: "police", n: 3 },
  ]);
});

test("each look at evidence is a line of its own, and no event: the platform has a list of who looked there", async () => {
  await using opened = await openDelivery({ folder, address: "", serverKey: "", uplinks });
  const { delivery, database } = opened;
  const audit = new Audit(database);
  const from = new SecurityLog();
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const records = new SecurityRecords({ from, audit, system: delivery.system, clock: systemClock, log });
  for (let i = 0; i < 50; i += 1)
    from.note({ act: "evidence-seen", user: "chen", address: "10.0.0.7", detail: { sha256: `${i}` } });
  await records[Symbol.asyncDispose]();
  const lines = [...audit.lines(0)].map(
    ({ body }) => JSON.parse(body) as { what: string; user: string; sha256: string },
  );
  expect(lines.length).toBe(50);
  expect(lines[49]).toMatchObject({ what: "evidence-seen", user: "chen", sha256: "49" });
  expect(audit.broken()).toBeNull();
  expect(delivery.newestEvents(9)).toEqual([]);
});

describe("the audit", () => {
  test("keeps half a year whatever its length, and is one piece of chain after it forgot", async () => {
    using database = await Database.open(join(folder, "gateway.db"));
    const audit = new Audit(database);
    const nowMs = Date.UTC(2026, 2, 14);
    const day = 86_400_000;
    const add = (count: number, fromDay: number, days: number): void =>
      database.transaction(() => {
        for (let i = 0; i < count; i += 1) audit.add({ what: "x" }, nowMs + (fromDay + (i * days) / count) * day);
      });
    const kept = (): number => Number(database.get("SELECT count(*) AS n FROM audit")?.["n"]);
    add(60_032, 0, 150);
    expect(kept()).toBe(60_032);
    for (let lived = 0; lived <= 400; lived += 1) noteDay(database, nowMs + lived * day);
    add(64, 400, 1);
    expect(kept()).toBe(50_000);
    expect(audit.broken()).toBeNull();
    database.run("UPDATE audit SET body = replace(body, 'x', 'y') WHERE n = 30000");
    expect(audit.broken()).toBe(30_000);
  }, 60_000);
});
