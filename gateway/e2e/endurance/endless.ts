/** A box with a valid key sends one message that does not end: its receiver is killed at its bound of memory, comes back, and nobody else loses anything. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Enrolled } from "../../../platform/enrolment.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { bundled } from "../peers/bundle.ts";
import { exampleTrigger } from "../peers/example-trigger.ts";
import { freePort } from "../peers/free-port.ts";
import { openDelivery, until } from "../peers/open-delivery.ts";
import { MemoryGroup } from "./memory-group.ts";
import { clean, judge, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";
import { Stranger } from "./stranger.ts";

/** What the receiver may take; alone it takes about 120 MB. */
const mostBytes = 400 * 1_048_576;
/** One part of the message; all are the same memory at the sender. */
const part = Buffer.alloc(65_536, 1);
const parts = 12_000;
const mostBackSec = 15;

/** `times` such messages, one receiver's life each. Null: no bound can be set here. */
export async function endlessMessages({ times }: { readonly times: number }): Promise<Line | null> {
  using group = MemoryGroup.open(mostBytes);
  if (!group) return null;
  const folder = mkdtempSync(join(tmpdir(), "endless-"));
  using receiverPeer = await bundled("receiver-process", "platform/sinks/migrations");
  await using peers = new Peers();
  try {
    const [box, platform] = [join(folder, "box"), join(folder, "platform")];
    mkdirSync(platform);
    const enrolled = Enrolled.open(platform);
    const guilty = await ensureKeys(join(folder, "guilty"));
    await enrolled.enrol(enrolment("box-1", await ensureKeys(box)));
    await enrolled.enrol(enrolment("guilty", guilty));
    const listen = `tcp://127.0.0.1:${await freePort()}`;
    const start = async () => {
      for (let tries = 1; ; tries += 1)
        try {
          const started = await peers.start(receiverPeer.path, [platform, listen, "0"]);
          group.add(started.child.pid ?? 0);
          return started;
        } catch (error) {
          if (tries === 50) throw error;
          await pause(100);
        }
    };
    let receiver = await start();
    const serverKey = receiver.ready[2] ?? "";
    const arrived = new Set<string>();
    const recorded = new Set<string>();
    let deaths = 0;
    let worstSec = 0;
    {
      await using opened = await openDelivery({ folder: box, address: listen, serverKey });
      opened.delivery.onAcknowledged(({ event }) => arrived.add(event.correlationid ?? ""));
      for (let n = 1; n <= times; n += 1) {
        await opened.delivery.record(exampleTrigger({ occurrenceId: `before-${n}` }), null);
        await until("the good box's event", () => arrived.has(`before-${n}`));
        const { child } = receiver;
        {
          await using stranger = new Stranger({ address: listen, serverKey }, guilty);
          void stranger.sendParts(Array.from({ length: parts }, () => part)).catch(() => undefined);
          for (let waited = 0; waited < 60_000 && child.signalCode === null; waited += 50) await pause(50);
          if (child.signalCode === "SIGKILL") deaths += 1;
        }
        await peers.kill(child);
        receiver = await start();
        const upMs = performance.now();
        await opened.delivery.record(exampleTrigger({ occurrenceId: `after-${n}` }), null);
        await until("the good box is back", () => arrived.has(`after-${n}`), 120_000);
        worstSec = Math.max(worstSec, (performance.now() - upMs) / 1_000);
      }
      for (const row of opened.database.all("SELECT id FROM events")) recorded.add(String(row["id"]));
    }
    await peers.kill(receiver.child);
    const verdict = await judge(recorded, [box], platform);
    return {
      scenario: "a message without end from an enrolled key",
      amount: `${times} messages`,
      verdict,
      figures: `${deaths} receivers killed at ${mostBytes / 1_048_576} MiB, the good box back at most ${worstSec.toFixed(1)} s after the next was there`,
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && deaths === times && worstSec <= mostBackSec,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
