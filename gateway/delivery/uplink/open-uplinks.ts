/** Every uplink of the config, each with its outbox and uploads. */
import { randomBytes } from "node:crypto";
import type { GatewayConfig } from "../../config/schema.ts";
import type { Database } from "../../database/database.ts";
import type { Clock } from "../../runtime/clock.ts";
import type { GatewayError } from "../../runtime/errors.ts";
import type { Log } from "../../runtime/log.ts";
import type { UplinkStatus } from "../../runtime/status.ts";
import { version } from "../../runtime/version.ts";
import { Uploads } from "../evidence/uploads.ts";
import { Outbox } from "../outbox/outbox.ts";
import { ensureKeys } from "./keys.ts";
import { readEvent, type ReadEvent } from "./protocol/read-event.ts";
import { Uplink } from "./uplink.ts";

/** One uplink and what it works on. */
export interface OpenUplink {
  readonly id: string;
  readonly outbox: Outbox;
  readonly uplink: Uplink;
  status(nowMs: number): UplinkStatus;
}

/** What uplinks are made of. */
export interface UplinksOptions {
  readonly config: GatewayConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly folder: string;
  readonly log: Log;
  readonly read: (sha256: string, off: number, size: number) => Promise<Uint8Array | null>;
  readonly onAcknowledged: (acknowledged: { readonly uplinkId: string; readonly event: ReadEvent }) => void;
  readonly onError: (error: GatewayError) => void;
}

/** Opens the keys and every outbox; nothing is sent before `uplink.start()`. */
export async function openUplinks(options: UplinksOptions): Promise<readonly OpenUplink[]> {
  const { config, database, clock } = options;
  const keys = await ensureKeys(options.folder);
  const boot = randomBytes(16).toString("hex");
  return config.uplinks.map(({ id, address, serverKey }) => {
    const outbox = new Outbox(database, id, (eventId) => {
      options.log.error({ eventId }, "event damaged on the disk, the platform is told of the gap");
    });
    const uploads = new Uploads(database, id);
    const startedMs = clock.monotonicMs();
    const uplink = new Uplink({
      id,
      address,
      serverKey,
      keys,
      boot,
      clock,
      outbox,
      uploads,
      gw: config.site.id,
      software: version,
      read: options.read,
      health: () => ({
        upSec: Math.round((clock.monotonicMs() - startedMs) / 1_000),
        depth: outbox.waiting().depth,
        evidence: uploads.waiting(),
      }),
      onAcknowledged: (lane, from, to) => {
        for (const body of outbox.bodiesBetween(lane, from, to)) {
          const event = readEvent(body, config.site.id);
          if ("id" in event) options.onAcknowledged({ uplinkId: id, event });
        }
      },
      onError: options.onError,
    });
    return {
      id,
      outbox,
      uplink,
      status: (nowMs) => {
        const { depth, oldestMs } = outbox.waiting();
        return {
          id,
          address,
          depth,
          state: uplink.state,
          sinceMs: uplink.sinceMs,
          oldestAgeMs: oldestMs === null ? null : Math.max(0, nowMs - oldestMs),
          evidenceWaiting: uploads.waiting(),
          acknowledged: uplink.acknowledgedCount,
          lastAckMs: uplink.lastAckMs,
          lastError: uplink.lastError,
        };
      },
    };
  });
}
