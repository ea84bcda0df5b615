/** Thread entry: the cameras of the box under one roof that is left in order. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock as clock } from "../runtime/clock.ts";
import { keepPulse, type Pulse } from "../runtime/pulse.ts";
import { ConnectGate } from "./capture/connect-gate.ts";
import type { AnalysisJob, CameraChange, FromAnalysis, ToAnalysis } from "./messages.ts";
import { saidOf } from "./running-camera.ts";
import { RunningCameras } from "./running-cameras.ts";

const port = parentPort;
if (!port) throw new Error("analysis-thread.ts runs as a worker only");
const { pulse, ...job } = workerData as AnalysisJob & { readonly pulse: Pulse };
const stop = new AbortController();
/** How often a model that could not be used is tried again. */
const mendMs = 30_000;

const say = (message: FromAnalysis): void => {
  const pictures =
    message.kind === "live" ? message.frame.pictures : "picture" in message && message.picture ? [message.picture] : [];
  port.postMessage(
    message,
    pictures.map(({ jpeg }) => jpeg.buffer),
  );
};

async function main(): Promise<void> {
  const broken = Promise.withResolvers<never>();
  const { gateway, modelsFolder, storageFolder } = job;
  const house = { gateway, modelsFolder, storageFolder, connectGate: new ConnectGate(4), say };
  await using cameras = new RunningCameras({ ...house, onBroken: broken.reject });
  for (const camera of job.cameras) await cameras.start(camera, job.mayLack);
  let turn: Promise<void> = Promise.resolve();
  port?.on("message", (message: ToAnalysis) => {
    if (message.kind === "change")
      turn = turn.then(() => change(cameras, message.id, message.change)).catch(broken.reject);
    else hear(cameras, message);
  });
  say({ kind: "ready", models: cameras.models() });
  const mending = mend(() => (turn = turn.then(() => mendOnce(cameras)).catch(broken.reject)));
  await Promise.race([report(cameras), broken.promise]);
  await mending;
  await turn;
}

function hear(cameras: RunningCameras, message: Exclude<ToAnalysis, { kind: "change" }>): void {
  switch (message.kind) {
    case "stop":
      stop.abort();
      return;
    case "picture":
      void answerPicture(cameras, message.cameraId, message.id);
      return;
    case "accept-view":
      cameras.get(message.cameraId)?.health.acceptView();
      return;
    case "watch":
      cameras.get(message.cameraId)?.live.watch(message.sizes, message.everyMs);
      return;
    default:
      message satisfies never;
  }
}

/** Makes one change and says what came of it. Throws what is no operating error. */
async function change(cameras: RunningCameras, id: number, asked: CameraChange): Promise<void> {
  try {
    if (asked.kind === "rules") cameras.get(asked.cameraId)?.takeRules(asked.zones);
    else if (asked.kind === "put") await cameras.put(asked.job);
    else if (asked.kind === "model") await cameras.replaceModel(asked.modelId);
    else await cameras.remove(asked.cameraId);
    say({ kind: "changed", id, error: null, models: cameras.models() });
  } catch (error) {
    say({ kind: "changed", id, error: saidOf(error), models: cameras.models() });
  }
}

async function answerPicture(cameras: RunningCameras, cameraId: string, id: number): Promise<void> {
  say({ kind: "picture", id, picture: (await cameras.get(cameraId)?.pipeline.nextPicture(2_000)) ?? null });
}

/** Once a second: what the page and the metrics show, and the look for cameras that have gone. */
async function report(cameras: RunningCameras): Promise<void> {
  while (!stop.signal.aborted) {
    for (const { pipeline } of cameras.all()) pipeline.tick();
    for (const { health } of cameras.all())
      for (const measurement of health.tick()) say({ kind: "measurement", measurement });
    say({
      kind: "status",
      cameras: [...cameras.all()].map(({ pipeline }) => pipeline.status()),
      detectors: [...cameras.detectors].map((detector) => detector.status()),
    });
    await clock.sleep(1_000, stop.signal).catch(() => undefined);
  }
}

/** Every half minute until the end. */
async function mend(turn: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await clock.sleep(mendMs, stop.signal);
    } catch {
      return; // Only stopping ends this sleep early.
    }
    await turn();
  }
}

async function mendOnce(cameras: RunningCameras): Promise<void> {
  if (await cameras.mend()) say({ kind: "mended", models: cameras.models() });
}

void keepPulse(pulse, "analysis", { clock, signal: stop.signal });
try {
  await main();
} catch (error) {
  say({ kind: "failed", error: saidOf(error) });
}
stop.abort();
port.close();
