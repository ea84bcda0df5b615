/* eslint-disable @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-member-access, @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-call -- answers are looked into as they come */
/** The API over real HTTP, against a real gateway with the simulator's cameras. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RuleSet } from "./api.ts";
import { openSite, until, zonesText, type Guest, type Site } from "./testing/open-site.ts";

let site: Site;
let admin: Guest;

beforeAll(async () => {
  site = await openSite();
  admin = await site.admin();
}, 120_000);
afterAll(() => site[Symbol.asyncDispose](), 60_000);

const drawn = async (camera = "north"): Promise<{ rules: RuleSet; etag: string }> => {
  const { body, etag } = await admin.ask("GET", `/cameras/${camera}/rules`);
  const { zones, lines, masks, schedules, holidays } = body as RuleSet;
  return { rules: { zones, lines, masks, schedules, holidays }, etag: etag ?? "" };
};
const put = (rules: unknown, etag: string, query = "", by = admin): ReturnType<Guest["ask"]> =>
  by.ask("PUT", `/cameras/north/rules${query}`, rules, { "if-match": etag });
const moved = (rules: RuleSet, to: readonly [number, number]): RuleSet => ({
  ...rules,
  zones: rules.zones.map((zone, index) => (index === 0 ? { ...zone, polygon: [to, ...zone.polygon.slice(1)] } : zone)),
});

describe("who may in", () => {
  const addresses = [
    "/cameras",
    "/cameras/north/rules",
    "/cameras/north/picture.jpg",
    "/events",
    "/box",
    "/logs",
    "/config",
    "/users",
    "/revisions",
    "/models",
    `/evidence/${"0".repeat(64)}`,
  ];
  test.each(addresses)("a stranger gets 401 from %s", async (path) => {
    const { status, body } = await site.guest().ask("GET", path);
    expect({ status, code: body.code }).toEqual({ status: 401, code: "WEB_SIGNED_OUT" });
    expect(Object.keys(body.text).sort()).toEqual(["en", "zh"]);
  });

  test("a viewer looks, a technician draws, an admin does the rest", async () => {
    for (const role of ["viewer", "technician"] as const)
      expect((await admin.ask("POST", "/users", { name: role, role, password: "12345678" })).status).toBe(200);
    const [viewer, technician] = [site.guest(), site.guest()];
    await viewer.login("12345678", "viewer");
    await technician.login("12345678", "technician");
    const { rules, etag } = await drawn();
    expect((await viewer.ask("GET", "/cameras")).status).toBe(200);
    expect((await put(rules, etag, "?dry_run=true", viewer)).body.code).toBe("WEB_ROLE");
    expect((await put(rules, etag, "?dry_run=true", technician)).status).toBe(200);
    expect((await technician.ask("GET", "/users")).status).toBe(403);
    expect((await technician.ask("GET", "/config")).body.files).toEqual([]);
    expect((await admin.ask("DELETE", "/users/admin")).body.code).toBe("WEB_LAST_ADMIN");
    expect((await admin.ask("PATCH", "/users/viewer", { password: "87654321" })).status).toBe(200);
    expect((await viewer.ask("GET", "/cameras")).status).toBe(401);
  });

  test("a change without our token, or from another origin, changes nothing", async () => {
    const { rules, etag } = await drawn();
    const headers = { "if-match": etag };
    const without = await admin.ask("PUT", "/cameras/north/rules", moved(rules, [0.5, 0.5]), {
      ...headers,
      "x-csrf-token": "",
    });
    expect(without.body.code).toBe("WEB_FORGERY");
    const elsewhere = await admin.ask("PUT", "/cameras/north/rules", moved(rules, [0.5, 0.5]), {
      ...headers,
      origin: "http://evil.example",
    });
    expect(elsewhere.status).toBe(403);
    expect(await site.zones()).toBe(zonesText);
  });

  test("five hundred ways out of the media folder lead nowhere", async () => {
    const ups = ["..", "%2e%2e", "..%2f", "%2e%2e%2f", "....//", "..\\", "%5c..", "..%00", "%252e%252e", ".%2e"];
    const targets = ["etc/passwd", "var/web-password.json", "config/secrets.yaml", "gateway.db", "keys.json"];
    const places = ["/api/v1/evidence/", "/api/v1/cameras/", "/assets/", "/", "/cameras/"];
    const tries = places.flatMap((place) =>
      ups.flatMap((up) =>
        targets.flatMap((target) => [1, 4].map((depth) => `${place}${`${up}/`.repeat(depth)}${target}`)),
      ),
    );
    expect(tries.length).toBe(500);
    const found: string[] = [];
    for (const path of tries) {
      const { status, text } = await raw(path);
      if (status < 400 || /root:|scrypt|curve|SQLite|"salt"/.test(text)) found.push(`${status} ${path}`);
    }
    expect(found).toEqual([]);
  }, 60_000);
});

/** The path as written: `fetch` would tidy it up. */
async function raw(path: string): Promise<{ status: number; text: string }> {
  const { request } = await import("node:http");
  const { hostname, port, host } = new URL(site.origin);
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, headers: { host, cookie: admin.cookie } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on("error", reject).end();
  });
}

