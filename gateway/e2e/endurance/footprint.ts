/** What a box costs its line when nothing happens, and its flash on a busy day. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Receiver } from "../../../platform/receiver.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { exampleTrigger } from "../peers/example-trigger.ts";
import { openDelivery, until } from "../peers/open-delivery.ts";
import { Link } from "./link.ts";
import { clean, judge, type Line } from "./oracle.ts";
import { pause } from "./peer.ts";

const dayEvents = 5_000;
/** Of an analysed frame of 960 × 540. */
const pictureBytes = 60_000;
/** Beats with what a box says of itself, on two sockets, and the transport's own: what it is today, so that more is noticed. */
const mostIdleMb = 6;
const mostWrittenMb = 1_000;

/** @param idleSec how long the idle line is watched, at least two beats; @param events recorded one by one, each with its picture */
export async function footprint({
  idleSec,
  events,
}: {
  readonly idleSec: number;
  readonly events: number;
}): Promise<Line> {
  const folder = mkdtempSync(join(tmpdir(), "footprint-"));
  try {
    const [box, platform] = [join(folder, "box"), join(folder, "platform")];
    const arrived = new Set<string>();
    let idleMb: number;
    let writtenMb: number;
    {
      await using receiver = await Receiver.open({
        listen: "tcp://127.0.0.1:0",
        folder: platform,
        language: "en",
        onEvent: ({ event }) => arrived.add(event.id),
      });
      await receiver.enrol(enrolment("box-1", await ensureKeys(box)));
      await using link = await Link.open(receiver.address);
      {
        const { serverKey } = receiver;
        await using opened = await openDelivery({ folder: box, address: link.address, serverKey });
        await opened.delivery.record(exampleTrigger({ occurrenceId: "first" }), null);
        await until("the first", () => arrived.size > 0 && opened.delivery.status().uplinks[0]?.depth === 0);
        await pause(1_000);
        const before = link.upBytes + link.downBytes;
        await pause(idleSec * 1_000);
        idleMb = ((link.upBytes + link.downBytes - before) / 1e6) * (86_400 / idleSec);
      }
    }
    {
      // No platform: what is written here is the box's alone.
      await using opened = await openDelivery({ folder: box, address: "tcp://127.0.0.1:9", serverKey: "0".repeat(40) });
      const before = writtenByUs();
      for (let n = 0; n < events; n += 1)
        await opened.delivery.record(exampleTrigger({ occurrenceId: `day-${n}` }), {
          jpeg: randomBytes(pictureBytes),
          widthPx: 960,
          heightPx: 540,
        });
      writtenMb = ((writtenByUs() - before) / 1e6 / events) * dayEvents;
    }
    const verdict = await judge(arrived, [box], platform);
    return {
      scenario: "an idle line, and flash on a day of 5,000 events",
      amount: `${idleSec} s, ${events} events`,
      verdict,
      figures: `${idleMb.toFixed(2)} MB a day idle, ${writtenMb.toFixed(0)} MB a day written, of it ${((dayEvents * pictureBytes) / 1e6).toFixed(0)} pictures`,
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && idleMb <= mostIdleMb && writtenMb <= mostWrittenMb,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Octets that this process has made the kernel write to a disk. */
function writtenByUs(): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}
