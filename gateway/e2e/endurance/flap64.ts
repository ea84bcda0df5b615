/** As many cameras as a box may have, nearly all of them on bad power: each comes and goes by itself, and the few good ones must not notice. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";
import { Enrolled } from "../../../platform/enrolment.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { CameraSimulator } from "../../rehearsal/camera-simulator/camera-simulator.ts";
import { demoCamera, demoGateway, writeDemoSite } from "../../rehearsal/demo-site.ts";
import { systemClock } from "../../runtime/clock.ts";
import { Daemon } from "./daemon.ts";
import { bareStarts } from "./bare-starts.ts";
import { clean, judge, recordedAt, waitingAt, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";

/** Frames a second that are analysed of every camera, small enough for two cores, and that it sends: ffmpeg shows nothing before it has seen several. */
const rate = 1;
const sentRate = 10;
/** Between one change and the next, ms. */
const [leastMs, mostMs] = [1_000, 30_000];
const mostRecoverySec = 10;
const mostLoss = 0.05;

/** What was seen while they came and went. */
interface Seen {
  /** Times a camera came back. */
  returns: number;
  /** Most decoders at any moment beyond one a camera. */
  spare: number;
  /** Dead children that were still there two looks, two seconds, later. */
  zombies: number;
  readonly pids: Set<number>;
}

