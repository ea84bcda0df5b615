/** The path of an event, on one page: a trigger becomes a message that a platform has acknowledged. */
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import type { OpenOccurrence, Trigger } from "../analysis/zones/trigger.ts";
import { EvidenceError, GatewayError, UplinkError } from "../runtime/errors.ts";
import type { DeliveryStatus, SaidError } from "../runtime/status.ts";
import type { Acknowledgement, DeliveryHooks, DeliveryOptions, DeliveryParts } from "./delivery-options.ts";
import { signerOf, type KeptPicture, type Picture, type Wires } from "./delivery-options.ts";
import { withCityCodes } from "./events/city-codes.ts";
import { EventTable } from "./events/event-table.ts";
import { eventFrom, unknownType } from "./events/event.ts";
import { eventId } from "./events/event-id.ts";
import { Ballast } from "./evidence/ballast.ts";
import { EvidenceFiles, writeFailed } from "./evidence/evidence-files.ts";
import { evidenceBytes } from "./evidence/retention.ts";
import { insertEvidence } from "./evidence/uploads.ts";
import { LaterEvidence } from "./later-evidence.ts";
import { Measurements } from "./measurements.ts";
import { Housekeeping } from "./housekeeping.ts";
import { lossesOf } from "./losses.ts";
import { salvage } from "./outbox/salvage.ts";
import { SystemEvents } from "./system-events.ts";
import { TestWalks } from "./test-walks.ts";
import type { ClockSample } from "./uplink/protocol/clock-offset.ts";
import { KeyFile, keyPath } from "./uplink/keys.ts";
import { openUplinks, waysOf, type OpenUplink } from "./uplink/open-uplinks.ts";

export type { Acknowledgement, DeliveryOptions, Picture } from "./delivery-options.ts";

/** Triggers that may wait for a full disk; further ones are refused. */
const maxPending = 256;
const drainMs = 5_000;

/** The durable half of the house. */
export class Delivery implements AsyncDisposable {
  readonly #options: DeliveryOptions & Pick<DeliveryParts, "keys">;
  readonly #table: EventTable;
  readonly #files: EvidenceFiles;
  readonly #later: LaterEvidence;
  readonly #house: Housekeeping;
  /** What the box says of itself. */
  readonly system: SystemEvents;
  /** What is measured although nothing happened. */
  readonly measurements: Measurements;
  /** Who walks through a zone to try it. */
  readonly walks: TestWalks;
  readonly #uplinks: readonly OpenUplink[];
  #hooks: DeliveryHooks = {};
  readonly #listeners = new Set<(acknowledged: Acknowledgement) => void>();
  readonly #stop = new AbortController();
  readonly #housekeeping: Promise<void>;
  #recording: Promise<void> = Promise.resolve();
  #pending = 0;
  #recorded = 0;
  #lastError: SaidError | null = null;

