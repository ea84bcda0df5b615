/** A test walk against a real receiver: what fires on it stays on the box, over a restart too, and nothing else does. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Receiver, type ReceivedEvent } from "../../platform/receiver.ts";
import type { Trigger } from "../analysis/zones/trigger.ts";
import { salvage } from "../delivery/outbox/salvage.ts";
import { Database } from "../database/database.ts";
import { EventArchive } from "../delivery/events/event-archive.ts";
import { walkLeaseMs, walkLeaveMs } from "../delivery/test-walks.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "test-walk-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const now = (occurrenceId: string, changes: Partial<Trigger> = {}): Trigger =>
  exampleTrigger({ occurrenceId, atMs: Date.now(), onsetMs: Date.now() - 1_000, ...changes });
const walk = { camera: "pier", zone: "water", user: "zhang" };

test(
  "only what began on the walk stays here, its evidence too; what goes on after it is sent",
  { timeout: 120_000 },
  async () => {
    const events: ReceivedEvent[] = [];
    const evidence: string[] = [];
    await using receiver = await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(folder, "platform"),
      language: "en",
      // What the box had not heard of when its power went comes again.
      onEvent: (event, { duplicate }) => duplicate || events.push(event),
      onEvidence: (_sha, path) => evidence.push(path),
    });
    const at = join(folder, "box");
    await receiver.enrol(enrolment("box-1", await ensureKeys(at)));
    const open = () => openDelivery({ folder: at, address: receiver.address, serverKey: receiver.serverKey });
    const picture = () => ({ jpeg: randomBytes(20_000), widthPx: 64, heightPx: 64 });
    {
      await using opened = await open();
      const { delivery } = opened;
      await delivery.record(now("before"), picture());
      delivery.walks.keep(walk);
      await delivery.record(now("walked"), picture());
      await delivery.record(now("elsewhere", { zoneId: "quay" }), null);
      await delivery.record(now("level", { objects: [] }), null);
      await delivery.record(now("before", { phase: "update" }), null);
      await until("five minus one", () => events.length === 4);
    }
    // The power goes and comes back in the middle of the walk.
    await using opened = await open();
    const { delivery, database } = opened;
    expect(delivery.walks.running("pier")).toMatchObject(walk);
    await delivery.record(now("walked", { phase: "update" }), null);
    await delivery.record(now("again"), null);
    const ended = delivery.walks.end("pier");
    expect(ended?.untilMs).toBeLessThanOrEqual(Date.now() + walkLeaveMs);
    // On the way out it still is the walk; an end of what nobody was told stays here at any time.
    await delivery.record(now("way-out"), null);
    const after = (ended?.untilMs ?? 0) + 1;
    await delivery.record(now("again", { phase: "end", endReason: "cleared", atMs: after }), null);
    await delivery.record(now("walked", { phase: "update", certainty: "detected", atMs: after }), picture());
    await delivery.record(now("walked", { phase: "end", endReason: "cleared", atMs: after }), null);
    await delivery.record(now("later", { atMs: after }), null);
    await until("what came after", () => events.length === 7);
    expect(events.map(({ event }) => [event.correlationid, event.data["phase"], event.data["testWalk"]])).toEqual([
      ["before", "start", undefined],
      ["elsewhere", "start", undefined],
      ["level", "start", undefined],
      ["before", "update", undefined],
      ["walked", "update", undefined],
      ["walked", "end", undefined],
      ["later", "start", undefined],
    ]);
    await until("two pictures", () => evidence.length === 2);
    const kept = new EventArchive(database).list({ limit: 10, testWalk: true });
    expect(kept.map(({ occurrence }) => occurrence)).toEqual(["way-out", "again", "walked"]);
    expect(database.get("SELECT count(*) AS count FROM uploads")).toEqual({ count: 2 });
    expect(new EventArchive(database).list({ limit: 10, testWalk: false }).length).toBe(4);

    // Saved out of a damaged file, it is not sent either.
    using saved = await Database.open(join(folder, "saved.db"));
    const queued: string[] = [];
    database.shrink();
    await salvage(join(at, "gateway.db"), saved, ({ occurrence }) => {
      queued.push(occurrence);
      return [];
    });
    expect(queued).toEqual(["before", "elsewhere", "level", "before", "walked", "walked", "later"]);
  },
);

test("a walk ends by itself when its page has gone, and at its longest", async () => {
  await using opened = await openDelivery({ folder, address: "tcp://127.0.0.1:9", serverKey: "0".repeat(40) });
  const { walks } = opened.delivery;
  const first = walks.keep(walk);
  expect(first.untilMs - first.fromMs).toBe(walkLeaseMs);
  expect(walks.of(now("gone", { atMs: first.untilMs + 1 }))).toBeNull();
  expect(walks.of(now("clock-back", { atMs: first.fromMs - 1 }))).toBeNull();
  const again = walks.keep(walk);
  expect(again.fromMs).toBe(first.fromMs);
  expect(again.untilMs).toBeGreaterThanOrEqual(first.untilMs);
  // Another's walk is another walk.
  expect(walks.keep({ ...walk, user: "li" }).fromMs).toBeGreaterThanOrEqual(first.fromMs);
  expect(walks.running("quay")).toBeNull();
  expect(walks.end("quay")).toBeNull();
});
