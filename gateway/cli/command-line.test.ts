/** The command line in process: every command in both languages, as text and as JSON, in success and failure. */
import assert from "node:assert/strict";
import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "vitest";
import { version } from "../runtime/version.ts";
import { exampleStatus } from "../web/example-status.ts";
import { matches, readPassword } from "../web/password-file.ts";
import { commandLine } from "./command-line.ts";
import { commandTable } from "./command-table.ts";
import { ControlSocket } from "./control-socket.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "xueliang-cli-"));
  await mkdir(join(root, "config", "zones"), { recursive: true });
  await writeConfig("cameras:\n  - { id: gone, url: 'file:nowhere.mp4', enabled: false }\n");
});
afterEach(() => rm(root, { recursive: true, force: true }));

function writeConfig(more: string): Promise<void> {
  return writeFile(
    join(root, "config", "gateway.yaml"),
    `schema: xueliang.gateway/1\nsite: { id: box-1, name: 测试站 }\n${more}`,
  );
}

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The last line of stdout as JSON; throws when it is none. */
  readonly result: Record<string, unknown>;
}

async function ran(
  args: readonly string[],
  given: {
    readonly env?: Record<string, string>;
    readonly stdin?: string;
    readonly signal?: AbortSignal;
    readonly onOut?: () => void;
  } = {},
): Promise<Ran> {
  let [out, err] = ["", ""];
  const code = await commandLine(args, {
    stdout: (text) => {
      out += text;
      given.onOut?.();
    },
    stderr: (text) => (err += text),
    stdin: () => Promise.resolve(given.stdin ?? null),
    askSecret: () => Promise.resolve(null),
    env: given.env ?? { LANG: "en_US.UTF-8" },
    cwd: root,
    signal: given.signal ?? new AbortController().signal,
    isTerminal: false,
  });
  return {
    code,
    out,
    err,
    get result() {
      const lines = out
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      assert.equal(lines.filter(({ type }) => type === "result").length, 1, "exactly one result");
      return lines.at(-1) ?? {};
    },
  };
}

