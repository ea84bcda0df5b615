/** One camera with everything that runs for it: opened and disposed alone, its rules changed without a frame lost. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { GatewayConfig } from "../config/schema.ts";
import { withPictureFaults } from "../config/picture-faults.ts";
import type { ZonesConfig } from "../config/zones-schema.ts";
import { systemClock as clock } from "../runtime/clock.ts";
import { GatewayError } from "../runtime/errors.ts";
import type { SaidError } from "../runtime/status.ts";
import { CameraHealth } from "./camera-health.ts";
import { CameraPipeline } from "./camera-pipeline.ts";
import { Camera } from "./capture/camera.ts";
import type { ConnectGate } from "./capture/connect-gate.ts";
import { MotionGate } from "./capture/motion-gate.ts";
import { Sampler } from "./capture/sampler.ts";
import type { CurrentDetector } from "./current-detector.ts";
import type { ModelPackage } from "./detection/model-package.ts";
import { SceneMeter } from "./detection/scene-meter.ts";
import { LiveView } from "./live-view.ts";
import type { CameraJob, FromAnalysis } from "./messages.ts";
import { liveJpegs, snapshot, thumbnail } from "./snapshot.ts";
import { ThumbnailLog } from "./track-log/thumbnail-log.ts";
import { TrackLog } from "./track-log/track-log.ts";
import { trackerFor, trackingOf } from "./tracker-for-model.ts";
import type { Tracker } from "./tracking/tracker.ts";
import { RuleEngine } from "./zones/rule-engine.ts";
import type { OpenOccurrence } from "./zones/trigger.ts";

/** What all cameras share. */
export interface CameraHouse {
  readonly gateway: GatewayConfig;
  readonly storageFolder: string;
  readonly connectGate: ConnectGate;
  readonly say: (message: FromAnalysis) => void;
}

/** Open it, dispose it. */
export class RunningCamera implements AsyncDisposable {
  readonly pipeline: CameraPipeline;
  readonly health: CameraHealth;
  readonly live: LiveView;
  /** Rejects when a loop met a bug; resolves when all were stopped. */
  readonly ended: Promise<unknown>;
  readonly #job: CameraJob;
  readonly #house: CameraHouse;
  readonly #stack: AsyncDisposableStack;
  readonly #stop = new AbortController();
  readonly #trackLog: TrackLog;
  readonly #tracker: Tracker;
  #rules: RuleEngine;

