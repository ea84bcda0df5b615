/** `xueliang camera test` against cameras that work and cameras that do not: exit codes, sentences, remedies, JSON; no password in any of it. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { runCommand } from "../cli/testing/run-command.ts";
import { CameraSimulator, type Fault } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { TestClips } from "./peers/clips.ts";

const login = { user: "admin", password: "r1ght: #@雪亮" };
const faults = {
  web: { kind: "http" },
  sound: { kind: "audio-only" },
  foreign: { kind: "foreign-codec" },
  busy: { kind: "status", status: 453 },
} as const satisfies Readonly<Record<string, Fault>>;

const stack = new AsyncDisposableStack();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "camera-test-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const clips = stack.use(await TestClips.make(["h264", "h265"], 2));
  const [h264, h265] = [{ clip: clips.path("h264") }, { clip: clips.path("h265") }];
  const broken = Object.fromEntries(Object.keys(faults).map((name) => [`/${name}`, h264]));
  const mounts = { "/good": h264, "/new": h265, ...broken };
  const simulator = stack.use(await CameraSimulator.open({ mounts, auth: { ...login, scheme: "digest" } }));
  for (const [name, fault] of Object.entries(faults)) simulator.setFault(`/${name}`, fault);
  const urls = {
    good: simulator.url("/good"),
    new: simulator.url("/new"),
    hardware: simulator.url("/good"),
    keys: simulator.url("/good"),
    locked: simulator.url("/good"),
    nowhere: simulator.url("/nowhere"),
    dns: "rtsp://no-such-host.invalid/x",
    refused: "rtsp://127.0.0.1:9/x",
    ...Object.fromEntries(Object.keys(faults).map((name) => [name, simulator.url(`/${name}`)])),
  };
  const more: Readonly<Record<string, object>> = {
    hardware: { decoder: "rkmpp" },
    keys: { keyFramesOnly: true, transport: "udp" },
  };
  const cameras = Object.entries(urls).map(([id, url]) => ({ id, url, width: 160, ...more[id] }));
  const logins = cameras.map(({ id }) => [id, { ...login, ...(id === "locked" ? { password: "wr0ng: #@" } : {}) }]);
  await mkdir(join(folder, "config"));
  const site = { schema: "xueliang.gateway/1", site: { id: "box-1", name: "北码头" }, cameras };
  await writeFile(join(folder, "config", "gateway.yaml"), stringify(site));
  const secrets = stringify({ cameras: Object.fromEntries(logins) as object });
  await writeFile(join(folder, "config", "secrets.yaml"), secrets, { mode: 0o600 });
}, 60_000);
afterAll(() => stack.disposeAsync());

const ran = (args: readonly string[], lang = "en_US.UTF-8") =>
  runCommand(["camera", "test", ...args], { lang, cwd: folder });

const wait = { timeout: 120_000 };

test.each([
  ["locked", 21, "CAMERA_UNAUTHORIZED", /用户名或密码/],
  ["nowhere", 20, "CAMERA_NOT_FOUND", /nowhere/],
  ["dns", 20, "CAMERA_NAME_UNKNOWN", /no-such-host\.invalid/],
  ["refused", 20, "CAMERA_REFUSED", /拒绝/],
  ["web", 20, "CAMERA_NOT_RTSP", /RTSP/],
  ["busy", 20, "CAMERA_BUSY", /453/],
  ["sound", 22, "CAMERA_NO_VIDEO", /视频/],
  ["foreign", 22, "CAMERA_CODEC_UNSUPPORTED", /编码/],
] as const)(
  "%s: exit code %i, %s with its sentence and a remedy in both languages",
  wait,
  async (id, code, error, zh) => {
    const json = await ran([id, "--json"]);
    const lines = json.out.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
    expect(lines.at(-1)).toMatchObject({ type: "result", ok: false, exit_code: code });
    expect(lines[0]).toMatchObject({ type: "camera", camera: id, error: { code: error } });
    const [english, chinese] = [await ran([id]), await ran([id], "zh_CN.UTF-8")];
    expect([json.code, english.code, chinese.code]).toEqual([code, code, code]);
    expect(english.out).toContain(error);
    expect(chinese.out).toMatch(zh);
    for (const { out } of [json, english, chinese]) expect(out).not.toMatch(/wr0ng|r1ght|%23%40/);
  },
);

test.each([
  ["good", "h264", /first frame/i],
  ["new", "h265", /first frame/i],
  // No key frame is more than a second away here; only they are decoded.
  ["keys", "h264", /udp/i],
  // Asked for, not there: the processor decodes, and it is said.
  ["hardware", "h264", /rkmpp/],
] as const)("%s gives a picture", wait, async (id, codec, says) => {
  const json = await ran([id, "--json"]);
  expect(json.code, json.out).toBe(0);
  const [camera] = json.out.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
  expect(camera).toMatchObject({ ok: true, probe: { codec }, frame: { widthPx: 160, decoder: "software" } });
  expect((camera?.["frame"] as { readonly note: unknown }).note === null).toBe(id !== "hardware");
  const text = await ran([id]);
  expect(text.out).toMatch(says);
  expect(text.out).not.toContain("r1ght");
});

test("several at once: 3 when some fail, and each is told", wait, async () => {
  const { code, out } = await ran(["good", "nowhere", "--json"]);
  expect(code).toBe(3);
  const lines = out.trim().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
  expect(lines.map(({ type }) => type)).toEqual(["camera", "camera", "result"]);
  expect(lines.at(-1)).toMatchObject({ ok: false, exit_code: 3, good: 1, all: 2 });
});
