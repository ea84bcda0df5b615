/** A box, four relays one behind the other, and a platform, each a process: any of them dies at any moment. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildProcess } from "node:child_process";
import { Enrolled } from "../../../platform/enrolment.ts";
import { receiverKeys } from "../../../platform/receiver-keys.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { bundled } from "../peers/bundle.ts";
import { freePort } from "../peers/free-port.ts";
import { clean, judge, waitingAt, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";

/** From the box to the platform; more than four gateways on its way put an event aside. */
const relayNames = ["community-1", "street-1", "district-1", "city-1"] as const;
/** Events a second while processes die. */
const rate = "20";

/** Starts of one process until it is ready. */
const mostTries = 50;

/** One process of the chain: how it is started, and the one that runs. */
interface Link {
  readonly start: () => Promise<ChildProcess>;
  child: ChildProcess | null;
}

/** Kills whichever it is `kills` times, then lets everything arrive. */
export async function relayChain({ kills }: { readonly kills: number }): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), "relay-chain-"));
  using boxPeer = await bundled("outbox-process", "gateway/database/migrations");
  using relayPeer = await bundled("relay-process", "gateway/database/migrations");
  using receiverPeer = await bundled("receiver-process", "platform/sinks/migrations");
  await using peers = new Peers();
  const startedMs = performance.now();
  try {
    const recorded = new Set<string>();
    const note = (line: string): void => {
      if (line.startsWith("recorded ")) recorded.add(line.slice("recorded ".length));
    };
    const place = (name: string): string => join(folder, name);
    const names = ["box-1", ...relayNames] as const;
    for (const name of [...names, "platform"]) mkdirSync(place(name));
    // Where each sends to: the next one's address and key, which are known before anything runs.
    const doors = await Promise.all(
      [...relayNames.map((name) => join(place(name), "relay")), place("platform")].map(async (at) => {
        mkdirSync(at, { recursive: true });
        const { publicKey } = await receiverKeys(join(at, "receiver-keys.json"));
        return { address: `tcp://127.0.0.1:${await freePort()}`, publicKey };
      }),
    );
    const records = await Promise.all(
      names.map(async (name, i) => ({
        ...enrolment(name, await ensureKeys(place(name))),
        ...(i === 0 ? {} : { children: ["*"] }),
      })),
    );
    await Enrolled.open(place("platform")).enrol(records.at(-1));
    const links: Link[] = [];
    const runs = (path: string, args: readonly string[]): void => {
      const start = async (): Promise<ChildProcess> => {
        for (let tries = 1; ; tries += 1) {
          try {
            return (await peers.start(path, args, note)).child;
          } catch (error) {
            // A port may still be in the hands of the one that died.
            if (tries === mostTries) throw error;
            await pause(100);
          }
        }
      };
      links.push({ start, child: null });
    };
    const [first, ...next] = doors;
    runs(boxPeer.path, [place("box-1"), first?.address ?? "", first?.publicKey ?? "", rate, "box-1"]);
    for (const [i, name] of relayNames.entries()) {
      const up = next[i];
      const behind = JSON.stringify(records[i]);
      const listen = doors[i]?.address ?? "";
      runs(relayPeer.path, [place(name), name, listen, up?.address ?? "", up?.publicKey ?? "", behind]);
    }
    runs(receiverPeer.path, [place("platform"), doors.at(-1)?.address ?? "", "0"]);
    for (const link of links) link.child = await link.start();
    const died = links.map(() => 0);
    for (let n = 0; n < kills; n += 1) {
      await pause(200 + Math.random() * 1_200);
      const at = Math.floor(Math.random() * links.length);
      const link = links[at];
      if (!link?.child) continue;
      await peers.kill(link.child);
      died[at] = (died[at] ?? 0) + 1;
      // Now and then it is away while others die.
      if (Math.random() < 0.3) await pause(Math.random() * 2_000);
      link.child = await link.start();
    }
    // The box ends its recording; what waits goes on. Its row is settled only by the word from the end of the way.
    const [box] = links;
    if (box?.child) await peers.kill(box.child);
    const [door] = doors;
    const last = await peers.start(
      boxPeer.path,
      [place("box-1"), door?.address ?? "", door?.publicKey ?? "", "0.001", "box-1"],
      note,
    );
    const endMs = performance.now() + 180_000;
    while ((await waitingAt(place("box-1"))) > 0 && performance.now() < endMs) await pause(200);
    const waiting = await waitingAt(place("box-1"));
    await peers.kill(last.child);
    for (const { child } of links.slice(1)) if (child) await peers.kill(child);
    // The relays' own events are at the platform, too; the box's own disk is looked at last, so that its octets count.
    const verdict = await judge(recorded, [...relayNames.map(place), place("box-1")], place("platform"));
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    return {
      scenario: "box, four relays, platform: any of them dies",
      amount: `${kills} kills`,
      verdict,
      figures: `${recorded.size} events, ${seconds} s, deaths from box to platform ${died.join("/")}, ${waiting} still waiting`,
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && recorded.size > 0 && waiting === 0,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