  private constructor(job: CameraJob, house: CameraHouse, parts: Parts) {
    const { detector, stack, camera, trackLog, health, sceneMeter } = parts;
    this.#job = job;
    this.#house = house;
    this.#stack = stack;
    this.#trackLog = trackLog;
    this.#tracker = trackerFor(detector.model);
    this.health = health;
    const failed = (code: "LIVE_PICTURE_FAILED" | "PICTURE_FAILED") => (cause: unknown) => {
      const detail = cause instanceof Error ? (cause.message.split("\n", 1)[0] ?? "") : String(cause);
      const error = new GatewayError(code, { camera: job.camera.id, detail }, { cause });
      house.say({ kind: "problem", cameraId: job.camera.id, error: saidOf(error) });
      return null;
    };
    this.live = new LiveView(job.zones, {
      encode: liveJpegs,
      show: (frame) => house.say({ kind: "live", frame }),
      onFailed: failed("LIVE_PICTURE_FAILED"),
    });
    this.#rules = this.#engineFor(job.zones);
    const rules = (): RuleEngine => this.#rules;
    const { id, name, rate } = job.camera;
    this.pipeline = new CameraPipeline(
      { id, name: name ?? id },
      {
        camera,
        sampler: new Sampler({ rate, clock }),
        sceneMeter,
        diagnosis: health.diagnosis,
        gauges: health.gauges,
        flows: health.flows,
        motionGate: new MotionGate(),
        detector,
        tracker: this.#tracker,
        trackLog,
        thumbnails: parts.thumbnails,
        ruleEngine: {
          step: (seen, nowMs) => rules().step(seen, nowMs),
          close: (nowMs, reason) => rules().close(nowMs, reason),
          regionOfInterest: () => rules().regionOfInterest(),
        },
        live: this.live,
        snapshot: (frame) => snapshot(frame).catch(failed("PICTURE_FAILED")),
        deliver: (trigger, picture) => house.say({ kind: "trigger", trigger, picture }),
      },
      clock,
    );
    const startMs = clock.nowMs();
    trackLog.start(startMs);
    this.#rules.resume(job.open, startMs);
    this.ended = Promise.all([camera.run(this.#stop.signal), this.pipeline.run(this.#stop.signal)]);
    this.ended.catch(() => undefined); // Whoever awaits it hears of it.
  }

  /** Builds the stages in the order of the frame's path. */
  static async open(job: CameraJob, detector: CurrentDetector, house: CameraHouse): Promise<RunningCamera> {
    const { camera: config, zones, credentials } = job;
    const { gateway, storageFolder, connectGate, say } = house;
    await using stack = new AsyncDisposableStack();
    const camera = stack.use(
      new Camera({
        config,
        credentials,
        masks: zones.masks.map((mask) => mask.polygon.map(([x, y]) => ({ x, y }))),
        ffmpegPath: gateway.ffmpeg.path,
        clock,
        connectGate,
        onError: (error) => say({ kind: "problem", cameraId: config.id, error }),
      }),
    );
    const trackLog = stack.use(await openTrackLog(config.id, house));
    const thumbnails = stack.use(thumbnailsOf(config.id, house));
    const sceneMeter = new SceneMeter();
    const grey = (): SceneMeter["grey"] => sceneMeter.grey;
    const { timezone } = gateway.site;
    const clockOffsetSec = (): number | null => camera.clockOffsetSec;
    const around = { timezone, storageFolder, grey, clock, clockOffsetSec };
    const health = stack.use(await CameraHealth.open({ camera: config, zones, ...around }));
    return new RunningCamera(job, house, {
      detector,
      stack: stack.move(),
      camera,
      trackLog,
      thumbnails,
      health,
      sceneMeter,
    });
  }

  /** Looks with other rules from the next frame on; what did not change goes on, with all that it remembers. */
  takeRules(zones: ZonesConfig): void {
    const next = this.#engineFor(zones);
    next.succeed(this.#rules, clock.nowMs());
    this.#rules = next;
    this.live.takeZones(zones);
    this.health.takeZones(zones);
  }

  /** Other thresholds from the next look on; what is tracked goes on. */
  takeModel(model: ModelPackage): void {
    this.#tracker.tune(trackingOf(model));
  }

  /** What is open now, for the camera that takes this one's place. */
  open(): readonly OpenOccurrence[] {
    return this.#rules.open();
  }

  #engineFor(zones: ZonesConfig): RuleEngine {
    const { site } = this.#house.gateway;
    const { camera } = this.#job;
    return new RuleEngine({
      cameraId: camera.id,
      zones: withPictureFaults(camera, zones),
      timezone: site.timezone,
      place: camera.place ?? site.place ?? {},
      newId: () => `occ-${randomUUID()}`,
      onSuppressed: (suppressed) => this.#trackLog.suppressed(suppressed),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.ended.catch(() => undefined);
    await this.#stack.disposeAsync();
  }
}

interface Parts {
  readonly detector: CurrentDetector;
  readonly stack: AsyncDisposableStack;
  readonly camera: Camera;
  readonly trackLog: TrackLog;
  readonly thumbnails: ThumbnailLog;
  readonly health: CameraHealth;
  readonly sceneMeter: SceneMeter;
}

/** A tenth of a camera's room for tracks holds their pictures: some 25,000 of two kilobytes on a box as it comes. */
const thumbnailShare = 0.1;

function roomOf({ gateway }: CameraHouse): number {
  return (gateway.storage.trackMegabytes * 1_048_576) / Math.max(1, gateway.cameras.length);
}

function openTrackLog(cameraId: string, house: CameraHouse): Promise<TrackLog> {
  return TrackLog.open({
    folder: join(house.storageFolder, "tracks", cameraId),
    days: house.gateway.storage.trackDays,
    maxBytes: roomOf(house) * (1 - thumbnailShare),
    clock,
    onError: (error) => house.say({ kind: "problem", cameraId, error: saidOf(error) }),
  });
}

function thumbnailsOf(cameraId: string, house: CameraHouse): ThumbnailLog {
  const folder = join(house.storageFolder, "tracks", cameraId);
  return new ThumbnailLog({
    folder,
    days: house.gateway.storage.trackDays,
    maxBytes: roomOf(house) * thumbnailShare,
    cut: thumbnail,
    onFailed: (cause) => {
      const detail = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
      const error = saidOf(new GatewayError("TRACK_LOG_WRITE", { path: folder, detail }, { cause }));
      house.say({ kind: "problem", cameraId, error });
    },
  });
}

/** An error as data. Throws what is no operating error. */
export function saidOf(error: unknown): SaidError {
  if (!(error instanceof GatewayError)) throw error;
  return { code: error.code, values: error.values, atMs: clock.nowMs() };
}
