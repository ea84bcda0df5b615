/** Composition root: config, engine, page and control socket; owns them on one stack, disposes in reverse. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { openLivePictures } from "./analysis/capture/live-pictures.ts";
import { ControlSocket } from "./cli/control-socket.ts";
import type { LoadedConfig } from "./config/load.ts";
import type { ConfigChange } from "./config/store/change.ts";
import { recordChanges } from "./config/store/change-records.ts";
import { ConfigStore } from "./config/store/config-store.ts";
import type { Reload } from "./config/store/reload-plan.ts";
import type { ConfigPort } from "./delivery/commands/config-trial.ts";
import type { Acknowledgement } from "./delivery/delivery.ts";
import { Desk } from "./desk.ts";
import { Engine } from "./engine.ts";
import { openClipReruns } from "./rehearsal/clip-rerun/clip-rerun.ts";
import { openRehearsals } from "./rehearsal/preview.ts";
import { systemClock } from "./runtime/clock.ts";
import type { Log } from "./runtime/log.ts";
import { SecurityLog } from "./runtime/security-log.ts";
import type { GatewayStatus } from "./runtime/status.ts";
import { version } from "./runtime/version.ts";
import type { Language } from "./runtime/texts/fill.ts";
import { WebServer } from "./web/server.ts";
import { SmoothViews } from "./web/smooth-view.ts";

/** What the composition root needs from outside. */
export interface GatewayOptions {
  readonly config: LoadedConfig;
  readonly language: Language;
  readonly log: Log;
  /** Where model packages lie; `models/` of the installation by default. */
  readonly modelsFolder?: string;
  /** The config with its revisions, where it is open already. */
  readonly store?: ConfigStore;
  /** A page's server that runs already, from set-up. */
  readonly web?: WebServer;
  /** What was noted before the gateway was opened; its page and its config note into it, too. */
  readonly security?: SecurityLog;
  /** Told of each event that an uplink's platform has acknowledged. */
  readonly onAcknowledged?: (acknowledgement: Acknowledgement) => void;
}

/** How often the event loop is looked at, ms; every 20 ms would cost a tenth of the main thread. Figures include it. */
const loopLookMs = 250;

/** One running gateway. Dispose it to stop: cameras first, database last. */
export class Gateway implements AsyncDisposable {
  readonly #options: GatewayOptions;
  readonly #stack = new AsyncDisposableStack();
  readonly #loopDelay = monitorEventLoopDelay({ resolution: loopLookMs });
  readonly #startedMs = systemClock.nowMs();
  readonly #broken = Promise.withResolvers<never>();
  readonly #security: SecurityLog;
  #process: GatewayStatus["process"] = "starting";
  #store: ConfigStore | undefined;
  #engine: Engine | undefined;
  #desk: Desk | undefined;
  #web: WebServer | undefined;

