/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-return -- answers are looked into as they come */
/** Tokens of programs and links of screens, against a real gateway. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import WebSocket from "ws";
import { Database } from "../database/database.ts";
import { Audit } from "../delivery/commands/audit.ts";
import { systemClock } from "../runtime/clock.ts";
import { AccessTokens, maxTokens } from "./access-tokens.ts";
import type { IssuedToken, ToPage } from "./api.ts";
import { openSite, until, type Guest, type Site } from "./testing/open-site.ts";

let site: Site;
let admin: Guest;
const made = async (body: object): Promise<IssuedToken> => (await admin.ask("POST", "/tokens", body)).body;
const bearing = (secret: string) => ({ authorization: `Bearer ${secret}` });
const acts = async (): Promise<readonly string[]> => {
  using database = await Database.read(join(site.folder, "var", "gateway.db"));
  return [...new Audit(database).lines(0)].map(({ body }) => body);
};

const open = (secret: string): Promise<Response> =>
  fetch(`${site.origin}/api/v1/session/screen`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: site.origin },
    body: JSON.stringify({ secret }),
  });

beforeAll(async () => {
  site = await openSite();
  admin = await site.admin();
}, 120_000);
afterAll(() => site[Symbol.asyncDispose](), 60_000);

test("a program does what its role may, without cookie and CSRF, and no more; revoked, nothing", async () => {
  const { token, secret } = await made({ name: "scada", kind: "api", role: "technician" });
  expect(secret).toMatch(/^[\w-]{43}$/);
  const program = site.guest();
  const ask = (method: string, path: string, body?: unknown) => program.ask(method, path, body, bearing(secret));
  expect((await ask("GET", "/cameras")).status).toBe(200);
  const sent = await ask("POST", "/events/test", { camera: "south" });
  expect(sent.status).toBe(200);
  expect((await ask("POST", "/clock", { phoneMs: 1_700_000_000_000 })).body.code).toBe("WEB_ROLE");
  for (const [method, path] of [
    ["GET", "/users"],
    ["GET", "/tokens"],
    ["POST", "/tokens"],
    ["PUT", "/session/password"],
  ] as const)
    // prettier-ignore
    expect((await ask(method, path, method === "GET" ? undefined : {})).body.code).toMatch(/^WEB_(?:TOKEN_LIMIT|ROLE)$/);
  // As a cookie it is nobody's.
  const cookie = { cookie: `xueliang_session=${secret}` };
  expect((await site.guest().ask("GET", "/cameras", undefined, cookie)).status).toBe(401);
  expect((await admin.ask("GET", "/tokens")).body).toMatchObject([
    { name: "scada", createdBy: "admin", lastSeenMs: expect.any(Number) },
  ]);
  expect((await admin.ask("DELETE", `/tokens/${token.id}`)).status).toBe(204);
  expect((await ask("GET", "/cameras")).status).toBe(401);
});

test("an admin's token cannot make or list tokens or people either", async () => {
  const { secret, token } = await made({ name: "root", kind: "api", role: "admin" });
  for (const path of ["/users", "/tokens"])
    expect((await site.guest().ask("GET", path, undefined, bearing(secret))).body.code).toBe("WEB_TOKEN_LIMIT");
  expect((await site.guest().ask("GET", "/config", undefined, bearing(secret))).status).toBe(200);
  await admin.ask("DELETE", `/tokens/${token.id}`);
});

test("the secret is told once: the file has a hash, the list and the audit have neither", async () => {
  const { secret } = await made({ name: "once", kind: "api" });
  const path = join(site.folder, "var", "web-tokens.json");
  expect(((await stat(path)).mode & 0o777).toString(8)).toBe("600");
  const everywhere = [await readFile(path, "utf8"), JSON.stringify((await admin.ask("GET", "/tokens")).body)];
  await until(async () => (await acts()).some((body) => body.includes('"token-added"')), "the record");
  for (const text of [...everywhere, ...(await acts())]) expect(text).not.toContain(secret);
  expect((await acts()).find((body) => body.includes('"token-removed"'))).toContain("scada");
  expect((await acts()).find((body) => body.includes('"token-added"'))).toContain('"user":"admin"');
  expect((await admin.ask("POST", "/tokens", { name: "once", kind: "api" })).body.code).toBe("WEB_USER_EXISTS");
});

test("a screen sees live pictures of its cameras and nothing else, until its link is revoked", async () => {
  const { token, link, qr } = await made({ name: "wall", kind: "screen", role: "admin", cameras: ["north"] });
  expect(token.role).toBe("viewer");
  expect(qr?.path).toMatch(/^M\d/);
  const secret = /#\/screen\/([\w-]{43})$/.exec(link ?? "")?.[1] ?? "";
  const opened = await open(secret);
  expect(opened.status).toBe(200);
  const set = opened.headers.get("set-cookie") ?? "";
  expect(set).toMatch(/; HttpOnly; SameSite=Strict; Max-Age=34560000$/);
  const screen = site.guest();
  screen.cookie = set.split(";")[0] ?? "";
  expect((await screen.ask("GET", "/session")).body).toMatchObject({ state: "in", role: "viewer", isScreen: true, csrf: null }); // prettier-ignore
  for (const path of ["/cameras", "/events", "/box", "/config", "/logs", "/cameras/north/picture.jpg"])
    expect((await screen.ask("GET", path)).body.code).toBe("WEB_TOKEN_LIMIT");
  for (const path of ["/status", "/metrics", "/docs", "/cameras/north/picture.jpg"]) {
    const answer = await fetch(`${site.origin}${path}`, { headers: { cookie: screen.cookie }, redirect: "manual" });
    expect([303, 401]).toContain(answer.status);
  }
  const heard: ToPage[] = [];
  let pictures = 0;
  const headers = { cookie: screen.cookie, origin: site.origin };
  const socket = new WebSocket(`${site.origin.replace("http", "ws")}/api/v1/live`, { headers });
  socket.on("message", (data: Buffer, isBinary) => {
    if (isBinary) pictures += 1;
    else heard.push(JSON.parse(data.toString("utf8")) as ToPage);
  });
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await new Promise((resolve) => socket.once("open", resolve));
  const cameras = [{ id: "north", size: "normal" }, { id: "south", size: "normal" }]; // prettier-ignore
  socket.send(JSON.stringify({ kind: "watch", cameras }));
  socket.send(JSON.stringify({ kind: "logs", on: true }));
  await until(() => pictures > 0, "a picture");
  await admin.ask("POST", "/events/test", { camera: "north" });
  await until(() => heard.filter(({ kind }) => kind === "status").length > 6, "the box would have told of itself");
  // A camera may fall silent for a moment on a busy machine.
  expect([...new Set(heard.map(({ kind }) => kind))].filter((kind) => kind !== "stale").sort()).toEqual([
    "hello",
    "status",
  ]);
  expect(JSON.stringify(heard)).not.toMatch(/rtsp|south/);
  const smooth = new WebSocket(`${site.origin.replace("http", "ws")}/api/v1/smooth?camera=north`, { headers });
  expect(await new Promise((resolve) => smooth.once("error", (error) => resolve(error.message)))).toContain("403");
  await admin.ask("DELETE", `/tokens/${token.id}`);
  await closed;
  expect((await screen.ask("GET", "/session")).body.state).toBe("login");
  expect([(await open(secret)).status, (await open("x".repeat(43))).status]).toEqual([404, 404]);
});

test("a link outlives a restart of the box, and there are no more than a handful", async () => {
  const folder = join(site.folder, "again");
  const first = await AccessTokens.open(folder, systemClock);
  const wish = { kind: "screen", role: "viewer", cameras: null, by: "admin" } as const;
  const added = await first.add({ ...wish, name: "wall" });
  const again = await AccessTokens.open(folder, systemClock);
  expect(again.visitor("screen", added?.secret)).toMatchObject({ kind: "screen", user: "token:wall", role: "viewer" });
  expect(again.visitor("api", added?.secret)).toBeNull();
  for (let n = 1; n < maxTokens; n += 1) await again.add({ ...wish, name: `wall-${n}` });
  expect(await again.add({ ...wish, name: "one-more" })).toBeNull();
});
