/** What the line does to a box: away for days, flapping, slow with a clip on it. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "../../database/database.ts";
import { eventId } from "../../delivery/events/event-id.ts";
import { EventTable } from "../../delivery/events/event-table.ts";
import { systemEvent } from "../../delivery/events/system-event.ts";
import { Outbox } from "../../delivery/outbox/outbox.ts";
import { enrolment, ensureKeys } from "../../delivery/uplink/keys.ts";
import { Receiver } from "../../../platform/receiver.ts";
import { exampleTrigger } from "../peers/example-trigger.ts";
import { openDelivery, until } from "../peers/open-delivery.ts";
import { Link } from "./link.ts";
import { clean, judge, type Line } from "./oracle.ts";
import { pause } from "./peer.ts";

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "line-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function openReceiver(folder: string, onEvent: (id: string) => void = () => undefined): Promise<Receiver> {
  const receiver = await Receiver.open({
    listen: "tcp://127.0.0.1:0",
    folder: join(folder, "platform"),
    language: "en",
    onEvent: ({ event }) => onEvent(event.id),
  });
  await receiver.enrol(enrolment("box-1", await ensureKeys(join(folder, "box"))));
  return receiver;
}

/** Seven days without a platform, in minutes: what is kept, how much room it takes, how fast it goes when the platform is back. */
export async function downForDays(options: { readonly events: number }): Promise<Line> {
  return inFolder(async (folder) => {
    const { events } = options;
    const box = join(folder, "box");
    const recorded = new Set<string>();
    {
      using database = await Database.open(join(box, "gateway.db"));
      const table = new EventTable(database);
      const outbox = new Outbox(database, "city");
      const site = { id: "box-1", name: "box", timezone: "Asia/Shanghai" };
      const beganMs = Date.now() - 7 * 86_400_000;
      // Twenty to a commit: what is measured is room and draining, not this disk.
      for (let n = 0; n < events; n += 20) {
        database.transaction(() => {
          for (let i = n; i < Math.min(events, n + 20); i += 1) {
            const nowMs = beganMs + (i / events) * 7 * 86_400_000;
            const head = table.head();
            const id = eventId(nowMs, randomBytes(10));
            const event = systemEvent(
              // As long as an event of a rule with a handful of objects: 2.2 kB.
              {
                kind: "box-health",
                severity: 4,
                title: { zh: "测试", en: "test" },
                detail: { i, filler: "x".repeat(1_500) },
              },
              { id, site, sequence: head.n + 1, epoch: database.epoch, prev: head.hash, prevSm3: head.sm3, nowMs },
            );
            table.insert(event);
            outbox.append(event, i % 3);
            recorded.add(id);
          }
        });
      }
    }
    const megabytes =
      ["", "-wal"].reduce(
        (sum, end) => sum + (statSync(join(box, `gateway.db${end}`), { throwIfNoEntry: false })?.size ?? 0),
        0,
      ) / 1e6;
    const receiver = await openReceiver(folder);
    let seconds: number;
    {
      await using stack = new AsyncDisposableStack();
      stack.use(receiver);
      const opened = await openDelivery({ folder: box, address: receiver.address, serverKey: receiver.serverKey });
      const startedMs = performance.now();
      await until("drained", () => opened.delivery.status().uplinks[0]?.depth === 0, 3_600_000);
      seconds = (performance.now() - startedMs) / 1_000;
      await opened[Symbol.asyncDispose]();
    }
    const verdict = await judge(recorded, [box], join(folder, "platform"));
    const rate = Math.round(events / seconds);
    return {
      scenario: "platform down for seven days",
      amount: `${events} events`,
      verdict,
      figures: `${megabytes.toFixed(0)} MB, drained at ${rate}/s`,
      holds:
        JSON.stringify(verdict) === JSON.stringify(clean) &&
        megabytes <= 400 * Math.max(0.05, events / 100_000) + 20 &&
        rate >= 200,
    };
  });
}

