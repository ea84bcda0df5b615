/** Both ends of the uplink over real sockets and real files: what is recorded arrives once, whole, with its picture. */
import { createHash, randomBytes } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { systemClock } from "../runtime/clock.ts";
import type { ErrorCode } from "../runtime/errors.ts";
import { Receiver, type ReceivedEvent } from "../../platform/receiver.ts";
import { makeCurvePair } from "../../platform/router.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "delivery-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function openReceiver(
  received: ReceivedEvent[],
  evidence: string[] = [],
  listen = "tcp://127.0.0.1:0",
): Promise<Receiver> {
  const receiver = await Receiver.open({
    listen,
    folder: join(folder, "platform"),
    language: "en",
    onEvent: (event, { duplicate }) => {
      if (!duplicate) received.push(event);
    },
    onEvidence: (_sha, path) => evidence.push(path),
  });
  await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
  return receiver;
}

const box = (receiver: Receiver): Parameters<typeof openDelivery>[0] => ({
  folder: join(folder, "box"),
  address: receiver.address,
  serverKey: receiver.serverKey,
});

test("an occurrence with a picture arrives once and whole, and the box hears of it", { timeout: 90_000 }, async () => {
  const received: ReceivedEvent[] = [];
  const evidence: string[] = [];
  await using receiver = await openReceiver(received, evidence);
  await using opened = await openDelivery(box(receiver));
  const { delivery } = opened;
  const acknowledged: string[] = [];
  delivery.onAcknowledged(({ event }) => acknowledged.push(event.id));
  const jpeg = randomBytes(200_000);
  for (const phase of ["start", "update", "end"] as const) {
    await delivery.record(exampleTrigger({ phase }), phase === "start" ? { jpeg, widthPx: 1280, heightPx: 720 } : null);
  }
  await until("three events acknowledged", () => acknowledged.length === 3);
  expect(received.map(({ event }) => event.data.phase)).toEqual(["start", "update", "end"]);
  expect(received.map(({ event }) => event.id)).toEqual(acknowledged);
  await until("the picture", () => evidence.length === 1);
  const sha = createHash("sha256").update(jpeg).digest("hex");
  expect(received[0]?.event.data.evidence?.[0]?.sha256).toBe(sha);
  expect(
    createHash("sha256")
      .update(readFileSync(evidence[0] ?? ""))
      .digest("hex"),
  ).toBe(sha);
  await until("the box heard of the picture", () => delivery.status().uplinks[0]?.evidenceWaiting === 0);
  expect(delivery.status().uplinks[0]).toMatchObject({ depth: 0, acknowledged: 3, state: "sending", lastError: null });
  expect(delivery.openOccurrences()).toEqual([]);
});

