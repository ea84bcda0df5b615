/** `xueliang run` and `xueliang receive` as processes: what they leave behind when they are killed, and that neither starts on what is wrong. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { Daemon } from "./endurance/daemon.ts";
import { TestClips } from "./peers/clips.ts";
import { until } from "./peers/open-delivery.ts";

const program = join(import.meta.dirname, "../xueliang.mjs");
const login = { user: "admin", password: "p@ss #1 雪亮'$HOME" };
const stack = new AsyncDisposableStack();
let folder = "";
let simulator: CameraSimulator;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "daemon-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const clips = stack.use(await TestClips.make(["h264"]));
  const mounts = { "/sub": { clip: clips.path("h264") }, "/main": { clip: clips.path("h264") } };
  simulator = stack.use(await CameraSimulator.open({ mounts, auth: { ...login, scheme: "digest" } }));
}, 60_000);
afterAll(() => stack.disposeAsync());

/** A site in a folder of its own; `more` is merged into its one camera. */
async function site(name: string, more: object = {}): Promise<{ readonly config: string; readonly storage: string }> {
  const config = join(folder, name, "config");
  await mkdir(config, { recursive: true });
  const camera = { id: "pier", url: simulator.url("/sub"), width: 160, rate: 2, ...more };
  const gateway = {
    schema: "xueliang.gateway/1",
    site: { id: "box-1", name: "北码头" },
    web: { listen: "127.0.0.1:0" },
  };
  await writeFile(join(config, "gateway.yaml"), stringify({ ...gateway, cameras: [camera] }));
  await writeFile(join(config, "secrets.yaml"), stringify({ cameras: { pier: login } }), { mode: 0o600 });
  return { config, storage: join(folder, name, "var") };
}

/** A command to its end. */
async function ended(
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => (said.out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (said.err += data.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...said };
}

/** Where no init collects orphans, a dead one stays as a zombie: that is not alive. */
function isAlive(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(textOf(`/proc/${pid}/status`));
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // Gone.
  }
}

const wait = { timeout: 180_000 };

test(
  "killed with -9 while a sub-stream, a main stream and a detector run: nobody stays, nothing shows a password, the next one streams",
  wait,
  async () => {
    const more = { evidenceUrl: simulator.url("/main"), clip: { beforeSec: 1, afterSec: 1 } };
    const { config, storage } = await site("killed", more);
    await using daemon = await Daemon.start(config, storage);
    const ffmpegs = () => daemon.descendants().filter(({ name }) => name.startsWith("ffmpeg"));
    await until(
      "both streams",
      () => ffmpegs().length >= 2 && simulator.viewerCount("/sub") + simulator.viewerCount("/main") >= 2,
    );
    const { pid, detectors } = await daemon.status();
    const below = daemon.descendants();
    const detector = detectors[0]?.pids[0] ?? 0;
    expect(below.map((one) => one.pid)).toContain(detector);
    for (const one of [pid, ...below.map((child) => child.pid)])
      for (const file of ["cmdline", "environ"])
        expect(textOf(`/proc/${one}/${file}`), `${file} of ${one}`).not.toMatch(/p@ss|p%40ss|#1 雪亮|%231/);
    // What waits for a camera that says nothing notices no pipe that is gone.
    for (const path of ["/sub", "/main"]) simulator.setFault(path, { kind: "freeze" });
    process.kill(pid, "SIGKILL");
    await until("every child's end", () => !below.some((child) => isAlive(child.pid)), 30_000);
    await until("no viewer", () => simulator.viewerCount("/sub") + simulator.viewerCount("/main") === 0);
    for (const path of ["/sub", "/main"]) simulator.setFault(path, { kind: "none" });
    await using next = await Daemon.start(config, storage);
    await until("the next one's stream", () => simulator.viewerCount("/sub") === 1);
    const asked = await ended(["status", "--json", "--config", config]);
    expect(JSON.parse(asked.out)).toMatchObject({ type: "result", status: { site: { id: "box-1" } } });
    await next.end("SIGTERM");
    expect((await ended(["status", "--config", config])).code).toBe(10);
  },
);

test(
  "on a config that is wrong nothing starts: 78, every mistake with its place, no camera is asked, no database made",
  wait,
  async () => {
    const { config, storage } = await site("wrong", { rat: 5, rate: 99 });
    const before = simulator.connectionCount;
    const plain = await ended(["run", "--config", config, "--lang", "zh"]);
    expect(plain.code).toBe(78);
    expect(plain.err).toMatch(/gateway\.yaml:\d+:\d+/);
    expect(plain.err).toMatch(/\^+/);
    expect(plain.err).toContain("CONFIG_UNKNOWN_KEY");
    expect(plain.err).toContain("CONFIG_RANGE");
    const json = await ended(["run", "--config", config, "--json"]);
    expect(JSON.parse(json.out.trim().split("\n").at(-1) ?? "")).toMatchObject({
      type: "result",
      ok: false,
      exit_code: 78,
    });
    expect(simulator.connectionCount).toBe(before);
    expect(existsSync(join(storage, "gateway.db"))).toBe(false);
  },
);

test("a receiver whose port is taken says so and ends; one that is stopped ends with 0", wait, async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const place = ["--folder", join(folder, "platform")];
  const failed = await ended(["receive", "--listen", `tcp://127.0.0.1:${port}`, ...place, "--json"]);
  taken.close();
  const result = JSON.parse(failed.out.trim().split("\n").at(-1) ?? "") as Record<string, unknown>;
  expect(result).toMatchObject({
    type: "result",
    ok: false,
    exit_code: failed.code,
    error: { code: "RECEIVER_LISTEN" },
  });
  expect(failed.code).not.toBe(0);
  const child = spawn(process.execPath, [program, "receive", "--listen", "tcp://127.0.0.1:0", ...place, "--json"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  let out = "";
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  await until("its first line", () => out.includes("\n"));
  const gone = once(child, "close");
  child.kill("SIGTERM");
  expect((await gone)[0]).toBe(0);
  expect(JSON.parse(out.trim().split("\n").at(-1) ?? "")).toMatchObject({ type: "result", ok: true, exit_code: 0 });
});

test(
  "a second receiver on one folder is refused with the remedy; after a kill -9 of the first it starts",
  wait,
  async () => {
    const args = ["receive", "--listen", "tcp://127.0.0.1:0", "--folder", join(folder, "platform"), "--json"];
    const start = async () => {
      const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "ignore"] });
      let out = "";
      child.stdout.on("data", (data: Buffer) => (out += data.toString()));
      await until("it listens", () => out.includes("listening"));
      return child;
    };
    const first = await start();
    const refused = await ended(args);
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.out.trim().split("\n").at(-1) ?? "")).toMatchObject({
      error: { code: "RECEIVER_RUNNING" },
    });
    const gone = once(first, "close");
    first.kill("SIGKILL");
    await gone;
    const second = await start();
    const stopped = once(second, "close");
    second.kill("SIGTERM");
    expect((await stopped)[0]).toBe(0);
  },
);
