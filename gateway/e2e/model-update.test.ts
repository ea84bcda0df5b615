/** Another model from above: over real sockets into a running box, tested on its own pictures, and gone again when it fails. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import {
  blindedModel,
  slowModel,
  steadyModel,
  tinyManifest,
  writePackage,
} from "../analysis/detection/testing/tiny-onnx.ts";
import { terminal } from "../cli/testing/terminal.ts";
import { loadConfig } from "../config/load.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { Gateway } from "../gateway.ts";
import { CameraSimulator } from "../rehearsal/camera-simulator/camera-simulator.ts";
import { systemClock } from "../runtime/clock.ts";
import { openLog } from "../runtime/log.ts";
import { fleet } from "../../platform/fleet/fleet.ts";
import { makeOperatorKey, type OperatorPublic } from "../../platform/fleet/operator-key.ts";
import { openPlatform } from "./peers/commanded-box.ts";
import { until } from "./peers/open-delivery.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const stack = new AsyncDisposableStack();
let folder = "";
let duty: OperatorPublic;
let gateway: Gateway;
let platform: Awaited<ReturnType<typeof openPlatform>>;
let camera: CameraSimulator;

/** A person at 10,10 and nothing else: what is read as a boat is read wrongly. */
const onePerson = [10, 10, 8, 4, 0.9, 0, 20, 20, 8, 4, 0, 0.01];

/** A package with everything that a box wants; `change` spoils it. */
async function packaged(
  name: string,
  { file = steadyModel(onePerson), lines = {}, counts = { person: 1 }, without = "" }: Partial<Recipe> = {},
): Promise<string> {
  const manifest = tinyManifest(file, { name: "river", version: `"${name}"`, input: "{ layout: nhwc }", ...lines });
  const path = await writePackage(join(folder, "packages"), name, file, manifest);
  await mkdir(join(path, "samples"), { recursive: true });
  const dark = sharp({ create: { width: 32, height: 32, channels: 3, background: "black" } });
  await dark.jpeg().toFile(join(path, "samples", "dark.jpg"));
  await writeFile(join(path, "samples", "expected.json"), JSON.stringify({ "dark.jpg": counts }));
  await writeFile(join(path, "LICENSE"), "may be used for tests\n");
  if (without !== "") await rm(join(path, without), { recursive: true });
  return path;
}
interface Recipe {
  readonly file: Uint8Array;
  readonly lines: Readonly<Record<string, string>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly without: string;
}

/** What an operator sees of an update; its exit code. */
async function updated(path: string, ...more: readonly string[]) {
  const { io, said } = terminal(folder);
  const args = ["--key", "duty.json", "--folder", "platform", "--trial", "5", "--wait", "120", ...more];
  const code = await fleet(["model-update", path, "box-1", ...args], io);
  return { code, ...said };
}
const model = (): string =>
  gateway
    .status()
    .detectors.map((one) => one.model)
    .join(", ");
const pier = () => {
  const [status] = gateway.status().cameras;
  if (!status) throw new Error("no camera");
  return status;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "model-update-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  duty = await makeOperatorKey(join(folder, "duty.json"), "duty", "ed25519");
  platform = await openPlatform(stack, folder);
  await platform.receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "data"))));
  const watching = new AbortController();
  const watched = platform.spool.watch(platform.receiver, systemClock, watching.signal);
  stack.defer(async () => {
    watching.abort();
    await watched;
  });
  const clip = join(folder, "bright.mp4");
  const source = "testsrc=size=320x180:rate=10,format=yuv420p,lutyuv=y=val/4+185";
  const coder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-bf", "0"];
  await promisify(execFile)("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, "-t", "3", ...coder, clip]);
  camera = stack.use(await CameraSimulator.open({ mounts: { "/a": { clip } } }));
  await packaged("first");
  await mkdir(join(folder, "models"));
  await writePackage(join(folder, "models"), "river", steadyModel(onePerson), await manifestOf("first"));
  await mkdir(join(folder, "config/zones"), { recursive: true });
  await writeFile(
    join(folder, "config/gateway.yaml"),
    stringify({
      schema: "xueliang.gateway/1",
      site: { id: "box-1", name: "测试", language: "en" },
      storage: { folder: "data" },
      web: { enabled: false },
      uplinks: [{ id: "city", address: platform.receiver.address, serverKey: platform.receiver.serverKey }],
      commands: { accept: ["model.update", "health.get"], keys: [duty] },
      detector: { model: "river" },
      cameras: [{ id: "pier", name: "码头", url: camera.url("/a"), rate: 10 }],
    }),
  );
  const zone = {
    id: "water",
    kind: "general",
    polygon: [[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]],
    rules: [{ type: "illegal-dwelling", kind: "presence-dwell", labels: ["person"], suspectedSec: 1, detectedSec: 2 }],
  }; // prettier-ignore
  await writeFile(
    join(folder, "config/zones/pier.yaml"),
    stringify({ schema: "xueliang.zones/1", camera: "pier", zones: [zone] }),
  );
  gateway = stack.use(
    await Gateway.open({
      config: await loadConfig(join(folder, "config")),
      modelsFolder: join(folder, "models"),
      language: "en",
      log: openLog({ language: "en", level: "silent" }),
    }),
  );
  await until("looking", () => (gateway.status().cameras[0]?.analysed ?? 0) > 5);
  await until("connected", () => platform.receiver.connected.includes("box-1"));
});
afterAll(() => stack.disposeAsync());