describe("rules", () => {
  test("fifty rounds of opening and saving leave the file byte for byte", async () => {
    for (let round = 0; round < 50; round += 1) {
      const { rules, etag } = await drawn();
      const { status, body } = await put(rules, etag);
      expect({ status, changed: body.changed }).toEqual({ status: 200, changed: false });
    }
    expect(await site.zones()).toBe(zonesText);
  });

  test("what is wrong is told at its place, in both languages, and nothing is written", async () => {
    const { rules, etag } = await drawn();
    const crossed = {
      ...rules,
      zones: [
        {
          ...rules.zones[0],
          polygon: [
            [0.1, 0.1],
            [0.9, 0.9],
            [0.9, 0.1],
            [0.1, 0.8],
          ],
        },
      ],
    };
    const { body } = await admin.ask("POST", "/rules/check", { camera: "north", rules: crossed });
    expect(body.diagnostics).toMatchObject([
      { code: "CONFIG_POLYGON_CROSSES", pointer: "zones/0/polygon", severity: "error" },
    ]);
    expect(body.diagnostics[0].text.zh).not.toBe(body.diagnostics[0].text.en);
    expect((await put(crossed, etag)).status).toBe(422);
    expect(await site.zones()).toBe(zonesText);
  });

  test("a label that the model never gives is told of a draft", async () => {
    const { rules } = await drawn();
    const [zone, ...others] = rules.zones;
    const odd = { type: "our-rods", kind: "count", threshold: 1, labels: ["fishingrod"] };
    const draft = { ...rules, zones: [{ ...zone, rules: [odd] }, ...others] };
    const { body } = await admin.ask("POST", "/rules/check", { camera: "north", rules: draft });
    expect(body.diagnostics).toMatchObject([
      { code: "CONFIG_LABEL_UNKNOWN", pointer: "zones/0/rules/0/labels/0", severity: "warning" },
    ]);
    expect(body.diagnostics[0].text.zh).not.toBe(body.diagnostics[0].text.en);
    const asked = { camera: "north", rules: draft, fromMs: Date.now() - 60_000, toMs: Date.now() };
    await until(async () => (await admin.ask("POST", "/rules/preview", asked)).status === 200, "the log has something");
    const preview = await admin.ask("POST", "/rules/preview", { ...asked, toMs: Date.now() });
    expect(preview.body.doubts).toEqual(body.diagnostics);
  });

  test("a change is one revision, loses no frame, and returns with one tap", async () => {
    await until(() => site.gateway.status().cameras.every(({ analysed }) => analysed > 3), "pictures are analysed");
    const before = site.gateway.status().cameras.find(({ id }) => id === "north");
    const { rules, etag } = await drawn();
    const dry = await put(moved(rules, [0.01, 0.3]), etag, "?dry_run=true");
    expect(dry.body).toMatchObject({ changed: true, reloaded: [{ what: "rules", camera: "north" }] });
    expect(await site.zones()).toBe(zonesText);
    const { body, status } = await put(moved(rules, [0.01, 0.3]), etag);
    expect({ status, reloaded: body.reloaded.map((one: { what: string }) => one.what) }).toEqual({
      status: 200,
      reloaded: ["rules"],
    });
    expect(await site.zones()).toBe(zonesText.replace("[0.00, 0.3292]", "[0.01, 0.3]"));
    const { body: revisions } = await admin.ask("GET", "/revisions");
    expect(revisions[0]).toMatchObject({ user: "admin", via: "page", running: true });
    expect(revisions[0].changes[0].zh).toContain("岸线");
    const back = await admin.ask("POST", `/revisions/${revisions[1].n}/rollback`, {});
    expect(back.status).toBe(200);
    expect(await site.zones()).toBe(zonesText);
    const after = site.gateway.status().cameras.find(({ id }) => id === "north");
    expect(after?.reconnects).toBe(before?.reconnects);
    expect(after?.decoderPid).toBe(before?.decoderPid);
  }, 90_000);

  test("who was slower gets base, mine and theirs", async () => {
    const { rules, etag } = await drawn();
    expect((await put(moved(rules, [0.02, 0.3]), etag)).status).toBe(200);
    const { status, body } = await put(moved(rules, [0.03, 0.3]), etag);
    expect(status).toBe(412);
    expect(body.code).toBe("WEB_CONFLICT");
    expect([body.base, body.mine, body.theirs].map((one: RuleSet) => one.zones[0]?.polygon[0])).toEqual([
      [0, 0.3292],
      [0.03, 0.3],
      [0.02, 0.3],
    ]);
    expect(body.by.user).toBe("admin");
    expect((await put(rules, `"${body.theirs.revision}"`)).status).toBe(200);
    expect((await admin.ask("PUT", "/cameras/north/rules", rules)).status).toBe(428);
  });

  test("a folder that cannot be written is told, and nothing changes", async () => {
    const { rules, etag } = await drawn();
    const before = await site.zones();
    const zones = join(site.folder, "config", "zones");
    const { chmod, rename, rm } = await import("node:fs/promises");
    // A folder that is a file refuses every write, for root too.
    await rename(zones, `${zones}.away`);
    try {
      await writeFile(zones, "");
      expect(
        (await admin.ask("PUT", "/cameras/north/rules", moved(rules, [0.4, 0.3]), { "if-match": etag })).status,
      ).toBeGreaterThanOrEqual(400);
    } finally {
      await rm(zones, { force: true });
      await rename(`${zones}.away`, zones);
      await chmod(zones, 0o755);
    }
    expect(await site.zones()).toBe(before);
  });
});