/** The line breaks, stalls or dies silently again and again; how long after it is back does a new event arrive? */
export async function flaps(options: { readonly flaps: number }): Promise<Line> {
  return inFolder(async (folder) => {
    const arrived = new Map<string, number>();
    const receiver = await openReceiver(folder, (id) => arrived.set(id, performance.now()));
    const box = join(folder, "box");
    const resumes: number[] = [];
    {
      await using link = await Link.open(receiver.address);
      const opened = await openDelivery({ folder: box, address: link.address, serverKey: receiver.serverKey });
      const { delivery } = opened;
      let n = 0;
      const record = (): Promise<void> => delivery.record(exampleTrigger({ occurrenceId: `f${(n += 1)}` }), null);
      await record();
      await until("the first", () => arrived.size >= 1);
      for (let flap = 0; flap < options.flaps; flap += 1) {
        // Mostly a break or a stall; now and then a line that is dead and says nothing, as behind a NAT that forgot.
        const kind = flap % 40 === 39 ? "forget" : flap % 5 < 3 ? "cut" : "stall";
        link[kind]();
        for (let i = 0; i < 3; i += 1) await record();
        await pause(100 + Math.random() * 900);
        link.up();
        const upMs = performance.now();
        await record();
        await until("all of them", () => arrived.size >= n, 120_000);
        resumes.push(performance.now() - upMs);
      }
      await opened[Symbol.asyncDispose]();
    }
    await receiver[Symbol.asyncDispose]();
    const recorded = new Set(arrived.keys());
    const verdict = await judge(recorded, [box], join(folder, "platform"));
    const sorted = [...resumes].sort((a, b) => a - b);
    const p95 = (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? 0) / 1_000;
    return {
      scenario: "line flaps: breaks, stalls, dies silently",
      amount: `${options.flaps} flaps`,
      verdict,
      figures: `resumed after p50 ${((sorted[Math.floor(sorted.length / 2)] ?? 0) / 1_000).toFixed(1)} s, p95 ${p95.toFixed(1)} s, most ${((sorted.at(-1) ?? 0) / 1_000).toFixed(1)} s`,
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && p95 <= 15,
    };
  });
}

/** Alarms on 512 kbit/s with one queue, without and with 1.5 MB of evidence on the same line. */
export async function alarmBehindClip(options: { readonly alarms: number; readonly bytes: number }): Promise<Line> {
  return inFolder(async (folder) => {
    const arrived = new Map<string, number>();
    const receiver = await openReceiver(folder, (id) => arrived.set(id, performance.now()));
    const box = join(folder, "box");
    const result = { alone: [] as number[], behind: [] as number[], onTheWay: 0 };
    {
      await using link = await Link.open(receiver.address, { bytesPerMs: 64, wayMs: 30 });
      const opened = await openDelivery({ folder: box, address: link.address, serverKey: receiver.serverKey });
      const { delivery } = opened;
      let n = 0;
      const alarm = async (): Promise<number> => {
        const size = arrived.size;
        const startMs = performance.now();
        await delivery.record(exampleTrigger({ occurrenceId: `a${(n += 1)}`, severity: 1 }), null);
        await until("the alarm", () => arrived.size > size);
        return Math.max(...arrived.values()) - startMs;
      };
      await alarm();
      for (let i = 0; i < options.alarms; i += 1) result.alone.push(await alarm());
      await delivery.record(exampleTrigger({ occurrenceId: "clip" }), {
        jpeg: randomBytes(options.bytes),
        widthPx: 64,
        heightPx: 64,
      });
      await pause(1_500);
      for (let i = 0; i < options.alarms; i += 1) {
        if (delivery.status().uplinks[0]?.evidenceWaiting === 1) result.onTheWay += 1;
        result.behind.push(await alarm());
        await pause(800 + Math.random() * 600);
      }
      await until("the evidence", () => delivery.status().uplinks[0]?.evidenceWaiting === 0, 180_000);
      await opened[Symbol.asyncDispose]();
    }
    await receiver[Symbol.asyncDispose]();
    const verdict = await judge(new Set(arrived.keys()), [box], join(folder, "platform"));
    const mean = (list: readonly number[]): number => list.reduce((sum, ms) => sum + ms, 0) / Math.max(1, list.length);
    const later = mean(result.behind) - mean(result.alone);
    return {
      scenario: `alarms behind ${(options.bytes / 1e6).toFixed(1)} MB of evidence on 512 kbit/s`,
      amount: `${result.onTheWay} alarms`,
      verdict,
      figures: `alone ${mean(result.alone).toFixed(0)} ms, behind ${mean(result.behind).toFixed(0)} ms (most ${Math.max(...result.behind).toFixed(0)}), later by ${later.toFixed(0)} ms`,
      holds: JSON.stringify(verdict) === JSON.stringify(clean) && later <= 250 && result.onTheWay > 0,
    };
  });
}
