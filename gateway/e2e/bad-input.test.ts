/** What should not come from a box, from a box that may come: each is answered with a word of UP1, loses nothing, and a good box beside it goes on at its pace. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Receiver } from "../../platform/receiver.ts";
import { Probe, hex32 } from "../cli/receiver/probe.ts";
import { event, identityOf, type CheckBox } from "../cli/receiver/world.ts";
import { packEvents } from "../delivery/uplink/protocol/frames.ts";
import { EvidenceFiles } from "../delivery/evidence/evidence-files.ts";
import { enrolment, ensureKeys } from "../delivery/uplink/keys.ts";
import type { Header } from "../delivery/uplink/protocol/messages.ts";
import { Stranger } from "./endurance/stranger.ts";
import { exampleTrigger } from "./peers/example-trigger.ts";
import { openDelivery, until } from "./peers/open-delivery.ts";

const stack = new AsyncDisposableStack();
const arrived = new Map<string, number>();
/** Sessions that were opened, by box. */
const opened = new Map<string, number>();
let folder = "";
let receiver: Receiver;
let bad: CheckBox;
let good: Awaited<ReturnType<typeof openDelivery>>;
/** How long each event of the good box took to be acknowledged, ms. */
const tookMs: number[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "bad-input-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  receiver = stack.use(
    await Receiver.open({
      listen: "tcp://127.0.0.1:0",
      folder: join(folder, "platform"),
      language: "en",
      onEvent: ({ event: { id } }, { duplicate }) => {
        if (!duplicate) arrived.set(id, (arrived.get(id) ?? 0) + 1);
      },
      onOpened: (gw) => opened.set(gw, (opened.get(gw) ?? 0) + 1),
    }),
  );
  for (const gw of ["good", "bad", "box-1"]) await receiver.enrol(enrolment(gw, await ensureKeys(join(folder, gw))));
  bad = { gw: "bad", keys: await ensureKeys(join(folder, "bad")) };
  good = stack.use(await boxAt("good", "good"));
  const over = new AbortController();
  const going = recordSteadily(over.signal);
  stack.defer(async () => {
    over.abort();
    await going;
  });
});
afterAll(() => stack.disposeAsync());

/** Where to knock. */
const door = () => ({ address: receiver.address, serverKey: receiver.serverKey });
const boxAt = (name: string, gw: string) => openDelivery({ folder: join(folder, name), gw, ...door() });