  private constructor(
    options: DeliveryOptions & Pick<DeliveryParts, "keys">,
    uplinks: readonly OpenUplink[],
    files: EvidenceFiles,
    ballast: Ballast,
  ) {
    this.#options = options;
    this.#uplinks = uplinks;
    this.#files = files;
    this.#table = new EventTable(options.database, options.signer);
    if (options.onAcknowledged) this.#listeners.add(options.onAcknowledged);
    const { database, clock, config } = options;
    const outboxes = uplinks.map((uplink) => uplink.outbox);
    this.walks = new TestWalks(database, clock, this.#table);
    this.system = new SystemEvents({ database, clock, site: config.site, table: this.#table, uplinks });
    const limits = { evidenceBytes: config.storage.evidenceMegabytes * 1_048_576, keepDays: config.storage.keepDays };
    const kept = { files, ballast, outboxes, limits, system: this.system, onFailed: this.#tolerated };
    this.#house = new Housekeeping({ database, clock, ...kept });
    this.measurements = new Measurements({ database, clock, config, table: this.#table, uplinks });
    const [footage, onFailed] = [options.footage ?? (() => null), (error: GatewayError): void => this.#failed(error)];
    this.#later = new LaterEvidence({ config, database, clock, table: this.#table, files, uplinks, footage, onFailed });
    this.#housekeeping = this.#house.run(this.#stop.signal);
  }

  /** Opens keys, outbox and uplinks; what a damaged database still held is taken over first. */
  static async open(options: DeliveryOptions): Promise<Delivery> {
    const { config, database, log, clock } = options;
    const folder = options.folder ?? dirname(database.path);
    const files = new EvidenceFiles(join(folder, "evidence"));
    const ballast = await Ballast.open(join(folder, "ballast"));
    const wired: { to: Wires } = { to: {} };
    const keys = await KeyFile.open(keyPath(folder));
    const uplinks = openUplinks({
      config,
      database,
      clock,
      log,
      keys,
      read: (...piece) => files.read(...piece),
      check: (...digests) => files.check(...digests),
      health: () => options.health?.() ?? {},
      onGivenUp: (uplinkId, given) => wired.to.onGivenUp?.(uplinkId, given),
      onEvidenceLost: (uplinkId, lost) => wired.to.onEvidenceLost?.(uplinkId, lost),
      onEvidenceSpoiled: (...spoiled) => wired.to.onEvidenceSpoiled?.(...spoiled),
      onPassedOn: (...run) => wired.to.onPassedOn?.(...run),
      onCommand: (...command) => wired.to.onCommand?.(...command),
      onOpen: (uplinkId) => wired.to.onOpen?.(uplinkId),
      onAcknowledged: (acknowledged) => wired.to.onAcknowledged?.(acknowledged),
      onError: (error) => wired.to.onError?.(error),
    });
    const file = database.quarantined;
    const saved = file === null ? null : await salvage(file, database, (event) => waysOf(uplinks, event));
    const signer = options.signer ?? (await signerOf(config, folder));
    const delivery = new Delivery({ ...options, signer, keys }, uplinks, files, ballast);
    wired.to = {
      ...lossesOf({ system: delivery.system, files, log, onFailed: delivery.#tolerated }),
      onAcknowledged: (acknowledged) => delivery.#acknowledged(acknowledged),
      onError: (error) => delivery.#failed(error),
      onPassedOn: (...run) => delivery.#hooks.onPassedOn?.(...run),
      onCommand: (uplinkId, header, payload) => {
        if (header.gw === config.site.id) delivery.#hooks.onCommand?.(uplinkId, header, payload);
        else delivery.#hooks.onForeignCommand?.(header, payload);
      },
      onOpen: (uplinkId) => delivery.#hooks.onOpen?.(uplinkId),
    };
    if (saved) log.error({ file, ...saved }, "database set aside, readable events saved into a new one");
    if (saved) delivery.system.setAside(file, saved);
    await delivery.#later.start();
    for (const { uplink } of uplinks) uplink.start();
    return delivery;
  }

  /** Makes `trigger` durable. When this returns, a power cut loses nothing of it. Triggers are recorded in the order of the calls. */
  async record(trigger: Trigger, picture: Picture | null): Promise<void> {
    if (this.#pending >= maxPending) throw new GatewayError("DATABASE_FULL", { path: this.#options.database.path });
    this.#pending += 1;
    const turn = this.#recording.then(() => this.#recordPatiently(trigger, picture));
    this.#recording = turn.catch(() => undefined).finally(() => (this.#pending -= 1));
    return turn;
  }

  /** The path itself, top to bottom. */
  async #recordOnce(trigger: Trigger, picture: Picture | null): Promise<void> {
    const { database, clock } = this.#options;
    const kept = await this.#keepPicture(picture); // The file first: a row never names a file that is not there.
    const later = this.#later.expected(trigger);
    const context = { ...this.#context(trigger, picture, kept), later, testWalk: this.walks.of(trigger) };
    const event = this.#table.sealed(eventFrom(trigger, context));
    const lane = this.#table.laneOf(event.occurrence) ?? (event.severity <= 3 ? 0 : 1);
    const facts = { type: event.type, severity: event.severity, departments: context.typeInfo.departments };
    const ways = context.testWalk ? [] : this.#uplinks.filter((uplink) => uplink.wants(facts, event.occurrence));
    database.transaction(() => {
      this.#table.insert(event);
      this.#table.follow(trigger, lane);
      this.#later.note(event, trigger, later);
      for (const evidence of kept.evidence) {
        const asked = ways.filter((way) => way.wantsEvidence(evidence.kind)).map(({ id }) => id);
        insertEvidence(database, evidence, event.id, clock.nowMs(), asked);
      }
      for (const { outbox } of ways) outbox.append(event, lane);
    });
    this.#later.begin(event, trigger, later);
    this.#recorded += 1;
    for (const { uplink } of this.#uplinks) uplink.wake(); // Only a nudge: the uplink reads the outbox, so a lost nudge loses nothing.
  }

  /** A full disk is waited for: first the ballast goes, then housekeeping makes room, then somebody must. */
  async #recordPatiently(trigger: Trigger, picture: Picture | null): Promise<void> {
    for (;;) {
      try {
        await this.#recordOnce(trigger, picture);
        return;
      } catch (error) {
        if (!(error instanceof GatewayError) || error.retry !== "backoff" || this.#stop.signal.aborted) throw error;
        this.#failed(error);
        await this.#house.makeRoom();
        await this.#options.clock.sleep(250, this.#stop.signal).catch(() => undefined);
      }
    }
  }

  /** What was open when the daemon last stopped, for the rule engine to go on with. */
  openOccurrences(): readonly OpenOccurrence[] {
    return this.#table.openOccurrences();
  }

  /** The newest events as parsed JSON, newest first; for the status page. */
  newestEvents(limit: number): readonly unknown[] {
    return this.#table.newest(limit).map((body) => JSON.parse(Buffer.from(body).toString("utf8")) as unknown);
  }

  status(): DeliveryStatus {
    const { database, clock } = this.#options;
    return {
      recorded: this.#recorded,
      openOccurrences: this.#table.openOccurrences().length,
      evidenceBytes: evidenceBytes(database),
      databaseBytes: database.sizeBytes,
      uplinks: this.#uplinks.map((u) => u.status(clock.nowMs())),
      lastError: this.#lastError,
    };
  }

  /** Resolves after dispose; rejects when a disk or a bug ends a part that works by itself. */
  get ended(): Promise<unknown> {
    return Promise.all([this.#housekeeping, ...this.#uplinks.map(({ uplink }) => uplink.running())]);
  }

  /** The uplinks, for those who hand on events of others or answer commands. */
  get uplinks(): readonly OpenUplink[] {
    return this.#uplinks;
  }

  /** The best known difference to a platform's clock; null while no platform has answered a beat. */
  get clock(): ClockSample | null {
    const known = this.#uplinks.flatMap(({ uplink }) => uplink.clock ?? []);
    return known.sort((a, b) => a.errorMs - b.errorMs)[0] ?? null;
  }

  /** What others that belong to the durable half stand on: relay, commands. */
  get parts(): DeliveryParts {
    return { ...this.#options, table: this.#table, files: this.#files, uplinks: this.#uplinks, system: this.system };
  }

  /** Adds listeners; a name that was there before is replaced. */
  attach(hooks: DeliveryHooks): void {
    this.#hooks = { ...this.#hooks, ...hooks };
  }

  /** Told of every acknowledgement; returns how to stop listening. */
  onAcknowledged(listener: (acknowledged: Acknowledgement) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Records what was handed in, sends for at most 5 s, closes; the rest stays in the outbox. */
  async [Symbol.asyncDispose](): Promise<void> {
    // Aborted as soon as it is of no use: a timer left behind would hold the process for its five seconds.
    const patience = new AbortController();
    await Promise.race([this.#recording, this.#options.clock.sleep(drainMs, patience.signal).catch(() => undefined)]);
    patience.abort();
    await this.#later[Symbol.asyncDispose]();
    await Promise.all(this.#uplinks.map(({ uplink }) => uplink.drain(drainMs)));
    this.#stop.abort();
    // What broke has been told by `ended`.
    await Promise.allSettled([this.#housekeeping, ...this.#uplinks.map(({ uplink }) => uplink[Symbol.asyncDispose]())]);
  }

  async #keepPicture(picture: Picture | null): Promise<KeptPicture> {
    if (!picture) return { evidence: [], missing: null };
    try {
      return { evidence: [await this.#files.keep(picture)], missing: null };
    } catch (error) {
      if (!(error instanceof EvidenceError)) throw error;
      this.#failed(error);
      return { evidence: [], missing: error.code === "EVIDENCE_DISK_FULL" ? "disk-full" : "write-failed" };
    }
  }

  #context(trigger: Trigger, picture: Picture | null, kept: KeptPicture): Parameters<typeof eventFrom>[1] {
    const { config, database, clock, typeInfo, provenance } = this.#options;
    const nowMs = clock.nowMs();
    const head = this.#table.head();
    return {
      id: eventId(nowMs, randomBytes(10)),
      site: config.site,
      camera: config.cameras.find((camera) => camera.id === trigger.cameraId) ?? { id: trigger.cameraId, purpose: [] },
      typeInfo: withCityCodes(typeInfo(trigger.eventType) ?? unknownType(trigger.eventType), config.site.codes),
      frame: picture,
      evidence: kept.evidence,
      evidenceMissing: kept.missing,
      evidenceExpiresMs: nowMs + config.storage.keepDays * 86_400_000,
      provenance: provenance(trigger.cameraId),
      sequence: head.n + 1,
      epoch: database.epoch,
      prev: head.hash,
      prevSm3: head.sm3,
      recordedAtMs: nowMs,
    };
  }

  #acknowledged(acknowledged: Acknowledgement): void {
    for (const listener of this.#listeners) listener(acknowledged);
  }

  #failed(error: GatewayError): void {
    // An uplink tells its own errors, and no longer once it sends again.
    if (!(error instanceof UplinkError))
      this.#lastError = { code: error.code, values: error.values, atMs: this.#options.clock.nowMs() };
    this.#options.log.warn({}, "delivery", error);
  }

  /** Housekeeping that fails is told and tried again at the next turn; a broken disk and a bug are thrown on. */
  readonly #tolerated = (error: unknown): void => {
    if (error instanceof GatewayError && error.retry !== "never") this.#failed(error);
    else if (error instanceof Error && "syscall" in error) this.#failed(writeFailed(this.#files.folder, error));
    else throw error;
  };
}
