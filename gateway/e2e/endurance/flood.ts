/** A bad night: many boxes send at once, one of them with pictures; how long an event takes from a box's disk to the platform's. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Receiver } from "../../../platform/receiver.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { bundled } from "../peers/bundle.ts";
import { clean, judge, waitingAt, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";

/** Boxes beside the one with pictures, and what each of them records a second: 300 together. */
const floodBoxes = 4;
const floodRate = 72;
const pictureRate = 12;
/** On one machine with both ends. */
const mostP99Ms = 2_000;

/** `seconds` of it. */
export async function flood({ seconds }: { readonly seconds: number }): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), "flood-"));
  using floodPeer = await bundled("outbox-process", "gateway/database/migrations");
  using picturePeer = await bundled("box-process", "gateway/database/migrations");
  await using peers = new Peers();
  try {
    const names = ["box-1", ...Array.from({ length: floodBoxes }, (_, i) => `flood-${i + 1}`)];
    const place = (name: string): string => join(folder, name);
    const tookMs: number[] = [];
    let isMeasured = false;
    const recorded = new Set<string>();
    const note = (line: string): void => {
      const id = line.slice("recorded ".length);
      // The one with pictures says occurrences; its events are judged by its disk.
      if (line.startsWith("recorded ") && /^[0-9a-f]{8}-/.test(id)) recorded.add(id);
    };
    {
      await using receiver = await Receiver.open({
        listen: "tcp://127.0.0.1:0",
        folder: place("platform"),
        language: "en",
        onEvent: ({ event }) => {
          if (isMeasured) tookMs.push(Date.now() - madeMs(event.id));
        },
      });
      const { address, serverKey } = receiver;
      for (const name of names) {
        mkdirSync(place(name));
        await receiver.enrol(enrolment(name, await ensureKeys(place(name))));
      }
      const start = (name: string, rate: number) => {
        const path = name === "box-1" ? picturePeer.path : floodPeer.path;
        return peers.start(path, [place(name), address, serverKey, String(rate), name], note);
      };
      const running = await Promise.all(names.map((name) => start(name, name === "box-1" ? pictureRate : floodRate)));
      await pause(3_000); // All of them are let in.
      isMeasured = true;
      await pause(seconds * 1_000);
      isMeasured = false;
      for (const { child } of running) await peers.kill(child);
      const last = await Promise.all(names.map((name) => start(name, 0.001)));
      for (const name of names)
        for (let waited = 0; waited < 60_000 && (await waitingAt(place(name))) > 0; waited += 200) await pause(200);
      for (const { child } of last) await peers.kill(child);
    }
    const verdict = await judge(recorded, names.map(place), place("platform"));
    const sorted = [...tookMs].sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
    return {
      scenario: "a bad night: five boxes at once, one with pictures",
      amount: `${seconds} s`,
      verdict,
      figures: `${Math.round(tookMs.length / seconds)} events a second, from disk to disk p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`,
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && at(0.99) <= mostP99Ms,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** When an event was made, by its id (RFC 9562, version 7): both ends have one clock here. */
function madeMs(id: string): number {
  return Number.parseInt(id.replace("-", "").slice(0, 12), 16);
}
