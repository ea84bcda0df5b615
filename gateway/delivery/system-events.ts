/** What the box says of itself goes the way of every event: its row, its place in each outbox, one commit. */
import { randomBytes } from "node:crypto";
import type { GatewayConfig } from "../config/schema.ts";
import type { Database } from "../database/database.ts";
import { Audit } from "./commands/audit.ts";
import { told, type Deleted } from "./evidence/retention.ts";
import type { LostEvidence } from "./evidence/uploads.ts";
import type { Clock } from "../runtime/clock.ts";
import { eventId } from "./events/event-id.ts";
import type { EventTable } from "./events/event-table.ts";
import { systemEvent, type SystemFact } from "./events/system-event.ts";
import type { Event } from "./events/event.ts";
import type { GivenUp } from "./outbox/outbox-listener.ts";
import type { Salvaged } from "./outbox/salvage.ts";
import type { OpenUplink } from "./uplink/open-uplinks.ts";

/** 1 for what somebody should read, 2 for what only adds up. */
export type SystemLane = 1 | 2;

/** What this is made of. */
export interface SystemEventsOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly site: GatewayConfig["site"];
  readonly table: EventTable;
  readonly uplinks: readonly OpenUplink[];
}

/** Writes them. */
export class SystemEvents {
  readonly #options: SystemEventsOptions;

  constructor(options: SystemEventsOptions) {
    this.#options = options;
  }

  /** Rows of an uplink that will never be sent. */
  gap(uplink: string, { lane, from, to, reason, eventId: id }: GivenUp): Event {
    const count = to - from + 1;
    return this.say({
      kind: "uplink-gap",
      severity: 2,
      title: {
        zh: `上报通道 ${uplink}:${count} 条事件未能上报(${reason})`,
        en: `uplink ${uplink}: ${count} event(s) given up (${reason})`,
      },
      detail: { uplink, lane, from, to, count, reason, eventId: id },
    });
  }

  /** Evidence is gone for good: what it was, when and why, here in the audit and there as an event. Digests are the proof of what it was. */
  deleted(files: readonly Deleted[]): Event {
    const { database, clock } = this.#options;
    const listed = files.map(({ createdMs, deletedMs, ...one }) => ({ ...one, createdMs, deletedMs }));
    const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
    return this.say(
      {
        kind: "evidence-deleted",
        severity: 4,
        title: { zh: `已按期限或空间删除证据 ${files.length} 件`, en: `${files.length} piece(s) of evidence deleted` },
        detail: { count: files.length, bytes, files: listed },
      },
      2,
      () => {
        const named = files.map(({ sha256, why, deletedMs }) => `${sha256} ${why} ${deletedMs}`).join("\n");
        new Audit(database).add({ what: "evidence-deleted", count: files.length, bytes, files: named }, clock.nowMs());
        told(database, files);
      },
    );
  }

  /** Evidence of an event that its platform waits for in vain: the file is gone, or its bytes are not those of its digest. */
  evidenceLost(uplink: string, { why, ...lost }: LostEvidence): Event {
    return this.say({
      kind: "evidence-lost",
      severity: 3,
      title: {
        zh: `证据无法送达:${why === "gone" ? "文件已不存在" : "文件内容与摘要不符"}`,
        en: `evidence cannot be delivered: ${why === "gone" ? "the file is gone" : "its bytes do not match its digest"}`,
      },
      detail: { uplink, ...lost, why },
    });
  }

  /** The database was damaged, and a new one holds what could be read of it. */
  setAside(file: string | null, { events, damaged }: Salvaged): Event {
    return this.say({
      kind: "store-damaged",
      severity: 2,
      title: {
        zh: `本机数据库损坏,已隔离并新建:抢救事件 ${events} 条,无法读取 ${damaged} 条`,
        en: `the box's database was damaged and set aside: ${events} event(s) saved, ${damaged} unreadable`,
      },
      detail: { file, events, damaged },
    });
  }

  /** Makes `fact` durable; filters do not hold it back, but security records go only where they are wanted. When this returns, a power cut loses nothing of it. A function is asked for its fact inside the transaction, `within` runs in it, too. Throws DatabaseError. */
  say(
    fact: SystemFact | (() => SystemFact),
    lane: SystemLane = 1,
    within: (event: Event) => void = () => undefined,
  ): Event {
    const { database, clock, site, table, uplinks } = this.#options;
    const nowMs = clock.nowMs();
    const event = database.transaction(() => {
      const { n, hash, sm3 } = table.head();
      const context = {
        id: eventId(nowMs, randomBytes(10)),
        site,
        sequence: n + 1,
        epoch: database.epoch,
        prev: hash,
        prevSm3: sm3,
        nowMs,
      };
      const made = table.sealed(systemEvent(typeof fact === "function" ? fact() : fact, context));
      table.insert(made);
      for (const { outbox, wantsSecurity } of uplinks)
        if (wantsSecurity || made.type !== "security") outbox.append(made, lane);
      within(made);
      return made;
    });
    for (const { uplink } of uplinks) uplink.wake();
    return event;
  }
}
