/** Thread entry: one pipeline per camera, one detector per model, all under one roof that is left in order. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../runtime/clock.ts";
import { GatewayError } from "../runtime/errors.ts";
import type { SaidError } from "../runtime/status.ts";
import { CameraHealth } from "./camera-health.ts";
import { CameraPipeline } from "./camera-pipeline.ts";
import { Camera } from "./capture/camera.ts";
import { ConnectGate } from "./capture/connect-gate.ts";
import { MotionGate } from "./capture/motion-gate.ts";
import { Sampler } from "./capture/sampler.ts";
import { ProcessDetector } from "./detection/detector.ts";
import { loadModel } from "./detection/model.ts";
import type { ModelPackage } from "./detection/model-package.ts";
import { SceneMeter } from "./detection/scene-meter.ts";
import type { AnalysisJob, CameraJob, FromAnalysis, ModelIdentity, ToAnalysis } from "./messages.ts";
import { snapshot } from "./snapshot.ts";
import { TrackLog } from "./track-log/track-log.ts";
import { trackerFor } from "./tracker-for-model.ts";
import { RuleEngine } from "./zones/rule-engine.ts";

const port = parentPort;
if (!port) throw new Error("analysis-thread.ts runs as a worker only");
const job = workerData as AnalysisJob;
const clock = systemClock;
const stop = new AbortController();

const say = (message: FromAnalysis): void => {
  const own = "picture" in message && message.picture ? [message.picture.jpeg.buffer] : [];
  port.postMessage(message, own);
};
const saidOf = (error: unknown): SaidError => {
  if (!(error instanceof GatewayError)) throw error;
  return { code: error.code, values: error.values, atMs: clock.nowMs() };
};

/** A detector and the model it runs. */
interface OpenDetector {
  readonly model: ModelPackage;
  readonly detector: ProcessDetector;
}

/** One detector for each model that a camera uses. */
async function openDetectors(stack: AsyncDisposableStack): Promise<ReadonlyMap<string, OpenDetector>> {
  const detectors = new Map<string, OpenDetector>();
  for (const id of new Set(job.cameras.map(modelOf))) {
    const model = await loadModel(join(job.modelsFolder, id));
    const { processes, timeoutSec } = job.gateway.detector;
    const onFailure = (error: GatewayError): void => say({ kind: "problem", cameraId: null, error: saidOf(error) });
    const detector = await ProcessDetector.open({ model, processes, timeoutMs: timeoutSec * 1_000, clock, onFailure });
    detectors.set(id, { model, detector: stack.use(detector) });
  }
  return detectors;
}

function modelOf({ camera }: CameraJob): string {
  return camera.model ?? job.gateway.detector.model;
}

const connectGate = new ConnectGate(4);
const healths = new Map<string, CameraHealth>();

/** Builds the stages of one camera in the order of the frame's path. */
async function openPipeline(
  cameraJob: CameraJob,
  { model, detector }: OpenDetector,
  stack: AsyncDisposableStack,
): Promise<CameraPipeline> {
  const { camera: config, zones, credentials, open } = cameraJob;
  const camera = stack.use(
    new Camera({
      config,
      credentials,
      masks: zones.masks.map((mask) => mask.polygon.map(([x, y]) => ({ x, y }))),
      ffmpegPath: job.gateway.ffmpeg.path,
      clock,
      connectGate,
      onError: (error) => say({ kind: "problem", cameraId: config.id, error }),
    }),
  );
  const ruleEngine = new RuleEngine({
    cameraId: config.id,
    zones,
    timezone: job.gateway.site.timezone,
    place: config.place ?? job.gateway.site.place ?? {},
    newId: () => `occ-${randomUUID()}`,
  });
  const trackLog = stack.use(await openTrackLog(config.id));
  const sceneMeter = new SceneMeter();
  const { storageFolder, gateway } = job;
  const { timezone } = gateway.site;
  const grey = (): SceneMeter["grey"] => sceneMeter.grey;
  const health = stack.use(await CameraHealth.open({ camera: config, zones, timezone, storageFolder, grey, clock }));
  healths.set(config.id, health);
  const startMs = clock.nowMs();
  trackLog.start(startMs);
  ruleEngine.resume(open, startMs);
  const pipeline = new CameraPipeline(
    { id: config.id, name: config.name ?? config.id },
    {
      camera,
      sampler: new Sampler({ rate: config.rate, clock }),
      sceneMeter,
      diagnosis: health.diagnosis,
      gauges: health.gauges,
      motionGate: new MotionGate(),
      detector,
      tracker: trackerFor(model),
      trackLog,
      ruleEngine,
      snapshot,
      deliver: (trigger, picture) => say({ kind: "trigger", trigger, picture }),
    },
    clock,
  );
  running.push(camera.run(stop.signal), pipeline.run(stop.signal));
  return pipeline;
}

function openTrackLog(cameraId: string): Promise<TrackLog> {
  const { trackDays, trackMegabytes } = job.gateway.storage;
  return TrackLog.open({
    folder: join(job.storageFolder, "tracks", cameraId),
    days: trackDays,
    maxBytes: (trackMegabytes * 1_048_576) / job.cameras.length,
    clock,
    onError: (error) => say({ kind: "problem", cameraId, error: saidOf(error) }),
  });
}

const running: Promise<void>[] = [];

async function main(): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const detectors = await openDetectors(stack);
  const models: Record<string, ModelIdentity> = {};
  const pipelines = new Map<string, CameraPipeline>();
  for (const cameraJob of job.cameras) {
    const opened = detectors.get(modelOf(cameraJob));
    if (!opened) continue;
    const { name, version, sha256 } = opened.model;
    models[cameraJob.camera.id] = { id: name, version, sha256 };
    pipelines.set(cameraJob.camera.id, await openPipeline(cameraJob, opened, stack));
  }
  port?.on("message", (message: ToAnalysis) => {
    if (message.kind === "stop") stop.abort();
    else if (message.kind === "accept-view") healths.get(message.cameraId)?.acceptView();
    else void answerPicture(pipelines.get(message.cameraId), message.id);
  });
  say({ kind: "ready", models });
  running.push(report(pipelines, detectors));
  await Promise.all(running);
}

async function answerPicture(pipeline: CameraPipeline | undefined, id: number): Promise<void> {
  say({ kind: "picture", id, picture: pipeline ? await pipeline.nextPicture(2_000) : null });
}

/** Once a second: what the page and the metrics show, and the look for cameras that have gone. */
async function report(
  pipelines: ReadonlyMap<string, CameraPipeline>,
  detectors: ReadonlyMap<string, OpenDetector>,
): Promise<void> {
  while (!stop.signal.aborted) {
    for (const pipeline of pipelines.values()) pipeline.tick();
    for (const health of healths.values())
      for (const measurement of health.tick()) say({ kind: "measurement", measurement });
    say({
      kind: "status",
      cameras: [...pipelines.values()].map((pipeline) => pipeline.status()),
      detectors: [...detectors.values()].map(({ detector }) => detector.status()),
    });
    await clock.sleep(1_000, stop.signal).catch(() => undefined);
  }
}

try {
  await main();
} catch (error) {
  say({ kind: "failed", error: saidOf(error) });
}
port.close();
