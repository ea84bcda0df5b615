/* eslint-disable @typescript-eslint/no-unsafe-assignment -- answers are looked into as they come */
/** Somebody hostile in the same network, against a real gateway over real sockets. */
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { openSite, type Guest, type Site } from "./testing/open-site.ts";

let site: Site;
let admin: Guest;

beforeAll(async () => {
  site = await openSite();
  admin = await site.admin();
  await admin.ask("POST", "/users", { name: "viewer", role: "viewer", password: "12345678" });
}, 120_000);
afterAll(() => site[Symbol.asyncDispose](), 60_000);

interface Raw {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

/** A request from an address of one's own choice: all of 127.0.0.0/8 is this machine. */
function rawAsk(
  options: {
    readonly method?: string;
    readonly path: string;
    readonly from?: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
  body = "",
): Promise<Raw> {
  const { hostname, port, origin } = new URL(site.origin);
  const { method = "GET", path, from = "127.0.0.1", headers = {} } = options;
  return new Promise((resolve, reject) => {
    const asked = httpRequest(
      { hostname, port, method, path, localAddress: from, headers: { origin, ...headers }, agent: false },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (piece: string) => (text += piece));
        answer.on("end", () => {
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
        });
        answer.on("error", reject);
      },
    );
    asked.on("error", reject);
    asked.end(body);
  });
}

