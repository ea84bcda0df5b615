/** A city's boxes come at once: all get in, none is starved, memory stays bounded, a planned restart makes no storm, junk disturbs nobody. */
import { spawn, type ChildProcess } from "node:child_process";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { curveKeyPair } from "../gateway/delivery/uplink/uplink-socket.ts";
import { ensureKeys, enrolment } from "../gateway/delivery/uplink/keys.ts";
import { exampleTrigger } from "../gateway/e2e/peers/example-trigger.ts";
import { openDelivery, until } from "../gateway/e2e/peers/open-delivery.ts";
import { PlatformSessions } from "../gateway/delivery/uplink/protocol/platform.ts";
import { openSink } from "./sinks/open-sink.ts";
import { Admission } from "./admission.ts";
import { MetricsServer } from "./metrics-server.ts";
import { Receiver } from "./receiver.ts";

/** As many as a test run can bear; XUELIANG_BOXES=2000 is the city. */
const boxes = Number(process.env["XUELIANG_BOXES"] ?? 200);
/** A busy machine may take long; XUELIANG_BOXES asks for the real bound. */
const readyMs = process.env["XUELIANG_BOXES"] === undefined ? 120_000 : 30_000;
const perProcess = 500;

let folder = "";
const children = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "scale-"));
});
afterEach(async () => {
  for (const child of children) {
    const gone = once(child, "exit");
    if (child.kill("SIGKILL")) await gone;
  }
  children.clear();
  rmSync(folder, { recursive: true, force: true });
});

function peer(name: string, args: readonly string[], onLine: (line: string) => void): ChildProcess {
  const script = new URL(`../gateway/e2e/peers/${name}.ts`, import.meta.url).pathname;
  const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  child.once("exit", () => children.delete(child));
  createInterface({ input: child.stdout }).on("line", onLine);
  return child;
}

test(
  `${boxes} boxes with real keys over real sockets: all READY, again after a planned restart and a kill`,
  { timeout: 600_000 },
  async () => {
    const platform = join(folder, "platform");
    mkdirSync(platform);
    const all = Array.from({ length: boxes }, (_, i) => {
      const { publicKey, privateKey } = generateKeyPairSync("ed25519");
      const signPublic = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
      const signSecret = privateKey.export({ type: "pkcs8", format: "der" }).toString("base64");
      return { gw: `box-${i}`, ...curveKeyPair(), signPublic, signSecret };
    });
    const enrolled = all.map(({ gw, publicKey, signPublic }) => ({ gw, curvePublic: publicKey, signPublic }));
    writeFileSync(join(platform, "enrolled.json"), JSON.stringify({ schema: "xueliang.enrolled/1", boxes: enrolled }));
    writeFileSync(join(folder, "keys.json"), JSON.stringify(all));
    let address = "tcp://127.0.0.1:0";
    let serverKey = "";
    const receive = async (): Promise<ChildProcess> => {
      let ready = "";
      const child = peer("receiver-process", [platform, address, "0"], (line) => {
        ready = line.startsWith("ready") ? line : ready;
      });
      await until("the receiver listens", () => ready !== "", 120_000);
      [, address = "", serverKey = ""] = ready.split(" ");
      return child;
    };
    let receiver = await receive();
    const said = new Map<number, readonly [number, number]>();
    const openNow = (): number => [...said.values()].reduce((sum, [open]) => sum + open, 0);
    const ackedNow = (): number => [...said.values()].reduce((sum, [, acked]) => sum + acked, 0);
    for (let at = 0; at < boxes; at += perProcess)
      peer("box-swarm", [address, serverKey, join(folder, "keys.json"), String(at), String(perProcess)], (line) => {
        const [word, open, , acked] = line.split(" ");
        if (word === "open") said.set(at, [Number(open), Number(acked)]);
      });
    const rounds: string[] = [];
    const allReady = async (what: string, withinMs = readyMs): Promise<void> => {
      const began = performance.now();
      await until(`all READY ${what}`, () => openNow() === boxes, withinMs);
      const status = readFileSync(`/proc/${receiver.pid}/status`, "utf8");
      const mib = Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1_024);
      console.log(`${what}: ${((performance.now() - began) / 1_000).toFixed(1)} s`);
      rounds.push(`${what}: ${((performance.now() - began) / 1_000).toFixed(1)} s, receiver ${mib} MiB`);
      expect(mib).toBeLessThanOrEqual(300);
    };
    // The boxes' own processes start at the same time; the bound is for a receiver that comes back.
    await allReady("at first", 240_000);
    for (const signal of ["SIGTERM", "SIGKILL"] as const) {
      const gone = once(receiver, "exit");
      receiver.kill(signal);
      await gone;
      // A killed receiver leaves open sockets behind until the boxes notice: they are told by the transport.
      await until("the boxes notice", () => openNow() === 0, 120_000).catch(() => undefined);
      receiver = await receive();
      await allReady(signal === "SIGTERM" ? "after a planned restart" : "after a kill");
    }
    await until("every event acknowledged", () => ackedNow() === boxes, 60_000);
    await using sink = await openSink(`sqlite:${join(platform, "platform.db")}`, Date.now());
    const ids: string[] = [];
    for await (const { id } of sink.stored()) ids.push(id);
    expect([ids.length, new Set(ids).size]).toEqual([boxes, boxes]);
    console.log(`${boxes} boxes over as many CURVE sockets: ${rounds.join("; ")}`);
  },
);

