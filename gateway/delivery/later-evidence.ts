/** Evidence that an event does not wait for: a picture of its moment from the evidence stream, and a clip around it. */
import { randomBytes } from "node:crypto";
import type { Footage } from "../analysis/capture/ring/footage.ts";
import type { Trigger } from "../analysis/zones/trigger.ts";
import type { CameraConfig, GatewayConfig } from "../config/schema.ts";
import type { Database } from "../database/database.ts";
import type { Clock } from "../runtime/clock.ts";
import { GatewayError } from "../runtime/errors.ts";
import type { AboutEvent } from "./events/evidence-event.ts";
import { evidenceEvent } from "./events/evidence-event.ts";
import type { Event, EvidenceRef, LackingEvidence, LaterEvidenceNote, LaterKind } from "./events/event.ts";
import { eventId } from "./events/event-id.ts";
import type { EventTable } from "./events/event-table.ts";
import { walkIn } from "./events/walk-note.ts";
import { cutClip } from "./evidence/clip.ts";
import { bytesOver } from "./evidence/disk-room.ts";
import type { EvidenceFiles } from "./evidence/evidence-files.ts";
import { insertEvidence } from "./evidence/uploads.ts";
import type { OpenUplink } from "./uplink/open-uplinks.ts";

/** What this is made of. */
export interface LaterEvidenceOptions {
  readonly config: GatewayConfig;
  readonly database: Database;
  readonly clock: Clock;
  readonly table: EventTable;
  readonly files: EvidenceFiles;
  readonly uplinks: readonly OpenUplink[];
  /** The newest seconds of a camera's evidence stream; null for a camera without. */
  readonly footage: (cameraId: string) => Footage | null;
  /** Told what failed. */
  readonly onFailed: (error: GatewayError) => void;
}

/** One piece that is still to come; kept in the database, so that a restart can say what was lost. */
interface Awaited extends AboutEvent {
  readonly what: LaterKind;
  readonly severity: number;
}

/** Rows of the `meta` table that hold them. */
const rowPrefix = "awaited:";
/** Pieces that may wait at once: an alarm night must not turn into an hour of cutting. */
const maxAwaited = 32;
/** The reader of the other side takes no more in one piece; less by what a container may add. */
const maxClipBytes = 60 * 1_048_576;
/** Evidence that is told of later travels beside the events, never before alarms. */
const lane = 1;
const retryMs = 1_000;

/** Makes it, one piece after another, and tells of each in a message of its own. */
export class LaterEvidence implements AsyncDisposable {
  readonly #options: LaterEvidenceOptions;
  readonly #stop = new AbortController();
  readonly #jobs = new Set<Promise<void>>();
  #cutting: Promise<unknown> = Promise.resolve();

  constructor(options: LaterEvidenceOptions) {
    this.#options = options;
  }

  /** Says what a former run did not finish, and clears its leavings away. Called once, before any event. */
  async start(): Promise<void> {
    await this.#options.files.clearUnfinished();
    for (const awaited of this.#rows()) this.#tell(awaited, [], [{ what: awaited.what, why: "restarted" }]);
  }

  /** How many pieces are still to come. */
  get waiting(): number {
    return this.#jobs.size;
  }

  /** What will follow an event of `trigger`, and what it lacks although it was to have it. Pure but for a look at the ring. */
  expected(trigger: Trigger): LaterEvidenceNote {
    const camera = this.#camera(trigger.cameraId);
    const coming: LaterKind[] = [];
    const lacking: LackingEvidence[] = [];
    const footage = this.#options.footage(trigger.cameraId);
    for (const what of this.#wanted(trigger, camera)) {
      const why = footage ? footage.lack() : "stream-down";
      if (why !== null) lacking.push({ what, why });
      else if (this.#jobs.size + coming.length >= maxAwaited) lacking.push({ what, why: "too-many" });
      else coming.push(what);
    }
    return { coming, lacking };
  }

  /** Notes what is to come; within the transaction of the event. */
  note(event: Event, trigger: Trigger, { coming }: LaterEvidenceNote): void {
    for (const what of coming) {
      const awaited = awaitedOf(event, trigger, what);
      this.#options.database.run(
        "INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)",
        rowOf(awaited),
        JSON.stringify(awaited),
      );
    }
  }

  /** Sets out to make what `note` noted; returns at once. */
  begin(event: Event, trigger: Trigger, { coming }: LaterEvidenceNote): void {
    for (const what of coming) {
      const job = this.#make(awaitedOf(event, trigger, what)).finally(() => this.#jobs.delete(job));
      this.#jobs.add(job);
    }
  }

  /** What is not finished stays noted: the next start says that it was lost. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#jobs);
  }

  /** A picture at the start and where suspicion becomes certainty; a clip at the start only. */
  #wanted(trigger: Trigger, camera: CameraConfig | null): readonly LaterKind[] {
    if (!camera || trigger.phase === "end") return [];
    const { clip, evidenceUrl } = camera;
    const starts = trigger.phase === "start";
    const wantsPicture = evidenceUrl !== undefined && (starts || this.#rises(trigger));
    const wantsClip = clip !== undefined && starts && (clip.types?.includes(trigger.eventType) ?? true);
    return [...(wantsPicture ? (["picture"] as const) : []), ...(wantsClip ? (["clip"] as const) : [])];
  }

  #rises({ occurrenceId, certainty }: Trigger): boolean {
    if (certainty !== "detected") return false;
    const row = this.#options.database.get("SELECT body FROM occurrences WHERE id = ?", occurrenceId);
    return typeof row?.["body"] === "string" && row["body"].includes('"certainty":"suspected"');
  }

