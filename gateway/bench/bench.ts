/**
 * `npm run bench`: what the gateway costs over its floor, for 1 and 4 cameras. The floor is plain ffmpeg decoding of the same
 * streams at the same rate and size, plus the bare model as many times at the same rate (between two looks its memory leaves
 * the caches, as in any gateway). Both run in the very same seconds: a machine's speed may halve from one minute to the next.
 * Beside it stands what the model costs without a pause and with nothing beside it.
 * Latency is measured while events come every few seconds; processor time after that, with the rule at its usual pace, for
 * a camera has an event a month.
 * Options: --seconds 60, --settle 30, --cameras 1,4, --clip FILE, --model ID, --json.
 */
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs, promisify } from "node:util";
import { stringify } from "yaml";
import { askStatus } from "../cli/control-socket.ts";
import { openKeys } from "../delivery/uplink/keys.ts";
import type { GatewayStatus } from "../runtime/status.ts";
import { cpuSecondsOf, processTree } from "./process-cost.ts";

const root = join(import.meta.dirname, "../..");
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    /** Seconds from the last camera's first look to the calm: a box runs for months, and compiles in the first minute. */
    settle: { type: "string", default: "30" },
    cameras: { type: "string", default: "1,4" },
    clip: { type: "string", default: join(root, "test-fixtures/clips/second-rod.mp4") },
    model: { type: "string", default: "river-starter" },
    json: { type: "boolean", default: false },
  },
});
const seconds = Number(values.seconds);
/** Of every camera, each second: the default of the config. */
const lookRate = 5;
/** Until new rules are read and the last event of the old ones is told, ms. */
const calmMs = 10_000;
const run = promisify(execFile);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** One line of the table. */
interface Row {
  readonly cameras: number;
  /** From the start of the gateway until every camera was looked at. */
  readonly firstLookSec: number;
  readonly analysedPerSecond: number;
  readonly gatewayCpu: number;
  readonly decodeFloorCpu: number;
  /** At the gateway's rate. */
  readonly modelFloorCpu: number;
  readonly ratio: number;
  readonly unpausedModelCpu: number;
  readonly unpausedRatio: number;
  readonly memory: string;
  readonly arrivalToAckMs: string;
}

const rows: Row[] = [];
for (const count of values.cameras.split(",").map(Number)) rows.push(await measure(count));
if (values.json) console.log(JSON.stringify(rows));
else print(rows);

