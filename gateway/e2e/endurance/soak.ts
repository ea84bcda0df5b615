/** The whole daemon for a long time: five cameras that come and go, a line that breaks, and what it leaves behind in memory, descriptors and children. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Enrolled } from "../../../platform/enrolment.ts";
import { askStatus } from "../../cli/control-socket.ts";
import { Database } from "../../database/database.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { CameraSimulator } from "../../rehearsal/camera-simulator/camera-simulator.ts";
import { demoGateway, writeDemoSite } from "../../rehearsal/demo-site.ts";
import { TestClips } from "../peers/clips.ts";
import { Link } from "./link.ts";
import { clean, judge, waitingAt, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";

const root = join(import.meta.dirname, "../../..");
const story = join(root, "test-fixtures/clips/second-rod.mp4");
const paths = ["/cam1", "/cam2", "/cam3", "/cam4", "/cam5"] as const;
/** Memory grows while code is compiled and buffers find their size; this share of the time is not judged, and at least so long. */
const warmShare = 0.2;
const leastWarmSec = 20;
/** A collector breathes by more than half a megabyte an hour: below an hour this much is none. */
const mostBreathMb = 24;
const mostSlopeMb = 0.5;

interface Sample {
  readonly sec: number;
  readonly rssMb: number;
  readonly descriptors: number;
  readonly children: number;
  readonly zombies: number;
}

/** `seconds` of it. */
export async function soak({ seconds }: { readonly seconds: number }): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), "soak-"));
  await using stack = new AsyncDisposableStack();
  const peers = stack.use(new Peers());
  await using clips = await TestClips.make(["h264"], 5);
  try {
    const plain = { clip: clips.path("h264") };
    const mounts = Object.fromEntries(paths.map((path, i) => [path, i === 0 ? { clip: story } : plain]));
    await using cameras = await CameraSimulator.open({ mounts });
    const platform = join(folder, "platform");
    mkdirSync(platform);
    await Enrolled.open(platform).enrol(enrolment(demoGateway, await ensureKeys(join(folder, "data"))));
    const receiverPeer = join(import.meta.dirname, "../peers/receiver-process.ts");
    const receiver = await peers.start(receiverPeer, [platform, "tcp://127.0.0.1:0", "0"]);
    const [, address = "", serverKey = ""] = receiver.ready;
    await using link = await Link.open(address);
    const config = await writeDemoSite({
      folder,
      cameraUrl: cameras.url("/cam1"),
      receiverAddress: link.address,
      receiverKey: serverKey,
    });
    withFiveCameras(join(config, "gateway.yaml"), (path) => cameras.url(path));
    const daemon = spawn(process.execPath, [join(root, "gateway/xueliang.mjs"), "run", "--config", config], {
      stdio: "ignore",
    });
    stack.defer(async () => {
      if (daemon.exitCode !== null || daemon.signalCode !== null) return;
      const gone = once(daemon, "close");
      daemon.kill("SIGKILL");
      await gone;
    });
    const pid = daemon.pid ?? 0;
    const status = () => askStatus(join(folder, "data/control.sock"));
    /** A machine that others fill answers late: hours must not end over one question. */
    const patiently = async (): Promise<Awaited<ReturnType<typeof status>>> => {
      for (let tries = 0; tries < 60; tries += 1) {
        const answer = await status().catch(() => null);
        if (answer) return answer;
        await pause(1_000);
      }
      return status();
    };
    await patiently();
    const samples: Sample[] = [];
    const startMs = performance.now();
    const sec = (): number => (performance.now() - startMs) / 1_000;
    const over = new AbortController();
    const trouble = [troubled(cameras, over.signal), broken(link, over.signal)];
    while (sec() < seconds) {
      samples.push({ sec: sec(), ...look(pid) });
      await pause(1_000);
    }
    over.abort();
    await Promise.all(trouble);
    for (const path of paths) cameras.setFault(path, { kind: "none" });
    link.up();
    const streaming = async (): Promise<number> =>
      (await patiently()).cameras.filter(({ state }) => state === "streaming").length;
    for (let tries = 0; tries < 120 && (await streaming()) < paths.length; tries += 1) await pause(500);
    const back = await streaming();
    await pause(3_000);
    const last = look(pid);
    const { loopDelayMsP99 } = await patiently();
    for (let tries = 0; tries < 240 && (await waitingAt(join(folder, "data"))) > 0; tries += 1) await pause(250);
    const ended = once(daemon, "close");
    daemon.kill("SIGTERM");
    await ended;
    await peers.kill(receiver.child);
    const verdict = await judge(await recordedAt(join(folder, "data")), [join(folder, "data")], platform);
    return lineOf({ samples, last, back, loopDelayMsP99, seconds, verdict });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lineOf(done: {
  readonly samples: readonly Sample[];
  readonly last: Omit<Sample, "sec">;
  readonly back: number;
  readonly loopDelayMsP99: number;
  readonly seconds: number;
  readonly verdict: Line["verdict"];
}): Line {
  const { samples, last, back, loopDelayMsP99, seconds, verdict } = done;
  const warm = samples.filter(({ sec }) => sec >= Math.max(leastWarmSec, seconds * warmShare));
  const slopeMb = slope(warm.map(({ sec, rssMb }) => [sec / 3_600, rssMb]));
  const grownMb = (slopeMb * seconds) / 3_600;
  const most = (of: (sample: Sample) => number): number => Math.max(...warm.map(of));
  const zombies = Math.max(
    most((one) => one.zombies),
    last.zombies,
  );
  const fits = seconds < 3_600 ? grownMb <= mostBreathMb : slopeMb <= mostSlopeMb;
  const figures = [
    `memory ${warm[0]?.rssMb.toFixed(0) ?? "?"} MB, ${slopeMb.toFixed(1)} MB an hour`,
    `descriptors at most ${most((one) => one.descriptors)}, at the end ${last.descriptors}`,
    `children at most ${most((one) => one.children)}, at the end ${last.children}`,
    `${zombies} zombies`,
    `main thread late by ${loopDelayMsP99.toFixed(0)} ms at p99`,
    `${back} of ${paths.length} cameras back`,
  ];
  return {
    scenario: "five cameras that come and go, a line that breaks",
    amount: `${Math.round(seconds)} s`,
    verdict,
    figures: figures.join(", "),
    holds:
      JSON.stringify(verdict) === JSON.stringify(clean) &&
      fits &&
      zombies === 0 &&
      back === paths.length &&
      last.descriptors <= most((one) => one.descriptors) &&
      last.children <= most((one) => one.children) &&
      loopDelayMsP99 <= 100,
  };
}

/** Four plain cameras beside the one of the story. */
function withFiveCameras(path: string, urlOf: (path: string) => string): void {
  const site = parse(readFileSync(path, "utf8")) as { cameras: Record<string, unknown>[] };
  const more = paths.slice(1).map((at) => ({ id: at.slice(1), name: at.slice(1), url: urlOf(at) }));
  writeFileSync(path, stringify({ ...site, cameras: [...site.cameras, ...more] }));
}

/** One camera after another cuts, freezes or says nothing for some seconds. */
async function troubled(cameras: CameraSimulator, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(2_000 + Math.random() * 4_000);
    const path = paths[Math.floor(Math.random() * paths.length)] ?? "/cam1";
    const kind = (["cut", "freeze", "mute"] as const)[Math.floor(Math.random() * 3)] ?? "cut";
    cameras.setFault(path, { kind });
    await pause(1_000 + Math.random() * 6_000);
    cameras.setFault(path, { kind: "none" });
  }
}

