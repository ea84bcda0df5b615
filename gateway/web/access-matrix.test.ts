/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call -- answers are looked into as they come */
/** Every address of the API × everybody who may ask × whose camera it is, against a real gateway. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import WebSocket from "ws";
import type { FastifyInstance } from "fastify";
import { addRoutes, type Route } from "./routes/api.ts";
import type { Web } from "./server.ts";
import type { KeptLine, Log } from "../runtime/log.ts";
import type { ConfigDocument, ConfigState } from "./api.ts";
import { openSite, until, type Guest, type Site } from "./testing/open-site.ts";

const nothing = (): undefined => undefined;

/** The table itself, taken from the code that serves it: a new address is in the matrix without being named here. */
function tableOf(): readonly Route[] {
  const routes: Route[] = [];
  const app = { get: nothing, post: nothing, put: nothing, delete: nothing } as unknown as FastifyInstance;
  addRoutes({ app, web: { access: {}, options: {} } as unknown as Web, add: (route) => void routes.push(route) });
  return routes;
}

const table = tableOf();
const rank = { viewer: 0, technician: 1, admin: 2 } as const;
type Who = keyof typeof rank;
const addressOf = ({ path }: Route, camera: string): string =>
  path
    .replace("/cameras/:id", `/cameras/${camera}`)
    .replace(":sha256", "0".repeat(64))
    .replace(":name", "nobody")
    .replace(":n", "1")
    .replace(":id", "nothing");
/** No route takes such a body: whoever passes the door is told so, and nothing is changed. */
const wrongBody = { nonsense: [1] };
const isChange = ({ method }: Route): boolean => method !== "GET";
const ask = (guest: Guest, route: Route, camera = "north", headers: Record<string, string> = {}) =>
  guest.ask(route.method, addressOf(route, camera), isChange(route) ? wrongBody : undefined, headers);
const named = table.map((route) => [`${route.method} ${route.path}`, route] as const);

const clip = (name: string): string => new URL(`../../test-fixtures/clips/${name}.mp4`, import.meta.url).pathname;

/** A log of which only the page hears. */
const logEars = new Set<(line: KeptLine) => void>();
const log: Log = {
  ...{ info: nothing, warn: nothing, error: nothing },
  onLine: (ear) => {
    logEars.add(ear);
    return () => logEars.delete(ear);
  },
};
const logLine: KeptLine = { n: 1, atMs: 0, level: "info", camera: "south", text: "south", detail: {} };

let site: Site;
const people = new Map<Who | "limited", Guest>();
const person = (who: Who | "limited"): Guest => people.get(who) ?? site.guest();

beforeAll(async () => {
  site = await openSite(log);
  // Pictures that are the same byte for byte would be one file with one owner.
  await site.simulator.setClip("/south", clip("one-angler-one-rod"));
  const admin = await site.admin();
  people.set("admin", admin);
  for (const [name, role, cameras] of [
    ["viewer", "viewer", null],
    ["technician", "technician", null],
    ["limited", "viewer", ["north"]],
  ] as const) {
    const added = await admin.ask("POST", "/users", { name, role, password: "12345678", cameras });
    expect(added.body).toMatchObject({ name, role, cameras });
    const guest = site.guest();
    await guest.login("12345678", name);
    people.set(name, guest);
  }
  await until(() => site.gateway.status().cameras.every(({ analysed }) => analysed > 0), "both are analysed");
}, 120_000);
afterAll(() => site[Symbol.asyncDispose](), 60_000);

test("the table is the whole API", () => {
  expect(table.length).toBeGreaterThan(45);
});

test.each(named)("%s", { timeout: 30_000 }, async (_, route) => {
  expect((await ask(site.guest(), route)).status, "a stranger").toBe(401);
  for (const who of ["viewer", "technician", "admin"] as const) {
    const { status, body } = await ask(person(who), route);
    if (rank[who] < rank[route.role])
      expect({ who, status, code: body.code }).toEqual({ who, status: 403, code: "WEB_ROLE" });
    else expect([401, 403], who).not.toContain(status);
  }
  if (isChange(route)) {
    const forged = await ask(person("admin"), route, "north", { "x-csrf-token": "x".repeat(43) });
    expect({ status: forged.status, code: forged.body.code }).toEqual({ status: 403, code: "WEB_FORGERY" });
    expect((await ask(person("admin"), route, "north", { origin: "http://evil.example" })).status).toBe(403);
  }
  const { status, body } = await ask(person("limited"), route, "south");
  expect(JSON.stringify(body), "of the other camera").not.toMatch(
    /"(?:id|camera|cam|cameraName)": ?"south"|\[[^\]]*"south"/,
  );
  if (route.path.startsWith("/cameras/:id")) expect([403, 404]).toContain(status);
});

