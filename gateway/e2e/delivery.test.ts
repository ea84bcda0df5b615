/** Both ends of the uplink over real sockets and real files: what is recorded arrives once, whole, with its picture. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { gatewaySchema } from "../config/schema.ts";
import { Database } from "../database/database.ts";
import { Delivery } from "../delivery/delivery.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { systemClock } from "../runtime/clock.ts";
import { Receiver, type ReceivedEvent } from "../../platform/receiver.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "delivery-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

function configFor(address: string, serverKey: string): ReturnType<typeof gatewaySchema.parse> {
  return gatewaySchema.parse({
    schema: "xueliang.gateway/1",
    site: { id: "box-1", name: "测试" },
    uplinks: [{ id: "city", address, serverKey }],
    cameras: [{ id: "pier", url: "file:none.mp4", name: "码头" }],
  });
}

async function openDelivery(address: string, serverKey: string): Promise<AsyncDisposable & { readonly delivery: Delivery }> {
  const database = await Database.open(join(folder, "box", "gateway.db"));
  const delivery = await Delivery.open({
    config: configFor(address, serverKey),
    database,
    clock: systemClock,
    log: silent,
    typeInfo: () => null,
    provenance: () => ({ software: "test", model: null, configRevision: "r1" }),
  });
  return {
    delivery,
    async [Symbol.asyncDispose]() {
      await delivery[Symbol.asyncDispose]();
      database[Symbol.dispose]();
    },
  };
}

async function until(what: string, met: () => boolean, ms = 30_000): Promise<void> {
  const end = performance.now() + ms;
  while (!met()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${what}`);
    await systemClock.sleep(20);
  }
}

test("an occurrence with a picture arrives once and whole, and the box hears of it", async () => {
  const received: ReceivedEvent[] = [];
  const evidence: string[] = [];
  await using receiver = await Receiver.open({
    listen: "tcp://127.0.0.1:0",
    folder: join(folder, "platform"),
    language: "en",
    onEvent: (event, { duplicate }) => {
      if (!duplicate) received.push(event);
    },
    onEvidence: (_sha, path) => evidence.push(path),
  });
  await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
  await using box = await openDelivery(receiver.address, receiver.serverKey);
  const acknowledged: string[] = [];
  box.delivery.onAcknowledged(({ event }) => acknowledged.push(event.id));
  const jpeg = randomBytes(200_000);
  for (const phase of ["start", "update", "end"] as const) {
    await box.delivery.record(exampleTrigger({ phase, occurrenceId: "occ-1" }), phase === "start" ? { jpeg, widthPx: 1280, heightPx: 720 } : null);
  }
  await until("three events acknowledged", () => acknowledged.length === 3);
  expect(received.map(({ event }) => event.data.phase)).toEqual(["start", "update", "end"]);
  expect(received.map(({ event }) => event.id)).toEqual(acknowledged);
  await until("the picture", () => evidence.length === 1);
  const sha = createHash("sha256").update(jpeg).digest("hex");
  expect(received[0]?.event.data.evidence?.[0]?.sha256).toBe(sha);
  expect(createHash("sha256").update(readFileSync(evidence[0] ?? "")).digest("hex")).toBe(sha);
  await until("the box heard of the picture", () => box.delivery.status().uplinks[0]?.evidenceWaiting === 0);
  expect(box.delivery.status().uplinks[0]).toMatchObject({ depth: 0, acknowledged: 3, state: "sending", lastError: null });
  expect(box.delivery.openOccurrences()).toEqual([]);
});
