/** A clip through the real path of a frame, by presentation time, as fast as the machine goes. */
import type { ZonesConfig } from "../config/zones-schema.ts";
import { waterOf } from "../analysis/camera-health.ts";
import { CameraPipeline } from "../analysis/camera-pipeline.ts";
import { readClip } from "../analysis/capture/clip-source.ts";
import type { Frame } from "../analysis/capture/frame.ts";
import { MotionGate } from "../analysis/capture/motion-gate.ts";
import { CameraDiagnosis } from "../analysis/diagnosis/camera-diagnosis.ts";
import { hourIn } from "../analysis/diagnosis/hour.ts";
import { Flows } from "../analysis/flow/flows.ts";
import { Gauges } from "../analysis/gauge/gauges.ts";
import type { Detector } from "../analysis/detection/detector.ts";
import { SceneMeter } from "../analysis/detection/scene-meter.ts";
import type { ModelPackage } from "../analysis/detection/model-package.ts";
import { quantise } from "../analysis/track-log/quantise.ts";
import { trackerFor } from "../analysis/tracker-for-model.ts";
import type { Observation } from "../analysis/zones/rule.ts";
import { RuleEngine } from "../analysis/zones/rule-engine.ts";
import type { Trigger } from "../analysis/zones/trigger.ts";
import { systemClock } from "../runtime/clock.ts";
import { Latest } from "../runtime/latest.ts";
import { telling, type JudgedFrame } from "./judged-frame.ts";
import type { CaptureStatus } from "../runtime/status.ts";

/** What to replay, and with what. */
export interface ReplayOptions {
  readonly clip: string;
  readonly zones: ZonesConfig;
  readonly model: ModelPackage;
  readonly detector: Detector;
  readonly ffmpegPath: string;
  /** Frames per second of presentation time. */
  readonly rate: number;
  readonly widthPx: number;
  /** Wall time that the clip's start stands for, ms. */
  readonly startMs: number;
  readonly timezone: string;
  /** For sunrise and sunset. */
  readonly place?: { readonly lon?: number | undefined; readonly lat?: number | undefined };
  /** No more frames than these. */
  readonly mostFrames?: number;
  /** Length of what is played; from the end of the clip to here the camera is silent. The clip's own length when left out. */
  readonly seconds?: number;
  /** Told what the rules get of each frame. */
  readonly onSeen?: (seen: Observation, nowMs: number) => void;
  /** Told what the rules made of each frame. */
  readonly onJudged?: ((frame: JudgedFrame) => void) | undefined;
}

/** What came of it. */
export interface Replay {
  readonly triggers: readonly Trigger[];
  readonly frames: number;
  readonly notLookedAt: number;
}

const rehearsed: CaptureStatus = {
  state: "streaming",
  sinceMs: 0,
  decoder: "software",
  decoderNote: null,
  widthPx: null,
  heightPx: null,
  framesIn: 0,
  overwritten: 0,
  reconnects: 0,
  decoderPid: null,
  lastFrameMs: null,
  lastError: null,
};

/** A silent camera is asked for as often as live. */
const silenceStepMs = 1_000;

/** Runs the clip once. The same clip, zones and model give the same triggers, ids included. */
export async function replayClip(options: ReplayOptions): Promise<Replay> {
  const { clip, zones, model, detector, ffmpegPath, rate, widthPx, startMs, timezone, place } = options;
  const triggers: Trigger[] = [];
  const kept = (seen: Observation, nowMs: number): Observation => {
    options.onSeen?.(seen, nowMs);
    return seen;
  };
  let occurrences = 0;
  const sceneMeter = new SceneMeter();
  const diagnosis = new CameraDiagnosis({
    rate,
    hourOf: hourIn(timezone),
    water: waterOf(zones),
    grey: () => sceneMeter.grey,
  });
  const pipeline = new CameraPipeline(
    { id: zones.camera, name: zones.camera },
    {
      camera: { frames: new Latest<Frame>(), status: () => rehearsed },
      sampler: { admits: () => true }, // A rehearsal is never late.
      sceneMeter,
      diagnosis,
      gauges: new Gauges(zones.gauge),
      flows: new Flows(zones.flow),
      motionGate: new MotionGate(),
      detector,
      tracker: trackerFor(model),
      trackLog: { keep: (seen, nowMs) => kept(quantise(seen), nowMs), lost: () => undefined }, // The same grain as live, nothing written.
      ruleEngine: telling(
        new RuleEngine({
          ...{ cameraId: zones.camera, zones, timezone, place },
          newId: () => `occ-${String((occurrences += 1))}`,
        }),
        options.onJudged,
      ),
      snapshot: async (frame) => ({ jpeg: new Uint8Array(0), widthPx: frame.widthPx, heightPx: frame.heightPx }),
      deliver: (trigger) => triggers.push(trigger),
    },
    systemClock,
  );
  let frames = 0;
  let newestMs = startMs;
  const masks = zones.masks.map((mask) => mask.polygon.map(([x, y]) => ({ x, y })));
  for await (const frame of readClip(clip, { ffmpegPath, widthPx, rate, startMs, masks, cameraId: zones.camera })) {
    using held = frame;
    frames += 1;
    newestMs = held.capturedAtMs;
    await pipeline.follow(held);
    if (frames === options.mostFrames) break;
  }
  const endMs = startMs + (options.seconds ?? 0) * 1_000;
  for (let nowMs = newestMs + silenceStepMs; nowMs <= endMs; nowMs += silenceStepMs)
    pipeline.silence(nowMs - newestMs, nowMs);
  return { triggers, frames, notLookedAt: pipeline.status().notLookedAt };
}