const everywhere = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

describe("a viewer of the north alone", () => {
  const rules = { zones: [], lines: [], masks: [], schedules: [], holidays: [] };

  test("lists one camera, and no model says that it looks at the other", async () => {
    expect((await person("limited").ask("GET", "/cameras")).body.map(({ id }: { id: string }) => id)).toEqual([
      "north",
    ]);
    expect((await person("limited").ask("GET", "/cameras/north/picture.jpg")).status).toBe(200);
    expect(JSON.stringify((await person("limited").ask("GET", "/models")).body)).not.toContain("south");
  });

  test.each([
    ["/rules/check", { camera: "south", rules }],
    ["/rules/preview", { camera: "south", rules, fromMs: 0, toMs: 1 }],
    ["/regression/run", { camera: "south" }],
  ])("%s of the south is unknown", async (path, body) => {
    const { status, body: told } = await person("limited").ask("POST", path, body);
    expect({ status, code: told.code }).toEqual({ status: 404, code: "WEB_UNKNOWN" });
  });

  test(
    "events, their pictures and exports of the south are not there, those of the north are",
    { timeout: 90_000 },
    async () => {
      const zone = {
        id: "all",
        name: "all",
        polygon: everywhere,
        rules: [{ type: "site-intrusion", suspectedSec: 0 }],
      };
      for (const camera of ["north", "south"]) {
        const { etag } = await person("admin").ask("GET", `/cameras/${camera}/rules`);
        const put = { ...rules, zones: [zone] };
        const applied = await person("admin").ask("PUT", `/cameras/${camera}/rules`, put, { "if-match": etag ?? "" });
        expect(applied.status).toBe(200);
      }
      const seen = async (guest: Guest, query = ""): Promise<string[]> => {
        const found = (await guest.ask("GET", `/events${query}`)).body.events as { camera: string }[];
        return [...new Set(found.map(({ camera }) => camera))].sort();
      };
      await until(async () => (await seen(person("viewer"))).length === 2, "both cameras had their event");
      const raised = new Map<string, string>();
      for (const camera of ["north", "south"])
        raised.set(camera, (await person("viewer").ask("GET", `/events?camera=${camera}`)).body.events[0].id);
      expect(await seen(person("limited"))).toEqual(["north"]);
      expect(await seen(person("limited"), "?camera=south")).toEqual([]);
      for (const form of ["csv", "json"])
        expect((await person("limited").ask("GET", `/events/export.${form}`)).body).not.toContain("south");
      const detail = (who: "viewer" | "limited", camera: string) =>
        person(who).ask("GET", `/events/${raised.get(camera) ?? ""}`);
      expect((await detail("limited", "south")).status).toBe(404);
      expect((await detail("limited", "north")).status).toBe(200);
      for (const camera of ["north", "south"]) {
        const { picture } = (await detail("viewer", camera)).body;
        expect(picture, "the event carries a picture").toMatch(/^\/api\/v1\/evidence\//);
        const address = String(picture).replace("/api/v1", "");
        expect((await person("viewer").ask("GET", address)).status).toBe(200);
        expect((await person("limited").ask("GET", address)).status).toBe(camera === "north" ? 200 : 404);
      }
    },
  );

  test("of a config that is broken elsewhere it learns that, not where; nor what waits to be confirmed", async () => {
    const path = join(site.folder, "config", "zones", "south.yaml");
    const good = await readFile(path, "utf8").catch(() => null);
    await writeFile(path, "schema: xueliang.zones/1\ncamera: south\nnonsense: 1\n");
    const stateFor = async (guest: Guest): Promise<ConfigState> => {
      const { state } = (await guest.ask("GET", "/config")).body as ConfigDocument;
      return state;
    };
    await until(async () => (await stateFor(person("admin"))).invalid.length === 1, "the mistake is found");
    expect((await stateFor(person("viewer"))).invalid[0]?.file).toContain("south");
    const told = await stateFor(person("limited"));
    expect(told.invalid.map(({ severity }) => severity)).toEqual(["error"]);
    expect(JSON.stringify(told)).not.toContain("south");
    const socket = new WebSocket(`${site.origin.replace("http", "ws")}/api/v1/live`, {
      headers: { cookie: person("limited").cookie, origin: site.origin },
    });
    const configs: string[] = [];
    socket.on("message", (data: Buffer, isBinary: boolean) => {
      const text = isBinary ? "" : data.toString("utf8");
      if (/"kind":"(?:hello|config)"/.test(text)) configs.push(text);
    });
    await until(() => configs.length >= 1, "the socket says hello");
    await (good === null ? rm(path) : writeFile(path, good));
    await until(() => configs.length >= 2, "the socket tells that it is mended");
    expect(configs[0]).toContain('"severity":"error"');
    expect(configs.join()).not.toContain("south");
    socket.close();
  });

  test("the sockets show the north alone, and a viewer no log", async () => {
    const open = (path: string): WebSocket =>
      new WebSocket(`${site.origin.replace("http", "ws")}/api/v1${path}`, {
        headers: { cookie: person("limited").cookie, origin: site.origin },
      });
    const live = open("/live");
    const texts: { kind: string; cameras?: { id: string }[] }[] = [];
    const cams = new Set<string>();
    live.on("message", (data: Buffer, isBinary: boolean) => {
      if (!isBinary) texts.push(JSON.parse(data.toString("utf8")));
      else {
        const header = JSON.parse(data.subarray(4, 4 + data.readUInt32BE(0)).toString("utf8"));
        cams.add(header.cam);
        live.send(JSON.stringify({ kind: "shown", cam: header.cam, seq: header.seq }));
      }
    });
    await new Promise((resolve) => live.once("open", resolve));
    const cameras = ["north", "south"].map((id) => ({ id, size: "saving" }));
    live.send(JSON.stringify({ kind: "watch", cameras }));
    live.send(JSON.stringify({ kind: "logs", on: true }));
    await until(() => cams.has("north") && texts.filter(({ kind }) => kind === "status").length > 2, "the north shows");
    expect(logEars.size).toBe(1);
    for (const ear of logEars) ear(logLine);
    await person("admin").ask("POST", "/events/test", { camera: "south" });
    await person("admin").ask("POST", "/events/test", { camera: "north" });
    await until(() => texts.some(({ kind }) => kind === "event"), "the event of the north is told");
    expect([...cams]).toEqual(["north"]);
    expect(JSON.stringify(texts.filter(({ kind }) => kind !== "box"))).not.toContain('"south"');
    expect(texts.some(({ kind }) => kind === "log")).toBe(false);
    const smooth = open("/smooth?camera=south");
    const [code] = await new Promise<unknown[]>((resolve) => smooth.once("close", (...all) => resolve(all)));
    expect(code).toBe(4404);
    await person("admin").ask("PATCH", "/users/limited", { cameras: ["south"] });
    cams.clear();
    await until(
      () =>
        texts
          .at(-1)
          ?.cameras?.map(({ id }) => id)
          .join() === "south",
      "the socket follows the change",
    );
    live.close();
  });
});

test("a smooth view ends with its session", { timeout: 60_000 }, async () => {
  const guest = site.guest();
  await guest.login("12345678", "viewer");
  const smooth = new WebSocket(`${site.origin.replace("http", "ws")}/api/v1/smooth?camera=north`, {
    headers: { cookie: guest.cookie, origin: site.origin },
  });
  await new Promise((resolve) => smooth.once("message", resolve));
  const closed = new Promise<number>((resolve) => smooth.once("close", resolve));
  await guest.ask("DELETE", "/session");
  expect(await closed).toBe(4401);
});

test.each(["http://evil.example", "null", null])("no socket from origin %s", async (origin) => {
  for (const path of ["/live", "/smooth?camera=north"]) {
    const socket = new WebSocket(`${site.origin.replace("http", "ws")}/api/v1${path}`, {
      headers: { cookie: person("admin").cookie, ...(origin === null ? {} : { origin }) },
    });
    const status = await new Promise((resolve) => {
      socket.once("unexpected-response", (_, response) => resolve(response.statusCode));
      socket.once("open", () => resolve("open"));
    });
    expect(status).toBe(403);
  }
});
