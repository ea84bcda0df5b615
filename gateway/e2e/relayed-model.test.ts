/** Another model for a box behind a relay: whole gateways over real sockets, and the relay goes away in the middle. */
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { steadyModel, tinyManifest, writePackage } from "../analysis/detection/testing/tiny-onnx.ts";
import { terminal } from "../cli/testing/terminal.ts";
import { loadConfig } from "../config/load.ts";
import { ensureKeys, enrolment } from "../delivery/uplink/keys.ts";
import { Gateway } from "../gateway.ts";
import { systemClock } from "../runtime/clock.ts";
import { openLog } from "../runtime/log.ts";
import { fleet } from "../../platform/fleet/fleet.ts";
import { makeOperatorKey } from "../../platform/fleet/operator-key.ts";
import { receiverKeys } from "../../platform/receiver-keys.ts";
import { openPlatform } from "./peers/commanded-box.ts";
import { freePort } from "./peers/free-port.ts";
import { until } from "./peers/open-delivery.ts";

vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

const stack = new AsyncDisposableStack();
let folder = "";
let city: Awaited<ReturnType<typeof openPlatform>>;
let street: Gateway;

/** A gateway in `folder/name` with this config. */
async function openGateway(name: string, more: object): Promise<Gateway> {
  const config = join(folder, name, "config");
  await mkdir(config, { recursive: true });
  const whole = {
    schema: "xueliang.gateway/1",
    site: { id: name, name, language: "en" },
    storage: { folder: "data" },
    web: { enabled: false },
    detector: { model: "river" },
    ...more,
  };
  await writeFile(join(config, "gateway.yaml"), stringify(whole));
  const log = openLog({ language: "en", level: "silent" });
  const modelsFolder = join(folder, "models");
  return Gateway.open({ config: await loadConfig(config), modelsFolder, language: "en", log });
}
const dataOf = (name: string): string => join(folder, name, "data");

/** A package named `river`; `ballast` bytes make its way long. */
async function packaged(version: string, ballast: number): Promise<string> {
  const file = steadyModel();
  const manifest = tinyManifest(file, { name: "river", version: `"${version}"`, input: "{ layout: nhwc }" });
  const path = await writePackage(join(folder, "packages"), version, file, manifest);
  await mkdir(join(path, "samples"));
  const dark = sharp({ create: { width: 32, height: 32, channels: 3, background: "black" } });
  await dark.jpeg().toFile(join(path, "samples/dark.jpg"));
  await writeFile(join(path, "samples/expected.json"), JSON.stringify({ "dark.jpg": { person: 1, boat: 1 } }));
  await writeFile(join(path, "LICENSE"), "may be used for tests\n");
  if (ballast > 0) await writeFile(join(path, "ballast.bin"), randomBytes(ballast));
  return path;
}

/** What an operator at the city sees of an update; its exit code. */
async function updated(path: string) {
  const { io, said } = terminal(folder);
  const args = ["--key", "duty.json", "--folder", "platform", "--trial", "5", "--wait", "150"];
  const code = await fleet(["model-update", path, "box-1", ...args], io);
  return { code, ...said };
}

let openStreet: () => Promise<Gateway>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "relayed-model-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const duty = await makeOperatorKey(join(folder, "duty.json"), "duty", "ed25519");
  city = await openPlatform(stack, folder);
  const [streetKeys, boxKeys] = await Promise.all([ensureKeys(dataOf("street-1")), ensureKeys(dataOf("box-1"))]);
  await city.receiver.enrol({ ...enrolment("street-1", streetKeys), children: ["box-1"] });
  const watching = new AbortController();
  const watched = city.spool.watch(city.receiver, systemClock, watching.signal);
  stack.defer(async () => {
    watching.abort();
    await watched;
  });
  await writePackage(join(folder, "models"), "river", steadyModel(), tinyManifest(steadyModel(), { name: "river" }));
  const listen = `tcp://127.0.0.1:${await freePort()}`;
  const cameras = [{ id: "pier", name: "码头", url: "file:none.mp4", enabled: false }];
  openStreet = () =>
    openGateway("street-1", {
      cameras,
      uplinks: [{ id: "city", address: city.receiver.address, serverKey: city.receiver.serverKey }],
      relay: { listen, gateways: [enrolment("box-1", boxKeys)] },
    });
  street = await openStreet();
  await until("the relay is with the city", () => city.receiver.connected.includes("street-1"));
  stack.defer(() => street[Symbol.asyncDispose]());
  const { publicKey } = await receiverKeys(join(dataOf("street-1"), "relay/receiver-keys.json"));
  stack.use(
    await openGateway("box-1", {
      cameras,
      uplinks: [{ id: "street", address: listen, serverKey: publicKey }],
      commands: { accept: ["model.update"], keys: [duty] },
    }),
  );
});
afterAll(() => stack.disposeAsync());

test("the package comes through the relay, and what had come before the relay went is not asked for again", async () => {
  const bytes = 4_000_000;
  const piece = city.spool.piece.bind(city.spool);
  const asked: string[] = [];
  let restarted = null as Promise<void> | null;
  const asking = vi.spyOn(city.spool, "piece").mockImplementation((ask) => {
    asked.push(`${ask.sha256} ${ask.off}`);
    if (asked.length === 100)
      restarted = street[Symbol.asyncDispose]().then(async () => {
        street = await openStreet();
      });
    return piece(ask);
  });
  const { code, out, err } = await updated(await packaged("second", bytes));
  asking.mockRestore();
  expect(restarted, "the relay went while the files were on their way").not.toBeNull();
  await restarted;
  expect(out).toContain("done  river second looks");
  expect(code).toBe(0);
  expect(err).toContain("testing the package on its own pictures");
  const different = new Set(asked).size;
  expect(different).toBeGreaterThan(bytes / 16_384);
  expect(asked.length - different, "only what was under way when the relay went").toBeLessThanOrEqual(2);
});

test("a package that counts wrongly is refused up there with the box's own word", async () => {
  const path = await packaged("third", 0);
  await writeFile(join(path, "samples/expected.json"), JSON.stringify({ "dark.jpg": { person: 4 } }));
  const { code, out } = await updated(path);
  expect(out).toContain("failed  MODEL_GOLDEN");
  expect(code).toBe(1);
});

test("a file that the city no longer has ends the order with a word, not with waiting", async () => {
  const piece = vi.spyOn(city.spool, "piece").mockResolvedValue(null);
  const { code, out } = await updated(await packaged("fourth", 0));
  piece.mockRestore();
  expect(out).toContain("failed  TRANSFER_FAILED");
  expect(out).toContain("this platform does not have that file");
  expect(code).toBe(1);
});
