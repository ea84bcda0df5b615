/** kill -9 of boxes and receiver at random moments; every other receiver dies between its commit and its acknowledgement. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Enrolled } from "../../../platform/enrolment.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { bundled } from "../peers/bundle.ts";
import { clean, judge, waitingAt, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";

/** Boxes side by side: their kills overlap, so that the start of one is the life of another. */
const boxCount = 4;

/** @param between share of the receiver's commits after which it dies before it has acknowledged them; its kills are then counted alone */
export async function killScenario(options: { readonly kills: number; readonly between?: number }): Promise<Line> {
  const { kills, between } = options;
  const folder = mkdtempSync(join(tmpdir(), "kills-"));
  using boxPeer = await bundled("outbox-process", "gateway/database/migrations");
  using receiverPeer = await bundled("receiver-process", "platform/sinks/migrations");
  await using peers = new Peers();
  const startedMs = performance.now();
  try {
    const platform = join(folder, "platform");
    mkdirSync(platform);
    const names = Array.from({ length: boxCount }, (_, i) => `box-${i + 1}`);
    const boxes = names.map((name) => join(folder, name));
    const enrolled = Enrolled.open(platform);
    for (const [i, box] of boxes.entries()) {
      mkdirSync(box);
      await enrolled.enrol(enrolment(names[i] ?? "", await ensureKeys(box)));
    }
    const recorded = new Set<string>();
    const note = (line: string): void => {
      if (line.startsWith("recorded ")) recorded.add(line.slice("recorded ".length));
    };
    let done = 0;
    let betweenDeaths = 0;
    const more = (): boolean => (between === undefined ? done : betweenDeaths) < kills;
    let receiver = await peers.start(receiverPeer.path, [platform, "tcp://127.0.0.1:0", String(between ?? 0)]);
    const [, address = "", serverKey = ""] = receiver.ready;
    const nextReceiver = async (chance: number): Promise<typeof receiver> => {
      for (;;) {
        // The port may still be in the hands of the one that died; one with a chance to die may do so before it is ready.
        const next = await peers.start(receiverPeer.path, [platform, address, String(chance)]).catch(() => null);
        if (next) return next;
      }
    };
    const killReceivers = async (): Promise<void> => {
      while (more()) {
        const died = new Promise<"itself">((resolve) => receiver.child.once("close", () => resolve("itself")));
        const how = await Promise.race([died, pause(between === undefined ? 500 + Math.random() * 2_500 : 5_000)]);
        if (how === "itself") betweenDeaths += 1;
        await peers.kill(receiver.child);
        done += 1;
        receiver = await nextReceiver(between ?? (done % 2 === 0 ? 0.2 : 0));
      }
    };
    const killBox = async (box: string, i: number): Promise<void> => {
      while (more()) {
        const { child } = await peers.start(boxPeer.path, [box, address, serverKey, "100", names[i] ?? ""], note);
        // Where only the receiver's deaths count, a box lives on: its load is what opens the moment.
        await (between === undefined ? pause(Math.random() * 600) : waitWhile(more));
        await peers.kill(child);
        if (between === undefined) done += 1;
      }
    };
    await Promise.all([killReceivers(), ...boxes.map(killBox)]);
    await peers.kill(receiver.child);
    receiver = await nextReceiver(0);
    for (const [i, box] of boxes.entries()) {
      const { child } = await peers.start(boxPeer.path, [box, address, serverKey, "0.001", names[i] ?? ""], note);
      const endMs = performance.now() + 120_000;
      while ((await waitingAt(box)) > 0 && performance.now() < endMs) await pause(100);
      await peers.kill(child);
    }
    await peers.kill(receiver.child);
    const verdict = await judge(recorded, boxes, platform);
    const seconds = Math.round((performance.now() - startedMs) / 1_000);
    return {
      scenario:
        between === undefined ? "kill -9 of boxes and receiver" : "receiver dies between commit and acknowledgement",
      amount: between === undefined ? `${done} kills` : `${betweenDeaths} deaths`,
      verdict,
      figures: `${recorded.size} events, ${seconds} s, ${betweenDeaths} between commit and word`,
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && recorded.size > 0,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function waitWhile(goesOn: () => boolean): Promise<void> {
  while (goesOn()) await pause(100);
}