describe("the files beneath", () => {
  test("an edit by hand runs within two seconds or so, a bad one does not, and the page is told", async () => {
    const path = join(site.folder, "config", "zones", "north.yaml");
    await writeFile(path, zonesText.replace("name: 岸线", "name: 北岸"));
    await until(async () => (await admin.ask("GET", "/revisions")).body[0].via === "file", "the edit is taken on");
    const good = (await admin.ask("GET", "/config")).body;
    await writeFile(path, zonesText.replace("fishing-multi-rod", "fishing-multi-rodd: 3"));
    await until(async () => (await admin.ask("GET", "/config")).body.state.invalid.length > 0, "the mistake is told");
    const { state } = (await admin.ask("GET", "/config")).body;
    expect(state.running).toBe(good.state.running);
    expect(state.onDisk).not.toBe(state.running);
    await writeFile(path, zonesText);
    await until(async () => (await admin.ask("GET", "/config")).body.state.invalid.length === 0, "all is well again");
  }, 90_000);

  test("the config text is checked by the box and written as it is sent, secrets never among it", async () => {
    const { body, etag } = await admin.ask("GET", "/config");
    expect(body.files.map(({ name }: { name: string }) => name)).toEqual(["gateway.yaml", "zones/north.yaml"]);
    const text = (body.files[0] as { text: string }).text;
    const bad = await admin.ask("POST", "/config/check", {
      files: [{ name: "gateway.yaml", text: text.replace("cameras:", "camera:") }],
    });
    expect(bad.body.diagnostics[0]).toMatchObject({ code: "CONFIG_UNKNOWN_KEY", line: 4 });
    const commented = `${text}# checked by 张工\n`;
    const put = await admin.ask(
      "PUT",
      "/config",
      { files: [{ name: "gateway.yaml", text: commented }] },
      { "if-match": etag ?? "" },
    );
    expect(put.status).toBe(200);
    expect(await readFile(join(site.folder, "config", "gateway.yaml"), "utf8")).toBe(commented);
    const outside = await admin.ask(
      "PUT",
      "/config",
      { files: [{ name: "../x.yaml", text: "" }] },
      { "if-match": etag ?? "" },
    );
    expect(outside.status).toBe(400);
  });
});
