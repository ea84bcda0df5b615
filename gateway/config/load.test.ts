/** The config folder as people get it wrong: one file of `test-fixtures/config/invalid` for each code. */
import assert from "node:assert/strict";
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { inspect } from "node:util";
import { afterEach, test } from "vitest";
import { configErrors } from "../runtime/texts/errors-config.ts";
import { diagnosticText } from "./diagnostic-text.ts";
import { InvalidConfig, type Diagnostic } from "./diagnostic.ts";
import { loadConfig } from "./load.ts";

const fixtures = new URL("../../test-fixtures/config/", import.meta.url).pathname;
const pier =
  "schema: xueliang.gateway/1\nsite: { id: box-1, name: A }\ncameras: [{ id: pier, url: 'rtsp://192.0.2.10/main' }]\n";
const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A config folder with these files; `gateway.yaml` has one camera `pier` unless given. */
async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(await mkdtemp(join(tmpdir(), "xueliang-config-")), "config");
  folders.push(join(folder, ".."));
  await mkdir(join(folder, "zones"), { recursive: true });
  for (const [name, content] of Object.entries({ "gateway.yaml": pier, ...files })) {
    await writeFile(join(folder, name), content, { mode: 0o600 });
  }
  return folder;
}

/** Every diagnostic, whether the folder loads or not. */
async function diagnosticsOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<readonly Diagnostic[]> {
  try {
    return (await loadConfig(await folderWith(files))).warnings;
  } catch (error) {
    if (error instanceof InvalidConfig) return error.diagnostics;
    throw error;
  }
}

/** A fixture is a zones file when it says so. */
function filesOf(text: string): Record<string, string> {
  if (!text.includes("xueliang.zones/1")) return { "gateway.yaml": text };
  const name = /^# file: (\S+)/.exec(text)?.[1] ?? `${/^camera: (\S+)/m.exec(text)?.[1] ?? "pier"}.yaml`;
  return { [`zones/${name}`]: text };
}

const invalid = (await readdir(join(fixtures, "invalid"))).sort();
for (const name of invalid) {
  const code = basename(name, ".yaml");
  test(`${code} is told once, at its line, in both languages`, async () => {
    const found = await diagnosticsOf(filesOf(await readFile(join(fixtures, "invalid", name), "utf8")));
    assert.deepEqual(
      found.map((one) => one.code),
      [code],
    );
    for (const language of ["en", "zh"] as const) {
      const text = diagnosticText(found[0]!, language);
      assert.doesNotMatch(text, /\{\w+\}/, "a place of the text was left unfilled");
      assert.match(text, /--> config\/\S+\.yaml:\d+:\d+/);
    }
  });
}

test("every code of a file has its fixture or its own test", () => {
  const elsewhere = [
    "CONFIG_UNREADABLE",
    "CONFIG_INVALID",
    "CONFIG_TOO_LARGE",
    "CONFIG_NOT_UTF8",
    "CONFIG_SECRETS_MODE",
    "CONFIG_LABEL_UNKNOWN",
    "CONFIG_LINE_OBJECTS",
    "CONFIG_RULE_FLAPS",
    "CONFIG_PURPOSE",
  ];
  const covered = [...elsewhere, ...invalid.map((name) => basename(name, ".yaml"))].sort();
  assert.deepEqual(Object.keys(configErrors).sort(), covered);
});

for (const name of await readdir(join(fixtures, "valid"))) {
  test(`valid/${name} loads without a word`, async () => {
    const files = filesOf(await readFile(join(fixtures, "valid", name), "utf8"));
    // One of them goes by the sun.
    const placed = pier.replace("name: A", "name: A, place: { lon: 106.55, lat: 29.56 }");
    assert.deepEqual(await diagnosticsOf({ "gateway.yaml": placed, ...files }), []);
  });
}

test("the files that the repository ships are valid", async () => {
  const folder = new URL("../../config", import.meta.url).pathname;
  const config = await loadConfig(folder);
  assert.deepEqual(config.warnings, []);
  assert.equal(config.gateway.cameras[0]?.id, "north-pier");
  assert.equal(config.zones["north-pier"]?.zones.length, 2);
});

test("a file beyond 256 KiB is refused unread", async () => {
  const found = await diagnosticsOf({ "gateway.yaml": pier + `# ${"x".repeat(300 * 1024)}\n` });
  assert.deepEqual(
    found.map(({ code }) => code),
    ["CONFIG_TOO_LARGE"],
  );
});

test("a file saved as GBK is named as such", async () => {
  const found = await diagnosticsOf({
    "gateway.yaml": Uint8Array.from([0x61, 0x3a, 0x20, 0xd6, 0xd0, 0xce, 0xc4, 0x0a]),
  });
  assert.deepEqual(
    found.map(({ code }) => code),
    ["CONFIG_NOT_UTF8"],
  );
});

