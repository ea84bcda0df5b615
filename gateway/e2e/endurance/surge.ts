/** The first minute of a bad night: a district's boxes send thousands of events a second to one receiver, while one of them sends pictures. */
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeCurvePair } from "../../../platform/router.ts";
import { Receiver } from "../../../platform/receiver.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { bundled } from "../peers/bundle.ts";
import { clean, compare, digestsAt, waitingAt, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";

/** Boxes of the swarm, and what all of them send a second. */
const swarmBoxes = 60;
const pictureRate = 12;
/** On one machine with both ends: what is asked of a local network. */
const mostP99Ms = 200;

/** `seconds` of `rate` events a second. */
export async function surge({ seconds, rate }: { readonly seconds: number; readonly rate: number }): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), "surge-"));
  using swarmPeer = await bundled("box-swarm", "gateway/database/migrations");
  using picturePeer = await bundled("box-process", "gateway/database/migrations");
  await using peers = new Peers();
  try {
    const [platform, box, list] = [join(folder, "platform"), join(folder, "box-1"), join(folder, "made")];
    mkdirSync(box);
    const storedAtMs = new Map<string, number>();
    let isMeasured = false;
    let measuredMs = 0;
    let cpuMs = 0;
    let waitedMs = 0;
    {
      await using receiver = await Receiver.open({
        listen: "tcp://127.0.0.1:0",
        folder: platform,
        language: "en",
        onEvent: ({ event }) => {
          if (isMeasured) storedAtMs.set(event.id, Date.now());
        },
      });
      const { address, serverKey } = receiver;
      await receiver.enrol(enrolment("box-1", await ensureKeys(box)));
      const swarm = Array.from({ length: swarmBoxes }, (_, i) => ({
        gw: `swarm-${i}`,
        ...makeCurvePair(),
        ...signPair(),
      }));
      for (const { gw, publicKey, signPublic } of swarm)
        await receiver.enrol({ gw, curvePublic: publicKey, signPublic });
      writeFileSync(join(folder, "keys.json"), JSON.stringify(swarm));
      const pictures = await peers.start(picturePeer.path, [box, address, serverKey, String(pictureRate), "box-1"]);
      const begun = Promise.withResolvers<undefined>();
      const flood = await peers.start(
        swarmPeer.path,
        [address, serverKey, join(folder, "keys.json"), "0", String(swarmBoxes), String(rate), list],
        (line) => {
          if (line === "flood begins") begun.resolve(undefined);
        },
        { word: "started" },
      );
      await begun.promise;
      await pause(1_000);
      isMeasured = true;
      const [startMs, startCpu, startWaitMs] = [performance.now(), process.cpuUsage(), waitedForProcessorMs()];
      await pause(seconds * 1_000);
      isMeasured = false;
      measuredMs = performance.now() - startMs;
      const { user, system } = process.cpuUsage(startCpu);
      cpuMs = (user + system) / 1_000;
      waitedMs = waitedForProcessorMs() - startWaitMs;
      await peers.kill(pictures.child);
      const gone = new Promise((resolve) => flood.child.once("close", resolve));
      flood.child.kill("SIGTERM");
      await gone;
      const last = await peers.start(picturePeer.path, [box, address, serverKey, "0.001", "box-1"]);
      for (let waited = 0; waited < 60_000 && (await waitingAt(box)) > 0; waited += 200) await pause(200);
      await peers.kill(last.child);
    }
    const made = readFileSync(list, "utf8")
      .split("\n")
      .map((line) => line.split(" "));
    const digests = await digestsAt([box]);
    for (const [id = "", sha256 = ""] of made) digests.set(id, sha256);
    const verdict = await compare(new Set(made.map(([id = ""]) => id)), digests, platform);
    const whole = [...storedAtMs].map(([id, atMs]) => atMs - Number.parseInt(id.replace("-", "").slice(0, 12), 16));
    const platformPart = made.flatMap(([id = "", , sentAt]) => {
      const atMs = storedAtMs.get(id);
      return atMs === undefined ? [] : [atMs - Number(sentAt)];
    });
    const perSecond = (whole.length / measuredMs) * 1_000;
    const p99Ms = percentile(whole, 0.99);
    return {
      scenario: `${swarmBoxes} boxes at once, one more with pictures`,
      amount: `${seconds} s`,
      verdict,
      figures: [
        `${Math.round(perSecond)} events a second`,
        `from made to the platform's disk p50 ${percentile(whole, 0.5)} ms, p99 ${p99Ms} ms, most ${percentile(whole, 1)} ms`,
        `from sent to there p99 ${percentile(platformPart, 0.99)} ms`,
        `receiver ${Math.round((cpuMs / whole.length) * 1_000)} µs of processor time an event, its main thread kept waiting for a processor ${Math.round((waitedMs / measuredMs) * 100)} % of the time`,
      ].join(", "),
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && p99Ms <= mostP99Ms && perSecond >= rate * 0.98,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function signPair(): { readonly signPublic: string; readonly signSecret: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    signPublic: publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64"),
    signSecret: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
  };
}

/** How long this process's main thread was ready to run while others ran, since its start (Linux). */
function waitedForProcessorMs(): number {
  return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[1]) / 1e6;
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
}
