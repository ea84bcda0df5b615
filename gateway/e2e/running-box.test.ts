/** A whole box with good and bad neighbours on it: what it says of itself, to whom, and that nobody's fault is another's. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { Receiver } from "../../platform/receiver.ts";
import { encoded } from "../analysis/capture/camera-url.ts";
import { steadyModel, tinyManifest, writePackage } from "../analysis/detection/testing/tiny-onnx.ts";
import { loadConfig } from "../config/load.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { Gateway } from "../gateway.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { GatewayError } from "../runtime/errors.ts";
import { writePassword } from "../web/password-file.ts";
import { Guest } from "../web/testing/open-site.ts";
import { TestClips } from "./peers/clips.ts";
import { until } from "./peers/open-delivery.ts";

const login = { user: "op 1", password: 'p@ss:/w#1 雪亮"%41' };
const whole = steadyModel();

/** What is wrong with the model of each camera that is named after it. */
const badModels = {
  "cut-short": { file: whole.subarray(0, 150), code: "MODEL_TRUNCATED" },
  noise: { file: Uint8Array.from({ length: 4_000 }, (_, i) => (i * 89) % 251), code: "MODEL_TRUNCATED" },
  mislabelled: { file: whole, lines: { labels: "[person, boat, rod]" }, code: "MODEL_" },
  swapped: { file: whole, lines: { sha256: "f".repeat(64) }, code: "MODEL_CHECKSUM" },
} as const;

const stack = new AsyncDisposableStack();
const logged: string[] = []; // The test ends after a minute.
let folder = "";
let gateway: Gateway;
let origin = "";
let platform: { readonly listen: string; readonly folder: string; readonly language: "en" };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "running-box-"));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const models = join(folder, "models");
  await writePackage(models, "steady", whole, tinyManifest(whole));
  for (const [name, { file, ...more }] of Object.entries(badModels))
    await writePackage(models, name, file, tinyManifest(file, "lines" in more ? more.lines : {}));
  const clips = stack.use(await TestClips.make(["h264"]));
  const mounts = { "/river": { clip: clips.path("h264") } };
  const simulator = stack.use(await CameraSimulator.open({ mounts, auth: { ...login, scheme: "digest" } }));
  const serverKey = await platformThatIsAway();
  const config = join(folder, "config");
  await mkdir(join(config, "zones"), { recursive: true });
  const plain = { url: simulator.url("/river"), width: 160, rate: 2 };
  const site = {
    schema: "xueliang.gateway/1",
    // One silence is enough for a detector to be replaced.
    detector: { model: "steady", timeoutSec: 2 },
    site: { id: "box-1", name: "北码头" },
    web: { listen: "127.0.0.1:0" },
    uplinks: [{ id: "city", address: platform.listen, serverKey }],
    cameras: [
      { id: "pier", ...plain },
      { id: "locked", ...plain },
      { id: "nowhere", url: simulator.url("/nowhere") },
      ...Object.keys(badModels).map((id) => ({ id, ...plain, model: id })),
    ],
  };
  await writeFile(join(config, "gateway.yaml"), stringify(site));
  const known = ["pier", "nowhere", ...Object.keys(badModels)].map((id) => [id, { ...login }]);
  const cameras = { ...Object.fromEntries(known), locked: { ...login, password: "wrong one" } } as object;
  await writeFile(join(config, "secrets.yaml"), stringify({ cameras }), { mode: 0o600 });
  await writePassword(join(folder, "var"), "correct horse");
  const note = (values: object, fact: string, error?: unknown): void => {
    const said = error instanceof GatewayError ? [error.code, error.say("zh"), error.hint("en")] : String(error);
    logged.push(JSON.stringify({ ...values, fact, said }));
  };
  const log = { info: note, warn: note, error: note };
  gateway = stack.use(
    await Gateway.open({ config: await loadConfig(config), language: "en", log, modelsFolder: models }),
  );
  const stop = new AbortController();
  const running = gateway.run(stop.signal);
  stack.defer(async () => {
    stop.abort();
    await running;
  });
  origin = (gateway.pageAddress ?? "").replace(/\/$/, "");
}, 120_000);
afterAll(async () => {
  await stack.disposeAsync();
});

/** Enrols the box and goes; returns its key. */
async function platformThatIsAway(): Promise<string> {
  const place = { folder: join(folder, "platform"), language: "en" } as const;
  await using receiver = await Receiver.open({ listen: "tcp://127.0.0.1:0", ...place });
  await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "var"))));
  platform = { listen: receiver.address, ...place };
  return receiver.serverKey;
}

const camera = (id: string) => gateway.status().cameras.find((one) => one.id === id);

/** What `/metrics` says now, by name and labels. */
async function metrics(): Promise<Readonly<Record<string, number>>> {
  const token = (await readFile(join(folder, "var", "metrics-token"), "utf8")).trim();
  const answer = await fetch(`${origin}/metrics`, { headers: { authorization: `Bearer ${token}` } });
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]),
  );
}

const wait = { timeout: 120_000 };

test("one camera is looked at without a break, whatever is wrong with its neighbours", wait, async () => {
  await until("frames that are looked at", () => (camera("pier")?.analysed ?? 0) > 10);
  await until(
    "what is wrong with the others",
    () => camera("locked")?.lastError != null && camera("nowhere")?.lastError != null,
  );
  expect(camera("pier")).toMatchObject({ reconnects: 0, lastError: null });
  expect(camera("locked")?.lastError?.code).toBe("CAMERA_UNAUTHORIZED");
  expect(camera("nowhere")?.lastError?.code).toBe("CAMERA_NOT_FOUND");
});

