/** What the page may ask of the box, gathered in one place; it owns nothing but the ears of those who look on. */
import { randomUUID } from "node:crypto";
import type { LiveFrame, LiveSize } from "./analysis/live-view.ts";
import type { ModelIdentity } from "./analysis/messages.ts";
import type { Trigger } from "./analysis/zones/trigger.ts";
import type { ConfigStore } from "./config/store/config-store.ts";
import type { Acknowledgement } from "./delivery/delivery.ts";
import type { TestWalks } from "./delivery/test-walks.ts";
import { EventArchive } from "./delivery/events/event-archive.ts";
import type { Engine } from "./engine.ts";
import type { ClipReruns } from "./rehearsal/clip-rerun/clip-rerun.ts";
import type { Rehearsals } from "./rehearsal/preview.ts";
import { systemClock } from "./runtime/clock.ts";
import { WebError } from "./runtime/errors.ts";
import type { Log } from "./runtime/log.ts";
import type { GatewayStatus } from "./runtime/status.ts";
import type { Language } from "./runtime/texts/fill.ts";
import type { CameraHistory, LogLine } from "./web/api.ts";
import { Backgrounds, type BackgroundsOptions } from "./web/box/backgrounds.ts";
import { CameraHistories } from "./web/box/camera-histories.ts";
import type { SmoothViews } from "./web/smooth-view.ts";
import type { Desk as WebDesk, DeskNews } from "./web/desk.ts";

/** What it stands on. */
export interface DeskOptions {
  readonly store: ConfigStore;
  readonly folder: string;
  readonly modelsFolder: string;
  readonly log: Log;
  readonly language: Language;
  readonly status: () => GatewayStatus;
  readonly rehearsals: Rehearsals | null;
  readonly reruns: ClipReruns | null;
  readonly smooth: SmoothViews | null;
}

/** Marks a test event; receivers show it as what it is. */
const testType = "test-event";

/** One for the life of the gateway. */
export class Desk implements WebDesk, Disposable {
  readonly store: ConfigStore;
  readonly folder: string;
  readonly modelsFolder: string;
  readonly #options: DeskOptions;
  readonly #listeners = new Set<(news: DeskNews) => void>();
  readonly #histories: CameraHistories;
  readonly #backgrounds: Backgrounds;
  readonly #stopLog: (() => void) | undefined;
  #engine: Engine | undefined;
  #archive: EventArchive | null = null;

  constructor(options: DeskOptions) {
    this.#options = options;
    this.store = options.store;
    this.folder = options.folder;
    this.modelsFolder = options.modelsFolder;
    this.#stopLog = options.log.onLine?.((line) => this.#tell({ kind: "log", line }));
    this.#histories = new CameraHistories(options.folder, () => options.status().cameras);
    const cameras = (): ReturnType<BackgroundsOptions["cameras"]> => sitesOf(options.store);
    this.#backgrounds = new Backgrounds({
      folder: options.folder,
      cameras,
      isUsual: (id) => options.status().cameras.find((one) => one.id === id)?.diagnosis?.blind !== "view-moved",
      picture: (id) => this.picture(id),
    });
  }

  /** The engine is open. */
  take(engine: Engine): void {
    this.#engine = engine;
    this.#archive = engine.database ? new EventArchive(engine.database) : null;
  }

  get archive(): EventArchive | null {
    return this.#archive;
  }

  get walks(): TestWalks | null {
    return this.#engine?.delivery?.walks ?? null;
  }

  get rehearsals(): Rehearsals | null {
    return this.#options.rehearsals;
  }

  get reruns(): ClipReruns | null {
    return this.#options.reruns;
  }

  get smooth(): SmoothViews | null {
    return this.#options.smooth;
  }

  get unwritten(): number {
    return this.#engine?.recordingCount ?? 0;
  }

  status(): GatewayStatus {
    return this.#options.status();
  }

  modelOf(cameraId: string): ModelIdentity | null {
    return this.#engine?.analysis?.modelOf(cameraId) ?? null;
  }

  async picture(cameraId: string): Promise<Uint8Array | null> {
    return (await this.#engine?.analysis?.picture(cameraId))?.jpeg ?? null;
  }

  watch(cameraId: string, sizes: readonly LiveSize[], everyMs: number): void {
    this.#engine?.analysis?.watch(cameraId, sizes, everyMs);
  }

  acceptView(cameraId: string): boolean {
    return this.#engine?.analysis?.acceptView(cameraId) ?? false;
  }

  history(cameraId: string): CameraHistory {
    return this.#histories.of(cameraId);
  }

  logs(limit: number): readonly LogLine[] {
    return this.#options.log.newest?.(limit) ?? [];
  }

  onNews(listener: (news: DeskNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  live(frame: LiveFrame): void {
    this.#tell({ kind: "live", frame });
  }

  recorded(trigger: Trigger): void {
    this.#tell({ kind: "recorded", trigger });
  }

  acknowledged({ uplinkId, event }: Acknowledgement): void {
    this.#tell({ kind: "acknowledged", id: event.id, uplink: uplinkId, atMs: systemClock.nowMs() });
  }

  /** Through the very path of every event: recorded, sent, acknowledged; start and end at once, so that nothing stays open. */
  async raiseTest(cameraId: string | null): Promise<string> {
    const delivery = this.#engine?.delivery;
    const camera = cameraId ?? this.store.running.gateway.cameras[0]?.id;
    if (!delivery || camera === undefined) throw new WebError(503, "WEB_NOT_NOW", { detail: "delivery" });
    const nowMs = systemClock.nowMs();
    const start: Trigger = {
      cameraId: camera,
      zoneId: "test",
      zoneKind: "general",
      ruleId: "test/test-event",
      ruleKind: "test",
      eventType: testType,
      occurrenceId: `occ-${randomUUID()}`,
      phase: "start",
      certainty: "suspected",
      severity: 4,
      atMs: nowMs,
      onsetMs: nowMs,
      objects: [],
      measure: { test: 1 },
      threshold: 1,
      value: 1,
      holdSec: 0,
      trace: [],
    };
    await delivery.record(start, null);
    this.recorded(start);
    const end: Trigger = { ...start, phase: "end", endReason: "cleared" };
    await delivery.record(end, null);
    return this.#archive?.idOf(start.occurrenceId) ?? start.occurrenceId;
  }

  #tell(news: DeskNews): void {
    for (const listener of this.#listeners) listener(news);
  }

  [Symbol.dispose](): void {
    this.#stopLog?.();
    this.#histories[Symbol.dispose]();
    this.#backgrounds[Symbol.dispose]();
    this.#listeners.clear();
  }
}

/** Every camera with the place whose sun lights it. */
function sitesOf({ running }: ConfigStore): ReturnType<BackgroundsOptions["cameras"]> {
  const { cameras, site } = running.gateway;
  return cameras.map(({ id, place }) => ({ id, site: { timezone: site.timezone, ...(place ?? site.place) } }));
}