  private constructor(options: GatewayOptions) {
    this.#options = options;
    this.#security = options.security ?? new SecurityLog();
    this.#broken.promise.catch(() => undefined); // `run` tells of it.
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
    const { site, storage } = config.gateway;
    const folder = isAbsolute(storage.folder) ? storage.folder : join(config.root, storage.folder);
    this.#loopDelay.enable();
    const store = this.#options.store ?? this.#stack.use(await this.#openStore(folder));
    this.#store = store;
    const modelsFolder = this.#options.modelsFolder ?? join(import.meta.dirname, "../models");
    const rehearsals = this.#stack.use(openRehearsals(rehearsalSiteOf(store.running, folder)));
    const reruns = this.#stack.use(openClipReruns());
    const smooth = this.#stack.use(smoothViewsOf(store));
    const status = (): GatewayStatus => this.status();
    const asked = { rehearsals, reruns, smooth };
    const desk = this.#stack.use(new Desk({ store, folder, modelsFolder, log, language, status, ...asked }));
    this.#desk = desk;
    const engine = this.#stack.use(
      await Engine.open({
        config: store.running,
        folder,
        modelsFolder,
        language,
        log,
        commands: {
          status: () => this.status(),
          reload: () => void store.lookNow(),
          config: portOf(store),
          security: this.#security,
        },
        changedBy: () => lastChange(store),
        onAcknowledged: (acknowledgement) => {
          onAcknowledged?.(acknowledgement);
          desk.acknowledged(acknowledgement);
        },
        onRecorded: (trigger) => desk.recorded(trigger),
        onLive: (frame) => desk.live(frame),
        onBroken: (error) => this.#broken.reject(error),
      }),
    );
    this.#engine = engine;
    desk.take(engine);
    await this.#openWeb(folder);
    store.follow((next, plan) => this.#apply(next, plan));
    this.#stack.defer(recordChanges(store, this.#security, systemClock.nowMs() - process.uptime() * 1_000));
    this.#stack.use(
      await ControlSocket.open(join(folder, "control.sock"), {
        status: () => this.status(),
        acceptView: (cameraId) => engine.analysis?.acceptView(cameraId) ?? false,
      }),
    );
    this.#process = "running";
    log.info({ site: site.id, cameras: config.gateway.cameras.length }, "gateway running");
  }

  #openStore(folder: string): Promise<ConfigStore> {
    const { config, log } = this.#options;
    const onProblem = (error: unknown): void => log.warn({}, "config", error);
    return ConfigStore.open({
      folder: config.folder,
      revisionsFolder: join(folder, "revisions"),
      clock: systemClock,
      onProblem,
    });
  }

  /** Everything goes on while the parts that the plan names become others. */
  async #apply(next: LoadedConfig, plan: readonly Reload[]): Promise<readonly number[]> {
    const took = (await this.#engine?.apply(next, plan)) ?? [];
    if (plan.some(({ what }) => what === "web")) await this.#web?.listen(next.gateway.web);
    this.#options.log.info({ revision: next.revision, reloads: plan.length }, "config taken on");
    return took;
  }

  async #openWeb(folder: string): Promise<void> {
    const { language, log } = this.#options;
    const { web } = this.#store?.running.gateway ?? this.#options.config.gateway;
    if (!web.enabled) return;
    const pageFolder = join(import.meta.dirname, "web/page/dist");
    const server =
      this.#options.web ??
      this.#stack.use(
        await WebServer.open({
          listen: web.listen,
          ...(web.tls ? { tls: web.tls } : {}),
          root: this.#options.config.root,
          folder,
          language,
          clock: systemClock,
          log,
          status: () => this.status(),
          security: this.#security,
          snapshot: async (cameraId) => (await this.#engine?.analysis?.picture(cameraId))?.jpeg ?? null,
          ...(existsSync(join(pageFolder, "index.html")) ? { pageFolder } : {}),
        }),
      );
    this.#web = server;
    if (this.#desk) server.attach(this.#desk);
  }

  /** Resolves when `signal` aborts; rejects when a part broke that cannot be mended here. */
  async run(signal: AbortSignal): Promise<void> {
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([stopped, this.#broken.promise]);
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
    const config = this.#store?.running ?? this.#options.config;
    const engine = this.#engine;
    return {
      version,
      site: { id: config.gateway.site.id, name: config.gateway.site.name },
      process: this.#process,
      pid: process.pid,
      startedMs: this.#startedMs,
      nowMs: systemClock.nowMs(),
      configRevision: config.revision,
      rssBytes: process.memoryUsage.rss(),
      loopDelayMsP99: Math.max(0, this.#loopDelay.percentile(99) / 1e6 - loopLookMs),
      cameras: (engine?.analysis?.status().cameras ?? []).map((camera) => ({
        ...camera,
        ring: engine?.rings?.status(camera.id) ?? null,
      })),
      detectors: engine?.analysis?.status().detectors ?? [],
      delivery: engine?.delivery?.status() ?? {
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

/** The config as commands from above see it: every file but the secrets, changed through the same door as by the page. */
function portOf(store: ConfigStore): ConfigPort {
  return {
    read: async () => {
      const files = [...(await store.texts())].filter(([name]) => name !== "secrets.yaml");
      return { revision: store.running.revision, files: Object.fromEntries(files) };
    },
    write: async (files, operator) => {
      const author =
        operator === null ? { user: null, via: "return" as const } : { user: operator, via: "command" as const };
      const change = await store.change(author, (texts) => new Map([...texts, ...Object.entries(files)]));
      return change.config.revision;
    },
    confirm: () => void store.confirm(),
  };
}

/** Whose the running config is, for the provenance of events; null for the moment in which it becomes another. */
function lastChange({ running, revisions }: ConfigStore): ConfigChange | null {
  const found = revisions.withContent(running.revision);
  return found && { user: found.user, via: found.via, atMs: found.atMs };
}

function smoothViewsOf(store: ConfigStore): SmoothViews {
  return new SmoothViews({
    ffmpegPath: store.running.gateway.ffmpeg.path,
    pictures: (cameraId) => {
      const { gateway, zones, credentials } = store.running;
      const config = gateway.cameras.find(({ id, enabled }) => id === cameraId && enabled);
      if (!config) return null;
      const masks = (zones[cameraId]?.masks ?? []).map((mask) => mask.polygon.map(([x, y]) => ({ x, y })));
      const shared = {
        credentials: credentials[cameraId] ?? null,
        ffmpegPath: gateway.ffmpeg.path,
        clock: systemClock,
      };
      return (signal) => openLivePictures({ config, masks, ...shared }, signal);
    },
  });
}

function rehearsalSiteOf({ gateway }: LoadedConfig, storageFolder: string): Parameters<typeof openRehearsals>[0] {
  const { site, cameras } = gateway;
  const places = Object.fromEntries(cameras.map((camera) => [camera.id, camera.place ?? site.place ?? {}]));
  return { storageFolder, timezone: site.timezone, places };
}