/** Runs peers and gateway, and measures the gateway with its floor beside it on the same streams. */
async function measure(count: number): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), "xueliang-bench-"));
  const peers = spawn(
    process.execPath,
    [join(import.meta.dirname, "bench-peers.ts"), join(folder, "platform"), values.clip, String(count)],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const lines = createInterface({ input: peers.stdout });
  const [first] = (await once(lines, "line")) as [string];
  const { urls, address, serverKey } = JSON.parse(first) as { urls: string[]; address: string; serverKey: string };
  const latencies: number[] = [];
  lines.on("line", (line) => latencies.push((JSON.parse(line) as { arrivalToCommitMs: number }).arrivalToCommitMs));
  await writeSite(folder, urls, address, serverKey);
  const keys = await openKeys(join(folder, "data", "keys.json"));
  peers.stdin.write(`${JSON.stringify({ gw: "bench", curvePublic: keys.curvePublic, signPublic: keys.signPublic })}\n`);
  const startedMs = performance.now();
  const gateway = spawn(process.execPath, [join(root, "gateway/main.ts"), "run", "--config", join(folder, "config")], {
    // The channel tells the gateway when this process is gone, even by SIGKILL.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    const firstLookSec = ((await allLookedAt(gateway, folder, count)) - startedMs) / 1_000;
    // The machinery warms up.
    await pause(Number(values.settle) * 1_000);
    await writeRules(join(folder, "config"), urls.map(cameraId), {});
    await pause(calmMs);
    const inCalm = latencies.length;
    const sizes = (await askStatus(join(folder, "data", "control.sock"))).cameras;
    const asked = lookRate * count * seconds;
    const [cost, decodeFloorCpu, askedModelCpu] = await Promise.all([
      gatewayCost(gateway.pid ?? 0, folder),
      decodeCpu(urls, sizes),
      modelCpu(asked, lookRate * count),
    ]);
    const modelFloorCpu = (askedModelCpu * cost.analysed) / asked;
    const unpausedModelCpu = await modelCpu(cost.analysed, 0);
    const perMinute = 60 / seconds / count;
    const floor = decodeFloorCpu + modelFloorCpu;
    return {
      cameras: count,
      firstLookSec,
      analysedPerSecond: cost.analysed / seconds / count,
      gatewayCpu: cost.cpu * perMinute,
      decodeFloorCpu: decodeFloorCpu * perMinute,
      modelFloorCpu: modelFloorCpu * perMinute,
      ratio: cost.cpu / floor,
      unpausedModelCpu: unpausedModelCpu * perMinute,
      unpausedRatio: cost.cpu / (decodeFloorCpu + unpausedModelCpu),
      memory: cost.memory,
      arrivalToAckMs:
        latencies.length > 0
          ? `${median(latencies).toFixed(0)} (${latencies.length}, ${latencies.length - inCalm} of them meanwhile)`
          : "-",
    };
  } finally {
    await ended(gateway);
    peers.stdin.end();
    await ended(peers);
    await rm(folder, { recursive: true, force: true });
  }
}

/** Asks a process to end and waits until it has. */
async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const exit = once(process, "exit");
  process.kill("SIGTERM");
  await exit;
}

async function writeSite(folder: string, urls: readonly string[], address: string, serverKey: string): Promise<void> {
  const config = join(folder, "config");
  await mkdir(join(config, "zones"), { recursive: true });
  const ids = urls.map(cameraId);
  const gateway = {
    schema: "xueliang.gateway/1",
    site: { id: "bench", name: "bench" },
    storage: { folder: "data" },
    web: { enabled: false },
    detector: { model: values.model },
    uplinks: [{ id: "center", address, serverKey }],
    cameras: ids.map((id, i) => ({ id, url: urls[i] })),
  };
  await writeFile(join(config, "gateway.yaml"), stringify(gateway));
  await writeRules(config, ids, { suspectedSec: 1, detectedSec: 2, updateSec: 5 });
}

function cameraId(_url: string, i: number): string {
  return `camera-${i + 1}`;
}

/** The rule of every camera. @param pace keys that make it fire soon and often; empty: as in the catalogue */
async function writeRules(config: string, ids: readonly string[], pace: object): Promise<void> {
  const rules = [{ type: "angler-loitering", labels: ["person"], ...pace }];
  const zone = { id: "all", polygon: [[0, 0], [1, 0], [1, 1], [0, 1]], anchor: "any", rules }; // prettier-ignore
  for (const camera of ids)
    await writeFile(
      join(config, "zones", `${camera}.yaml`),
      stringify({ schema: "xueliang.zones/1", camera, zones: [zone] }),
    );
}

/** When every camera was analysed, monotonic ms. */
async function allLookedAt(gateway: ChildProcess, folder: string, count: number): Promise<number> {
  for (let tries = 0; tries < 2_400 && gateway.exitCode === null; tries += 1) {
    const status = await askStatus(join(folder, "data", "control.sock")).catch(() => null);
    if (status && status.cameras.filter(({ analysed }) => analysed > 0).length === count) return performance.now();
    await pause(50);
  }
  throw new Error(
    gateway.exitCode === null
      ? "the cameras did not stream within two minutes"
      : `the gateway ended with ${gateway.exitCode} before the cameras streamed`,
  );
}

