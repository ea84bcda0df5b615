/** Everything that works for one config: database, rings, delivery, relay, analysis; and how it becomes another without stopping. */
import { join } from "node:path";
import { Analysis, type AnalysisEars } from "./analysis/analysis.ts";
import { Rings } from "./analysis/rings.ts";
import type { Measurement } from "./analysis/measurement.ts";
import { ModelShelf } from "./analysis/detection/model-shelf.ts";
import type { AnalysisJob, CameraJob } from "./analysis/messages.ts";
import type { Picture } from "./analysis/snapshot.ts";
import type { Trigger } from "./analysis/zones/trigger.ts";
import { cameraListOf } from "./config/camera-list.ts";
import { typeOf } from "./config/catalogue/catalogue.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { ConfigChange } from "./config/store/change.ts";
import type { Reload } from "./config/store/reload-plan.ts";
import { emptyZones } from "./config/zones-schema.ts";
import { Database, gatewayMigrations } from "./database/database.ts";
import { tellCameras } from "./delivery/camera-list.ts";
import { Delivery, type Acknowledgement } from "./delivery/delivery.ts";
import { systemClock } from "./runtime/clock.ts";
import { GatewayError } from "./runtime/errors.ts";
import type { Log } from "./runtime/log.ts";
import type { SaidError } from "./runtime/status.ts";
import { version } from "./runtime/version.ts";
import type { Language } from "./runtime/texts/fill.ts";
import { openCommands, type CommandPorts } from "./commands.ts";
import { liveView, ringsDiffer } from "./live-config.ts";
import { beatHealth, clockOf } from "./own-state.ts";
import { ModelUpdate } from "./model-update.ts";
import { openRelay } from "./relay.ts";

/** What an engine needs from outside. */
export interface EngineOptions {
  readonly config: LoadedConfig;
  /** The storage folder, absolute. */
  readonly folder: string;
  readonly modelsFolder: string;
  readonly language: Language;
  readonly log: Log;
  /** What commands from above may reach; without it they are answered by nobody. */
  readonly commands?: Omit<CommandPorts, "delivery" | "picture" | "model">;
  /** Whose the running config is; null: not known. */
  readonly changedBy?: () => ConfigChange | null;
  readonly onAcknowledged: (acknowledgement: Acknowledgement) => void;
  /** Told of each event once it is on the disk. */
  readonly onRecorded: (trigger: Trigger) => void;
  readonly onLive: NonNullable<AnalysisEars["onLive"]>;
  /** Told when a part broke that cannot be mended here. */
  readonly onBroken: (error: unknown) => void;
}

