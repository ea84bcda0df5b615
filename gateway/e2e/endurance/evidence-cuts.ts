/** Evidence on a line that breaks in the middle, again and again, while now and then the receiver dies: what is sent twice, and whether every file is whole. */
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Enrolled } from "../../../platform/enrolment.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { freePort } from "../peers/free-port.ts";
import { bundled } from "../peers/bundle.ts";
import { exampleTrigger } from "../peers/example-trigger.ts";
import { openDelivery, until } from "../peers/open-delivery.ts";
import { Link } from "./link.ts";
import { clean, judge, sum, type Line } from "./oracle.ts";
import { pause, Peers } from "./peer.ts";

/** What may be on its way twice at a cut: one chunk, and the beginning of two sessions with it. */
const mostResentBytes = 65_536 + 8_192;
/** Every so many cuts are the receiver's death. */
const deathEvery = 10;

/** `transfers` files, each cut once at a random place of its way over a line of so many octets a millisecond. */
export async function evidenceCuts({
  transfers,
  bytesPerMs,
}: {
  readonly transfers: number;
  readonly bytesPerMs: number;
}): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), "evidence-cuts-"));
  using receiverPeer = await bundled("receiver-process", "platform/sinks/migrations");
  await using peers = new Peers();
  try {
    const [box, platform] = [join(folder, "box"), join(folder, "platform")];
    mkdirSync(platform);
    await Enrolled.open(platform).enrol(enrolment("box-1", await ensureKeys(box)));
    const listen = `tcp://127.0.0.1:${await freePort()}`;
    const start = async () => {
      for (let tries = 1; ; tries += 1)
        try {
          return await peers.start(receiverPeer.path, [platform, listen, "0"]);
        } catch (error) {
          if (tries === 50) throw error; // The port is still in the hands of the one that died.
          await pause(100);
        }
    };
    let receiver = await start();
    const digests: string[] = [];
    let [fileBytes, cuts, deaths, resent, worst] = [0, 0, 0, 0, 0];
    {
      await using link = await Link.open(listen, { bytesPerMs });
      await using opened = await openDelivery({
        folder: box,
        address: link.address,
        serverKey: receiver.ready[2] ?? "",
        evidenceMegabytes: 4_096,
      });
      const { delivery } = opened;
      const waiting = (): number => delivery.status().uplinks[0]?.evidenceWaiting ?? -1;
      for (let n = 1; n <= transfers; n += 1) {
        const jpeg = randomBytes(150_000 + Math.floor(Math.random() * 450_000));
        digests.push(createHash("sha256").update(jpeg).digest("hex"));
        fileBytes += jpeg.length;
        const before = link.upBytes;
        await delivery.record(exampleTrigger({ occurrenceId: `t${n}` }), { jpeg, widthPx: 64, heightPx: 64 });
        // Somewhere on its way: after this many of its octets have been sent.
        const at = before + Math.floor(Math.random() * jpeg.length);
        await until("on its way", () => link.upBytes >= at || waiting() === 0);
        if (waiting() > 0) {
          link.cut();
          cuts += 1;
          if (cuts % deathEvery === 0) {
            deaths += 1;
            await peers.kill(receiver.child);
            receiver = await start();
          }
          link.up();
        }
        await until("the evidence", () => waiting() === 0 && delivery.status().uplinks[0]?.depth === 0, 120_000);
        const twice = link.upBytes - before - jpeg.length;
        resent += twice;
        worst = Math.max(worst, twice);
      }
    }
    await peers.kill(receiver.child);
    const ids = new Set<string>();
    let lost = 0;
    let torn = 0;
    for (const sha256 of digests) {
      const bytes = bytesOf(join(platform, "evidence", sha256.slice(0, 2), `${sha256}.jpg`));
      if (!bytes) lost += 1;
      else if (createHash("sha256").update(bytes).digest("hex") !== sha256) torn += 1;
    }
    const files = { ...clean, missing: lost, hashMismatch: torn };
    const verdict = sum(await judge(ids, [box], platform), files);
    const each = resent / Math.max(1, cuts);
    return {
      scenario: `evidence, cut on its way at ${(bytesPerMs * 8) / 1_000} Mbit/s`,
      amount: `${cuts} cuts`,
      verdict,
      figures: `${transfers} files, ${(fileBytes / 1e6).toFixed(0)} MB, ${deaths} deaths of the receiver, sent beyond the files ${(each / 1_024).toFixed(0)} KiB a cut, most ${(worst / 1_024).toFixed(0)} KiB`,
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && cuts > 0 && each <= mostResentBytes,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function bytesOf(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}
