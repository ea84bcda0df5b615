/** A real box for tests of the page: the simulator's cameras, the real gateway, opened from an address that is not loopback. */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { stringify } from "yaml";
import { loadConfig } from "../../../config/load.ts";
import { Gateway } from "../../../gateway.ts";
import { CameraSimulator } from "../../../rehearsal/camera-simulator/camera-simulator.ts";
import { openLog, type Log } from "../../../runtime/log.ts";
import { writePassword } from "../../password-file.ts";
import { buildPage } from "../build.mjs";

const clip = new URL("../../../../test-fixtures/clips/second-rod.mp4", import.meta.url).pathname;

/** The zones file of the first camera, with comments and odd decimals that must survive. */
export const zonesText = `# Zones of the first camera. This comment stays.
schema: xueliang.zones/1
camera: north
zones:
  - id: shore   # the near bank
    name: 岸线
    kind: one-rod-water
    polygon: [[0.2, 0.2], [0.6, 0.2], [0.6, 0.6], [0.2, 0.6]]
    rules:
      - fishing-multi-rod
  - id: quay
    name: 码头
    polygon: [[0.7, 0.123456], [0.9, 0.1], [0.8, 0.4]]
lines:
  - { id: gate, name: 闸口, from: [0.2, 0.8], to: [0.6, 0.8], direction: left-to-right }
`;

/** Of the user `admin`. */
export const testPassword = "correct horse battery";

/** What a test needs of the box. */
export interface TestBox extends AsyncDisposable {
  /** `http://192.0.2.2:43211/` */
  readonly address: string;
  /** Config folder on disk. */
  readonly config: string;
  readonly isLoopback: boolean;
  readonly simulator: CameraSimulator;
  /** The clip of the south: other proportions than the north's. */
  readonly squarer: string;
  readonly gateway: Gateway;
}

/** What differs from the usual box. */
export interface BoxWishes {
  /** Ids of cameras besides north and south; each shows the clip of the north. */
  readonly more?: readonly string[];
  /** What one of `more` shows instead, from its first picture on: a camera that changes its clip later has moved. */
  readonly clips?: Readonly<Record<string, string>>;
  /** Keys of the config of the north, made with the simulator. */
  readonly north?: (simulator: CameraSimulator) => Readonly<Record<string, unknown>>;
  /** Where it sends to, made of its storage folder (there lie its keys). */
  readonly uplinks?: (storage: string) => Promise<readonly object[]>;
  readonly log?: Log;
  /** HTTPS with the box's own certificate. */
  readonly tls?: boolean;
}

/** The first address of this machine that is not loopback; where there is none, loopback has to do, and the test says so. */
function ownAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ internal, family }) => !internal && family === "IPv4")?.address ?? "127.0.0.1";
}

/** A second picture with other proportions. */
async function squarerClip(folder: string): Promise<string> {
  const path = join(folder, "squarer.mp4");
  const source = ["-f", "lavfi", "-i", "testsrc2=size=640x480:rate=10:duration=4"];
  const encode = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "10", "-bf", "0"];
  await promisify(execFile)("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", ...source, ...encode, path]);
  return path;
}

/** Builds the page when it is old, starts cameras and gateway. */
export async function openBox(wishes: BoxWishes = {}): Promise<TestBox> {
  await buildPage({ ifChanged: true });
  const folder = await mkdtemp(join(tmpdir(), "xueliang-page-"));
  const stack = new AsyncDisposableStack();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const {
    more = [],
    clips = {},
    north = () => ({}),
    uplinks = async () => [],
    tls = false,
    log = openLog({ language: "en", level: "error" }),
  } = wishes;
  const squarer = await squarerClip(folder);
  const mounts = {
    "/north": { clip },
    "/south": { clip: squarer },
    ...Object.fromEntries(more.map((id) => [`/${id}`, { clip: clips[id] ?? clip }])),
  };
  const simulator = stack.use(await CameraSimulator.open({ mounts }));
  const config = join(folder, "config");
  await mkdir(join(config, "zones"), { recursive: true });
  const gateway = {
    schema: "xueliang.gateway/1",
    site: { id: "box-1", name: "测试码头" },
    storage: { folder: "data" },
    web: { listen: "0.0.0.0:0", ...(tls ? { tls: {} } : {}) },
    uplinks: await uplinks(join(folder, "data")),
    cameras: [
      { id: "north", name: "北码头", url: simulator.url("/north"), ...north(simulator) },
      { id: "south", name: "南码头", url: simulator.url("/south") },
      ...more.map((id) => ({ id, url: simulator.url(`/${id}`) })),
    ],
  };
  await writeFile(join(config, "gateway.yaml"), stringify(gateway));
  await writeFile(join(config, "zones", "north.yaml"), zonesText);
  await mkdir(join(folder, "data"), { recursive: true });
  await writePassword(join(folder, "data"), testPassword);
  const box = stack.use(
    await Gateway.open({
      config: await loadConfig(config),
      language: "zh",
      log,
    }),
  );
  const ended = new AbortController();
  const running = box.run(ended.signal);
  stack.defer(async () => {
    ended.abort();
    await running;
  });
  const port = new URL(box.pageAddress ?? "").port;
  const host = ownAddress();
  return {
    address: `http${tls ? "s" : ""}://${host}:${port}/`,
    config,
    isLoopback: host === "127.0.0.1",
    simulator,
    squarer,
    gateway: box,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
