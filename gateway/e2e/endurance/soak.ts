/** The whole daemon for a long time: five cameras that come and go, a line that breaks, and what it leaves behind in memory, descriptors and children. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Enrolled } from "../../../platform/enrolment.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { CameraSimulator } from "../../rehearsal/camera-simulator/camera-simulator.ts";
import { demoGateway, writeDemoSite } from "../../rehearsal/demo-site.ts";
import { TestClips } from "../peers/clips.ts";
import { Daemon } from "./daemon.ts";
import { Link } from "./link.ts";
import { clean, judge, recordedAt, waitingAt, type Line } from "./oracle.ts";
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
/** Connections that just come or go at the moment of a look. */
const passing = 4;

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
    const storage = join(folder, "data");
    await using daemon = await Daemon.start(config, storage);
    const streaming = async (): Promise<number> =>
      (await daemon.status()).cameras.filter(({ state }) => state === "streaming").length;
    const calm = async (): Promise<void> => {
      for (let tries = 0; tries < 120 && (await streaming()) < paths.length; tries += 1) await pause(500);
      await pause(3_000);
    };
    // In the trouble to come there may be no moment at which all of them stream.
    await calm();
    const before = look(daemon);
    const samples: Sample[] = [];
    const startMs = performance.now();
    const sec = (): number => (performance.now() - startMs) / 1_000;
    const over = new AbortController();
    const trouble = [troubled(cameras, over.signal), broken(link, over.signal)];
    while (sec() < seconds) {
      samples.push({ sec: sec(), ...look(daemon) });
      await pause(1_000);
    }
    over.abort();
    await Promise.all(trouble);
    for (const path of paths) cameras.setFault(path, { kind: "none" });
    link.up();
    await calm();
    const back = await streaming();
    const last = look(daemon);
    const { loopDelayMsP99 } = await daemon.status();
    for (let tries = 0; tries < 240 && (await waitingAt(storage)) > 0; tries += 1) await pause(250);
    await daemon.end();
    await peers.kill(receiver.child);
    const verdict = await judge(await recordedAt(storage), [storage], platform);
    return lineOf({ samples, before, last, back, loopDelayMsP99, seconds, verdict });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function lineOf(done: {
  readonly samples: readonly Sample[];
  readonly before: Omit<Sample, "sec">;
  readonly last: Omit<Sample, "sec">;
  readonly back: number;
  readonly loopDelayMsP99: number;
  readonly seconds: number;
  readonly verdict: Line["verdict"];
}): Line {
  const { samples, before, last, back, loopDelayMsP99, seconds, verdict } = done;
  const warm = samples.filter(({ sec }) => sec >= Math.max(leastWarmSec, seconds * warmShare));
  const slopeMb = slope(warm.map(({ sec, rssMb }) => [sec / 3_600, rssMb]));
  const grownMb = (slopeMb * seconds) / 3_600;
  const most = (of: (sample: Omit<Sample, "sec">) => number): number => Math.max(of(before), ...warm.map(of));
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
      last.descriptors <= most((one) => one.descriptors) + passing &&
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

/** What the kernel says of the daemon and all that it has started. */
function look(daemon: Daemon): Omit<Sample, "sec"> {
  const children = daemon.descendants();
  const { rssMb, descriptors } = daemon;
  return { rssMb, descriptors, children: children.length, zombies: children.filter(({ isZombie }) => isZombie).length };
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