describe("admission", () => {
  test("a burst passes, then a bucket's pace; those who are sent away get different times", () => {
    const admission = new Admission(Math.random, { perSecond: 100, burst: 50 });
    const answers = Array.from({ length: 1_000 }, () => admission.refuse(0));
    expect(answers.slice(0, 50).every((answer) => answer === null)).toBe(true);
    const away = answers.slice(50).map(Number);
    expect(away.every((sec) => sec >= 0.5 && sec <= 60)).toBe(true);
    // Spread over what a hundred a second need, not at one moment: no tenth of the time holds a third of them.
    const tenths = new Map<number, number>();
    for (const sec of away) tenths.set(Math.floor(sec / 1.5), (tenths.get(Math.floor(sec / 1.5)) ?? 0) + 1);
    expect(Math.max(...tenths.values())).toBeLessThan(350);
    expect(admission.refuse(1_000)).toBeNull();
  });
});

test("a planned stop sends nobody back faster than they can be let in", () => {
  const sessions = new PlatformSessions(
    { serverKey: "", isEnrolled: () => true, verify: () => true, nonce: () => "n", random: Math.random },
    () => 0,
  );
  const hello = { v: [1], role: "box" as const, sock: "E" as const, caps: [], sw: "test", heads: {}, t: 0 };
  const names = { gw: "box", epoch: "a".repeat(32), boot: "b".repeat(32), nonce: "c".repeat(32) };
  for (let n = 0; n < 2_000; n += 1) sessions.received(`r${n}`, { kind: "HELLO", header: { ...hello, ...names } }, 0);
  const away = sessions
    .drain(100)
    .flatMap((action) =>
      action.kind === "send" && action.message.kind === "BYE" ? [action.message.header.retryAfter ?? 0] : [],
    );
  expect(away).toHaveLength(2_000);
  for (let sec = 0; sec < 20; sec += 1) expect(away.filter((at) => at >= sec && at < sec + 1).length).toBeLessThan(150);
});

test("metrics are for those who know the token, and count what happened", async () => {
  await using receiver = await Receiver.open({ listen: "tcp://127.0.0.1:0", folder, language: "en" });
  await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
  const text = (): string => receiver.meters.prometheus({ connected: receiver.connected.length, enrolled: 1 });
  await using server = await MetricsServer.open({ listen: "127.0.0.1:0", folder, text });
  const url = `http://127.0.0.1:${server.port}/metrics`;
  const token = readFileSync(join(folder, "metrics-token"), "utf8").trim();
  for (const authorization of ["", "Bearer", `Bearer ${token}x`, `Basic ${token}`, "Bearer "])
    expect((await fetch(url, { headers: { authorization } })).status).toBe(401);
  {
    await using opened = await openDelivery({
      folder: join(folder, "box"),
      address: receiver.address,
      serverKey: receiver.serverKey,
    });
    for (let n = 0; n < 3; n += 1) await opened.delivery.record(exampleTrigger({ occurrenceId: `o${n}` }), null);
    await until("acknowledged", () => opened.delivery.status().uplinks[0]?.depth === 0);
    const said = await (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text();
    expect(said).toContain("\nxueliang_events_total 3\n");
    expect(said).toContain("\nxueliang_boxes_connected 1\n");
    expect(said).toMatch(/\nxueliang_commit_seconds_count [1-3]\n/);
    // The format's own rule: every line is a comment or a sample.
    for (const line of said.trimEnd().split("\n"))
      expect(line).toMatch(/^(# (HELP|TYPE) |[a-z_]+(\{le="[^"]+"\})? [\d.e+-]+$)/);
  }
});

test("malformed connections disturb no good box", { timeout: 180_000 }, async () => {
  await using receiver = await Receiver.open({ listen: "tcp://127.0.0.1:0", folder, language: "en" });
  await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
  await using opened = await openDelivery({
    folder: join(folder, "box"),
    address: receiver.address,
    serverKey: receiver.serverKey,
  });
  await until("connected", () => receiver.connected.length === 1);
  const port = Number(receiver.address.split(":").at(-1));
  const greeting = Buffer.concat([
    Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]),
    Buffer.from("CURVE".padEnd(20, "\0")),
    Buffer.alloc(32),
  ]);
  const kinds: readonly (() => Buffer)[] = [
    () => randomBytes(1 + Math.floor(Math.random() * 4_000)),
    () => Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
    () => Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]),
    () => greeting,
    () => Buffer.concat([greeting, randomBytes(300)]),
    () =>
      Buffer.concat([
        greeting.subarray(0, 12),
        Buffer.from("NULL".padEnd(20, "\0")),
        Buffer.alloc(32),
        Buffer.from([4, 5, 5, 0x52]),
      ]),
    () => Buffer.alloc(0),
  ];
  const before = process.memoryUsage.rss();
  const one = async (i: number): Promise<void> => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "connect").catch(() => undefined);
    socket.end(kinds[i % kinds.length]?.() ?? "");
    socket.setTimeout(200, () => socket.destroy());
    await new Promise((resolve) => socket.once("close", resolve));
  };
  for (let i = 0; i < 1_000; i += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, n) => one(i + n)));
    await opened.delivery.record(exampleTrigger({ occurrenceId: `o${i}` }), null);
  }
  await until("the good box is served", () => opened.delivery.status().uplinks[0]?.depth === 0);
  expect(receiver.meters.value("events")).toBe(20);
  expect(receiver.connected).toEqual(["box-1"]);
  expect(receiver.meters.value("badFrames")).toBe(0);
  expect((process.memoryUsage.rss() - before) / 1_048_576).toBeLessThan(100);
});
