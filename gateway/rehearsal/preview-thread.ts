/** Thread entry: answers previews, histograms and whys one after the other; what was asked later than it is needed is given up. */
import { parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../runtime/clock.ts";
import { GatewayError } from "../runtime/errors.ts";
import type { ZonesConfig } from "../config/zones-schema.ts";
import { histogramsOf } from "./track-log/histograms.ts";
import { pathsOf } from "./track-log/paths.ts";
import { hoursOf } from "./track-log/hours.ts";
import { Rehearsing, why } from "./track-log/preview.ts";
import { trackFolder } from "./track-log/read-log.ts";
import type { Rehearsal } from "./track-log/replay-log.ts";
import { Stopped } from "./track-log/run-rules.ts";
import type { Question, RehearsalJob, Reply } from "./preview-job.ts";
import type { Histograms, PreviewAnswer, PreviewRequest, TrackPath, WhyAnswer } from "./preview.ts";

const port = parentPort;
if (!port) throw new Error("preview-thread.ts runs as a worker only");
const job = workerData as RehearsalJob;
const stops = new Int32Array(job.stops);
/** Longer than any block of the log lasts. */
const blockMs = 60_000;
const rehearsing = new Rehearsing();

const rehearse = (camera: string, zones: ZonesConfig): Rehearsal => ({
  zones,
  timezone: job.timezone,
  place: job.places[camera] ?? {},
});

async function previewed(request: PreviewRequest, isStopped: () => boolean): Promise<PreviewAnswer> {
  const { camera, fromMs, toMs, live, draft } = request;
  const startedMs = systemClock.monotonicMs();
  const span = { folder: trackFolder(job.storageFolder, camera), cameraId: camera, fromMs, toMs };
  const told = await rehearsing.preview(span, rehearse(camera, live), rehearse(camera, draft), isStopped);
  const { before, after, ...rest } = told;
  const hours = hoursOf({ fromMs, toMs, timezone: job.timezone }, before, after);
  return { ...rest, live: before, draft: after, hours, ms: Math.round(systemClock.monotonicMs() - startedMs) };
}

async function answer(question: Question): Promise<PreviewAnswer | Histograms | WhyAnswer | readonly TrackPath[]> {
  const isStopped = (): boolean => Atomics.load(stops, question.slot) !== 0;
  if (isStopped()) throw new Stopped();
  switch (question.ask) {
    case "preview":
      return previewed(question.request, isStopped);
    case "histograms": {
      const { camera, zones, fromMs, toMs } = question.request;
      const stretch = await rehearsing.stretch(trackFolder(job.storageFolder, camera), fromMs, toMs);
      return histogramsOf(stretch, zones, isStopped);
    }
    case "why": {
      const { camera, atMs, zones, track } = question.request;
      const span = { folder: trackFolder(job.storageFolder, camera), cameraId: camera };
      return why(span, atMs, rehearse(camera, zones), track ?? null, isStopped);
    }
    case "paths": {
      const { camera, tracks, fromMs, toMs } = question.request;
      // A block is told by its beginning: what it holds may come much later.
      const stretch = await rehearsing.stretch(trackFolder(job.storageFolder, camera), fromMs - blockMs, toMs);
      return pathsOf(stretch, tracks, { fromMs, toMs });
    }
    default:
      return question satisfies never;
  }
}

async function replyTo(question: Question): Promise<Reply> {
  const { id } = question;
  try {
    return { id, ok: await answer(question) };
  } catch (error) {
    if (error instanceof Stopped) return { id, stopped: true };
    // Anything else is a bug: it ends the thread, and its owner is told.
    if (!(error instanceof GatewayError)) throw error;
    return { id, code: error.code, values: error.values };
  }
}

let last: Promise<void> = Promise.resolve();
port.on("message", (question: Question) => {
  last = last.then(async () => port.postMessage(await replyTo(question)));
});