/** The good box: an event, its acknowledgement, the next one. */
async function recordSteadily(signal: AbortSignal): Promise<void> {
  const acknowledged = new Set<string>();
  good.delivery.onAcknowledged(({ event: { correlationid } }) => acknowledged.add(correlationid ?? ""));
  for (let n = 1; !signal.aborted; n += 1) {
    const startMs = performance.now();
    await good.delivery.record(exampleTrigger({ occurrenceId: `good-${n}` }), null);
    await until("the good box's event", () => acknowledged.has(`good-${n}`));
    tookMs.push(performance.now() - startMs);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** An open session of the bad box. */
async function enter(sock: "E" | "B" = "E", epoch = hex32()): Promise<Probe> {
  const probe = new Probe(door(), identityOf(bad, epoch, sock));
  expect(await probe.open(), "an enrolled box gets in").not.toBeNull();
  return probe;
}

const textOf = ({ body }: { readonly body: Uint8Array }): string => Buffer.from(body).toString();

/** The session goes on: an event, and its acknowledgement under `seq`. */
async function goesOn(probe: Probe, seq = 1): Promise<void> {
  const { id, body } = event("bad");
  probe.sendEvents(1, seq, [body]);
  expect(await probe.acknowledged(1, seq)).toEqual({ cum: seq, end: "" });
  await until("stored", () => arrived.get(id) === 1);
}

const wait = { timeout: 60_000 };

test("another's name, another's key: unauth, and the one who has the name stays connected", wait, async () => {
  await until("the good one is connected", () => receiver.connected.includes("good"));
  for (const [gw, sign] of [
    ["good", (text: string) => bad.keys.sign(text)],
    ["nobody-knows", (text: string) => bad.keys.sign(text)],
    ["bad", (text: string) => bad.keys.sign(`${text} `)],
    ["bad", () => Buffer.from(bad.keys.curveSecret).toString("base64")],
    ["bad", () => "AAAA"],
  ] as const) {
    await using probe = new Probe(door(), { ...identityOf(bad, hex32()), gw, sign: (text) => sign(text) });
    expect([await probe.open(), probe.refusal], gw).toEqual([null, "unauth"]);
  }
  expect(receiver.connected).toContain("good");
});

test("over 64 KiB: too-big, and what follows is stored; over what a frame may have: the line ends", wait, async () => {
  await using peer = new Stranger(door(), bad.keys);
  const said = async (seq: number, body: Uint8Array, waitMs = 10_000) => {
    const header = Buffer.from(JSON.stringify({ lane: 1, first: seq, sizes: [body.length], codec: "json" }));
    await peer.raw([Buffer.from("UP1\u0010", "latin1"), header, packEvents([body]).payload]);
    return (await peer.answer("ACK", waitMs))?.header;
  };
  expect(await peer.enter("bad", bad.keys)).toBe(true);
  const huge = Buffer.from(
    JSON.stringify({ ...(JSON.parse(textOf(event("bad"))) as object), filler: "x".repeat(65_600) }),
  );
  expect(await said(1, huge)).toMatchObject({ code: "too-big", fatal: false });
  const [first, second] = [event("bad"), event("bad")];
  expect(await said(1, first.body)).toMatchObject({ lanes: { "1": { cum: 1 } } });
  await peer.raw([Buffer.from("UP1\u0010", "latin1"), Buffer.from("{}"), Buffer.alloc(300_000, 0x78)]);
  // The transport does not let it through; on the next connection nobody is known. What was said meanwhile is lost with the former one.
  let answer: Awaited<ReturnType<typeof said>>;
  for (let tries = 0; tries < 12 && !answer; tries += 1) answer = await said(2, second.body, 3_000);
  expect(answer).toMatchObject({ code: "unauth" });
  expect(await peer.enter("bad", bad.keys)).toBe(true);
  expect(await said(2, second.body)).toMatchObject({ lanes: { "1": { cum: 2 } } });
  await until("both stored", () => arrived.get(first.id) === 1 && arrived.get(second.id) === 1);
});

test("what is no event: kept in quarantine, NACK with its number, and the lane goes on", wait, async () => {
  await using probe = await enter();
  const before = receiver.meters.value("quarantined");
  const source = event("bad", { source: "/gateways/good" }).body;
  probe.sendEvents(1, 1, [Buffer.from("{}"), Buffer.from([0xff, 0xfe]), source]);
  const seqs: number[] = [];
  for (let n = 0; n < 3; n += 1) {
    const nack = await probe.next(["NACK"]);
    expect(nack?.header).toMatchObject({ code: "quarantined", retry: "never" });
    seqs.push(nack?.header.seq ?? 0);
  }
  expect(seqs).toEqual([1, 2, 3]);
  expect(receiver.meters.value("quarantined")).toBe(before + 3);
  await goesOn(probe, 4);
});

test("a number too far ahead: seq-gap, fatal, and nothing of it is stored", wait, async () => {
  await using probe = await enter();
  const { id, body } = event("bad");
  probe.sendEvents(1, 7, [body]);
  expect((await probe.next(["ERR"]))?.header).toMatchObject({ code: "seq-gap", fatal: true });
  expect(arrived.has(id)).toBe(false);
  await using next = await enter();
  await goesOn(next);
});

test("a clock in 1970: let in, stored with the time that it says, and told the right one", wait, async () => {
  await using probe = await enter();
  const { id, body } = event("bad", { time: "1970-01-01T00:00:07.000Z" });
  probe.sendEvents(1, 1, [body]);
  expect(await probe.acknowledged(1, 1)).toEqual({ cum: 1, end: "" });
  await until("stored", () => arrived.get(id) === 1);
  probe.send({ kind: "BEAT", header: { t0: 7_000 } });
  const answer = await probe.next(["BEAT"]);
  expect(Math.abs((answer?.header.t1 ?? 0) - Date.now())).toBeLessThan(60_000);
});

test(
  "a second one under a name and its keys: BYE replaced for the first, what either sent is stored once",
  wait,
  async () => {
    const epoch = hex32();
    await using first = await enter("E", epoch);
    await goesOn(first);
    await using second = await enter("E", epoch);
    expect((await first.next(["BYE"]))?.header.reason).toBe("replaced");
    await goesOn(second, 2);
  },
);

test(
  "evidence whose bytes do not match, in four ways: BACK bad, and the right ones are taken after it",
  wait,
  async () => {
    await using probe = await enter("B");
    const bytes = randomBytes(20_000);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const offer = async (more: Partial<Header<"OFFER">> = {}): Promise<void> => {
      const header = { sha256, size: bytes.length, type: "image/jpeg", ev: "e", kind: "snapshot" } as const;
      probe.send({ kind: "OFFER", header: { ...header, ...more } });
      expect((await probe.next(["WANT"]))?.header).toMatchObject({ off: 0 });
    };
    const sent = async (payload: Uint8Array, more: Partial<Header<"DATA">> = {}) => {
      probe.send({ kind: "DATA", header: { sha256, off: 0, crc32: crc32(payload), ...more }, payload });
      return (await probe.next(["BACK", "ERR"]))?.header;
    };
    expect(await sent(bytes), "never offered").toMatchObject({ bad: true });
    await offer();
    expect(await sent(bytes, { crc32: 1 }), "another CRC").toMatchObject({ bad: true });
    await offer();
    const flipped = Buffer.from(bytes);
    flipped[777] = (flipped[777] ?? 0) ^ 1;
    expect(await sent(flipped), "one bit").toMatchObject({ bad: true });
    await offer({ size: 9 });
    expect(await sent(bytes), "longer than it said").toMatchObject({ bad: true });
    await offer();
    expect(await sent(bytes)).toMatchObject({ done: true });
  },
);

test(
  "a box whose picture rotted on its disk, or is gone, says so at both ends; the next picture is sent",
  { timeout: 120_000 },
  async () => {
    const picture = (fill: string) => ({ jpeg: Buffer.alloc(30_000, fill), widthPx: 640, heightPx: 360 });
    const place = new EvidenceFiles(join(folder, "box-1", "evidence"));
    const shaOf = (fill: string): string => createHash("sha256").update(picture(fill).jpeg).digest("hex");
    {
      const at = { folder: join(folder, "box-1"), address: "tcp://127.0.0.1:9", serverKey: receiver.serverKey };
      await using away = await openDelivery(at);
      for (const fill of ["rotten", "gone", "whole"])
        await away.delivery.record(exampleTrigger({ occurrenceId: fill }), picture(fill));
    }
    const rotten = readFileSync(place.path(shaOf("rotten")));
    rotten[12_345] = 0;
    writeFileSync(place.path(shaOf("rotten")), rotten);
    rmSync(place.path(shaOf("gone")));
    await using box = await boxAt("box-1", "box-1");
    await until("nothing waits", () => {
      const [up] = box.delivery.status().uplinks;
      return up?.depth === 0 && up.evidenceWaiting === 0;
    });
    expect(box.delivery.status().lastError?.code).toBe("EVIDENCE_LOST");
    const said = box.delivery.newestEvents(9) as readonly {
      readonly id: string;
      readonly data: { readonly eventId: string; readonly detail?: object };
    }[];
    const lost = said.filter(({ data }) => data.eventId === "evidence-lost");
    expect(lost.map(({ data }) => data.detail)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ uplink: "city", sha256: shaOf("rotten"), why: "damaged" }),
        expect.objectContaining({ uplink: "city", sha256: shaOf("gone"), why: "gone" }),
      ]),
    );
    expect(lost).toHaveLength(2);
    expect(said).toHaveLength(5);
    await until("the platform has all five", () => said.every(({ id }) => arrived.get(id) === 1));
  },
);

test("the good box noticed nothing", wait, async () => {
  await until("it goes on", () => tookMs.length > 20);
  const sorted = [...tookMs].sort((a, b) => a - b);
  const [median, worst] = [sorted[Math.floor(sorted.length / 2)] ?? 0, sorted.at(-1) ?? 0];
  console.log(`${sorted.length} events of the good box: median ${median.toFixed(0)} ms, most ${worst.toFixed(0)} ms`);
  expect(opened.get("good"), "its session never ended").toBe(1);
  expect(good.delivery.status().uplinks[0]).toMatchObject({ lastError: null });
  expect([...arrived.values()].every((times) => times === 1)).toBe(true);
});