for (const [args, code] of [
  [["help"], 0],
  [["help", "camera"], 0],
  [["help", "exit-codes"], 0],
  [["help", "camra"], 2],
  [["--version"], 0],
  [["explain", "E_CAMERA_UNAUTHORIZED"], 0],
  [["explain"], 2],
  [["explain", "NOPE"], 2],
  [["config", "check"], 0],
  [["config", "show"], 0],
  [["config", "schema", "zones"], 0],
  [["config", "types"], 0],
  [["config", "chek"], 2],
  [["config", "check", "--config", "nowhere"], 78],
  [["camera", "list"], 0],
  [["camera", "test"], 0],
  [["camera", "test", "gon"], 2],
  [["keys", "show"], 0],
  [["keys", "enrol"], 0],
  [["password", "set"], 2],
  [["password"], 2],
  [["status"], 10],
  [["url"], 0],
  [["url", "here"], 2],
  [["run", "now"], 2],
  [["rum"], 2],
  [["status", "--wach"], 2],
  [["--timeout", "soon", "status"], 2],
  [["--lang", "fr", "status"], 2],
  [["--config"], 2],
] as const) {
  test(`xueliang ${args.join(" ")}: exit code ${code}, and JSON says the same`, async () => {
    const text = await ran(args);
    assert.equal(text.code, code, text.err);
    assert.equal(code === 0 ? text.err.includes("error[") : text.err.startsWith("error["), code !== 0);
    assert.doesNotMatch(text.out + text.err, /(?<!`)\{(?:detail|meant|command|flag)\}/);
    const json = await ran([...args, "--json"]);
    assert.equal(json.code, code);
    assert.equal(json.result["ok"], code === 0);
    assert.equal(json.result["exit_code"], code);
    if (code !== 0) assert.match(JSON.stringify(json.result["error"]), /"code":"[A-Z_]+","message":".+","hint":".+"/);
  }, 180_000); // The first use of a command loads it, and a busy machine takes its time.
}

test.each(Object.keys(commandTable))(
  "xueliang %s: helped with examples in both languages; a flag that is none ends it with 2 and one JSON result",
  async (name) => {
    for (const [lang, words] of [
      ["en", /xueliang [a-z]+/],
      ["zh", /\p{Script=Han}/u],
    ] as const) {
      const { code, out } = await ran(["help", name, "--lang", lang]);
      assert.equal(code, 0);
      assert.match(out, words);
      // Help on help is the list of all commands.
      for (const example of name === "help" ? [] : (commandTable[name]?.examples ?? []))
        assert.ok(out.includes(`xueliang ${example}`), out);
    }
    const { code, result } = await ran([name, "--no-such-flag", "--json"]);
    assert.equal(code, 2);
    assert.match(
      JSON.stringify(result),
      /"ok":false,"exit_code":2,"error":\{"code":"[A-Z_]+","message":".+","hint":".*"/,
    );
  },
  180_000,
);

test("the language comes from --lang, then the locale", async () => {
  assert.match((await ran(["confg"], { env: { LANG: "zh_CN.UTF-8" } })).err, /未知命令 "confg"；是否想写 "config"/);
  assert.match((await ran(["confg"], { env: { LC_ALL: "C", LANG: "zh_CN.UTF-8" } })).err, /unknown command/);
  assert.match((await ran(["--lang=zh", "confg"])).err, /未知命令/);
});

test("every mistake of a config is in the JSON answer, with its place", async () => {
  await writeConfig("web: { listn: 'x' }\ncameras: [{ id: a, url: 'http://b' }]\n");
  const { code, result } = await ran(["config", "check", "--json"]);
  assert.equal(code, 78);
  const { diagnostics } = result["error"] as { diagnostics: readonly Record<string, unknown>[] };
  assert.deepEqual(
    diagnostics.map(({ code: found, line }) => [found, line]),
    [
      ["CONFIG_UNKNOWN_KEY", 3],
      ["CONFIG_URL", 4],
    ],
  );
});

test("url names where the page can be opened, as a QR code too, and says when no phone gets there", async () => {
  const here = await ran(["url"]);
  assert.match(here.out, /^http:\/\/127\.0\.0\.1:8420\/\non this machine only/);
  await writeConfig("web: { listen: '10.1.2.3:8080' }\ncameras: []\n");
  assert.equal((await ran(["url"])).out, "http://10.1.2.3:8080/\n");
  assert.deepEqual((await ran(["url", "--json"])).result["addresses"], ["http://10.1.2.3:8080/"]);
  assert.match((await ran(["url", "--qr"])).out, /^http:\/\/10\.1\.2\.3:8080\/\n(█+\n){2}.*[▀▄]/);
  await writeConfig("web: { enabled: false }\ncameras: []\n");
  const off = await ran(["url", "--lang", "zh"]);
  assert.equal(off.code, 3);
  assert.match(off.out, /页面已停用/);
});

test("a mistake at the top of the file is told without a stray space", async () => {
  await writeConfig("camras: []\n");
  assert.match((await ran(["config", "check", "--lang", "zh"])).err, /文件顶层中没有名为 "camras" 的配置项/);
});

test("status shows what the daemon says, and exit code 3 when a camera stalls", async () => {
  await using control = await ControlSocket.open(join(root, "var", "control.sock"), {
    status: () => ({ ...exampleStatus(), version }),
  });
  assert.ok(control.path);
  const { code, out } = await ran(["status", "--lang", "zh"]);
  assert.equal(code, 3);
  assert.match(out, /✗ east-gate +画面停滞 9 秒/);
  assert.match(out, /CAMERA_UNAUTHORIZED/);
  const json = await ran(["status", "--json"]);
  assert.deepEqual((json.result["status"] as { cameras: unknown[] }).cameras.length, 4);
});

test("status is exit code 3 when a detector's model is of no use, although every camera streams", async () => {
  const { cameras, detectors, ...rest } = exampleStatus();
  const streaming = cameras.map((one) => ({ ...one, state: "streaming" as const }));
  let state: (typeof detectors)[number]["state"] = "running";
  await using control = await ControlSocket.open(join(root, "var", "control.sock"), {
    status: () => ({ ...rest, version, cameras: streaming, detectors: detectors.map((one) => ({ ...one, state })) }),
  });
  assert.ok(control.path);
  assert.equal((await ran(["status"])).code, 0);
  state = "stopped";
  assert.equal((await ran(["status"])).code, 3);
});

test("a daemon of another version is exit code 11", async () => {
  await using control = await ControlSocket.open(join(root, "var", "control.sock"), {
    status: () => ({ ...exampleStatus(), version: "0.0.1" }),
  });
  assert.ok(control.path);
  assert.equal((await ran(["status"])).code, 11);
});

test("watching streams documents and ends with one result when interrupted", async () => {
  await using control = await ControlSocket.open(join(root, "var", "control.sock"), {
    status: () => ({ ...exampleStatus(), version }),
  });
  assert.ok(control.path);
  const stop = new AbortController();
  const watching = ran(["status", "--watch", "--json"], { signal: stop.signal, onOut: () => stop.abort() });
  const { code, out, result } = await watching;
  assert.equal(code, 130);
  assert.equal(result["exit_code"], 130);
  assert.ok(out.split("\n").length > 2);
});

test("a password is read from standard input, stored as scrypt, and never taken from the command line", async () => {
  assert.equal((await ran(["password", "set"], { stdin: "correct horse\n" })).code, 0);
  const stored = await readPassword(join(root, "var"));
  assert.ok(stored && (await matches(stored, "correct horse")));
  const typed = await ran(["password", "set", "Geheim123"]);
  assert.equal(typed.code, 2);
  assert.doesNotMatch(typed.err + typed.out, /Geheim123/);
  assert.equal((await ran(["password", "set"], { stdin: "short" })).code, 2);
});

test("keys are made once, shown without the secret half", async () => {
  const first = (await ran(["keys", "enrol", "--json"])).result;
  const second = (await ran(["keys", "show", "--json"])).result;
  assert.equal(first["curvePublic"], second["curvePublic"]);
  assert.deepEqual([first["made"], second["made"]], [true, false]);
  assert.doesNotMatch(JSON.stringify(second), /[sS]ecret/);
});
