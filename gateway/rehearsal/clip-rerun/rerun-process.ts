/** Process entry: one clip through the path of a frame with a draft, and what came of it; dies with the gateway. */
import { ProcessDetector } from "../../analysis/detection/detector.ts";
import { loadModel } from "../../analysis/detection/model.ts";
import type { ModelPackage } from "../../analysis/detection/model-package.ts";
import { systemClock } from "../../runtime/clock.ts";
import { GatewayError } from "../../runtime/errors.ts";
import { replayClip } from "../replay-clip.ts";
import type { ClipRerunAnswer, ClipRerunRequest } from "./clip-rerun.ts";
import { Outcomes } from "./outcomes.ts";
import type { FromRerun } from "./rerun-wire.ts";

/** A process that only gets what others leave may wait long for an answer. */
const patienceMs = 60_000;
/** How often progress is told. */
const tellEveryMs = 200;

process.once("message", (request: ClipRerunRequest) => {
  void run(request)
    .then((answer) => say({ kind: "done", answer }))
    .catch((error: unknown) => {
      // Anything else is a bug: its text on standard error is what the gateway tells.
      if (!(error instanceof GatewayError)) throw error;
      return say({ kind: "failed", code: error.code, values: error.values });
    })
    .then(() => process.exit(0));
});
// The gateway is gone, however it went: nobody waits for the answer.
process.once("disconnect", () => process.exit(0));

async function run(request: ClipRerunRequest): Promise<ClipRerunAnswer> {
  const { clip, fromMs, zones, ffmpegPath, rate, widthPx, timezone, place, seconds } = request;
  const startedMs = systemClock.monotonicMs();
  const model = withConfidence(await loadModel(request.model.folder, request.model.id), request.confidence);
  const onFailure = (): undefined => undefined; // Frames that were not looked at are counted.
  await using detector = await ProcessDetector.open({
    ...{ model, processes: 1, timeoutMs: patienceMs, clock: systemClock, onFailure },
  });
  const outcomes = new Outcomes();
  let [frames, toldMs, toMs] = [0, -Infinity, fromMs];
  const { triggers, notLookedAt } = await replayClip({
    ...{ clip, zones, model, detector, ffmpegPath, rate, widthPx, startMs: fromMs, timezone, place },
    mostFrames: Math.max(1, Math.round(seconds * rate)),
    onJudged: (frame) => {
      outcomes.take(frame);
      frames += 1;
      toMs = frame.nowMs;
      if (systemClock.monotonicMs() - toldMs < tellEveryMs) return;
      toldMs = systemClock.monotonicMs();
      void say({ kind: "frames", frames });
    },
  });
  const tookMs = Math.round(systemClock.monotonicMs() - startedMs);
  const { name, version } = model;
  return { ...outcomes.told(triggers), frames, notLookedAt, model: `${name} ${version}`, fromMs, toMs, tookMs };
}

/** One threshold for every class in the place of the model's own; what lies below is not even told by the detector. */
function withConfidence(model: ModelPackage, confidence: number | null): ModelPackage {
  if (confidence === null) return model;
  const { defaults } = model;
  return {
    ...model,
    defaults: { ...defaults, confidence, perClass: {}, perClassFloor: {}, floor: Math.min(defaults.floor, confidence) },
  };
}

/** Resolves when it is on its way. */
function say(message: FromRerun): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}
