/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access -- answers are looked into as they come */
/** Cameras, events and the live socket, against a real gateway with the simulator's cameras. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import type { FrameHeader, FromPage, TestStep, ToPage } from "./api.ts";
import { openSite, password, until, type Guest, type Site } from "./testing/open-site.ts";

let site: Site;
let admin: Guest;

beforeAll(async () => {
  site = await openSite();
  admin = await site.admin();
}, 120_000);
afterAll(() => site[Symbol.asyncDispose](), 60_000);

describe("cameras", () => {
  test("a camera's settings restart only that camera; a new one comes, its login is never sent out; it goes again", async () => {
    await until(() => site.gateway.status().cameras.every(({ state }) => state === "streaming"), "both stream");
    const pid = (id: string): number | null | undefined =>
      site.gateway.status().cameras.find((one) => one.id === id)?.decoderPid;
    const [north, south] = [pid("north"), pid("south")];
    const { etag } = await admin.ask("GET", "/config");
    const patched = await admin.ask("PATCH", "/cameras/south", { rate: 2 }, { "if-match": etag ?? "" });
    expect(patched.body.reloaded).toMatchObject([{ what: "camera", camera: "south" }]);
    await until(() => pid("south") !== south && typeof pid("south") === "number", "south has a new decoder");
    expect(pid("north")).toBe(north);
    const address = { url: site.simulator.url("/north") };
    const added = await admin.ask(
      "POST",
      "/cameras",
      { name: "东闸", address, user: "admin", password: "p@ss: #1" },
      { "if-match": `"${patched.body.configRevision}"` },
    );
    expect(added.body).toMatchObject({ camera: "cam1", changed: true });
    const { body, ...rest } = await admin.ask("GET", "/cameras/cam1");
    expect(body).toMatchObject({ name: "东闸", hasLogin: true, loginUser: "admin" });
    expect(JSON.stringify([body, rest, (await admin.ask("GET", "/config")).body])).not.toContain("p@ss");
    const removed = await admin.ask("DELETE", "/cameras/cam1", undefined, {
      "if-match": `"${added.body.configRevision}"`,
    });
    expect(removed.status).toBe(200);
    expect(await readFile(join(site.folder, "config", "secrets.yaml"), "utf8")).not.toContain("p@ss");
    expect(await readFile(join(site.folder, "config", "gateway.yaml"), "utf8")).toContain("# north of the pier");
  }, 90_000);

  test("all who ask for a picture at once get one, and again", async () => {
    await until(() => site.gateway.status().cameras.every(({ analysed }) => analysed > 0), "both are analysed");
    for (let round = 0; round < 2; round += 1) {
      const asked = Array.from({ length: 5 }, () => admin.ask("GET", "/cameras/north/picture.jpg"));
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    }
  }, 60_000);

  test("the staged test tells every stage, and the remedy at the one that failed", async () => {
    const steps = (text: string): TestStep[] =>
      text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as TestStep);
    const good = steps((await admin.ask("POST", "/cameras/test", { camera: "north" })).body as string);
    expect(good.filter(({ state }) => state === "passed").map(({ stage }) => stage)).toEqual([
      "tcp",
      "rtsp",
      "auth",
      "codec",
      "keyframe",
      "decoded",
      "snapshot",
    ]);
    expect(good.at(-1)).toMatchObject({ kind: "result", ok: true, widthPx: 960 });
    const address = { brand: "hikvision", host: "127.0.0.1", port: 1 };
    const bad = steps((await admin.ask("POST", "/cameras/test", { address })).body as string);
    expect(bad.at(-2)).toMatchObject({ stage: "tcp", state: "failed", error: { code: "CAMERA_REFUSED" } });
    const path = { url: site.simulator.url("/nowhere") };
    const unknown = steps((await admin.ask("POST", "/cameras/test", { address: path })).body as string);
    expect(unknown.at(-2)).toMatchObject({ stage: "codec", state: "failed", error: { code: "CAMERA_NOT_FOUND" } });
  }, 60_000);
});

describe("events", () => {
  test("a test event is recorded, listed, looked at, marked, exported", async () => {
    const { body } = await admin.ask("POST", "/events/test", { camera: "north" });
    expect(body).toMatchObject({ uplinks: [] });
    const { body: page } = await admin.ask("GET", "/events?camera=north&type=test-event");
    expect(page.events).toMatchObject([{ id: body.id, test: true, camera: "north", mark: null }]);
    expect((await admin.ask("PUT", `/events/${body.id}/mark`, { mark: "false", note: "波光" })).status).toBe(204);
    const { body: detail } = await admin.ask("GET", `/events/${body.id}`);
    expect(detail).toMatchObject({
      mark: "false",
      note: "波光",
      markedBy: "admin",
      messages: [{ phase: "start" }, { phase: "end" }],
    });
    expect((await admin.ask("GET", "/events?mark=none&type=test-event")).body.events).toEqual([]);
    const csv = await admin.ask("GET", "/events/export.csv?type=test-event");
    expect(csv.body).toContain(body.id);
    expect((await admin.ask("GET", "/events?severity=9")).status).toBe(400);
    expect((await admin.ask("GET", `/events/${"x".repeat(40)}`)).status).toBe(404);
  });
});

describe("what else a technician asks", () => {
  test("the support bundle holds what it said, and no password", async () => {
    const { body } = await admin.ask("GET", "/support");
    const names = (body.files as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["box.json", "cameras.json", "log.ndjson", "config/gateway.yaml"]));
    const { headers, body: zip } = await admin.ask("POST", "/support", {});
    expect(headers.get("content-type")).toBe("application/zip");
    for (const name of names) expect(zip).toContain(name);
  });

  test("a draft that crosses itself cannot be rehearsed, and a time that nobody logged is told", async () => {
    const { body: rules } = await admin.ask("GET", "/cameras/north/rules");
    const { zones, lines, masks, schedules, holidays } = rules;
    const crossed = [
      {
        ...zones[0],
        polygon: [
          [0.1, 0.1],
          [0.9, 0.9],
          [0.9, 0.1],
          [0.1, 0.8],
        ],
      },
    ];
    const ask = (drawn: unknown): ReturnType<Guest["ask"]> =>
      admin.ask("POST", "/rules/preview", { camera: "north", rules: drawn, fromMs: 1_000, toMs: 2_000 });
    expect((await ask({ zones: crossed })).status).toBe(422);
    expect((await ask({ zones, lines, masks, schedules, holidays })).body.code).toBe("TRACK_LOG_EMPTY");
    expect((await admin.ask("GET", "/cameras/north/suppressed?from=0&to=1")).body).toEqual({ nearly: [] });
    expect((await admin.ask("GET", "/sun?camera=north&day=2026-11-21")).body).toMatchObject({
      sunrise: null,
      timezone: "Asia/Shanghai",
    });
    expect((await admin.ask("GET", "/models")).body[0]).toMatchObject({
      id: "river-starter",
      cameras: ["north", "south"],
    });
  }, 60_000);
});

describe("the live socket", () => {
  const open = (guest: Guest, headers: Record<string, string> = {}): WebSocket =>
    new WebSocket(`${site.origin.replace("http", "ws")}/api/v1/live`, {
      headers: { cookie: guest.cookie, origin: site.origin, ...headers },
    });
  const say = (socket: WebSocket, message: FromPage): void => socket.send(JSON.stringify(message));

  test.each([
    ["without a session", (): WebSocket => open(site.guest())],
    ["from another origin", (): WebSocket => open(admin, { origin: "http://evil.example" })],
    ["without an origin", (): WebSocket => open(admin, { origin: "" })],
    ["with a rebound name", (): WebSocket => open(admin, { host: "evil.example", origin: "http://evil.example" })],
  ])("%s it does not open", async (_, connect) => {
    const socket = connect();
    const outcome = await new Promise((resolve) => {
      socket.on("open", () => resolve("open")).on("error", () => resolve("refused"));
    });
    expect(outcome).toBe("refused");
  });

  test("frames come with their very tracks, only of what is watched, at most two unanswered, and none when nobody looks", async () => {
    const socket = open(admin);
    const frames: FrameHeader[] = [];
    const told: ToPage[] = [];
    let answers = true;
    socket.on("message", (data: Buffer, isBinary) => {
      if (!isBinary) return void told.push(JSON.parse(data.toString()) as ToPage);
      const header = JSON.parse(data.subarray(4, 4 + data.readUInt32BE(0)).toString()) as FrameHeader;
      expect([...data.subarray(4 + data.readUInt32BE(0)).subarray(0, 2)]).toEqual([0xff, 0xd8]);
      frames.push(header);
      if (answers) say(socket, { kind: "shown", cam: header.cam, seq: header.seq });
    });
    await new Promise((resolve) => socket.on("open", resolve));
    await until(() => told.some(({ kind }) => kind === "hello"), "hello");
    expect(frames).toEqual([]);
    say(socket, { kind: "watch", cameras: [{ id: "north", size: "normal" }] });
    await until(() => frames.some(({ tracks }) => (tracks?.length ?? 0) > 0), "frames with tracks");
    expect(new Set(frames.map(({ cam }) => cam))).toEqual(new Set(["north"]));
    const inZone = frames
      .flatMap(({ tracks }) => tracks ?? [])
      .filter(({ zones }) => zones.some(({ id }) => id === "shore"));
    expect(inZone.length).toBeGreaterThan(0);
    answers = false;
    const answered = frames.length;
    const analysed = (): number => site.gateway.status().cameras.find(({ id }) => id === "north")?.analysed ?? 0;
    const analysedThen = analysed();
    await until(() => analysed() > analysedThen + 8, "eight more frames are analysed");
    expect(frames.length - answered).toBeLessThanOrEqual(2);
    answers = true;
    say(socket, { kind: "watch", cameras: [] });
    // What was on its way may still come; then four more are analysed and none of them is sent.
    await until(async () => {
      const [sent, analysedLater] = [frames.length, analysed()];
      await until(() => analysed() > analysedLater + 4, "four more frames are analysed");
      return frames.length === sent;
    }, "no frame comes any more");
    socket.close();
  }, 90_000);

  test("a log-out ends it with 4401; nonsense ends it with 1003", async () => {
    const guest = await site.admin();
    const nonsense = open(admin);
    nonsense.on("open", () => nonsense.send("{"));
    expect(await new Promise((resolve) => nonsense.on("close", resolve))).toBe(1003);
    const socket = open(guest);
    const closed = new Promise((resolve) => socket.on("close", resolve));
    await new Promise((resolve) => socket.on("open", resolve));
    expect((await guest.ask("DELETE", "/session")).status).toBe(204);
    expect(await closed).toBe(4401);
  }, 60_000);
});

// The last one: all tests come from one address, and it is shut for half a minute.
describe("the lock-out", () => {
  test("five wrong passwords lock the address, and the page can show for how long", async () => {
    const guest = site.guest();
    for (let i = 0; i < 5; i += 1) expect((await guest.login("wrong")).status).toBe(403);
    const { status, body, headers } = await guest.login(password);
    expect({ status, code: body.code }).toEqual({ status: 429, code: "WEB_LOCKED" });
    expect(Number(headers.get("retry-after"))).toBe(body.waitSec);
    expect((await guest.ask("GET", "/session")).body.lockedMs).toBeGreaterThan(0);
    expect((await admin.ask("GET", "/cameras")).status).toBe(200);
  }, 60_000);
});
