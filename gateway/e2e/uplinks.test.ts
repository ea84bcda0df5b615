/** Several uplinks and gateways behind gateways, over real sockets and real files. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { gatewaySchema } from "../config/schema.ts";
import type { Delivery } from "../delivery/delivery.ts";
import { unknownType } from "../delivery/events/event.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { openRelay } from "../relay.ts";
import { systemClock } from "../runtime/clock.ts";
import { Receiver, type ReceivedEvent } from "../../platform/receiver.ts";
import { makeCurvePair } from "../../platform/router.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uplinks-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Platform {
  readonly receiver: Receiver;
  readonly events: ReceivedEvent[];
  readonly evidence: string[];
}

async function openPlatform(name: string, listen = "tcp://127.0.0.1:0"): Promise<Platform> {
  const events: ReceivedEvent[] = [];
  const evidence: string[] = [];
  const receiver = await Receiver.open({
    listen,
    folder: join(folder, name),
    language: "en",
    onEvent: (event, { duplicate }) => {
      if (!duplicate) events.push(event);
    },
    onEvidence: (_sha, path) => evidence.push(path),
  });
  return { receiver, events, evidence };
}

async function enrol(receiver: Receiver, gw: string, children?: readonly string[]): Promise<void> {
  await receiver.enrol({ ...enrolment(gw, await ensureKeys(join(folder, gw))), ...(children ? { children } : {}) });
}

const way = (id: string, { receiver }: Platform, more: object = {}): object => ({
  id,
  address: receiver.address,
  serverKey: receiver.serverKey,
  ...more,
});
const depth = (delivery: Delivery, id: string): number | undefined =>
  delivery.status().uplinks.find((uplink) => uplink.id === id)?.depth;
const occurrences = ({ events }: Platform): readonly (string | undefined)[] =>
  events.filter(({ event }) => !event.type.startsWith("system.")).map(({ event }) => event.correlationid);

describe("several uplinks", () => {
  test("each gets what it asks for, and a dead one delays nobody", { timeout: 120_000 }, async () => {
    const street = await openPlatform("street");
    const city = await openPlatform("city", "tcp://[::1]:0");
    await using stack = new AsyncDisposableStack();
    for (const platform of [street, city]) {
      stack.use(platform.receiver);
      await enrol(platform.receiver, "box-1");
    }
    await using opened = await openDelivery({
      folder: join(folder, "box-1"),
      address: "",
      serverKey: "",
      uplinks: [
        { id: "dead", address: "tcp://127.0.0.1:9", serverKey: makeCurvePair().publicKey, level: "district" },
        way("street", street, { level: "street", departments: ["chengguan"], evidence: "none" }),
        way("city", city, { level: "city", severity: 2, types: ["flood-*", "fishing-*"] }),
      ],
      typeInfo: (id) => ({ ...unknownType(id), departments: id.startsWith("street-") ? ["chengguan"] : ["yuzheng"] }),
    });
    const { delivery } = opened;
    const jpeg = randomBytes(30_000);
    const record = (occurrenceId: string, eventType: string, severity: 1 | 2 | 3 | 4): Promise<void> =>
      delivery.record(exampleTrigger({ occurrenceId, eventType, severity }), { jpeg, widthPx: 64, heightPx: 64 });
    await record("a", "street-stall", 3);
    await record("b", "fishing-multi-rod", 3);
    await record("c", "fishing-multi-rod", 1);
    await record("d", "flood-level", 2);
    // The later messages of an occurrence go where its first one went, whatever they say.
    await record("c", "fishing-multi-rod", 4);
    await until("both", () => street.events.length === 1 && city.events.length === 3);
    await until("its picture", () => city.evidence.length === 1);
    expect(occurrences(street)).toEqual(["a"]);
    expect(occurrences(city)).toEqual(["c", "d", "c"]);
    expect(city.receiver.address).toMatch(/\[::1\]/);
    await until("acknowledged", () => depth(delivery, "street") === 0 && depth(delivery, "city") === 0);
    expect(depth(delivery, "dead")).toBe(5);
    const dead = (): number | null | undefined => delivery.status().uplinks[0]?.retryInMs;
    await until("the next try is known", () => (dead() ?? Infinity) < 60_000);
    expect(delivery.status().uplinks[2]).toMatchObject({ retryInMs: null, deadLetters: { events: 0, newest: [] } });
    expect(street.evidence).toEqual([]);
  });

  test("a GAP is stored at the platform and announced as an event", { timeout: 90_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const city = await openPlatform("city");
    stack.use(city.receiver);
    await enrol(city.receiver, "box-1");
    const nowhere = { id: "city", address: "tcp://127.0.0.1:9", serverKey: makeCurvePair().publicKey };
    const at = { folder: join(folder, "box-1"), address: "", serverKey: "" };
    {
      await using opened = await openDelivery({ ...at, uplinks: [nowhere] });
      for (let n = 1; n <= 5; n += 1) await opened.delivery.record(exampleTrigger({ occurrenceId: `o${n}` }), null);
      // Three rows must go to make room: the oldest of the only lane that has any.
      expect(opened.delivery.uplinks[0]?.outbox.giveUpOldest(3)).toBe(3);
    }
    await using opened = await openDelivery({ ...at, uplinks: [way("city", city)] });
    await until("the rest", () => depth(opened.delivery, "city") === 0);
    expect(occurrences(city)).toEqual(["o4", "o5"]);
    const said = city.events.find(({ event }) => event.type === "system.uplink-gap.v1");
    expect(said?.event.data["detail"]).toMatchObject({ lane: 0, from: 1, to: 3, count: 3, reason: "full" });
    // Known at the box too, after a restart as before it.
    const { deadLetters } = opened.delivery.status().uplinks[0] ?? {};
    expect(deadLetters).toMatchObject({ events: 3, newest: [{ why: "full", eventId: null, events: 3 }] });
  });
});

test(
  "what is saved from a damaged database goes to those who asked for it, as before",
  { timeout: 90_000 },
  async () => {
    await using stack = new AsyncDisposableStack();
    const [street, fishery] = [await openPlatform("street"), await openPlatform("fishery")];
    for (const { receiver } of [street, fishery]) {
      stack.use(receiver);
      await enrol(receiver, "box-1");
    }
    const asked = { street: { departments: ["chengguan"] }, fishery: { types: ["fishing-*"], security: true } };
    const open = (uplinks: readonly object[]) =>
      openDelivery({
        folder: join(folder, "box-1"),
        ...{ address: "", serverKey: "", uplinks },
        typeInfo: (id) => ({ ...unknownType(id), departments: id.startsWith("street-") ? ["chengguan"] : ["yuzheng"] }),
      });
    {
      const nowhere = { address: "tcp://127.0.0.1:9", serverKey: makeCurvePair().publicKey };
      await using opened = await open([
        { id: "street", ...nowhere, ...asked.street },
        { id: "fishery", ...nowhere, ...asked.fishery },
      ]);
      const { delivery } = opened;
      const title = { zh: "登录", en: "login" };
      delivery.system.say({ kind: "security", severity: 4, title, detail: { who: "chen" } });
      for (let n = 0; n < 100; n += 1)
        await delivery.record(
          exampleTrigger({ occurrenceId: `${n}`, eventType: n % 2 === 0 ? "street-stall" : "fishing-multi-rod" }),
          null,
        );
    }
    const path = join(folder, "box-1", "gateway.db");
    const bytes = readFileSync(path);
    bytes.fill(0x5a, Math.floor(bytes.length / 16_384) * 8_192, Math.floor(bytes.length / 16_384) * 8_192 + 8_192);
    writeFileSync(path, bytes);
    await using opened = await open([way("street", street, asked.street), way("fishery", fishery, asked.fishery)]);
    expect(opened.delivery.newestEvents(1)).toMatchObject([{ type: "system.store-damaged.v1" }]);
    await until("all", () => depth(opened.delivery, "street") === 0 && depth(opened.delivery, "fishery") === 0);
    expect(occurrences(street).length).toBeGreaterThan(40);
    expect(occurrences(fishery).length).toBeGreaterThan(40);
    expect(occurrences(street).filter((n) => Number(n) % 2 === 1)).toEqual([]);
    expect(occurrences(fishery).filter((n) => Number(n) % 2 === 0)).toEqual([]);
    const system = ({ events }: Platform): readonly string[] =>
      events.map(({ event }) => event.type).filter((type) => type.startsWith("system."));
    expect(system(street)).toEqual(["system.store-damaged.v1"]);
    expect(system(fishery)).toContain("system.security.v1");
  },
);

describe("a gateway behind a gateway", () => {
  const config = (gw: string, gateways: readonly object[], uplinks: readonly object[]) =>
    gatewaySchema.parse({
      schema: "xueliang.gateway/1",
      site: { id: gw, name: gw },
      uplinks,
      relay: { listen: "tcp://127.0.0.1:0", gateways },
    });

  /** A relay named `gw` in front of `parent`, for `child`. */
  async function openStreet(stack: AsyncDisposableStack, parent: Platform | null, child: string, listen?: string) {
    const gw = "street-1";
    const uplinks = parent
      ? [way("city", parent)]
      : [{ id: "city", address: "tcp://127.0.0.1:9", serverKey: makeCurvePair().publicKey }];
    const whole = config(gw, [enrolment(child, await ensureKeys(join(folder, child)))], uplinks);
    const opened = stack.use(
      await openDelivery({
        folder: join(folder, gw),
        address: "",
        serverKey: "",
        gw,
        uplinks,
        more: { relay: whole.relay },
      }),
    );
    const { delivery } = opened;
    const relay = whole.relay && { ...whole.relay, ...(listen === undefined ? {} : { listen }) };
    if (!relay) throw new Error("no relay");
    const receiver = stack.use(
      await openRelay({ config: whole, relay, delivery, folder: join(folder, gw), language: "en", log: quiet }),
    );
    return { delivery, platform: { receiver, events: [], evidence: [] } satisfies Platform };
  }

  test(
    "acknowledged only when the far platform has it; events, picture and bytes unchanged",
    { timeout: 120_000 },
    async () => {
      const city = await openPlatform("city");
      await enrol(city.receiver, "street-1", ["box-1"]);
      let address: string;
      const acknowledged: string[] = [];
      const at = { folder: join(folder, "box-1"), address: "", serverKey: "" };
      await using box = new AsyncDisposableStack();
      {
        // The city is out of reach: the relay holds everything, and the box goes on waiting.
        await using stack = new AsyncDisposableStack();
        const street = await openStreet(stack, null, "box-1");
        ({ address } = street.platform.receiver);
        const opened = box.use(await openDelivery({ ...at, uplinks: [way("street", street.platform)] }));
        opened.delivery.onAcknowledged(({ event }) => acknowledged.push(event.id));
        for (let n = 1; n <= 20; n += 1)
          await opened.delivery.record(
            exampleTrigger({ occurrenceId: `o${n}` }),
            n === 1 ? { jpeg: randomBytes(90_000), widthPx: 64, heightPx: 64 } : null,
          );
        await until("held by the relay", () => depth(street.delivery, "city") === 20);
        await until("its picture", () => street.delivery.status().uplinks[0]?.evidenceWaiting === 1);
        expect(acknowledged).toEqual([]);
        expect(depth(opened.delivery, "street")).toBe(20);
      }
      await using stack = new AsyncDisposableStack();
      await openStreet(stack, city, "box-1", address);
      await until("the end of the way", () => acknowledged.length === 20);
      expect(occurrences(city)).toEqual(Array.from({ length: 20 }, (_, i) => `o${i + 1}`));
      expect(city.events.map(({ event }) => event.id)).toEqual(acknowledged);
      expect(new Set(city.events.map(({ event }) => event.source))).toEqual(new Set(["/gateways/box-1"]));
      await until("the picture", () => city.evidence.length === 1);
      expect(readFileSync(city.evidence[0] ?? "").length).toBe(90_000);
    },
  );

  test("a platform that gives no files says so at once, through a relay too", { timeout: 90_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const city = await openPlatform("city");
    stack.use(city.receiver);
    await enrol(city.receiver, "street-1", ["box-1"]);
    const street = await openStreet(stack, city, "box-1");
    const at = { folder: join(folder, "box-1"), address: "", serverKey: "" };
    const opened = stack.use(await openDelivery({ ...at, uplinks: [way("street", street.platform)] }));
    const refusal = async ({ uplinks: [first] }: Delivery): Promise<string> => {
      const ask = { cmd: "0".repeat(32), sha256: "0".repeat(64), off: 0, size: 16_384 };
      for (let tries = 0; tries < 300; tries += 1) {
        const piece = await first?.uplink.piece(ask);
        if (piece?.kind === "refused") return piece.why;
        await systemClock.sleep(100); // The session is not open yet.
      }
      return "nothing was said";
    };
    expect(await refusal(street.delivery)).toBe("this platform gives no files of commands");
    expect(await refusal(opened.delivery)).toBe("this platform does not have that file");
  });

  test("what a relay may not hand on is put aside, not stored under another's name", { timeout: 90_000 }, async () => {
    const city = await openPlatform("city");
    await using outer = new AsyncDisposableStack();
    outer.use(city.receiver);
    await enrol(city.receiver, "street-1", ["box-7"]);
    await using stack = new AsyncDisposableStack();
    const street = await openStreet(stack, city, "box-1");
    const opened = stack.use(
      await openDelivery({
        folder: join(folder, "box-1"),
        address: "",
        serverKey: "",
        uplinks: [way("street", street.platform)],
      }),
    );
    await opened.delivery.record(exampleTrigger(), null);
    await until("put aside", () => depth(opened.delivery, "street") === 0);
    expect(city.events).toEqual([]);
    const dead = () => street.delivery.status().uplinks[0]?.deadLetters;
    await until("the relay was told", () => dead()?.events === 1);
    const [event] = opened.delivery.newestEvents(1) as readonly { readonly id: string }[];
    expect(dead()?.newest).toMatchObject([{ why: "rejected", eventId: event?.id, events: 1 }]);
    expect(dead()?.newest[0]?.detail).toContain("box-1");
  });
});