async function gatewayCost(
  pid: number,
  folder: string,
): Promise<{
  readonly cpu: number;
  readonly analysed: number;
  readonly memory: string;
}> {
  const socket = join(folder, "data", "control.sock");
  const looked = (status: GatewayStatus): number => status.cameras.reduce((sum, { analysed }) => sum + analysed, 0);
  const before = { status: await askStatus(socket), tree: processTree(pid) };
  await pause(seconds * 1_000);
  const after = { status: await askStatus(socket), tree: processTree(pid) };
  const beforeOf = new Map(before.tree.map(({ pid: id, cpuSeconds }) => [id, cpuSeconds]));
  const perMinute = (cpu: number): string => ((cpu * 60) / seconds / after.status.cameras.length).toFixed(1);
  const memory = after.tree
    .map(
      ({ pid: id, name, rssBytes, cpuSeconds }) =>
        `${name} ${(rssBytes / 1e6).toFixed(0)} (${perMinute(cpuSeconds - (beforeOf.get(id) ?? 0))})`,
    )
    .join(", ");
  return {
    cpu: cpuSecondsOf(after.tree) - cpuSecondsOf(before.tree),
    analysed: looked(after.status) - looked(before.status),
    memory,
  };
}

/** Plain ffmpeg on every stream at once: decode, drop to the rate, scale, throw away. CPU seconds for `seconds`. */
async function decodeCpu(urls: readonly string[], sizes: GatewayStatus["cameras"]): Promise<number> {
  const costs = await Promise.all(
    urls.map(async (url, i) => {
      const { widthPx, heightPx } = sizes[i] ?? {};
      const args = [
        "-nostdin",
        "-v",
        "error",
        "-benchmark",
        "-threads",
        "1",
        "-rtsp_transport",
        "tcp",
        "-i",
        url,
        "-an",
        "-t",
        String(seconds),
      ];
      const output = [
        "-vf",
        `fps=${lookRate},scale=${widthPx ?? 640}:${heightPx ?? 360}`,
        "-pix_fmt",
        "yuv420p",
        "-f",
        "rawvideo",
        "-y",
        "/dev/null",
      ];
      const { stderr } = await run("ffmpeg", [
        "-loglevel",
        "info",
        ...args.filter((arg, at) => !(arg === "-v" || args[at - 1] === "-v")),
        ...output,
      ]);
      const found = /bench: utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr);
      return Number(found?.[1] ?? NaN) + Number(found?.[2] ?? NaN);
    }),
  );
  return costs.reduce((sum, cost) => sum + cost, 0);
}

async function modelCpu(runs: number, perSecond: number): Promise<number> {
  const model = join(root, "models", values.model, "model.onnx");
  const { stdout } = await run(process.execPath, [
    join(import.meta.dirname, "bare-model.ts"),
    model,
    String(runs),
    String(perSecond),
  ]);
  return Number(stdout.trim());
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

function print(table: readonly Row[]): void {
  const floorText = (row: Row, model: number): string =>
    `${(row.decodeFloorCpu + model).toFixed(2)}: ${row.decodeFloorCpu.toFixed(2)} + ${model.toFixed(2)}`;
  console.log(
    "CPU-seconds per stream-minute; the floor is plain ffmpeg decoding plus the bare model as many times, beside it in the same seconds\n",
  );
  console.log(
    "| cameras | first look, s | analysed/s | gateway | floor: decode + model at the same rate | ratio | floor with the model without pauses | ratio | processes: MB (CPU-s) | frame's arrival to commit, ms p50 (events) |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|---|");
  for (const row of table) {
    const { modelFloorCpu, unpausedModelCpu } = row;
    console.log(
      `| ${row.cameras} | ${row.firstLookSec.toFixed(1)} | ${row.analysedPerSecond.toFixed(1)} | ${row.gatewayCpu.toFixed(2)} | ${floorText(row, modelFloorCpu)} | **${row.ratio.toFixed(2)}** | ${floorText(row, unpausedModelCpu)} | ${row.unpausedRatio.toFixed(2)} | ${row.memory} | ${row.arrivalToAckMs} |`,
    );
  }
}