describe("a model that cannot be used: its camera streams, nobody looks, and its detector says why", () => {
  test.each(Object.entries(badModels))("%s", wait, async (id, { code }) => {
    await until("frames", () => (camera(id)?.framesIn ?? 0) > 5);
    await until("that nobody looks", () => (camera(id)?.notLookedAt ?? 0) > 0);
    expect(camera(id)?.analysed).toBe(0);
    const detector = gateway.status().detectors.find(({ model }) => model === id);
    expect(detector).toMatchObject({ state: "stopped", pids: [] });
    expect(detector?.lastError?.code).toMatch(new RegExp(`^${code}`));
    expect(logged.some((line) => line.includes(`"${code}`) && line.includes(id))).toBe(true);
  });

  test("and it looks as soon as the package is whole", wait, async () => {
    await writePackage(join(folder, "models"), "cut-short", whole, tinyManifest(whole));
    await until("frames that are looked at", () => (camera("cut-short")?.analysed ?? 0) > 0, 100_000);
  });
});

test.each([
  ["of one camera", (text: string) => text.replace("- id: pier", "- id: pier\n    model: fresh")],
  ["of all cameras", (text: string) => text.replace("model: steady", "model: fresh")],
])("a config change to such a model, %s, is refused, and the box looks on as before", wait, async (_, changed) => {
  await writePackage(join(folder, "models"), "fresh", badModels.noise.file, tinyManifest(badModels.noise.file));
  const path = join(folder, "config", "gateway.yaml");
  const before = await readFile(path, "utf8");
  expect(changed(before)).not.toBe(before);
  const from = logged.length;
  await writeFile(path, changed(before));
  await until("the refusal", () => logged.slice(from).some((line) => /"fact":"config".*MODEL_TRUNCATED/.test(line)));
  await writeFile(path, before);
  const seen = (): number => camera("pier")?.analysed ?? 0;
  const [start] = [seen()];
  await until("frames that are looked at", () => seen() > start + 2 || (seen() < start && seen() > 2));
});

test("Prometheus reads what the box knows, and the depth and age of its outbox rise and fall", wait, async () => {
  await until("frames that are looked at", () => (camera("pier")?.analysed ?? 0) > 10);
  const pid = gateway.status().detectors.find(({ model }) => model.startsWith("steady"))?.pids[0] ?? 0;
  process.kill(pid, "SIGSTOP");
  await until("that nobody looked", () => (camera("pier")?.notLookedAt ?? 0) > 0);
  await until("the next detector", () => gateway.status().detectors.some(({ restarts }) => restarts > 0));
  const before = await metrics();
  const of = (name: string, more = ""): number => before[`xueliang_${name}{camera="pier"${more}}`] ?? Number.NaN;
  expect(of("camera_frames_total")).toBeGreaterThan(10);
  expect(of("camera_frames_analysed_total")).toBeGreaterThan(10);
  expect(of("camera_frames_gated_total")).toBeGreaterThanOrEqual(0);
  expect(of("camera_frames_dropped_total", ',reason="not_looked_at"')).toBeGreaterThan(0);
  for (const reason of ["overwritten", "shed"])
    expect(of("camera_frames_dropped_total", `,reason="${reason}"`)).toBeGreaterThanOrEqual(0);
  expect(of("camera_state", ',state="streaming"')).toBe(1);
  expect(before['xueliang_camera_state{camera="locked",state="waiting"}']).toBe(1);
  const runs = Object.entries(before).filter(([name]) => name.startsWith("xueliang_detector_run_seconds"));
  expect(runs.length).toBeGreaterThanOrEqual(2);
  for (const [, seconds] of runs) expect(seconds > 0 && seconds < 5, `${seconds} s a run`).toBe(true);

  const [depth, age] = ['xueliang_outbox_depth{uplink="city"}', 'xueliang_outbox_oldest_age_seconds{uplink="city"}'];
  expect(before[depth]).toBeGreaterThan(0);
  expect(before[age]).toBeGreaterThan(0);
  const older = await metrics();
  expect(older[age]).toBeGreaterThan(before[age] ?? Infinity);
  stack.use(await Receiver.open(platform));
  await until("an empty outbox", () => gateway.status().delivery.uplinks[0]?.depth === 0);
  await expect.poll(async () => (await metrics())[age], { timeout: 60_000 }).toBe(0);
  expect((await metrics())['xueliang_uplink_acknowledged_total{uplink="city"}']).toBeGreaterThan(0);
});

test(
  "the page shows the same to who is logged in, and nothing to others; no login of a camera anywhere",
  wait,
  async () => {
    const guest = new Guest(origin);
    for (const path of ["/cameras", "/config", "/events"]) expect((await guest.ask("GET", path)).status).toBe(401);
    expect((await fetch(`${origin}/metrics`)).status).toBe(401);
    await guest.login("correct horse");
    const shown: string[] = [JSON.stringify(gateway.status()), JSON.stringify(await metrics()), ...logged];
    for (const path of ["/cameras", "/cameras/pier", "/config", "/box", "/logs", "/events"])
      shown.push(JSON.stringify((await guest.ask("GET", path)).body));
    const page = await fetch(`${origin}/`, { headers: { cookie: guest.cookie } });
    shown.push(await page.text());
    for (const secret of [login.password, encoded(login.password), "wrong one", btoa("op 1:wrong one")])
      for (const text of shown)
        for (const form of [secret, JSON.stringify(secret).slice(1, -1)]) expect(text.includes(form), text).toBe(false);
  },
);
