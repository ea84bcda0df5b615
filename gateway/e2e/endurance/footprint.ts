/** What a box costs its line when nothing happens, and its flash on a busy day. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Receiver } from "../../../platform/receiver.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { beatHealth } from "../../own-state.ts";
import { exampleTrigger } from "../peers/example-trigger.ts";
import { openDelivery, until } from "../peers/open-delivery.ts";
import { clean, judge, type Line } from "./oracle.ts";
import { pause } from "./peer.ts";

const dayEvents = 5_000;
/** As occurrences go: the first two messages of each have a picture. */
const phases = ["start", "update", "end"] as const;
/** Of an analysed frame of 960 × 540. */
const pictureBytes = 60_000;
/** All that a line is paid for: octets, and the headers of TCP and IP around them. */
const mostIdleMb = 2;
/** IPv4 and TCP with time stamps. */
const headerBytes = 52;
const mostWrittenMb = 1_000;

/** @param idleSec how long the idle line is watched, a multiple of two minutes, since every fourth beat says more; @param events recorded one by one */
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
    let idleMb: number | null;
    let writtenMb: number;
    {
      await using receiver = await Receiver.open({
        listen: "tcp://127.0.0.1:0",
        folder: platform,
        language: "en",
        onEvent: ({ event }) => arrived.add(event.id),
      });
      await receiver.enrol(enrolment("box-1", await ensureKeys(box)));
      {
        const { address, serverKey } = receiver;
        await using opened = await openDelivery({ folder: box, address, serverKey, health: () => busyHealth(box) });
        await opened.delivery.record(exampleTrigger({ occurrenceId: "first" }), null);
        await until("the first", () => arrived.size > 0 && opened.delivery.status().uplinks[0]?.depth === 0);
        await pause(1_000);
        const before = carriedBy(address);
        await pause(idleSec * 1_000);
        const after = carriedBy(address);
        idleMb = before === null || after === null ? null : ((after - before) / 1e6) * (86_400 / idleSec);
      }
    }
    {
      // No platform: what is written here is the box's alone.
      await using opened = await openDelivery({ folder: box, address: "tcp://127.0.0.1:9", serverKey: "0".repeat(40) });
      const before = writtenByUs();
      for (let n = 0; n < events; n += 1) {
        const phase = phases[n % phases.length] ?? "end";
        const jpeg = randomBytes(pictureBytes);
        const trigger = exampleTrigger({ occurrenceId: `day-${Math.floor(n / phases.length)}`, phase });
        await opened.delivery.record(trigger, phase === "end" ? null : { jpeg, widthPx: 960, heightPx: 540 });
      }
      writtenMb = ((writtenByUs() - before) / 1e6 / events) * dayEvents;
    }
    const verdict = await judge(arrived, [box], platform);
    return {
      scenario: "an idle line, and flash on a day of 5,000 events",
      amount: `${idleSec} s, ${events} events`,
      verdict,
      figures: `${idleMb?.toFixed(2) ?? "(no ss of iproute2 here)"} MB a day idle, ${writtenMb.toFixed(0)} MB a day written, of it ${((dayEvents * pictureBytes * 2) / 3 / 1e6).toFixed(0)} pictures`,
      holds:
        JSON.stringify(verdict) === JSON.stringify(clean) && (idleMb ?? 0) <= mostIdleMb && writtenMb <= mostWrittenMb,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a box with eight cameras says of itself after some months. */
function busyHealth(folder: string): Readonly<Record<string, number | null>> {
  const cameras = { camerasAll: 8, camerasOnline: 8, analysed: 207_360_000, shed: 1_234_567, notLookedAt: 98_765_432 };
  return { ...beatHealth(null, folder), ...cameras, modelMsP95: 71.234, upSec: 7_776_000 };
}

/** Octets on the wire of all connections to `address` so far, as the kernel counts them, both ways and with headers; null where nothing tells. */
function carriedBy(address: string): number | null {
  let said: string;
  try {
    said = execFileSync("ss", ["-tinH", "sport", "=", `:${address.split(":").at(-1) ?? ""}`], { encoding: "utf8" });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  const sum = (name: string): number =>
    [...said.matchAll(new RegExp(` ${name}:(\\d+)`, "g"))].reduce((total, [, count]) => total + Number(count), 0);
  return sum("bytes_sent") + sum("bytes_received") + headerBytes * (sum("segs_out") + sum("segs_in"));
}

/** Octets that this process has made the kernel write to a disk. */
function writtenByUs(): number {
  return Number(/^write_bytes: (\d+)$/m.exec(readFileSync("/proc/self/io", "utf8"))?.[1]);
}
