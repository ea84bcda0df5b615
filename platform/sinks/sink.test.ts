/** What every store must do, whatever is behind it: each event once and with its bytes, the mark with the rows, poison aside. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, describe, expect, test } from "vitest";
import { batchOf, bodyOf, epochOf, itemOf } from "../../gateway/e2e/peers/sink-batches.ts";
import { storeKinds, TestStores } from "../../gateway/e2e/peers/stores.ts";
import type { Batch } from "../../gateway/delivery/uplink/protocol/platform-port.ts";
import { GatewayError } from "../../gateway/runtime/errors.ts";
import type { Sink } from "../sink.ts";

const stores = new TestStores();
afterAll(async () => stores[Symbol.asyncDispose]());
const nowMs = Date.UTC(2026, 2, 14);

async function ids(sink: Sink): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const { id } of sink.stored()) all.push(id);
  return all;
}

const named = (gw: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${gw}-${i + 1}`);
const bytewise = (a: string, b: string): number => Number(a.split("-").at(-1)) - Number(b.split("-").at(-1));

/** Again while the store comes back. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let left = 100; ; left -= 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof GatewayError) || error.code !== "SINK_UNREACHABLE" || left === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

describe.each(storeKinds)("%s", (kind, there) => {
  const testHere = test.runIf(there);
  const wait = { timeout: 120_000 };

  testHere("an event is stored once, under whatever number and epoch it comes", wait, async () => {
    await using store = await stores.make(kind);
    await using sink = await store.open();
    const [first] = await sink.commit([batchOf("box-1", 1, 20)], nowMs);
    expect([first?.acked, first?.fresh.length, first?.duplicates.length]).toEqual([20, 20, 0]);
    const [again] = await sink.commit([batchOf("box-1", 15, 25)], nowMs);
    expect([again?.acked, again?.fresh.length, again?.duplicates.length]).toEqual([25, 5, 6]);
    const [renumbered] = await sink.commit([batchOf("box-1", 10, 30, { epoch: epochOf("b"), shift: -9 })], nowMs);
    expect([renumbered?.acked, renumbered?.fresh.length, renumbered?.duplicates.length]).toEqual([21, 5, 16]);
    expect(await ids(sink)).toEqual(named("box-1", 30));
    expect(Buffer.from((await sink.event("box-1-7"))?.body ?? [])).toEqual(Buffer.from(bodyOf("box-1", 7)));
    expect(await sink.event("box-1-77")).toBeNull();
    for await (const { id, gw, body } of sink.stored()) {
      expect(gw).toBe("box-1");
      expect(Buffer.from(body)).toEqual(Buffer.from(bodyOf("box-1", Number(id.split("-").at(-1)))));
    }
    expect((await sink.watermarks("box-1", epochOf("a"))).get(1)).toEqual({ acked: 25, lastId: "box-1-25" });
    expect((await sink.watermarks("box-1", epochOf("b"))).get(1)).toEqual({ acked: 21, lastId: "box-1-30" });
    expect(await sink.watermarks("box-1", epochOf("c"))).toEqual(new Map());
  });

  testHere("lists of cameras are found among other events, in the order in which they came", wait, async () => {
    await using store = await stores.make(kind);
    await using sink = await store.open();
    const list = (n: number): Uint8Array =>
      Buffer.from(
        Buffer.from(bodyOf("box-1", n))
          .toString()
          .replace("vision.fishing-multi-rod.v1", n % 2 === 0 ? "system.cameras.v1" : "vision.fishing-multi-rod.v1"),
      );
    const items = [1, 2, 3, 4].map((n) => itemOf("box-1", n, list(n)));
    await sink.commit([{ ticket: 1, gw: "box-1", epoch: epochOf("a"), lane: 1, first: 1, items, gap: null }], nowMs);
    const found: string[] = [];
    for await (const { id, gw } of sink.cameraLists()) found.push(`${gw} ${id}`);
    expect(found).toEqual(["box-1 box-1-2", "box-1 box-1-4"]);
  });

  testHere("a batch that begins too late moves nothing", wait, async () => {
    await using store = await stores.make(kind);
    await using sink = await store.open();
    const [late] = await sink.commit([batchOf("box-1", 3, 5)], nowMs);
    expect([late?.acked, late?.fresh.length]).toEqual([0, 0]);
    expect(await ids(sink)).toEqual([]);
  });

  testHere("many boxes and lanes in one commit", wait, async () => {
    await using store = await stores.make(kind);
    await using sink = await store.open();
    const batches = Array.from({ length: 12 }, (_, i) =>
      batchOf(`box-${i % 6}`, i < 6 ? 1 : 101, i < 6 ? 10 : 105, {
        ticket: i,
        lane: i < 6 ? 1 : 0,
        shift: i < 6 ? 0 : -100,
      }),
    );
    const done = await sink.commit(batches, nowMs);
    expect(done.map((one) => [one.ticket, one.acked])).toEqual(batches.map((b) => [b.ticket, b.items.length]));
    expect((await sink.counts()).events).toBe(90);
  });

  testHere("poison is put aside with its bytes, and the lane goes on", wait, async () => {
    await using store = await stores.make(kind);
    const gw = "box-1";
    const changed = (change: object): Uint8Array =>
      Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(bodyOf(gw, 9)).toString()) as object), ...change }));
    const bodies = [
      bodyOf(gw, 1),
      Buffer.from([0xff, 0x00, 0xfe]),
      Buffer.from("{}"),
      Buffer.from(`{"a":`.repeat(10_000)),
      changed({ id: "a\u0000b" }),
      changed({ id: "half \ud83d of a pair" }),
      changed({ source: "/gateways/\u0000" }),
      changed({ correlationid: "\ud83d" }),
      bodyOf(gw, 2),
      changed({ id: "a.b *.> 雪亮 'x" }),
      bodyOf(gw, 3),
    ];
    const items = bodies.map((body, i) => itemOf(gw, i + 1, body));
    const batch: Batch = { ticket: 1, gw, epoch: epochOf("a"), lane: 1, first: 1, items, gap: null };
    await using sink = await store.open();
    const [done] = await sink.commit([batch], nowMs);
    expect(done?.quarantined.map((item) => item.seq)).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(done?.acked).toBe(bodies.length);
    expect(await ids(sink)).toEqual(["box-1-1", "box-1-2", "a.b *.> 雪亮 'x", "box-1-3"]);
    expect(await sink.counts()).toMatchObject({ events: 4, quarantined: 7 });
    await sink.commit([batch], nowMs);
    expect(await sink.counts()).toMatchObject({ events: 4, quarantined: 7 });
  });

  testHere("rows, quarantine, gap and mark are one transaction: what fails leaves nothing", wait, async (context) => {
    await using store = await stores.make(kind);
    const { spoil } = store;
    if (!spoil) {
      context.skip("its mark moves when all of a batch is stored, and the same batch stores nothing twice");
      return;
    }
    await using sink = await store.open();
    const items = [itemOf("box-1", 1, bodyOf("box-1", 1)), itemOf("box-1", 2, Buffer.from("{}"))];
    const batch: Batch = { ticket: 1, gw: "box-1", epoch: epochOf("a"), lane: 1, first: 1, items, gap: null };
    const gap: Batch = { ...batch, ticket: 2, lane: 2, items: [], gap: { to: 10, reason: "full" } };
    for (const table of ["events", "quarantine", "gaps", "watermarks"]) {
      const mend = await spoil(table);
      await expect(sink.commit([batch, gap], nowMs), table).rejects.toThrow();
      await mend();
      expect(await sink.counts(), table).toEqual({ events: 0, quarantined: 0, gaps: 0, evidence: 0 });
      expect(await sink.watermarks("box-1", epochOf("a")), table).toEqual(new Map());
    }
    expect((await sink.commit([batch, gap], nowMs)).map(({ acked }) => acked)).toEqual([2, 10]);
    expect(await sink.counts()).toEqual({ events: 1, quarantined: 1, gaps: 1, evidence: 0 });
  });

  testHere("a gap moves the mark and leaves no id; evidence is found again", wait, async () => {
    await using store = await stores.make(kind);
    await using sink = await store.open();
    await sink.commit([batchOf("box-1", 1, 3)], nowMs);
    const gap = { ...batchOf("box-1", 4, 3), items: [], gap: { to: 10, reason: "retention" } };
    expect((await sink.commit([gap], nowMs))[0]?.acked).toBe(10);
    expect((await sink.watermarks("box-1", epochOf("a"))).get(1)).toEqual({ acked: 10, lastId: "" });
    const sha256 = "ab".repeat(32);
    const kept = {
      sha256,
      sm3: "cd".repeat(32),
      bytes: 7,
      mediaType: "image/jpeg",
      gw: "box-1",
      eventId: "e",
      path: "/x",
    };
    await sink.keepEvidence(kept, nowMs);
    await sink.keepEvidence({ ...kept, path: "/y" }, nowMs);
    expect(await sink.evidence(sha256)).toMatchObject(kept);
    expect(await sink.evidence("00".repeat(32))).toBeNull();
    expect(await sink.counts()).toEqual({ events: 3, quarantined: 0, gaps: 1, evidence: 1 });
  });

  testHere("put back to yesterday's copy, the mark says so, and what comes again is stored once", wait, async () => {
    await using store = await stores.make(kind);
    {
      await using sink = await store.open();
      await sink.commit([batchOf("box-1", 1, 10)], nowMs);
    }
    await store.backup();
    {
      await using sink = await store.open();
      await sink.commit([batchOf("box-1", 11, 20)], nowMs);
    }
    await store.restore();
    await using sink = await store.open();
    // The box compares this id with its own row 10, finds agreement, and sends again from 11.
    expect((await sink.watermarks("box-1", epochOf("a"))).get(1)).toEqual({ acked: 10, lastId: "box-1-10" });
    await sink.commit([batchOf("box-1", 11, 22)], nowMs);
    expect(await ids(sink)).toEqual(named("box-1", 22));
  });

  testHere("two receivers with sessions of one box: each event once, whoever is quicker", wait, async (context) => {
    if (kind === "sqlite") {
      context.skip("one file belongs to one receiver");
      return;
    }
    await using store = await stores.make(kind);
    await using a = await store.open();
    await using b = await store.open();
    const fresh: string[] = [];
    const send = async (sink: Sink, seed: number): Promise<void> => {
      for (let step = 0; ; step += 1) {
        const acked = (await sink.watermarks("box-1", epochOf("a"))).get(1)?.acked ?? 0;
        if (acked >= 200) return;
        const from = Math.max(1, acked + 1 - ((step * 7 + seed) % 9));
        const [done] = await sink.commit([batchOf("box-1", from, Math.min(200, acked + 8))], nowMs);
        fresh.push(...(done?.fresh ?? []).map((item) => item.event?.id ?? ""));
      }
    };
    await Promise.all([send(a, 1), send(b, 4), send(a, 5)]);
    expect([...(await ids(a))].sort(bytewise)).toEqual(named("box-1", 200));
    // What each receiver called new is new once over all of them: an announcement is made once, too.
    expect(fresh.sort(bytewise)).toEqual(named("box-1", 200));
  });

  testHere("the server crashes: what was acknowledged is there, and work goes on", wait, async (context) => {
    await using store = await stores.make(kind);
    const { crash } = store;
    if (!crash) {
      context.skip("it has no server");
      return;
    }
    await using sink = await store.open();
    await sink.commit([batchOf("box-1", 1, 50)], nowMs);
    await crash();
    const marks = await patiently(() => sink.watermarks("box-1", epochOf("a")));
    expect(marks.get(1)).toEqual({ acked: 50, lastId: "box-1-50" });
    await patiently(() => sink.commit([batchOf("box-1", 51, 60)], nowMs));
    expect(await ids(sink)).toEqual(named("box-1", 60));
  });
});

/** A hundred kills, or what fits into the budget of a busy machine; XUELIANG_KILLS=1000 is for the night. */
const kills = Number(process.env["XUELIANG_KILLS"] ?? 100);
const budgetMs = process.env["XUELIANG_KILLS"] === undefined ? 30_000 : Number.POSITIVE_INFINITY;