const json = { "content-type": "application/json" };
describe("sessions", () => {
  test("a token that somebody planted before the login opens nothing after it, and the former session ends", async () => {
    const planted = "A".repeat(43);
    const headers = { ...json, cookie: `xueliang_session=${planted}` };
    const body = JSON.stringify({ user: "viewer", password: "12345678" });
    const answer = await rawAsk({ method: "POST", path: "/api/v1/session", headers }, body);
    const cookie = answer.headers["set-cookie"]?.[0] ?? "";
    expect(cookie).toMatch(/^xueliang_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(cookie).not.toContain(planted);
    const mine = cookie.split(";")[0] ?? "";
    expect((await rawAsk({ path: "/api/v1/cameras", headers: { cookie: `xueliang_session=${planted}` } })).status).toBe(
      401,
    );
    expect((await rawAsk({ path: "/api/v1/cameras", headers: { cookie: mine } })).status).toBe(200);
    const again = await rawAsk({ method: "POST", path: "/api/v1/session", headers: { ...json, cookie: mine } }, body);
    expect(again.status).toBe(200);
    expect((await rawAsk({ path: "/api/v1/cameras", headers: { cookie: mine } })).status).toBe(401);
  });
});

describe("what is sent", () => {
  test.each([
    ["a body far too large", "POST", "/api/v1/session", json, "x".repeat(2_000_000), [413]],
    ["a body nested a hundred thousand deep", "POST", "/api/v1/session", json, "[".repeat(100_000), [400]],
    ["a body of another kind", "POST", "/api/v1/session", { "content-type": "text/plain" }, "{}", [400, 415]],
    ["a body that is no object", "POST", "/api/v1/session", json, "null", [400]],
    [
      "keys of every object",
      "POST",
      "/api/v1/session",
      json,
      '{"__proto__":{"role":"admin"},"password":"x"}',
      [400, 403],
    ],
    ["a header of 100 kB", "GET", "/", { "x-long": "x".repeat(100_000) }, "", [431]],
    ["a cookie of 15 kB", "GET", "/api/v1/cameras", { cookie: `a=${"x".repeat(15_000)}` }, "", [401]],
    ["an address of 10 kB", "GET", `/api/v1/cameras/${"x".repeat(10_000)}`, {}, "", [401, 404, 414]],
    ["a rebound name", "GET", "/api/v1/session", { host: "evil.example" }, "", [421]],
    ["a method that nobody needs", "TRACE", "/", {}, "", [403, 404, 405]],
  ] as const)("%s is refused", async (_, method, path, headers, body, expected) => {
    // A server that has refused closes before all was sent: that is an answer too.
    const status = await rawAsk({ method, path, headers }, body)
      .then((answer) => answer.status)
      .catch((error: unknown) =>
        error instanceof Error && "code" in error && /EPIPE|ECONNRESET/.test(String(error.code)) ? expected[0] : 0,
      );
    expect(expected).toContain(status);
    expect((await admin.ask("GET", "/cameras")).status).toBe(200);
  });

  test("every kind of answer forbids framing, sniffing and foreign script", async () => {
    for (const path of ["/", "/login", "/status", "/api/v1/cameras", "/api/v1/nothing", "/nothing", "/icon.svg"]) {
      const { headers } = await rawAsk({ path, headers: { cookie: admin.cookie } });
      expect({ path, policy: headers["content-security-policy"] }).toEqual({
        path,
        policy: expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
      });
      expect(headers["content-security-policy"]).not.toMatch(/unsafe|\*/);
      expect([headers["x-frame-options"], headers["x-content-type-options"]]).toEqual(["DENY", "nosniff"]);
    }
  });

  test("a camera whose name is a formula stays a text in a spreadsheet", async () => {
    const name = '=HYPERLINK("http://evil.example";"x")';
    const { etag } = await admin.ask("GET", "/config");
    expect((await admin.ask("PATCH", "/cameras/south", { name }, { "if-match": etag ?? "" })).status).toBe(200);
    await admin.ask("POST", "/events/test", { camera: "south" });
    const csv = String((await admin.ask("GET", "/events/export.csv")).body);
    expect(csv).toContain(`"'=HYPERLINK(""http`);
    expect(csv).not.toMatch(/(?:^|,)"?[=+@＝]/m);
  });
});

describe("many at once", () => {
  const open = (from: string): Socket => {
    const { hostname, port } = new URL(site.origin);
    const socket = connect({ host: hostname, port: Number(port), localAddress: from });
    socket.on("error", () => undefined);
    return socket;
  };

  test("two hundred connections that dawdle leave room for others, and are let go", { timeout: 90_000 }, async () => {
    const slow = Array.from({ length: 200 }, () => open("127.0.0.66"));
    const closed = slow.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    const drip = setInterval(() => {
      for (const socket of slow) socket.write(`x-${Date.now()}: 1\r\n`);
    }, 500);
    for (const socket of slow) socket.write("GET /api/v1/session HTTP/1.1\r\nhost: 127.0.0.1\r\n");
    try {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      for (let i = 0; i < 5; i += 1) expect((await rawAsk({ path: "/api/v1/session" })).status).toBe(200);
      await Promise.race([
        Promise.all(closed),
        new Promise((_, reject) => setTimeout(() => reject(new Error("they dawdle on")), 60_000)),
      ]);
    } finally {
      clearInterval(drip);
      for (const socket of slow) socket.destroy();
    }
  });

  test("a viewer with a hundred live sockets leaves one for the technician", async () => {
    const viewer = site.guest();
    await viewer.login("12345678", "viewer");
    const live = (cookie: string): WebSocket => {
      const socket = new WebSocket(`${site.origin.replace("http", "ws")}/api/v1/live`, {
        headers: { cookie, origin: site.origin },
      });
      socket.on("error", () => undefined);
      return socket;
    };
    const many = Array.from({ length: 30 }, () => live(viewer.cookie));
    // Each is let in or turned away.
    await Promise.all(many.map((one) => new Promise((resolve) => one.once("message", resolve).once("close", resolve))));
    const mine = live(admin.cookie);
    await new Promise((resolve, reject) => {
      mine.once("message", resolve);
      mine.once("close", () => reject(new Error("there was no room")));
      mine.once("unexpected-response", (_, { statusCode }) => reject(new Error(`refused with ${statusCode ?? 0}`)));
    });
    for (const socket of [...many, mine]) socket.terminate();
  });

  test("a socket that floods is let go, and the page answers meanwhile", { timeout: 60_000 }, async () => {
    const socket = new WebSocket(`${site.origin.replace("http", "ws")}/api/v1/live`, {
      headers: { cookie: admin.cookie, origin: site.origin },
    });
    await new Promise((resolve) => socket.once("open", resolve));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    for (let i = 0; i < 50_000; i += 1)
      socket.send(JSON.stringify({ kind: "watch", cameras: [{ id: i % 2 === 0 ? "north" : "south", size: "full" }] }));
    expect((await admin.ask("GET", "/cameras")).status).toBe(200);
    expect(await closed).toBe(1008);
  });
});