for (const [name, text] of [
  ["an alias bomb", `a: &a [x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n`],
  ["a merge key", `a: { x: 1 }\n<<: { y: 2 }\n`],
  ["a tag", `a: !!js/function 'x'\n`],
  ["quarter of a megabyte of brackets", "[".repeat(200_000)],
  ["a long run of list dashes", "- ".repeat(50_000)],
  ["many short brackets", "a: [".repeat(40_000)],
  ["one key again and again", "a: 1\n".repeat(20_000)],
  ["nothing but keys", Array.from({ length: 20_000 }, (_, i) => `k${i}: 1\n`).join("")],
  ["nothing but anchors", "a: &a [x]\n".repeat(20_000)],
] as const) {
  test(`${name} is refused with one error and in good time`, async () => {
    const startedMs = performance.now();
    const found = await diagnosticsOf({ "gateway.yaml": text });
    assert.equal(found.length, 1);
    assert.match(found[0]!.code, /CONFIG_(YAML_FEATURE|TOO_DEEP)/);
    assert.ok(performance.now() - startedMs < 10_000);
  });
}

test("all mistakes of all files are told at once, a misspelt required key once", async () => {
  const found = await diagnosticsOf({
    "gateway.yaml":
      "schema: xueliang.gateway/1\nsite: { id: box-1, nmae: A }\ncameras:\n  - id: pier\n    url: rtsp://a:b@192.0.2.1/x\n    rate: 99\n",
    "zones/pier.yaml":
      "schema: xueliang.zones/1\ncamera: pier\nzones:\n  - id: a\n    kind: genral\n    polygon: [[0, 0], [1, 1], [1, 0], [0, 1]]\n",
  });
  assert.deepEqual(
    found.map(({ code, file, line }) => `${file}:${line} ${code}`),
    [
      "config/gateway.yaml:2 CONFIG_UNKNOWN_KEY",
      "config/gateway.yaml:5 CONFIG_URL_LOGIN",
      "config/gateway.yaml:6 CONFIG_RANGE",
      "config/zones/pier.yaml:5 CONFIG_ENUM",
      "config/zones/pier.yaml:6 CONFIG_POLYGON_CROSSES",
    ],
  );
});

test("the caret stands under the mistake, Chinese characters count two columns", async () => {
  const [found] = await diagnosticsOf({
    "gateway.yaml": `${pier.trimEnd()}\nstorage: { folder: "数据", kepDays: 3 }\n`,
  });
  const lines = diagnosticText(found!, "zh").split("\n");
  assert.equal(lines[0], '错误[CONFIG_UNKNOWN_KEY]：storage 中没有名为 "kepDays" 的配置项');
  const source = lines[3]!;
  const caret = lines[4]!;
  assert.equal(caret.indexOf("^"), source.indexOf("kepDays") + 2, "two double-width characters stand before it");
  assert.match(lines[5]!, /是否想写 "keepDays"/);
});

for (const [name, files] of [
  ["a login in the address", { "gateway.yaml": pier.replace("rtsp://192", "rtsp://admin:S3cr3t@192") }],
  [
    "a login with @ and # in the address",
    { "gateway.yaml": pier.replace("rtsp://192", "rtsp://admin:S3cr3t@x#y@192") },
  ],
  [
    "a login in the address of the main stream",
    { "gateway.yaml": pier.replace("url:", "evidenceUrl: 'rtsp://admin:S3cr3t@192.0.2.10/1', url:") },
  ],
  ["a login with a space in the address", { "gateway.yaml": pier.replace("rtsp://192", "rtsp://admin:S3cr3t x@192") }],
  [
    "a login in the address of an uplink",
    { "gateway.yaml": `${pier}uplinks: [{ id: city, address: 'http://a:S3cr3t@b', serverKey: x }]\n` },
  ],
  ["a password among the keys of a camera", { "gateway.yaml": pier.replace("url:", "pasword: S3cr3t, url:") }],
  ["a number as a password", { "secrets.yaml": "cameras: { pier: { user: S3cr3t, password: 53 } }\n" }],
  ["broken YAML in secrets", { "secrets.yaml": "cameras: { pier: { user: a, password: S3cr3t: } }\n" }],
  ["an unknown key in secrets", { "secrets.yaml": "cameras: { pier: { user: a, passwort: S3cr3t } }\n" }],
  [
    "a control character in a password",
    { "secrets.yaml": 'cameras: { pier: { user: a, password: "S3cr3t\\r\\nX: y" } }\n' },
  ],
] as const) {
  test(`${name} is refused without being repeated`, async () => {
    const found = await diagnosticsOf(files);
    assert.ok(found.some(({ severity }) => severity === "error"));
    for (const one of found) {
      for (const language of ["en", "zh"] as const) assert.doesNotMatch(diagnosticText(one, language), /S3cr3t|53/);
      assert.doesNotMatch(JSON.stringify(one), /S3cr3t/);
    }
  });
}