/** `seconds` of `flapping` cameras beside `steady` ones. */
export async function flap64(options: {
  readonly seconds: number;
  readonly flapping: number;
  readonly steady: number;
}): Promise<Line> {
  const { seconds, flapping, steady } = options;
  const folder = mkdtempSync(join(tmpdir(), "flap64-"));
  await using peers = new Peers();
  try {
    const clip = await stillClip(join(folder, "still.mp4"));
    const ids = [...names("good", steady), ...names("bad", flapping)];
    const mounts = Object.fromEntries(ids.map((id) => [`/${id}`, { clip }]));
    await using cameras = await CameraSimulator.open({ mounts });
    const [platform, storage] = [join(folder, "platform"), join(folder, "data")];
    mkdirSync(platform);
    await Enrolled.open(platform).enrol(enrolment(demoGateway, await ensureKeys(storage)));
    const receiverPeer = join(import.meta.dirname, "../peers/receiver-process.ts");
    const receiver = await peers.start(receiverPeer, [platform, "tcp://127.0.0.1:0", "0"]);
    const [, receiverAddress = "", receiverKey = ""] = receiver.ready;
    const site = { folder, cameraUrl: cameras.url("/good1"), receiverAddress, receiverKey };
    const config = await writeDemoSite(site);
    withCameras(config, ids, (id) => cameras.url(`/${id}`));
    await using daemon = await Daemon.start(config, storage);
    const startSec = await allStreaming(daemon, ids, Date.now(), 120);
    const before = await daemon.status();
    const beganMs = performance.now();
    const seen: Seen = { returns: 0, spare: 0, zombies: 0, pids: new Set() };
    const over = new AbortController();
    const changing = names("bad", flapping).map((id) => flap(cameras, `/${id}`, seen, over.signal));
    let dead = new Set<number>();
    while (performance.now() - beganMs < seconds * 1_000) {
      dead = look(daemon, ids.length, seen, dead);
      await pause(2_000);
    }
    const after = await daemon.status();
    const tookSec = (performance.now() - beganMs) / 1_000;
    over.abort();
    await Promise.all(changing);
    const recoverySec = await allStreaming(daemon, ids, Date.now(), 120);
    await pause(3_000);
    const decoders = daemon.descendants().filter(({ name }) => name === "ffmpeg").length;
    look(daemon, ids.length, seen, dead);
    for (let tries = 0; tries < 240 && (await waitingAt(storage)) > 0; tries += 1) await pause(250);
    await daemon.end();
    const bareSec = await bareStarts(
      names("bad", flapping).map((id) => cameras.url(`/${id}`)),
      rate,
    );
    const orphans = [...seen.pids].filter(isAlive).length;
    await peers.kill(receiver.child);
    const verdict = await judge(await recordedAt(storage), [storage], platform);
    const of = (id: string, status: typeof before) => status.cameras.find((camera) => camera.id === id);
    const gained = (id: string, what: "framesIn" | "reconnects"): number =>
      (of(id, after)?.[what] ?? 0) - (of(id, before)?.[what] ?? 0);
    const losses = names("good", steady).map((id) => 1 - gained(id, "framesIn") / (tookSec * rate));
    const loss = Math.max(...losses);
    const perMinute = (count: number): string => ((count / tookSec) * 60).toFixed(0);
    const tries = ids.reduce((sum, id) => sum + gained(id, "reconnects"), 0);
    return {
      scenario: `${flapping} cameras that come and go beside ${steady} good ones`,
      amount: `${Math.round(seconds)} s`,
      verdict,
      figures: [
        `${perMinute(seen.returns)} returns and ${perMinute(tries)} reconnects a minute`,
        `all back ${recoverySec.toFixed(1)} s after the last change (at the start ${startSec.toFixed(1)} s; as many bare ffmpeg ${bareSec.toFixed(1)} s)`,
        `good cameras lost at most ${(Math.max(0, loss) * 100).toFixed(1)} % of their frames`,
        `${decoders} decoders at the end, at most ${seen.spare} more than cameras before`,
        `${seen.zombies} zombies, ${orphans} orphans`,
      ].join(", "),
      holds:
        JSON.stringify(verdict) === JSON.stringify(clean) &&
        recoverySec <= mostRecoverySec &&
        loss <= mostLoss &&
        decoders === ids.length &&
        seen.spare === 0 &&
        seen.zombies + orphans === 0,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const names = (word: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => `${word}${i + 1}`);

/** Off: the connection breaks, and whoever comes gets no answer. Ends switched on. */
async function flap(cameras: CameraSimulator, path: string, seen: Seen, signal: AbortSignal): Promise<void> {
  const wait = (): Promise<void> =>
    systemClock.sleep(leastMs + Math.random() * (mostMs - leastMs), signal).catch(() => undefined);
  while (!signal.aborted) {
    await wait();
    cameras.setFault(path, { kind: "cut" });
    cameras.setFault(path, { kind: "freeze" });
    await wait();
    cameras.setFault(path, { kind: "none" });
    seen.returns += 1;
  }
}

/** Counts what is there now; returns who is dead now. */
function look(daemon: Daemon, cameras: number, seen: Seen, deadBefore: ReadonlySet<number>): Set<number> {
  const all = daemon.descendants();
  const dead = new Set(all.filter(({ isZombie }) => isZombie).map(({ pid }) => pid));
  const living = all.filter(({ isZombie, name }) => !isZombie && name === "ffmpeg");
  for (const { pid } of living) seen.pids.add(pid);
  seen.spare = Math.max(seen.spare, living.length - cameras);
  seen.zombies += [...dead].filter((pid) => deadBefore.has(pid)).length;
  return dead;
}

/** Seconds from `sinceMs` (wall) until every camera shows a frame of after it. */
async function allStreaming(daemon: Daemon, ids: readonly string[], sinceMs: number, mostSec: number): Promise<number> {
  for (;;) {
    const sec = (Date.now() - sinceMs) / 1_000;
    const { cameras } = await daemon.status();
    const back = cameras.filter(({ state, lastFrameMs }) => state === "streaming" && (lastFrameMs ?? 0) > sinceMs);
    if (back.length === ids.length || sec > mostSec) return sec;
    await pause(250);
  }
}

function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim() === "ffmpeg";
  } catch {
    return false;
  }
}

/** Nothing moves in it and every picture is a key frame: what is tried is the connection, not the detector. */
async function stillClip(path: string): Promise<string> {
  const source = ["-f", "lavfi", "-i", `smptebars=size=160x90:rate=${sentRate}`, "-t", "10"];
  const coder = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "1", "-bf", "0", "-pix_fmt", "yuv420p"];
  await promisify(execFile)("ffmpeg", ["-v", "error", "-y", ...source, ...coder, path]);
  return path;
}

function withCameras(config: string, ids: readonly string[], urlOf: (id: string) => string): void {
  const path = join(config, "gateway.yaml");
  const site = parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const cameras = ids.map((id) => ({ id, name: id, url: urlOf(id), rate, width: 160 }));
  writeFileSync(path, stringify({ ...site, cameras }));
  rmSync(join(config, "zones", `${demoCamera}.yaml`));
}
