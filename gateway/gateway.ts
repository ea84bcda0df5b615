/** Composition root: opens every part in order, owns them on one stack, disposes in reverse. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { isAbsolute, join } from "node:path";
import { Analysis } from "./analysis/analysis.ts";
import { Rings } from "./analysis/rings.ts";
import type { Measurement } from "./analysis/measurement.ts";
import type { Picture } from "./analysis/snapshot.ts";
import type { OpenOccurrence, Trigger } from "./analysis/zones/trigger.ts";
import { ControlSocket } from "./cli/control-socket.ts";
import { typeOf } from "./config/catalogue/catalogue.ts";
import type { LoadedConfig } from "./config/load.ts";
import { emptyZones } from "./config/zones-schema.ts";
import { Database, gatewayMigrations } from "./database/database.ts";
import { Delivery, type Acknowledgement } from "./delivery/delivery.ts";
import { systemClock } from "./runtime/clock.ts";
import { GatewayError } from "./runtime/errors.ts";
import type { Log } from "./runtime/log.ts";
import type { GatewayStatus, SaidError } from "./runtime/status.ts";
import { version } from "./runtime/version.ts";
import type { Language } from "./runtime/texts/fill.ts";
import { openRelay } from "./relay.ts";
import { WebServer } from "./web/server.ts";

/** What the composition root needs from outside. */
export interface GatewayOptions {
  readonly config: LoadedConfig;
  readonly language: Language;
  readonly log: Log;
  /** Where model packages lie; `models/` of the installation by default. */
  readonly modelsFolder?: string;
  /** Told of each event that an uplink's platform has acknowledged. */
  readonly onAcknowledged?: (acknowledgement: Acknowledgement) => void;
}

/** A clock that is known to be within a second of a platform's counts as right; nobody asked, nobody knows. */
function clockOf(known: Delivery["clock"]): { readonly synced: boolean | null; readonly offsetMs: number | null } {
  if (known === null) return { synced: null, offsetMs: null };
  return { synced: Math.abs(known.offsetMs) - known.errorMs < 1_000, offsetMs: Math.round(known.offsetMs) };
}

/** One running gateway. Dispose it to stop: cameras first, database last. */
export class Gateway implements AsyncDisposable {
  readonly #options: GatewayOptions;
  readonly #stack = new AsyncDisposableStack();
  readonly #loopDelay = monitorEventLoopDelay({ resolution: 20 });
  readonly #startedMs = systemClock.nowMs();
  readonly #recording = new Set<Promise<void>>();
  #process: GatewayStatus["process"] = "starting";
  #analysis: Analysis | undefined;
  #rings: Rings | undefined;
  #delivery: Delivery | undefined;
  #web: WebServer | undefined;
  #broken: ((error: unknown) => void) | undefined;

  private constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /**
   * Opens database, delivery, analysis, page and control socket, in this order.
   * @throws GatewayError when a part cannot be opened; what was open by then is closed again.
   */
  static async open(options: GatewayOptions): Promise<Gateway> {
    const gateway = new Gateway(options);
    try {
      await gateway.#openParts();
    } catch (error) {
      await gateway[Symbol.asyncDispose]();
      throw error;
    }
    return gateway;
  }

