/** The page from outside: who may in, what strangers learn, what a rebound name gets. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "vitest";
import { ClockDouble } from "../runtime/clock-double.ts";
import type { GatewayStatus } from "../runtime/status.ts";
import { writePassword } from "./password-file.ts";
import { buildWeb, WebServer, type Web } from "./server.ts";
import { exampleStatus } from "./example-status.ts";

let folder = "";
let web: Web;
let status: GatewayStatus;
const clock = new ClockDouble();
const host = "192.168.1.20:8420";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "xueliang-web-"));
  status = exampleStatus();
  web = await build();
});
afterEach(async () => {
  await web.app.close();
  await rm(folder, { recursive: true, force: true });
});

function build(): Promise<Web> {
  const snapshot = (id: string): Promise<Uint8Array | null> =>
    Promise.resolve(id === "north-pier" ? Uint8Array.of(0xff, 0xd8) : null);
  return buildWeb({ listen: "127.0.0.1:0", folder, status: () => status, language: "zh", clock, snapshot });
}

/** One visitor: keeps cookies, fills the form token in. */
class Visitor {
  readonly #cookies = new Map<string, string>();
  readonly address: string;

  constructor(address = "192.168.1.7") {
    this.address = address;
  }

  async get(
    url: string,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
    return this.#send({ method: "GET", url, headers });
  }

  async post(
    url: string,
    fields: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
    const form =
      /name="form" value="([^"]+)"/.exec((await this.get("/login")).text)?.[1] ??
      /name="form" value="([^"]+)"/.exec((await this.get("/")).text)?.[1] ??
      "";
    const payload = new URLSearchParams({ form, ...fields }).toString();
    return this.#send({
      method: "POST",
      url,
      payload,
      headers: { "content-type": "application/x-www-form-urlencoded", origin: `http://${host}`, ...headers },
    });
  }

  async #send(request: {
    method: "GET" | "POST";
    url: string;
    headers: Record<string, string>;
    payload?: string;
  }): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await web.app.inject({
      ...request,
      remoteAddress: this.address,
      headers: { host, ...(cookie === "" ? {} : { cookie }), ...request.headers },
    });
    for (const { name, value } of answer.cookies) this.#cookies.set(name, value);
    return { status: answer.statusCode, text: answer.payload, headers: answer.headers };
  }

  copyFrom(other: Visitor): void {
    for (const [name, value] of other.#cookies) this.#cookies.set(name, value);
  }
}

async function technician(): Promise<Visitor> {
  await writePassword(folder, "correct horse");
  const visitor = new Visitor();
  assert.equal((await visitor.post("/login", { password: "correct horse" })).status, 303);
  return visitor;
}

test("the first password is set with the one-time code, which then is dead", async () => {
  const code = web.access.code ?? "";
  assert.match(code, /^\d{8}$/);
  const visitor = new Visitor();
  assert.match((await visitor.get("/login")).text, /首次设置密码/);
  const password = { password: "12345678", again: "12345678" };
  assert.equal(
    (await visitor.post("/setup", { code: code === "00000000" ? "00000001" : "00000000", ...password })).status,
    403,
  );
  assert.equal((await visitor.post("/setup", { code, password: "short", again: "short" })).status, 400);
  assert.equal((await visitor.post("/setup", { code, password: "12345678", again: "12345679" })).status, 400);
  assert.equal((await visitor.post("/setup", { code, ...password })).status, 303);
  assert.match((await visitor.get("/")).text, /北码头/);
  assert.equal(web.access.code, null);
  assert.equal((await new Visitor().post("/setup", { code, ...password })).status, 403);
});

test("the one-time code dies after a quarter of an hour, and after ten wrong tries from anywhere", async () => {
  const { code } = web.access;
  await clock.advance(15 * 60_000);
  assert.equal(web.access.code, null);
  assert.match(
    (await new Visitor().post("/setup", { code: code ?? "", password: "12345678", again: "12345678" })).text,
    /验证码已失效/,
  );
  await web.app.close();
  web = await build();
  for (let i = 0; i < 10; i += 1)
    await new Visitor(`192.168.2.${i}`).post("/setup", { code: "x", password: "12345678", again: "12345678" });
  assert.equal(web.access.code, null);
});

for (const [path, expected] of [
  ["/", 303],
  ["/fragment", 401],
  ["/metrics", 401],
  ["/cameras/north-pier/picture.jpg", 401],
  ["/healthz", 200],
  ["/assets/page.css", 200],
  ["/assets/../server.ts", 404],
  ["/assets/%2e%2e/server.ts", 404],
  ["/nowhere", 404],
] as const) {
  test(`a stranger gets ${expected} from ${path} and learns nothing of the cameras`, async () => {
    await writePassword(folder, "correct horse");
    const answer = await new Visitor().get(path);
    assert.equal(answer.status, expected);
    assert.doesNotMatch(answer.text, /north-pier|北码头|box-1/);
  });
}

