/** A platform changes its key, over real sockets: boxes that heard of it follow, nobody else can call them away. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { keysCommand } from "../cli/keys.ts";
import { terminal } from "../cli/testing/terminal.ts";
import { gatewaySchema } from "../config/schema.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { openRelay } from "../relay.ts";
import { announceNextKey, NextKeyKnown, switchKey } from "../../platform/next-key.ts";
import { Receiver } from "../../platform/receiver.ts";
import { makeCurvePair } from "../../platform/router.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "server-key-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const platform = (): string => join(folder, "platform");
const keysPath = (): string => join(platform(), "receiver-keys.json");
/** Ids of occurrences in the order in which they came. */
const arrived: string[] = [];

async function open(listen = "tcp://127.0.0.1:0", known?: NextKeyKnown): Promise<Receiver> {
  const receiver = await Receiver.open({
    listen,
    folder: platform(),
    language: "en",
    onEvent: ({ event }, { duplicate }) => {
      if (!duplicate) arrived.push(event.correlationid ?? "");
    },
    onHealth: (gw, { nextServerKey }) => void known?.note(gw, nextServerKey),
  });
  await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
  return receiver;
}
const box = (serverKey: string, address: string): ReturnType<typeof openDelivery> =>
  openDelivery({ folder: join(folder, "box"), address, serverKey });

test("a box that heard of the next key follows it, and the former key opens nothing any more", async () => {
  arrived.length = 0;
  let receiver = await open();
  const { address, serverKey } = receiver;
  await receiver[Symbol.asyncDispose]();
  const former = readFileSync(keysPath());
  expect(await switchKey(platform(), false)).toEqual({ key: null, unaware: [] });
  const next = await announceNextKey(platform());
  expect(await announceNextKey(platform())).toBe(next);
  // Nobody has heard of it: nothing is done.
  expect(await switchKey(platform(), false)).toEqual({ key: null, unaware: ["box-1"] });

  const known = new NextKeyKnown(platform(), next);
  receiver = await open(address, known);
  expect(receiver.serverKey).toBe(serverKey);
  let isKnown = false;
  {
    await using opened = await box(serverKey, address);
    await opened.delivery.record(exampleTrigger({ occurrenceId: "before" }), null);
    await until("before", () => arrived.includes("before"));
    await until("the platform knows that the box knows", () => (isKnown ||= knownHas("box-1")));
    await known.flush();
  }
  await receiver[Symbol.asyncDispose]();
  expect(await switchKey(platform(), false)).toEqual({ key: next, unaware: [] });
  receiver = await open(address);
  expect(receiver.serverKey).toBe(next);
  {
    // Started anew, with what gateway.yaml has said all the time.
    await using opened = await box(serverKey, address);
    await opened.delivery.record(exampleTrigger({ occurrenceId: "after" }), null);
    await until("after", () => arrived.includes("after"));
  }
  await receiver[Symbol.asyncDispose]();
  writeFileSync(keysPath(), former);
  receiver = await open(address);
  {
    await using opened = await box(serverKey, address);
    await opened.delivery.record(exampleTrigger({ occurrenceId: "to the former" }), null);
    await until("told", () => opened.delivery.status().uplinks[0]?.lastError?.code === "UPLINK_NO_HANDSHAKE");
    expect(receiver.connected).toEqual([]);
  }
  await receiver[Symbol.asyncDispose]();
  expect(arrived).toEqual(["before", "after"]);
}, 180_000);

function knownHas(gw: string, path = join(platform(), "next-key-known.json")): boolean {
  try {
    return readFileSync(path, "utf8").includes(gw);
  } catch {
    return false;
  }
}

test("a key that was announced and that nobody has calls no box away; a third one lets none in", async () => {
  arrived.length = 0;
  let receiver = await open();
  const { address, serverKey } = receiver;
  await receiver[Symbol.asyncDispose]();
  const before = readFileSync(keysPath());
  await announceNextKey(platform());
  receiver = await open(address);
  await using opened = await box(serverKey, address);
  const { delivery } = opened;
  await delivery.record(exampleTrigger({ occurrenceId: "1" }), null);
  await until("1", () => arrived.includes("1"));
  await receiver[Symbol.asyncDispose]();

  writeFileSync(keysPath(), JSON.stringify({ schema: "xueliang.receiver-keys/1", ...makeCurvePair() }));
  receiver = await open(address);
  await delivery.record(exampleTrigger({ occurrenceId: "2" }), null);
  await until("told", () => delivery.status().uplinks[0]?.lastError?.code === "UPLINK_NO_HANDSHAKE");
  expect(receiver.connected).toEqual([]);
  await receiver[Symbol.asyncDispose]();

  writeFileSync(keysPath(), before);
  receiver = await open(address);
  await until("2", () => arrived.includes("2"));
  await receiver[Symbol.asyncDispose]();
  expect(arrived).toEqual(["1", "2"]);
}, 180_000);