/** Open it, dispose it: cameras first, database last. */
export class Engine implements AsyncDisposable {
  readonly #options: EngineOptions;
  readonly #recording = new Set<Promise<void>>();
  #config: LoadedConfig;
  #database: Database | undefined;
  #rings: Rings | undefined;
  #delivery: Delivery | undefined;
  #relay: AsyncDisposable | undefined;
  #commands: AsyncDisposable | undefined;
  #analysis: Analysis | undefined;
  #lacking: readonly string[] = []; // Models that were of no use before either: no fault of a change.
  /** Triggers wait for this while delivery starts anew. */
  #deliveryTurn: Promise<void> = Promise.resolve();

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.#config = options.config;
  }

  /** @throws GatewayError when a part cannot be opened; what was open by then is closed again */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    try {
      engine.#database = await Database.open(join(options.folder, "gateway.db"), {
        migrations: gatewayMigrations,
        nowMs: systemClock.nowMs(),
      });
      for (const model of await new ModelShelf(options.folder).endTrials())
        options.log.warn({ model }, "a model that was on trial when the box went down is gone; the former one is back");
      await engine.#openRings();
      await engine.#openDelivery();
      await engine.#openAnalysis("any");
    } catch (error) {
      await engine[Symbol.asyncDispose]();
      throw error;
    }
    return engine;
  }

  get analysis(): Analysis | undefined {
    return this.#analysis;
  }

  get delivery(): Delivery | undefined {
    return this.#delivery;
  }

  get rings(): Rings | undefined {
    return this.#rings;
  }

  get database(): Database | undefined {
    return this.#database;
  }

  /** Events that are in memory only at this moment. */
  get recordingCount(): number {
    return this.#recording.size;
  }

  /**
   * Takes on another config, part by part as planned; returns how long each took, ms.
   * @throws GatewayError when a part cannot; the caller goes back to the former config
   */
  async apply(next: LoadedConfig, plan: readonly Reload[]): Promise<readonly number[]> {
    const before = this.#config;
    this.#config = next;
    const took: number[] = [];
    for (const reload of plan) {
      const startedMs = systemClock.monotonicMs();
      await this.#reload(reload);
      took.push(Math.round(systemClock.monotonicMs() - startedMs));
    }
    if (plan.some(({ what }) => what === "camera" || what === "analysis") && ringsDiffer(before, next)) {
      await this.#rings?.[Symbol.asyncDispose]();
      await this.#openRings();
    }
    if (this.#delivery) tellCameras(this.#delivery, cameraListOf(next));
    return took;
  }

  async #reload(reload: Reload): Promise<void> {
    switch (reload.what) {
      case "rules": {
        const zones = this.#config.zones[reload.camera] ?? emptyZones(reload.camera);
        return this.#analysis?.change({ kind: "rules", cameraId: reload.camera, zones });
      }
      case "camera": {
        const job = this.#jobs().find(({ camera }) => camera.id === reload.camera);
        return this.#analysis?.change(job ? { kind: "put", job } : { kind: "remove", cameraId: reload.camera });
      }
      case "analysis": {
        const former = this.#analysis;
        this.#analysis = undefined;
        this.#lacking = former?.lacking() ?? this.#lacking;
        await former?.[Symbol.asyncDispose]();
        return this.#openAnalysis(this.#lacking);
      }
      case "delivery":
        this.#deliveryTurn = this.#deliveryTurn.then(async () => {
          await Promise.allSettled(this.#recording);
          await this.#closeDelivery();
          await this.#openDelivery();
        });
        return this.#deliveryTurn;
      case "web":
        return; // The page's server is not the engine's.
    }
  }

  async #openRings(): Promise<void> {
    const { folder } = this.#options;
    const rings = await Rings.open({
      config: this.#config,
      storageFolder: folder,
      clock: systemClock,
      onProblem: (cameraId, error) => this.#problem(cameraId, error, "evidence stream"),
    });
    this.#rings = rings;
    rings.ended.catch(this.#options.onBroken);
  }

  async #openDelivery(): Promise<void> {
    const { language, log, folder, onAcknowledged } = this.#options;
    if (!this.#database) return;
    const delivery = await Delivery.open({
      config: liveView(() => this.#config.gateway),
      database: this.#database,
      clock: systemClock,
      log,
      typeInfo: typeOf,
      footage: (cameraId) => this.#rings?.footage(cameraId) ?? null,
      health: () => beatHealth(this.#analysis?.status() ?? null, folder),
      provenance: (cameraId) => ({
        software: version,
        model: this.#analysis?.modelOf(cameraId) ?? null,
        configRevision: this.#config.revision,
        configRevisionSm3: this.#config.revisionSm3,
        configChange: this.#options.changedBy?.() ?? null,
        clock: clockOf(this.#delivery?.clock ?? null),
      }),
    });
    this.#delivery = delivery;
    delivery.ended.catch(this.#options.onBroken);
    delivery.onAcknowledged(onAcknowledged);
    delivery.attach({ onOpen: () => void tellCameras(delivery, cameraListOf(this.#config)) });
    const { relay } = this.#config.gateway;
    if (relay) this.#relay = await openRelay({ config: this.#config.gateway, relay, delivery, folder, language, log });
    const picture: CommandPorts["picture"] = async (cameraId) => (await this.#analysis?.picture(cameraId)) ?? null;
    const { commands } = this.#options;
    if (commands) this.#commands = openCommands({ ...commands, delivery, picture, model: this.#modelUpdate(delivery) });
  }

  #modelUpdate({ uplinks }: Delivery): ModelUpdate {
    const { folder: storageFolder, modelsFolder } = this.#options;
    return new ModelUpdate({
      modelsFolder,
      storageFolder,
      clock: systemClock,
      config: () => this.#config,
      uplink: (id) => uplinks.find((one) => one.id === id)?.uplink,
      detectors: () => this.#analysis?.status().detectors ?? [],
      replace: async (modelId) => {
        if (!this.#analysis) throw new GatewayError("DETECTOR_DIED", { model: modelId, detail: "the analysis stops" });
        await this.#analysis.change({ kind: "model", modelId });
      },
    });
  }

  async #closeDelivery(): Promise<void> {
    await this.#commands?.[Symbol.asyncDispose]();
    this.#commands = undefined;
    await this.#relay?.[Symbol.asyncDispose]();
    this.#relay = undefined;
    await this.#delivery?.[Symbol.asyncDispose]();
    this.#delivery = undefined;
  }

  async #openAnalysis(mayLack: AnalysisJob["mayLack"]): Promise<void> {
    const { folder: storageFolder, modelsFolder, onLive, onBroken } = this.#options;
    const job = { gateway: this.#config.gateway, modelsFolder, storageFolder, cameras: this.#jobs(), mayLack };
    const analysis = await Analysis.open(job, {
      onTrigger: (trigger, picture) => this.#record(trigger, picture),
      onProblem: (cameraId, error) => this.#problem(cameraId, error),
      onMeasurement: (measurement) => this.#measure(measurement),
      onLive,
    });
    this.#analysis = analysis;
    const onEnd = (): void => {
      if (this.#analysis === analysis) onBroken(new Error("the analysis thread ended by itself"));
    };
    analysis.ended.then(onEnd, onBroken);
  }

  #jobs(): readonly CameraJob[] {
    const config = this.#config;
    const open = this.#delivery?.openOccurrences() ?? [];
    return config.gateway.cameras.map((camera) => ({
      camera,
      zones: config.zones[camera.id] ?? emptyZones(camera.id),
      credentials: config.credentials[camera.id] ?? null,
      open: open.filter(({ cameraId }) => cameraId === camera.id),
    }));
  }

  #record(trigger: Trigger, picture: Picture | null): void {
    const { log, onRecorded, onBroken } = this.#options;
    const recording = this.#deliveryTurn
      .then(() => this.#delivery?.record(trigger, picture))
      .then(() => onRecorded(trigger))
      .catch((error: unknown) => {
        // A dying disk is no reason to go on as if nothing were: the next start sets the file aside and saves what it can.
        if (error instanceof GatewayError && error.retry !== "never")
          log.error({ occurrence: trigger.occurrenceId }, "event not recorded", error);
        else onBroken(error);
      });
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

  async [Symbol.asyncDispose](): Promise<void> {
    const analysis = this.#analysis;
    this.#analysis = undefined;
    await analysis?.[Symbol.asyncDispose]();
    await Promise.allSettled(this.#recording);
    await this.#closeDelivery();
    await this.#rings?.[Symbol.asyncDispose]();
    this.#database?.[Symbol.dispose]();
    this.#database = undefined;
  }
}