async function broken(link: Link, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(5_000 + Math.random() * 10_000);
    link.cut();
    await pause(500 + Math.random() * 2_500);
    link.up();
  }
}

/** What the kernel says of a process and all that it has started. */
function look(pid: number): Omit<Sample, "sec"> {
  const parents = new Map<number, { readonly parent: number; readonly state: string }>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = textOf(`/proc/${entry}/stat`);
    const [state = "", parent = "0"] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    parents.set(Number(entry), { state, parent: Number(parent) });
  }
  const isBelow = (child: number): boolean => {
    for (let at = parents.get(child)?.parent; at !== undefined && at > 1; at = parents.get(at)?.parent)
      if (at === pid) return true;
    return false;
  };
  const children = [...parents.keys()].filter(isBelow);
  return {
    rssMb: Number(/VmRSS:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? Number.NaN) / 1_024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    children: children.length,
    zombies: children.filter((child) => parents.get(child)?.state === "Z").length,
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // Gone meanwhile.
  }
}

/** Least squares through points. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (of: readonly number[]): number => of.reduce((sum, one) => sum + one, 0) / Math.max(1, of.length);
  const [midX, midY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const over = points.reduce((sum, [x, y]) => sum + (x - midX) * (y - midY), 0);
  return (
    over /
    Math.max(
      Number.EPSILON,
      points.reduce((sum, [x]) => sum + (x - midX) ** 2, 0),
    )
  );
}

async function recordedAt(folder: string): Promise<ReadonlySet<string>> {
  using database = await Database.open(join(folder, "gateway.db"));
  return new Set(database.all("SELECT id FROM events WHERE n > 0").map((row) => String(row["id"])));
}