test(
  "killed between commit and word, or in the middle: every store has each event once",
  { timeout: 60_000 + kills * 5_000 },
  async () => {
    await using stack = new AsyncDisposableStack();
    const made = [];
    for (const [kind, there] of storeKinds) if (there) made.push(stack.use(await stores.make(kind)));
    // Tables and streams are made once, not under fire.
    for (const store of made) await (await store.open())[Symbol.asyncDispose]();
    const addresses = made.map((store) => store.address);
    const script = new URL("../../gateway/e2e/peers/sink-process.ts", import.meta.url).pathname;
    let between = 0;
    let done = 0;
    const endMs = performance.now() + budgetMs;
    // A few there must be, however long a start takes.
    for (let n = 0; n < kills && (performance.now() < endMs || between <= 3); n += 1) {
      done += 1;
      const after = n % 4 === 3 ? Math.random() * 60 : -1;
      const child = spawn(process.execPath, [script, String(after), ...addresses], {
        stdio: ["ignore", "inherit", "inherit"],
      });
      const [, signal] = (await once(child, "exit")) as [number | null, string | null];
      expect(signal).toBe("SIGKILL");
      if (after < 0) between += 1;
    }
    const report = [];
    for (const store of made) {
      await using sink = await store.open();
      const acked = (await sink.watermarks("box-1", epochOf("a"))).get(1)?.acked ?? 0;
      // A kill between the rows and the mark of a stream leaves rows beyond the mark; the box sends them again, as here.
      await sink.commit([batchOf("box-1", acked + 1, acked + 10)], nowMs);
      const there = await ids(sink);
      const missing = named("box-1", acked + 10).filter((id) => !there.includes(id)).length;
      report.push({ missing, duplicate: there.length - new Set(there).size, unknown: there.length - (acked + 10) });
      expect(acked).toBeGreaterThanOrEqual(between * 5);
    }
    console.log(`${done} kills (${between} between commit and word), ${made.length} stores:`, JSON.stringify(report));
    expect(between).toBeGreaterThan(3);
    expect(report).toEqual(made.map(() => ({ missing: 0, duplicate: 0, unknown: 0 })));
  },
);