test("a clip for an event type that the catalogue does not know is doubtful, with the type that was meant", async () => {
  const clip = "clip: { types: [fishing-multi-rod, fishing-multi-rods] }, url:";
  const [found, ...more] = await diagnosticsOf({ "gateway.yaml": pier.replace("url:", clip) });
  assert.deepEqual(more, []);
  assert.deepEqual(
    [found?.code, found?.severity, found?.path.join(".")],
    ["CONFIG_UNKNOWN_RULE", "warning", "cameras.0.clip.types.1"],
  );
  assert.match(found ? diagnosticText(found, "en") : "", /did you mean "fishing-multi-rod"/);
});

test("so is a city's code for such a type; the others of the list are taken", async () => {
  const codes = "name: A, codes: [{ scheme: s, types: [{ type: fishing-multi-rods, code: '1' }] }] }";
  const found = await diagnosticsOf({ "gateway.yaml": pier.replace("name: A }", codes) });
  assert.deepEqual(
    found.map(({ code, severity, path }) => [code, severity, path.join(".")]),
    [["CONFIG_UNKNOWN_RULE", "warning", "site.codes.0.types.0.type"]],
  );
});

test("secrets that others may read are told of; they are loaded and never printed", async () => {
  const folder = await folderWith({
    "secrets.yaml": "cameras: { pier: { user: admin, password: S3cr3t }, peir: { user: a, password: b } }\n",
  });
  await chmod(join(folder, "secrets.yaml"), 0o644);
  const config = await loadConfig(folder);
  assert.deepEqual(
    config.warnings.map(({ code }) => code),
    ["CONFIG_SECRETS_MODE", "CONFIG_UNKNOWN_CAMERA"],
  );
  assert.equal(config.credentials["pier"]?.password, "S3cr3t");
  assert.doesNotMatch(inspect(config, { depth: 9 }) + JSON.stringify(config), /S3cr3t/);
});

test("the state is frozen, its revision follows the files and nothing else", async () => {
  const folder = await folderWith({});
  const config = await loadConfig(folder);
  assert.throws(() => Object.assign(config.gateway.cameras[0]!, { rate: 1 }), TypeError);
  const copy = `${folder}-copy`;
  await cp(folder, copy, { recursive: true });
  assert.equal((await loadConfig(copy)).revision, config.revision);
  await writeFile(join(copy, "gateway.yaml"), `${pier}\n# touched\n`);
  assert.notEqual((await loadConfig(copy)).revision, config.revision);
});

test("a folder without gateway.yaml is unreadable, not empty", async () => {
  const folder = await folderWith({});
  await rm(join(folder, "gateway.yaml"));
  await assert.rejects(loadConfig(folder), { code: "CONFIG_UNREADABLE" });
});

for (const [address, isGood] of [
  ["tcp://platform.example:8421", true],
  ["tcp://192.0.2.7:8421", true],
  ["tcp://[2001:db8::7]:8421", true],
  ["tcp://[fe80::7%eth0]:65535", true],
  ["ipc:///run/relay.sock", true],
  ["tcp://platform.example", false],
  ["tcp://plat form:8421", false],
  ["tcp://platform:65536", false],
  ["tcp://platform:0", false],
  ["tcp://:8421", false],
  ["http://platform:8421", false],
] as const) {
  test(`${address} is ${isGood ? "an" : "no"} address of an uplink`, async () => {
    const found = await diagnosticsOf({
      "gateway.yaml": `${pier}uplinks: [{ id: city, address: "${address}", serverKey: "${"k".repeat(40)}" }]\n`,
    });
    assert.deepEqual(
      found.map(({ code, path }) => [code, path.join(".")]),
      isGood ? [] : [["CONFIG_FORMAT", "uplinks.0.address"]],
    );
  });
}

for (const letter of [" ", "~", "中", "$"])
  test(`a platform's key with "${letter}" where it cannot be is told with its place`, async () => {
    const key = `${"k".repeat(35)}${letter}${"k".repeat(4)}`;
    const found = await diagnosticsOf({
      "gateway.yaml": `${pier}uplinks: [{ id: city, address: "tcp://platform:8421", serverKey: "${key}" }]\n`,
    });
    assert.deepEqual(
      found.map(({ code, path }) => [code, path.join(".")]),
      [["CONFIG_FORMAT", "uplinks.0.serverKey"]],
    );
  });

for (const size of [0, 39, 41])
  test(`a platform's key of ${size} characters is told with its place`, async () => {
    const found = await diagnosticsOf({
      "gateway.yaml": `${pier}uplinks: [{ id: city, address: "tcp://platform:8421", serverKey: "${"k".repeat(size)}" }]\n`,
    });
    assert.deepEqual(
      found.map(({ code, path }) => [code, path.join(".")]),
      [["CONFIG_LENGTH", "uplinks.0.serverKey"]],
    );
  });
