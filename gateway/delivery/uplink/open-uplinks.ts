/** Every uplink of the config, each with its outbox and uploads. */
import { randomBytes } from "node:crypto";
import type { GatewayConfig } from "../../config/schema.ts";
import type { Database } from "../../database/database.ts";
import type { Clock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import type { Log } from "../../runtime/log.ts";
import type { DeadLetter, UplinkStatus } from "../../runtime/status.ts";
import { version } from "../../runtime/version.ts";
import { Uploads, type LostEvidence, type SpoiledEvidence } from "../evidence/uploads.ts";
import type { Event } from "../events/event.ts";
import { wants, wantsEvidence, type FilteredFacts } from "../outbox/filter.ts";
import { DeadLetters } from "../outbox/dead-letters.ts";
import { Outbox } from "../outbox/outbox.ts";
import type { GivenUp } from "../outbox/outbox-listener.ts";
import { DrainPace, type Flow } from "./drain-pace.ts";
import type { KeyFile } from "./keys.ts";
import type { OwnCopy } from "./protocol/box-bulk.ts";
import type { Header } from "./protocol/messages.ts";
import { readEvent, type ReadEvent } from "./protocol/read-event.ts";
import { ServerKeys, type ServerKeyStore } from "./server-keys.ts";
import { Uplink } from "./uplink.ts";

/** One uplink and what it works on. */
export interface OpenUplink {
  readonly id: string;
  readonly outbox: Outbox;
  readonly uplink: Uplink;
  /** Whether an event goes this way; the later messages of an occurrence go where its first one went. */
  wants(facts: FilteredFacts, occurrence: string): boolean;
  wantsEvidence(kind: string): boolean;
  /** Whether logins, changes and refusals go this way. */
  readonly wantsSecurity: boolean;
  status(nowMs: number): UplinkStatus;
}

/** What uplinks are made of. */
export interface UplinksOptions {
  readonly config: GatewayConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly keys: KeyFile;
  readonly log: Log;
  readonly read: (sha256: string, off: number, size: number) => Promise<Uint8Array | null>;
  readonly check: (sha256: string, sm3?: string) => Promise<OwnCopy>;
  readonly onAcknowledged: (acknowledged: { readonly uplinkId: string; readonly event: ReadEvent }) => void;
  /** The same as numbers, for a relay's receipts. */
  readonly onPassedOn: (uplinkId: string, lane: number, from: number, to: number) => void;
  readonly onCommand: (uplinkId: string, header: Header<"CMD">, payload: Uint8Array) => void;
  readonly onOpen: (uplinkId: string) => void;
  /** What the box says of itself with each beat; flat, at most a kilobyte. */
  readonly health: () => NonNullable<Header<"BEAT">["health"]>;
  /** Rows of an uplink that will never be sent. */
  readonly onGivenUp: (uplinkId: string, given: GivenUp) => void;
  /** Evidence that an uplink's platform waits for in vain. */
  readonly onEvidenceLost: (uplinkId: string, lost: LostEvidence) => void;
  /** Evidence that is whole here and that an uplink's platform spoils again and again. */
  readonly onEvidenceSpoiled: (uplinkId: string, spoiled: SpoiledEvidence) => void;
  readonly onError: (error: GatewayError) => void;
}

function keptIn(database: Database, name: string): ServerKeyStore {
  return {
    read: () => {
      const row = database.get("SELECT value FROM meta WHERE name = ?", name);
      return row ? String(row["value"]) : null;
    },
    write: (text) => void database.run("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, text),
  };
}

/** Where an event that is on a disk already goes, by what it says: as when it was made. */
export function waysOf(uplinks: readonly OpenUplink[], event: Event): readonly Outbox[] {
  const read = readEvent(event.body, () => true);
  const departments = "id" in read ? (read.data.departments ?? []) : [];
  const ofTheBox = "id" in read && read.type.startsWith("system.");
  const { type, severity, occurrence } = event;
  const goes = (uplink: OpenUplink): boolean =>
    ofTheBox ? type !== "security" || uplink.wantsSecurity : uplink.wants({ type, severity, departments }, occurrence);
  return uplinks.filter(goes).map(({ outbox }) => outbox);
}

/** Opens every outbox; nothing is sent before `uplink.start()`. */
export function openUplinks(options: UplinksOptions): readonly OpenUplink[] {
  const { config, database, clock } = options;
  const { keys } = options;
  const boot = randomBytes(16).toString("hex");
  return config.uplinks.map((filter) => {
    const { id, address, serverKey } = filter;
    const deadLetters = new DeadLetters(database, id);
    const note = (letter: Omit<DeadLetter, "atMs">): void => {
      try {
        deadLetters.note({ atMs: clock.nowMs(), ...letter });
      } catch (error) {
        // What was given up for want of room may find none for its note.
        if (!(error instanceof GatewayError)) throw error;
        options.onError(error);
      }
    };
    const outbox = new Outbox(database, id, {
      givenUp: (given) => {
        options.onGivenUp(id, given);
        const { from, to, reason: why, eventId } = given;
        note({ why, detail: "", eventId, events: to - from + 1 });
      },
      rejected: ({ eventId, detail }) => {
        options.log.error({ uplink: id, eventId, detail }, "event put aside by the platform");
        note({ why: "rejected", detail, eventId, events: 1 });
      },
    });
    const uploads = new Uploads(database, id, {
      clock,
      onLost: (lost) => options.onEvidenceLost(id, lost),
      onSpoiled: (spoiled) => options.onEvidenceSpoiled(id, spoiled),
    });
    const pace = new DrainPace();
    const flow = (): Flow => ({ acknowledged: uplink.acknowledgedCount, added: outbox.addedCount });
    const startedMs = clock.monotonicMs();
    const serverKeys = new ServerKeys(serverKey, keptIn(database, `server-key:${id}`));
    const uplink = new Uplink({
      id,
      address,
      serverKeys,
      keys,
      boot,
      clock,
      outbox,
      uploads,
      gw: config.site.id,
      software: version,
      read: options.read,
      check: options.check,
      ...(config.relay ? { role: "relay" as const } : {}),
      health: () => ({
        ...options.health(),
        upSec: Math.round((clock.monotonicMs() - startedMs) / 1_000),
        depth: outbox.waiting().depth,
        evidence: uploads.waiting(),
        // So that a platform sees who would be left behind by its new key.
        ...(serverKeys.next === null ? {} : { nextServerKey: serverKeys.next }),
      }),
      onCommand: (header, payload) => {
        options.onCommand(id, header, payload);
      },
      onOpen: () => {
        options.onOpen(id);
      },
      onAcknowledged: (lane, from, to) => {
        pace.look(clock.monotonicMs(), flow());
        options.onPassedOn(id, lane, from, to);
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
      wants: (facts, occurrence) => wants(filter, facts) || outbox.carries(occurrence),
      wantsEvidence: (kind) => wantsEvidence(filter, kind),
      // A department that asked for its own events has no business with who logs in here.
      wantsSecurity: filter.security ?? (filter.types.length === 0 && filter.departments.length === 0),
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
          retryInMs: uplink.retryInMs,
          drainMs: pace.drainMs(clock.monotonicMs(), depth, flow()),
          deadLetters: deadLetters.told(),
          lastError: uplink.lastError,
        };
      },
    };
  });
}
