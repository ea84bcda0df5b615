/** Evidence goes when its time is over, unless somebody holds it, and what went is proven: in the audit, and as an event. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openDelivery } from "../../e2e/peers/open-delivery.ts";
import { exampleTrigger } from "../../e2e/peers/example-trigger.ts";
import { systemClock } from "../../runtime/clock.ts";
import { noteDay } from "../../database/lived-days.ts";
import { Audit } from "../commands/audit.ts";
import { EventArchive } from "../events/event-archive.ts";
import { Housekeeping } from "../housekeeping.ts";
import { Ballast } from "./ballast.ts";
import { bytesOver, type DiskRoom } from "./disk-room.ts";
import { EvidenceFiles } from "./evidence-files.ts";
import { evidenceBytes, housekeep, told, untold } from "./retention.ts";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "retention-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const day = 86_400_000;

test("thirty days: what is old goes with its digest told, what is on hold stays, and goes once it is let go", async () => {
  await using opened = await openDelivery({ folder, address: "", serverKey: "", uplinks: [] });
  const { delivery, database } = opened;
  for (const name of ["held", "free"])
    await delivery.record(exampleTrigger({ occurrenceId: name, phase: "start" }), {
      jpeg: Buffer.from(`picture ${name}`),
      widthPx: 640,
      heightPx: 360,
    });
  const archive = new EventArchive(database);
  archive.hold("held", { user: "chen", reason: "case 17", atMs: systemClock.nowMs() });
  let aheadMs = 0;
  const clock = { ...systemClock, nowMs: () => systemClock.nowMs() + aheadMs };
  const files = new EvidenceFiles(join(folder, "evidence"));
  const house = new Housekeeping({
    ...{ database, clock, files, outboxes: [], system: delivery.system },
    ballast: await Ballast.open(join(folder, "ballast-of-test")),
    limits: { evidenceBytes: 1e9, keepDays: 30 },
    onFailed: (error) => {
      throw error;
    },
  });
  const kept = (): readonly unknown[] =>
    database
      .all("SELECT v.occurrence FROM evidence e JOIN events v ON v.id = e.event_id WHERE e.state = 'kept' ORDER BY 1")
      .map((row) => row["occurrence"]);
  aheadMs = 29 * day;
  await house.once();
  expect(kept()).toEqual(["free", "held"]);
  const [gone] = database.all(
    "SELECT e.sha256, e.sm3 FROM evidence e JOIN events v ON v.id = e.event_id WHERE v.occurrence = 'free'",
  );
  aheadMs = 31 * day;
  await house.once();
  expect(kept(), "a clock that leaps is no reason").toEqual(["free", "held"]);
  for (let lived = 0; lived <= 31; lived += 1) noteDay(database, systemClock.nowMs() + lived * day);
  await house.once();
  expect(kept()).toEqual(["held"]);
  expect(await files.has(String(gone?.["sha256"]))).toBe(false);
  const words = (): readonly {
    readonly data: { readonly eventId: string; readonly detail: { readonly files: readonly object[] } };
  }[] =>
    (delivery.newestEvents(20) as ReturnType<typeof words>).filter(({ data }) => data.eventId === "evidence-deleted");
  expect(words(), "not yet: once an hour").toEqual([]);
  aheadMs += 3_700_000;
  await house.once();
  const [word] = words();
  expect(word?.data.detail).toMatchObject({
    count: 1,
    files: [{ sha256: gone?.["sha256"], sm3: gone?.["sm3"], kind: "snapshot", why: "old" }],
  });
  const audit = new Audit(database);
  expect(audit.newest(1)).toMatchObject([{ what: "evidence-deleted", count: 1 }]);
  expect(JSON.stringify(audit.newest(1))).toContain(String(gone?.["sha256"]));
  aheadMs += 3_700_000;
  await house.once();
  expect(words().length, "told once").toBe(1);

  expect(archive.holds()).toMatchObject([{ occurrence: "held", user: "chen", reason: "case 17" }]);
  expect(archive.release("held")).toBe(true);
  await house.once();
  expect(kept()).toEqual([]);
});

test("when room is short: sent before waiting, clips before pictures, of what waits the less severe first, then the oldest", async () => {
  const uplinks = [{ id: "city", address: "tcp://127.0.0.1:9", serverKey: "0".repeat(40) }];
  await using opened = await openDelivery({ folder, address: "", serverKey: "", uplinks });
  const { delivery, database } = opened;
  const order = [
    "sent clip 1", "sent clip 4", "sent picture 1", "sent picture 4",
    "waiting clip 4 old", "waiting clip 4 new", "waiting clip 1", "waiting picture 4", "waiting picture 1",
  ]; // prettier-ignore
  // Made in an order that is not theirs; only the sent ones and the two of one kind stand as they are old.
  for (const name of order.toSorted((a, b) => a.slice(-5).localeCompare(b.slice(-5)))) {
    const [state = "", kind = "", severity = ""] = name.split(" ");
    await delivery.record(exampleTrigger({ occurrenceId: name, severity: Number(severity) as 1 | 4 }), {
      jpeg: Buffer.alloc(1_000, name),
      widthPx: 640,
      heightPx: 360,
    });
    const id = database.get("SELECT id FROM events WHERE occurrence = ?", name)?.["id"] ?? "";
    const createdMs = order.indexOf(name) < 4 || name.endsWith("old") ? order.indexOf(name) : 100 - order.indexOf(name);
    database.run("UPDATE evidence SET kind = ?, created_ms = ? WHERE event_id = ?", kind, createdMs, id);
    if (state === "sent")
      database.run(
        "UPDATE uploads SET state = 'acked' WHERE sha256 = (SELECT sha256 FROM evidence WHERE event_id = ?)",
        id,
      );
  }
  const files = new EvidenceFiles(join(folder, "evidence"));
  const gone: unknown[] = [];
  for (let left = order.length - 1; left >= 0; left -= 1) {
    await housekeep(database, files, [], { evidenceBytes: left * 1_000, keepDays: 1e6 }, systemClock.nowMs());
    for (const { eventId } of untold(database, 9)) {
      gone.push(database.get("SELECT occurrence FROM events WHERE id = ?", eventId)?.["occurrence"]);
      told(database, untold(database, 9));
    }
  }
  expect(gone).toEqual(order);
  // Whatever goes, the events wait on.
  expect(delivery.status().uplinks[0]?.depth).toBe(order.length);
});

test("what a full disk forbids, in steps; with four gigabytes free it is not full", () => {
  const room = (totalBytes: number, used: number): DiskRoom => ({ totalBytes, freeBytes: totalBytes * (1 - used) });
  const forbidden = (one: DiskRoom): readonly string[] =>
    (["sent", "clips", "pictures"] as const).filter((what) => bytesOver(one, what) > 0);
  const card = 16e9;
  for (const [one, expected] of [
    [room(card, 0.84), []],
    [room(card, 0.86), ["sent"]],
    [room(card, 0.91), ["sent", "clips"]],
    [room(card, 0.96), ["sent", "clips", "pictures"]],
    [room(1e12, 0.99), []],
    [room(1e12, 0.999), ["sent", "clips", "pictures"]],
  ] as const)
    expect(forbidden(one)).toEqual(expected);
  expect(bytesOver(room(card, 0.86), "sent")).toBeCloseTo(0.01 * card, -1);
});

test("on a full disk goes what every platform has, as much as is needed; what waits stays", async () => {
  const uplinks = [{ id: "city", address: "tcp://127.0.0.1:9", serverKey: "0".repeat(40) }];
  await using opened = await openDelivery({ folder, address: "", serverKey: "", uplinks });
  const { delivery, database } = opened;
  for (const name of ["sent 1", "sent 2", "sent 3", "waiting"]) {
    const jpeg = Buffer.alloc(1_000, name);
    await delivery.record(exampleTrigger({ occurrenceId: name }), { jpeg, widthPx: 640, heightPx: 360 });
    if (name.startsWith("sent"))
      database.run(
        "UPDATE uploads SET state = 'acked' WHERE sha256 = (SELECT e.sha256 FROM evidence e JOIN events v ON v.id = e.event_id WHERE v.occurrence = ?)",
        name,
      );
  }
  const files = new EvidenceFiles(join(folder, "evidence"));
  const kept = (): readonly unknown[] =>
    database
      .all("SELECT v.occurrence FROM evidence e JOIN events v ON v.id = e.event_id WHERE e.state = 'kept' ORDER BY 1")
      .map((row) => row["occurrence"]);
  const limits = { evidenceBytes: 1e9, keepDays: 30 };
  await housekeep(database, files, [], { ...limits, shedBytes: 1_500 }, systemClock.nowMs());
  expect(kept()).toEqual(["sent 3", "waiting"]);
  await housekeep(database, files, [], { ...limits, shedBytes: 1e12 }, systemClock.nowMs());
  expect(kept()).toEqual(["waiting"]);
});

test("when room is short the held one is the last to stay", async () => {
  await using opened = await openDelivery({ folder, address: "", serverKey: "", uplinks: [] });
  const { delivery, database } = opened;
  for (const name of ["held", "a", "b"])
    await delivery.record(exampleTrigger({ occurrenceId: name, phase: "start" }), {
      jpeg: Buffer.alloc(1_000, name),
      widthPx: 640,
      heightPx: 360,
    });
  new EventArchive(database).hold("held", { user: "chen", reason: "case 17", atMs: systemClock.nowMs() });
  const house = new Housekeeping({
    ...{ database, clock: systemClock, outboxes: [], system: delivery.system },
    files: new EvidenceFiles(join(folder, "evidence")),
    ballast: await Ballast.open(join(folder, "ballast-of-test")),
    limits: { evidenceBytes: 500, keepDays: 30 },
    onFailed: (error) => {
      throw error;
    },
  });
  await house.once();
  expect(database.all("SELECT why FROM deletions")).toEqual([{ why: "room" }, { why: "room" }]);
  expect(
    database.all("SELECT v.occurrence FROM evidence e JOIN events v ON v.id = e.event_id WHERE e.state = 'kept'"),
  ).toEqual([{ occurrence: "held" }]);
});

test("a clock that starts in 2038 ages nothing; what it dated goes when its own days are over", async () => {
  const uplinks = [{ id: "city", address: "tcp://127.0.0.1:9", serverKey: "0".repeat(40) }];
  await using opened = await openDelivery({ folder, address: "", serverKey: "", uplinks });
  const { delivery, database } = opened;
  const startMs = Date.UTC(2026, 2, 14, 12);
  const files = new EvidenceFiles(join(folder, "evidence"));
  const outboxes = delivery.parts.uplinks.map(({ outbox }) => outbox);
  const limits = { evidenceBytes: 1e9, keepDays: 30 };
  const turn = (nowMs: number): Promise<unknown> => housekeep(database, files, outboxes, limits, nowMs);
  const left = (): unknown[] =>
    database.all("SELECT occurrence FROM events ORDER BY n").map((row) => row["occurrence"]);
  const record = async (name: string, atMs: number): Promise<void> => {
    await delivery.record(exampleTrigger({ occurrenceId: name }), {
      jpeg: Buffer.from(name),
      widthPx: 64,
      heightPx: 36,
    });
    database.run("UPDATE events SET recorded_ms = ? WHERE occurrence = ?", atMs, name);
    database.run(
      "UPDATE evidence SET created_ms = ? WHERE event_id IN (SELECT id FROM events WHERE occurrence = ?)",
      atMs,
      name,
    );
  };
  await record("young", startMs);
  await record("newer", startMs);
  database.run("UPDATE uploads SET state = 'acked'");
  database.run("UPDATE lanes SET acked = head");
  for (let lived = 60; lived >= 0; lived -= 1) noteDay(database, startMs - lived * day);
  const in2038 = Date.UTC(2038, 0, 19, 3);
  noteDay(database, in2038);
  await turn(in2038);
  expect(evidenceBytes(database)).toBe(10);
  expect(database.get("SELECT count(*) AS rows FROM outbox")).toEqual({ rows: 2 });
  await record("dated 2038", in2038);
  await record("newest", startMs);
  database.run("UPDATE uploads SET state = 'acked'");
  database.run("UPDATE lanes SET acked = head");
  for (let lived = 0; lived <= 29; lived += 1) noteDay(database, startMs + lived * day);
  await turn(startMs + 29 * day);
  expect(left()).toEqual(["young", "newer", "dated 2038", "newest"].slice(-left().length));
  expect(evidenceBytes(database)).toBe(26);
  for (let lived = 30; lived <= 32; lived += 1) noteDay(database, startMs + lived * day);
  await turn(startMs + 32 * day);
  await turn(startMs + 32 * day);
  expect(evidenceBytes(database)).toBe(0);
  expect(left()).toEqual(["newest"]);
});