test("a box that was away meanwhile is told what to do, and that helps", async () => {
  arrived.length = 0;
  let receiver = await open();
  const { address, serverKey } = receiver;
  await receiver[Symbol.asyncDispose]();
  const next = await announceNextKey(platform());
  expect(await switchKey(platform(), true)).toEqual({ key: next, unaware: ["box-1"] });
  receiver = await open(address);
  {
    await using opened = await box(serverKey, address);
    await opened.delivery.record(exampleTrigger({ occurrenceId: "waiting" }), null);
    await until("told", () => opened.delivery.status().uplinks[0]?.lastError?.code === "UPLINK_NO_HANDSHAKE");
  }
  expect(arrived).toEqual([]);
  await using opened = await box(next, address);
  await until("waiting", () => arrived.includes("waiting"));
  expect(opened.delivery.status().uplinks[0]?.lastError).toBeNull();
  await receiver[Symbol.asyncDispose]();
}, 120_000);

test("a relay changes its key as a platform does, by a command on its own box", async () => {
  const street = join(folder, "street-1");
  const config = join(folder, "config");
  mkdirSync(config);
  const whole = {
    schema: "xueliang.gateway/1",
    site: { id: "street-1", name: "street" },
    storage: { folder: street },
    uplinks: [{ id: "city", address: "tcp://127.0.0.1:9", serverKey: makeCurvePair().publicKey }],
    relay: { listen: "tcp://127.0.0.1:0", gateways: [enrolment("box-1", await ensureKeys(join(folder, "box")))] },
  };
  writeFileSync(join(config, "gateway.yaml"), JSON.stringify(whole));
  /** The relay as it runs from one start to the next. */
  const openStreet = async (listen?: string) => {
    const { relay, ...rest } = gatewaySchema.parse(whole);
    if (!relay) throw new Error("no relay");
    const opened = await openDelivery({
      folder: street,
      address: "",
      serverKey: "",
      gw: "street-1",
      uplinks: rest.uplinks,
    });
    const options = { config: { ...rest, relay }, relay: { ...relay, listen: listen ?? relay.listen } };
    const receiver = await openRelay({
      ...options,
      delivery: opened.delivery,
      folder: street,
      language: "en",
      log: quiet,
    });
    const [uplink] = opened.delivery.uplinks;
    return {
      receiver,
      held: () => uplink?.outbox.waiting().depth ?? 0,
      [Symbol.asyncDispose]: async () => {
        await receiver[Symbol.asyncDispose]();
        await opened[Symbol.asyncDispose]();
      },
    };
  };
  const keys = async (...args: readonly string[]) => {
    const { io, said } = terminal(folder, { configFolder: config });
    return { code: await keysCommand(args, io), ...said };
  };

  await expect(keys("relay-next")).rejects.toThrow(/has not run as a relay/);
  let address: string;
  let former: string;
  {
    await using relay = await openStreet();
    ({ address, serverKey: former } = relay.receiver);
  }
  await expect(keys("relay-switch")).rejects.toThrow(/no next key/);
  const { out } = await keys("relay-next");
  expect(await keys("relay-switch")).toMatchObject({ code: 3, err: expect.stringContaining("box-1") as string });
  await using behind = await box(former, address);
  const { delivery } = behind;
  {
    await using relay = await openStreet(address);
    expect(relay.receiver.serverKey).toBe(former);
    await delivery.record(exampleTrigger({ occurrenceId: "before" }), null);
    await until("before", () => relay.held() === 1);
    const path = join(street, "relay/next-key-known.json");
    await until("the relay knows that the box knows", () => knownHas("box-1", path));
  }
  expect(await keys("relay-switch")).toMatchObject({ code: 0, err: "" });
  await using relay = await openStreet(address);
  expect(relay.receiver.serverKey).not.toBe(former);
  expect(out).toContain(relay.receiver.serverKey);
  await delivery.record(exampleTrigger({ occurrenceId: "after" }), null);
  await until("after", () => relay.held() === 2);
}, 180_000);