  async #openParts(): Promise<void> {
    const { config, language, log, onAcknowledged } = this.#options;
    const { site, storage, web } = config.gateway;
    const folder = isAbsolute(storage.folder) ? storage.folder : join(config.root, storage.folder);
    this.#loopDelay.enable();
    const database = this.#stack.use(
      await Database.open(join(folder, "gateway.db"), { migrations: gatewayMigrations, nowMs: systemClock.nowMs() }),
    );
    const rings = this.#stack.use(
      await Rings.open({
        config,
        storageFolder: folder,
        clock: systemClock,
        onProblem: (cameraId, error) => this.#problem(cameraId, error, "evidence stream"),
      }),
    );
    this.#rings = rings;
    const delivery = this.#stack.use(
      await Delivery.open({
        config: config.gateway,
        database,
        clock: systemClock,
        log,
        typeInfo: typeOf,
        footage: (cameraId) => rings.footage(cameraId),
        provenance: (cameraId) => ({
          software: version,
          model: this.#analysis?.modelOf(cameraId) ?? null,
          configRevision: config.revision,
          clock: clockOf(this.#delivery?.clock ?? null),
        }),
      }),
    );
    this.#delivery = delivery;
    if (onAcknowledged) delivery.onAcknowledged(onAcknowledged);
    const { relay } = config.gateway;
    if (relay) this.#stack.use(await openRelay({ config: config.gateway, relay, delivery, folder, language, log }));
    this.#stack.defer(async () => {
      await Promise.allSettled(this.#recording);
    });
    this.#analysis = this.#stack.use(await this.#openAnalysis(folder, delivery.openOccurrences()));
    if (web.enabled) {
      this.#web = this.#stack.use(
        await WebServer.open({
          listen: web.listen,
          folder,
          language,
          clock: systemClock,
          log,
          status: () => this.status(),
          snapshot: async (cameraId) => (await this.#analysis?.picture(cameraId))?.jpeg ?? null,
        }),
      );
    }
    this.#stack.use(
      await ControlSocket.open(join(folder, "control.sock"), {
        status: () => this.status(),
        acceptView: (cameraId) => this.#analysis?.acceptView(cameraId) ?? false,
      }),
    );
    this.#process = "running";
    log.info({ site: site.id, cameras: config.gateway.cameras.length }, "gateway running");
  }

  async #openAnalysis(storageFolder: string, open: readonly OpenOccurrence[]): Promise<Analysis> {
    const { config, modelsFolder } = this.#options;
    const cameras = config.gateway.cameras.map((camera) => ({
      camera,
      zones: config.zones[camera.id] ?? emptyZones(camera.id),
      credentials: config.credentials[camera.id] ?? null,
      open: open.filter(({ cameraId }) => cameraId === camera.id),
    }));
    return Analysis.open(
      {
        gateway: config.gateway,
        modelsFolder: modelsFolder ?? join(import.meta.dirname, "../models"),
        storageFolder,
        cameras,
      },
      {
        onTrigger: (trigger, picture) => this.#record(trigger, picture),
        onProblem: (cameraId, error) => this.#problem(cameraId, error),
        onMeasurement: (measurement) => this.#measure(measurement),
      },
    );
  }

  #record(trigger: Trigger, picture: Picture | null): void {
    const recording = this.#delivery?.record(trigger, picture).catch((error: unknown) => {
      // A dying disk is no reason to go on as if nothing were: the next start sets the file aside and saves what it can.
      if (error instanceof GatewayError && error.retry !== "never")
        this.#options.log.error({ occurrence: trigger.occurrenceId }, "event not recorded", error);
      else this.#broken?.(error);
    });
    if (!recording) return;
    this.#recording.add(recording);
    void recording.finally(() => this.#recording.delete(recording));
  }

  /** A measurement that a full disk refuses is lost and told: the next one is a minute away. */
  #measure(measurement: Measurement): void {
    try {
      this.#delivery?.measurements.keep(measurement);
    } catch (error) {
      if (!(error instanceof GatewayError)) throw error;
      this.#options.log.warn({ camera: measurement.cameraId }, "measurement not recorded", error);
    }
  }

  #problem(
    cameraId: string | null,
    said: SaidError,
    fact: "camera" | "detector" | "evidence stream" = cameraId === null ? "detector" : "camera",
  ): void {
    this.#options.log.warn({ camera: cameraId }, fact, new GatewayError(said.code, said.values));
  }

  /** Resolves when `signal` aborts; rejects when a part broke that cannot be mended here. */
  async run(signal: AbortSignal): Promise<void> {
    const broken = new Promise<void>((_, reject) => (this.#broken = reject));
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    const ringBroken = new Promise<void>((_, reject) => void this.#rings?.ended.catch(reject));
    await Promise.race([stopped, broken, ringBroken, this.#analysis?.ended]);
    if (!signal.aborted) throw new Error("the analysis thread ended by itself");
  }

  /** Address of the status page; null when it is switched off. */
  get pageAddress(): string | null {
    return this.#web?.address ?? null;
  }

  /** The one-time code that sets the page's first password; null once there is one. */
  get setupCode(): string | null {
    return this.#web?.setupCode ?? null;
  }

  status(): GatewayStatus {
    const { config } = this.#options;
    return {
      version,
      site: { id: config.gateway.site.id, name: config.gateway.site.name },
      process: this.#process,
      pid: process.pid,
      startedMs: this.#startedMs,
      nowMs: systemClock.nowMs(),
      configRevision: config.revision,
      rssBytes: process.memoryUsage.rss(),
      loopDelayMsP99: this.#loopDelay.percentile(99) / 1e6,
      cameras: (this.#analysis?.status().cameras ?? []).map((camera) => ({
        ...camera,
        ring: this.#rings?.status(camera.id) ?? null,
      })),
      detectors: this.#analysis?.status().detectors ?? [],
      delivery: this.#delivery?.status() ?? {
        recorded: 0,
        openOccurrences: 0,
        evidenceBytes: 0,
        databaseBytes: 0,
        uplinks: [],
        lastError: null,
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process = "draining";
    await this.#stack.disposeAsync();
    this.#loopDelay.disable();
    this.#process = "stopped";
  }
}
