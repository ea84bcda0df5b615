/* eslint-disable @typescript-eslint/no-unsafe-member-access -- answers are looked into as they come */
/** A box out of its carton: no config, a code on the console, a wizard; and the page over HTTPS. */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.ts";
import { systemClock } from "../runtime/clock.ts";
import { exampleStatus } from "./example-status.ts";
import { writePassword } from "./password-file.ts";
import { WebServer } from "./server.ts";
import { Guest, until } from "./testing/open-site.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "xueliang-first-"));
});
afterEach(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

/** `xueliang run --json` in this process. */
function run(): { readonly lines: Record<string, unknown>[]; stop(): Promise<number> } {
  const lines: Record<string, unknown>[] = [];
  const stop = new AbortController();
  const ended = commandLine(["run", "--json", "--config", join(root, "config")], {
    stdout: (text) =>
      void lines.push(
        ...text
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line) as Record<string, unknown>),
      ),
    stderr: () => undefined,
    stdin: () => Promise.resolve(null),
    askSecret: () => Promise.resolve(null),
    env: { XUELIANG_LISTEN: "127.0.0.1:0", LANG: "zh_CN.UTF-8", RUNTIME_DIRECTORY: root },
    cwd: root,
    signal: stop.signal,
    isTerminal: false,
  });
  return {
    lines,
    stop: () => {
      stop.abort();
      return ended;
    },
  };
}

test("without a config the box serves its wizard; one code, one name, one password, and it runs", async () => {
  const first = run();
  await until(() => first.lines.length > 0, "the wizard is announced");
  const { type, addresses, setup_code } = first.lines[0] as { type: string; addresses: string[]; setup_code: string };
  expect(type).toBe("set-up");
  expect(setup_code).toMatch(/^\d{8}$/);
  const urls = (): Promise<string> => readFile(join(root, "url"), "utf8").catch(() => "");
  await until(async () => (await urls()) === `${addresses[0] ?? ""}\n`, "the addresses in the run directory");
  const guest = new Guest((addresses[0] ?? "").replace(/\/$/, ""));
  expect((await guest.ask("GET", "/session")).body).toMatchObject({ state: "set-up", codeRedeemed: false });
  for (const path of ["/setup", "/cameras", "/box", "/config"]) expect((await guest.ask("GET", path)).status).toBe(401);
  expect((await guest.ask("POST", "/setup/finish", { password: "12345678", site: { name: "x" } })).status).toBe(401);
  const redeemed = await guest.ask("POST", "/setup/code", { code: setup_code });
  expect(redeemed.body.codeRedeemed).toBe(true);
  guest.csrf = redeemed.body.csrf as string;
  expect(
    (await new Guest((addresses[0] ?? "").replace(/\/$/, "")).ask("POST", "/setup/code", { code: setup_code })).body
      .code,
  ).toBe("WEB_CODE_EXPIRED");
  expect((await guest.ask("GET", "/setup")).body.needs).toEqual(["password", "site"]);
  const done = await guest.ask("POST", "/setup/finish", {
    password: "12345678",
    user: "张工",
    site: { name: "北码头" },
  });
  expect(done.body).toMatchObject({ state: "in", user: "张工", role: "admin" });
  expect((await guest.ask("GET", "/cameras")).body).toEqual([]);
  expect((await guest.ask("GET", "/box")).body.site.name).toBe("北码头");
  expect((await guest.ask("GET", "/box")).body.ffmpeg).toMatch(/^[1-9]\d*\.\d+$/);
  expect(await readFile(join(root, "config", "gateway.yaml"), "utf8")).toContain("name: 北码头");
  await until(async () => /^http:\/\/127\.0\.0\.1:0\/\n$/.test(await urls()), "as the config names them");
  expect(await first.stop()).toBe(0);
  expect(first.lines.map((line) => line["type"])).toEqual(["set-up", "started", "result"]);
}, 90_000);

test("a signal ends a box that waits for its wizard", async () => {
  const first = run();
  await until(() => first.lines.length > 0, "the wizard is announced");
  expect(await first.stop()).toBe(0);
  expect(existsSync(join(root, "config"))).toBe(false);
}, 60_000);

test("over HTTPS the box shows its own certificate, made once, and its cookie never travels in the clear", async () => {
  await writePassword(root, "correct horse");
  const options = {
    folder: root,
    status: exampleStatus,
    language: "zh",
    clock: systemClock,
    listen: "127.0.0.1:0",
    tls: {},
  } as const;
  const read = async (server: WebServer): Promise<{ fingerprint: string; cookie: string }> => {
    const { port, host } = new URL(server.address);
    return new Promise((resolve, reject) => {
      const body = JSON.stringify({ password: "correct horse" });
      const headers = {
        host,
        origin: `https://${host}`,
        "content-type": "application/json",
        "content-length": Buffer.byteLength(body),
      };
      const asked = request(
        { host: "127.0.0.1", port, path: "/api/v1/session", method: "POST", headers, rejectUnauthorized: false },
        (response) => {
          const socket = response.socket as unknown as { getPeerCertificate(): { fingerprint256: string } };
          resolve({
            fingerprint: socket.getPeerCertificate().fingerprint256,
            cookie: String(response.headers["set-cookie"]),
          });
          response.resume();
        },
      );
      asked.on("error", reject).end(body);
    });
  };
  const first = await WebServer.open(options);
  const { cookie, fingerprint } = await read(first);
  await first[Symbol.asyncDispose]();
  expect(cookie).toMatch(/; Secure/);
  await using again = await WebServer.open(options);
  expect((await read(again)).fingerprint).toBe(fingerprint);
  expect((await stat(join(root, "web-key.pem"))).mode & 0o777).toBe(0o600);
  await expect(
    WebServer.open({ ...options, tls: { certificate: "/nowhere.pem", key: "/nowhere.key" } }),
  ).rejects.toMatchObject({ code: "WEB_FILE" });
}, 60_000);