  async #make(awaited: Awaited): Promise<void> {
    const { onFailed } = this.#options;
    const { signal } = this.#stop;
    try {
      const made = awaited.what === "picture" ? await this.#picture(awaited) : await this.#clip(awaited);
      if (typeof made === "string") await this.#tellPatiently(awaited, [], [{ what: awaited.what, why: made }]);
      else await this.#tellPatiently(awaited, [made], []);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof GatewayError)) throw error;
      onFailed(error);
      const why =
        error.code === "EVIDENCE_DISK_FULL" ? "disk-full" : awaited.what === "clip" ? "not-cut" : "write-failed";
      await this.#tellPatiently(awaited, [], [{ what: awaited.what, why }]);
    }
  }

  async #picture({ cameraId, atMs }: Awaited): Promise<EvidenceRef | string> {
    const footage = this.#options.footage(cameraId);
    const still = (await footage?.still(atMs, this.#stop.signal)) ?? "stream-down";
    if (typeof still === "string") return still;
    return { ...(await this.#options.files.write(still)), differenceMs: still.differenceMs };
  }

  async #clip({ cameraId, atMs }: Awaited): Promise<EvidenceRef | string> {
    const { config, files, footage } = this.#options;
    const { signal } = this.#stop;
    const clip = this.#camera(cameraId)?.clip;
    if (!clip) return "not-kept";
    const toMs = atMs + clip.afterSec * 1_000;
    const wanted = { fromMs: atMs - clip.beforeSec * 1_000, atMs, toMs };
    const found = (await footage(cameraId)?.span(wanted, signal)) ?? "stream-down";
    if (typeof found === "string") return found;
    using span = found;
    if (bytesOver(await files.diskRoom(), "clips") > 0) return "disk-full";
    const path = await files.unfinished(".mp4");
    const order = { span, toMs, path, ffmpegPath: config.ffmpeg.path, maxBytes: maxClipBytes };
    // One at a time: a box has few cores, and the analysis needs them.
    const turn = this.#cutting.then(() => cutClip(order, signal));
    this.#cutting = turn.catch(() => undefined);
    const cut = await turn;
    const momentMs = Math.round(atMs - span.startMs);
    return { kind: "clip", mediaType: "video/mp4", ...cut, momentMs, ...(await files.adopt(path)) };
  }

  /** A full disk is waited for; when the daemon stops first, the note stays. */
  async #tellPatiently(
    awaited: Awaited,
    evidence: readonly EvidenceRef[],
    lacking: readonly LackingEvidence[],
  ): Promise<void> {
    const { clock, onFailed } = this.#options;
    for (;;) {
      try {
        this.#tell(awaited, evidence, lacking);
        return;
      } catch (error) {
        if (!(error instanceof GatewayError) || error.retry !== "backoff") throw error;
        onFailed(error);
        await clock.sleep(retryMs, this.#stop.signal);
      }
    }
  }

  /** The file is on the disk by now; one commit puts its row, its message and its uploads there and takes the note away. */
  #tell(awaited: Awaited, evidence: readonly EvidenceRef[], lacking: readonly LackingEvidence[]): void {
    const { config, database, clock, table, uplinks } = this.#options;
    const { id, occurrence, type, severity, cameraId } = awaited;
    const nowMs = clock.nowMs();
    const facts = { type, severity, departments: [] };
    // A platform that has not got the event has no use for its evidence.
    const ways = awaited.testWalk ? [] : uplinks.filter((uplink) => uplink.wants(facts, occurrence));
    database.transaction(() => {
      const { n, hash, sm3 } = table.head();
      const made = evidenceEvent(awaited, evidence, lacking, {
        id: eventId(nowMs, randomBytes(10)),
        site: config.site,
        camera: this.#camera(cameraId) ?? { id: cameraId },
        expiresMs: nowMs + config.storage.keepDays * 86_400_000,
        sequence: n + 1,
        epoch: database.epoch,
        prev: hash,
        prevSm3: sm3,
        nowMs,
      });
      const event = table.sealed(made);
      table.insert(event);
      for (const one of evidence) {
        const asked = ways.filter((way) => way.wantsEvidence(one.kind)).map((way) => way.id);
        insertEvidence(database, one, id, nowMs, asked);
      }
      for (const { outbox } of ways) outbox.append(event, lane);
      database.run("DELETE FROM meta WHERE name = ?", rowOf(awaited));
    });
    for (const { uplink } of uplinks) uplink.wake();
  }

  #rows(): readonly Awaited[] {
    return this.#options.database
      .all(`SELECT value FROM meta WHERE name LIKE '${rowPrefix}%' LIMIT 1000`)
      .map((row) => JSON.parse(String(row["value"])) as Awaited);
  }

  #camera(id: string): CameraConfig | null {
    return this.#options.config.cameras.find((camera) => camera.id === id) ?? null;
  }
}

function awaitedOf(event: Event, trigger: Trigger, what: LaterKind): Awaited {
  const { id, occurrence, type, severity, cameraId } = event;
  const testWalk = walkIn(event.body);
  const { phase, atMs } = trigger;
  return { id, occurrence, type, severity, cameraId, phase, atMs, what, ...(testWalk ? { testWalk } : {}) };
}

function rowOf({ id, what }: Awaited): string {
  return `${rowPrefix}${id}:${what}`;
}