test(
  "a picture that rested while its event waited goes with the acknowledgement, without a tick",
  { timeout: 90_000 },
  async () => {
    const received: ReceivedEvent[] = [];
    const evidence: string[] = [];
    await using receiver = await openReceiver(received, evidence);
    // Nothing that waits for a time to come ever goes on.
    const sleep = (_ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((_resolve, reject) => {
        if (signal?.aborted) reject(new Error("stopped"));
        signal?.addEventListener("abort", () => reject(new Error("stopped")));
      });
    await using opened = await openDelivery({ ...box(receiver), clock: { ...systemClock, sleep } });
    const { delivery } = opened;
    await until("the platform lets the box in", () => delivery.status().uplinks[0]?.state === "sending");
    await systemClock.sleep(1_000); // The socket of evidence as well.
    await delivery.record(exampleTrigger(), { jpeg: randomBytes(20_000), widthPx: 1280, heightPx: 720 });
    await until("the picture", () => evidence.length === 1);
  },
);

test("what is open survives a restart, under its own id", { timeout: 90_000 }, async () => {
  const received: ReceivedEvent[] = [];
  await using receiver = await openReceiver(received);
  {
    await using first = await openDelivery(box(receiver));
    await first.delivery.record(exampleTrigger({ occurrenceId: "occ-7", certainty: "detected" }), null);
  }
  await using second = await openDelivery(box(receiver));
  expect(second.delivery.openOccurrences()).toMatchObject([
    { occurrenceId: "occ-7", certainty: "detected", ruleId: "water/fishing-multi-rod" },
  ]);
});

test("events wait while no platform answers, and drain in order when one does", { timeout: 120_000 }, async () => {
  const received: ReceivedEvent[] = [];
  const gone = await openReceiver([]);
  const { address, serverKey } = gone;
  await gone[Symbol.asyncDispose]();
  await using opened = await openDelivery({
    folder: join(folder, "box"),
    address,
    serverKey,
  });
  for (let n = 1; n <= 300; n += 1) await opened.delivery.record(exampleTrigger({ occurrenceId: `occ-${n}` }), null);
  expect(opened.delivery.status().uplinks[0]).toMatchObject({ depth: 300, acknowledged: 0 });
  await using receiver = await openReceiver(received, [], address);
  expect(receiver.address).toBe(address);
  await until("everything", () => opened.delivery.status().uplinks[0]?.depth === 0);
  expect(received.map(({ event }) => event.correlationid)).toEqual(
    Array.from({ length: 300 }, (_, i) => `occ-${i + 1}`),
  );
});

test("a refused or impossible platform is named, each with its own remedy", { timeout: 120_000 }, async () => {
  await using receiver = await openReceiver([]);
  const web = createServer((_request, response) => response.end("hello")).listen(0, "127.0.0.1");
  await once(web, "listening");
  await using stack = new AsyncDisposableStack();
  stack.defer(() => void web.close());
  const webAddress = `tcp://127.0.0.1:${(web.address() as AddressInfo).port}`;
  // An enrolled key under another box's name: the handshake succeeds, the signature does not.
  await receiver.enrol(enrolment("box-4", await ensureKeys(join(folder, "thief"))));
  const rows: readonly (readonly [
    string,
    Partial<Parameters<typeof openDelivery>[0]> & { readonly folder: string },
    ErrorCode,
  ])[] = [
    ["nobody listens", { folder: join(folder, "a"), address: "tcp://127.0.0.1:9" }, "UPLINK_UNREACHABLE"],
    ["an unknown box", { folder: join(folder, "b") }, "UPLINK_REJECTED"],
    [
      "a wrong server key",
      { folder: join(folder, "box"), serverKey: makeCurvePair().publicKey },
      "UPLINK_NO_HANDSHAKE",
    ],
    ["a web server", { folder: join(folder, "d"), address: webAddress }, "UPLINK_NO_HANDSHAKE"],
    ["another box's name", { folder: join(folder, "thief"), gw: "box-1" }, "UPLINK_REJECTED"],
  ];
  await Promise.all(
    rows.map(async ([what, changes, code]) => {
      await using opened = await openDelivery({ ...box(receiver), ...changes });
      await opened.delivery.record(exampleTrigger(), null);
      await until(`${what}: ${code}`, () => opened.delivery.status().uplinks[0]?.lastError?.code === code);
      expect(opened.delivery.status().uplinks[0]?.depth, what).toBe(1);
      // The uplink says it, and forgets it once it sends: what delivery remembers would be told for ever.
      expect(opened.delivery.status().lastError, what).toBeNull();
    }),
  );
  expect(receiver.connected).toEqual([]);
});

test(
  "a damaged database is set aside, and what nobody has acknowledged is saved under its old id",
  { timeout: 90_000 },
  async () => {
    const nowhere = { folder: join(folder, "box"), address: "tcp://127.0.0.1:9", serverKey: makeCurvePair().publicKey };
    {
      await using opened = await openDelivery(nowhere);
      for (let n = 1; n <= 200; n += 1)
        await opened.delivery.record(exampleTrigger({ occurrenceId: `occ-${n}` }), null);
    }
    const path = join(folder, "box", "gateway.db");
    const bytes = readFileSync(path);
    bytes.fill(0x5a, Math.floor(bytes.length / 8192) * 4096, Math.floor(bytes.length / 8192) * 4096 + 4096);
    writeFileSync(path, bytes);
    const received: ReceivedEvent[] = [];
    await using receiver = await openReceiver(received);
    await using opened = await openDelivery(box(receiver));
    await until("the saved events", () => opened.delivery.status().uplinks[0]?.depth === 0);
    // One page held a handful of them; the rest came, from before it and from behind it, and what went was told.
    const told = received.find(({ event }) => event.type === "system.store-damaged.v1");
    const { file, events, damaged } = told?.event.data["detail"] as Record<"file" | "events" | "damaged", unknown>;
    expect(existsSync(String(file))).toBe(true);
    expect(received.length).toBe(Number(events) + 1);
    expect(Number(events) + Number(damaged)).toBe(200);
    expect(Number(damaged)).toBeLessThan(10);
    expect(new Set(received.map(({ event }) => event.id)).size).toBe(received.length);
  },
);

test("evidence goes on where the platform's disk ends after a cut", { timeout: 120_000 }, async () => {
  const evidence: string[] = [];
  const jpeg = randomBytes(3_000_000);
  const parts = join(folder, "platform", "evidence", "parts");
  const partBytes = (): number =>
    existsSync(parts) ? readdirSync(parts).reduce((sum, name) => sum + readFileSync(join(parts, name)).length, 0) : 0;
  const first = await openReceiver([]);
  const { address } = first;
  await using opened = await openDelivery(box(first));
  await opened.delivery.record(exampleTrigger(), { jpeg, widthPx: 1920, heightPx: 1080 });
  await until("some of it", () => partBytes() > 200_000);
  await first[Symbol.asyncDispose]();
  const kept = partBytes();
  const whole = existsSync(parts) && kept > 0;
  await using receiver = await openReceiver([], evidence, address);
  await until("all of it", () => evidence.length === 1 || opened.delivery.status().uplinks[0]?.evidenceWaiting === 0);
  expect(whole).toBe(true);
  const [path = ""] = evidence;
  expect(readFileSync(path).equals(jpeg)).toBe(true);
  expect(receiver.connected).toEqual(["box-1"]);
});

test(
  "a platform put back to an older copy of its folder gets events and pictures again",
  { timeout: 90_000 },
  async () => {
    const [received, evidence]: [ReceivedEvent[], string[]] = [[], []];
    const platform = join(folder, "platform");
    const first = await openReceiver([]);
    const { address } = first;
    const picture = (fill: string) => ({ jpeg: Buffer.alloc(40_000, fill), widthPx: 1280, heightPx: 720 });
    await using opened = await openDelivery(box(first));
    const done = (): boolean => {
      const [uplink] = opened.delivery.status().uplinks;
      return uplink?.depth === 0 && uplink.evidenceWaiting === 0;
    };
    await opened.delivery.record(exampleTrigger({ occurrenceId: "before" }), picture("before"));
    await until("the first one", done);
    await first[Symbol.asyncDispose]();
    cpSync(platform, join(folder, "yesterday"), { recursive: true });
    {
      await using second = await openReceiver([], [], address);
      await opened.delivery.record(exampleTrigger({ occurrenceId: "after" }), picture("after"));
      await until("the second one", () => second.connected.length === 1 && done());
    }
    rmSync(platform, { recursive: true });
    cpSync(join(folder, "yesterday"), platform, { recursive: true });
    await using third = await openReceiver(received, evidence, address);
    await until("both again", () => received.length === 1 && evidence.length === 1);
    expect(received[0]?.event.correlationid).toBe("after");
    expect(readFileSync(evidence[0] ?? "").equals(picture("after").jpeg)).toBe(true);
    await until("nothing waits", done);
    expect(third.connected).toEqual(["box-1"]);
  },
);

test(
  "a platform whose name no name server knows is told with what to do, and the box goes on",
  { timeout: 60_000 },
  async () => {
    const away = { folder: join(folder, "box"), address: "tcp://no-such-host.invalid:8421", serverKey: "0".repeat(40) };
    await using opened = await openDelivery(away);
    const error = () => opened.delivery.status().uplinks[0]?.lastError;
    await until("the complaint", () => error() !== null);
    expect(error()).toMatchObject({ code: "UPLINK_UNREACHABLE", values: { address: away.address } });
    await opened.delivery.record(exampleTrigger(), null);
    expect(opened.delivery.status().uplinks[0]?.depth).toBe(1);
  },
);
