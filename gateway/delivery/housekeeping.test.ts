/** Room for one more event: what may go for it, and what may not. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Database } from "../database/database.ts";
import { systemClock } from "../runtime/clock.ts";
import { eventId } from "./events/event-id.ts";
import { EventTable } from "./events/event-table.ts";
import { systemEvent } from "./events/system-event.ts";
import { Ballast } from "./evidence/ballast.ts";
import { EvidenceFiles } from "./evidence/evidence-files.ts";
import { Housekeeping } from "./housekeeping.ts";
import { Outbox } from "./outbox/outbox.ts";
import type { GivenUp } from "./outbox/outbox-listener.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "housekeeping-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function opened(maxMegabytes: number) {
  const database = await Database.open(join(folder, "gateway.db"), { maxMegabytes });
  const table = new EventTable(database);
  const given: GivenUp[] = [];
  const outbox = new Outbox(database, "city", { givenUp: (run) => void given.push(run) });
  const house = new Housekeeping({
    database,
    clock: systemClock,
    files: new EvidenceFiles(join(folder, "evidence")),
    ballast: await Ballast.open(join(folder, "ballast")),
    outboxes: [outbox],
    limits: { evidenceBytes: 1e9, keepDays: 30 },
    onFailed: (error) => {
      throw error;
    },
  });
  const site = { id: "box-1", name: "box", timezone: "Asia/Shanghai" };
  const add = (lane: number): void => {
    database.transaction(() => {
      const { n, hash, sm3 } = table.head();
      const nowMs = Date.now();
      const detail = { filler: "x".repeat(6_000) };
      const event = systemEvent(
        { kind: "box-health", severity: 4, title: { zh: "测试", en: "test" }, detail },
        {
          id: eventId(nowMs, randomBytes(10)),
          site,
          sequence: n + 1,
          epoch: database.epoch,
          prev: hash,
          prevSm3: sm3,
          nowMs,
        },
      );
      table.insert(event);
      outbox.append(event, lane);
    });
  };
  return { database, outbox, house, given, add };
}

test("at the bound of the database the oldest of the least urgent lane go, and the platform is told", async () => {
  const { database, outbox, house, given, add } = await opened(4);
  const fill = (): void => {
    for (let n = 0; ; n += 1) add(n % 2 === 0 ? 0 : 2);
  };
  expect(fill).toThrow(expect.objectContaining({ code: "DATABASE_FULL" }));
  const urgent = outbox.head(0);
  await house.makeRoom();
  expect(given).toEqual([expect.objectContaining({ lane: 2, from: 1, reason: "full" })]);
  expect(outbox.gapAt(2, 1)).toMatchObject({ from: 1, to: given[0]?.to, reason: "full" });
  expect(outbox.due(0, 1, 1_000, 1e9)).toHaveLength(urgent);
  for (let n = 0; n < 20; n += 1) add(0);
  database[Symbol.dispose]();
});

test("a full disk costs no event that waits, whatever the disk says of its room", async () => {
  const { database, outbox, house, given, add } = await opened(64);
  for (let n = 0; n < 50; n += 1) add(2);
  await house.makeRoom();
  expect(given).toEqual([]);
  expect(outbox.due(2, 1, 1_000, 1e9)).toHaveLength(50);
  database[Symbol.dispose]();
});