test("a technician sees every camera, what was dropped and why, and the remedy", async () => {
  const { text } = await (await technician()).get("/");
  for (const words of [
    "北码头",
    "画面停滞",
    "被新帧替换 12",
    "检测不可用 3",
    "待上报",
    "CAMERA_UNAUTHORIZED",
    "请在 config/secrets.yaml",
  ])
    assert.ok(text.includes(words), words);
  assert.doesNotMatch(text, /\{\w+\}/);
  assert.doesNotMatch(text, /<script>| on\w+=|style=|https?:\/\//, "no inline script or style, nothing from elsewhere");
});

test("the manual is for whoever is logged in, in their language, and only what stands on the shelf", async () => {
  assert.equal((await new Visitor().get("/docs/errors")).headers["location"], "/login");
  const visitor = await technician();
  assert.match((await visitor.get("/docs")).text, /href="\/docs\/first-fifteen-minutes"/);
  assert.match((await visitor.get("/docs/first-fifteen-minutes")).text, /现场十五分钟/);
  assert.equal((await visitor.get("/language/en?to=/docs/errors")).headers["location"], "/docs/errors");
  const errors = (await visitor.get("/docs/errors")).text;
  assert.match(errors, /<strong>CAMERA_BUSY<\/strong>/);
  assert.doesNotMatch(errors, /Nothing lost/);
  assert.match((await visitor.get("/docs/config")).text, /<td><code>storage\.folder<\/code><\/td>/);
  for (const path of ["/docs/README", "/docs/..%2f..%2fpackage.json", "/docs/constructor"])
    assert.equal((await visitor.get(path)).status, 404, path);
  assert.equal((await visitor.get("/language/en?to=/docs/%2f%2fevil.example")).headers["location"], "/");
});

test("the language follows the switch, then the browser, then the site", async () => {
  await writePassword(folder, "correct horse");
  const visitor = new Visitor();
  assert.match((await visitor.get("/login")).text, /lang="zh-CN"/);
  assert.match((await visitor.get("/login", { "accept-language": "en-GB,en;q=0.9" })).text, /lang="en"/);
  assert.equal((await visitor.get("/language/en?to=https://evil.example")).headers["location"], "/");
  assert.match((await visitor.get("/login", { "accept-language": "zh-CN" })).text, /<html lang="en"/);
});

test("names and errors from outside are text, not markup", async () => {
  const camera = status.cameras[0]!;
  status = {
    ...status,
    site: { id: "b", name: `<script>alert(1)</script>` },
    cameras: [{ ...camera, name: `"><img src=x>` }],
  };
  const { text } = await (await technician()).get("/");
  assert.doesNotMatch(text, /<script>alert|<img src=x/);
});

test("five wrong passwords lock the address out, also for the right one, and only that address", async () => {
  await writePassword(folder, "correct horse");
  const visitor = new Visitor();
  for (let i = 0; i < 5; i += 1) assert.equal((await visitor.post("/login", { password: "wrong" })).status, 403);
  const locked = await visitor.post("/login", { password: "correct horse" });
  assert.equal(locked.status, 429);
  assert.equal(locked.headers["retry-after"], "30");
  assert.equal((await new Visitor("192.168.1.8").post("/login", { password: "correct horse" })).status, 303);
  await clock.advance(30_000);
  assert.equal((await visitor.post("/login", { password: "correct horse" })).status, 303);
}, 60_000);

test("parallel guesses do not pass before they are counted", async () => {
  await writePassword(folder, "correct horse");
  const visitor = new Visitor();
  await visitor.get("/login");
  const answers = await Promise.all(Array.from({ length: 30 }, () => web.access.login(visitor.address, "wrong")));
  assert.ok(answers.filter(({ kind }) => kind === "wrong").length <= 5);
  assert.ok(answers.some(({ kind }) => kind === "busy"));
}, 60_000);

test("a flood of strangers keeps nobody out who came in from their address before", async () => {
  const known = (await technician()).address;
  const flood = Array.from({ length: 30 }, (_, i) => web.access.login(`10.0.9.${i}`, "wrong"));
  assert.equal((await web.access.login(known, "correct horse")).kind, "in");
  assert.ok((await Promise.all(flood)).every(({ kind }) => kind === "wrong" || kind === "busy"));
}, 60_000);

test("a form without our token, or from another origin, does nothing", async () => {
  const inside = await technician();
  const payload = new URLSearchParams({ password: "correct horse" }).toString();
  const headers = { host, "content-type": "application/x-www-form-urlencoded" };
  assert.equal((await web.app.inject({ method: "POST", url: "/login", payload, headers })).statusCode, 403);
  assert.equal(
    (await inside.post("/login", { password: "correct horse" }, { origin: "http://evil.example" })).status,
    403,
  );
  assert.equal((await inside.post("/logout", { form: "x" })).headers["location"], "/");
  assert.equal((await inside.get("/")).status, 200);
});

for (const [name, header, expected] of [
  ["an address", "10.0.0.2:8420", 303],
  ["an IPv6 address", "[2001:db8::1]:8420", 303],
  ["localhost", "localhost", 303],
  ["a rebound name", "evil.example:8420", 421],
  ["an address within a name", "10.0.0.2.evil.example", 421],
] as const) {
  test(`Host with ${name}: ${expected}`, async () => {
    await writePassword(folder, "correct horse");
    assert.equal((await new Visitor().get("/", { host: header })).status, expected);
  });
}

test("logging out ends the session everywhere it was copied to", async () => {
  const visitor = await technician();
  const copy = new Visitor();
  copy.copyFrom(visitor);
  assert.equal((await copy.get("/fragment")).status, 200);
  await visitor.post("/logout", {});
  assert.equal((await copy.get("/fragment")).status, 401);
});

test("a new password ends every session of the running gateway", async () => {
  const visitor = await technician();
  await writePassword(folder, "another horse");
  assert.equal((await visitor.get("/fragment")).status, 401);
});

test("a session ends after twelve idle hours", async () => {
  const visitor = await technician();
  await clock.advance(12 * 3_600_000 + 1);
  assert.equal((await visitor.get("/fragment")).status, 401);
});

test("a body beyond 8 KiB and a body of another kind are refused", async () => {
  const visitor = await technician();
  assert.equal((await visitor.post("/login", { password: "x".repeat(10_000) })).status, 413);
  const headers = { host, "content-type": "application/json" };
  assert.equal((await web.app.inject({ method: "POST", url: "/login", payload: "{}", headers })).statusCode, 415);
});

test("every answer forbids inline script, framing and sniffing, and is not cached", async () => {
  for (const path of ["/login", "/nowhere", "/metrics"]) {
    const { headers } = await new Visitor().get(path);
    assert.match(String(headers["content-security-policy"]), /default-src 'none'.*frame-ancestors 'none'/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["cache-control"], "no-store");
  }
});

test("metrics are read with the token of the file, which only its owner can read", async () => {
  const path = join(folder, "metrics-token");
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  const token = (await readFile(path, "utf8")).trim();
  const { status: code, text } = await new Visitor().get("/metrics", { authorization: `Bearer ${token}` });
  assert.equal(code, 200);
  assert.match(text, /^xueliang_camera_frames_dropped_total\{camera="north-pier",reason="overwritten"\} 12$/m);
  assert.match(text, /^xueliang_outbox_depth\{uplink="city"\} 4$/m);
  assert.doesNotMatch(text, /rtsp:|NaN|undefined|null/);
  const names = [...text.matchAll(/^# TYPE (\S+) (counter|gauge)$/gm)];
  assert.ok(names.every(([, name, type]) => name?.endsWith("_total") === (type === "counter")));
  for (const line of text.trimEnd().split("\n"))
    assert.match(line, /^(#.*|[a-z0-9_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+)$/);
  assert.equal((await new Visitor().get("/metrics", { authorization: `Bearer ${token}x` })).status, 401);
});

test("a picture is served to those inside, of known cameras only", async () => {
  const visitor = await technician();
  const picture = await visitor.get("/cameras/north-pier/picture.jpg");
  assert.equal(picture.status, 200);
  assert.equal(picture.headers["content-type"], "image/jpeg");
  assert.equal((await visitor.get("/cameras/elsewhere/picture.jpg")).status, 404);
});

test("a damaged password file is an error with a remedy, never an open door", async () => {
  await writeFile(join(folder, "web-password.json"), "{}");
  await assert.rejects(build(), { code: "WEB_FILE" });
});

test("a taken port is told; a free one is listened on and given back", async () => {
  const options = { folder, status: () => status, language: "en", clock } as const;
  await using server = await WebServer.open({ ...options, listen: "127.0.0.1:0" });
  assert.equal((await fetch(`${server.address}healthz`)).status, 200);
  await assert.rejects(WebServer.open({ ...options, listen: new URL(server.address).host }), { code: "WEB_ADDRESS" });
});