async function manifestOf(name: string): Promise<string> {
  return readFile(join(folder, "packages", name, "model.yaml"), "utf8");
}

test("a good package takes the place of the running one, and no frame is lost or passed over", async () => {
  expect(model()).toBe("river first");
  const before = pier();
  const { code, out, err } = await updated(await packaged("second"));
  expect(out).toContain("done  river second looks");
  expect(code).toBe(0);
  expect(err).toContain("testing the package on its own pictures");
  expect(err).toContain("river second looks; on trial for 5 s");
  await until("told", () => model() === "river second");
  const seen = ({ analysed, gated }: ReturnType<typeof pier>): number => analysed + gated;
  await until("it looks on", () => seen(pier()) - seen(before) > 10);
  const after = pier();
  expect(after.notLookedAt).toBe(before.notLookedAt);
  expect(after.decoderPid).toBe(before.decoderPid);
  expect(platform.spool.answered().length).toBe(1);
  // The word is kept first, then the files go.
  await until("its files to be gone", () => readdirSync(join(folder, "platform/commands/files")).length === 0);
  // The same once more changes nothing.
  expect((await updated(join(folder, "packages/second"))).out).toContain("river is this package already");
});

test.each<readonly [string, () => Promise<string>, string]>([
  ["half of the file", () => packaged("half", { file: steadyModel(onePerson).subarray(0, 150) }), "MODEL_TRUNCATED"],
  ["random bytes", () => packaged("random", { file: Uint8Array.from({ length: 4_000 }, (_, i) => (i * 89) % 251) }), "MODEL_TRUNCATED"],
  ["a manifest of another file", () => packaged("other-file", { lines: { sha256: "f".repeat(64) } }), "MODEL_CHECKSUM"],
  ["labels in the wrong order", () => packaged("swapped", { lines: { labels: "[boat, person]" } }), "MODEL_GOLDEN"],
  ["a label that a rule needs is missing", () => packaged("cars", { lines: { labels: "[car, boat]" }, counts: { car: 1 } }), "MODEL_LABELS"],
  ["another model", () => packaged("lake", { lines: { name: "lake" } }), "MODEL_NAME"],
  ["the version in use with other bytes", () => packaged("twin", { file: steadyModel(), lines: { version: "second" }, counts: { person: 1, boat: 1 } }), "MODEL_VERSION"],
  ["no licence", () => packaged("bare", { without: "LICENSE" }), "MODEL_LICENSE"],
  ["no pictures", () => packaged("blind", { without: "samples" }), "MODEL_SAMPLES"],
  ["a head that the file does not give", () => packaged("headless", { lines: { labels: "[person, boat, bird]" } }), "MODEL_"],
  ["far too slow", () => packaged("slow", { file: slowModel(1_000, 40), counts: { person: 1, boat: 1 } }), "MODEL_SLOW"],
])("refused before it looks: %s", async (_name, make, code) => {
  const { out, code: exit } = await updated(await make(), "--model", "river");
  expect(out).toContain(`failed  ${code}`);
  expect(exit).toBe(1);
  expect(model()).toBe("river second");
}); // prettier-ignore

test("one that passes its test and fails at work goes by itself, and the former one looks on", async () => {
  const path = await packaged("blinded", { file: blindedModel(150), counts: { person: 1, boat: 1 } });
  const { out } = await updated(path);
  expect(out).toContain("failed  MODEL_TRIAL");
  await until("the former one", () => model() === "river second");
  const { analysed } = pier();
  await until("it looks", () => pier().analysed > analysed);
});

test("bytes that were changed on the platform are not those that were signed", async () => {
  const path = await packaged("third");
  const { receiver, spool } = platform;
  const carry = vi.spyOn(receiver, "carry").mockReturnValue(false);
  const first = await updated(path, "--wait", "0");
  expect(first.code).toBe(3);
  const [cmd = ""] = await readdir(join(folder, "platform/commands/files"));
  const names = await readdir(join(folder, "platform/commands/files", cmd));
  const onnx = steadyModel(onePerson);
  for (const name of names) {
    const at = join(folder, "platform/commands/files", cmd, name);
    const bytes = await readFile(at);
    if (bytes.equals(onnx)) await writeFile(at, Buffer.from(bytes).fill(7, 100, 120));
  }
  carry.mockRestore();
  await until("the last word", () => !spool.isPending(cmd));
  expect(spool.result(cmd)).toMatchObject({
    state: "failed",
    detail: expect.stringContaining("its bytes are not those that were signed") as string,
  });
  expect(model()).toBe("river second");
});

test("every order and every word is in the box's audit", async () => {
  const { out } = await updated(await packaged("fourth"));
  expect(out).toContain("done  river fourth looks");
  await until(
    "told as events",
    () => platform.events.filter(({ event }) => event.type === "system.command.v1").length >= 15,
  );
});
