/** What a draft would do with a recorded clip: the whole path of a frame, pixels included, below everything that is live. */
import type { Certainty, TraceStep } from "../../analysis/zones/trigger.ts";
import type { ZonesConfig } from "../../config/zones-schema.ts";

export { openClipReruns } from "./open-clip-reruns.ts";

/** One clip and what it is run with. */
export interface ClipRerunRequest {
  /** Absolute. */
  readonly clip: string;
  /** Wall time at which the clip begins, ms: schedules and sunrise go by it. */
  readonly fromMs: number;
  /** At most this much of it, s. */
  readonly seconds: number;
  readonly zones: ZonesConfig;
  readonly model: { readonly id: string; readonly folder: string };
  /** Detections below count for nothing, 0..1; null: as the model itself says, class by class. */
  readonly confidence: number | null;
  readonly ffmpegPath: string;
  /** Looks a second, and the width of a picture that is looked at, as the camera's are. */
  readonly rate: number;
  readonly widthPx: number;
  readonly timezone: string;
  readonly place: { readonly lon?: number | undefined; readonly lat?: number | undefined };
}

/** One occurrence. */
export interface RerunHappening {
  readonly rule: string;
  readonly zone: string;
  readonly type: string;
  readonly startMs: number;
  /** null: it goes on at the end of the clip. */
  readonly endMs: number | null;
  readonly certainty: Certainty;
  readonly tracks: readonly number[];
  /** Why it fired. */
  readonly steps: readonly TraceStep[];
}

/** A rule that did not fire, at the moment at which it came nearest to it. */
export interface RerunQuiet {
  readonly rule: string;
  readonly zone: string;
  readonly type: string;
  readonly atMs: number;
  /** Up to the first step not passed; empty: there was nothing that it looks at. */
  readonly steps: readonly TraceStep[];
}

/** What came of it. */
export interface ClipRerunAnswer {
  readonly happenings: readonly RerunHappening[];
  readonly quiet: readonly RerunQuiet[];
  readonly frames: number;
  /** Frames that the detector did not answer: what was in them is not known. */
  readonly notLookedAt: number;
  /** Name and version. */
  readonly model: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly tookMs: number;
}

/** One at a time for the whole box: a second detector beside the live ones is enough. */
export interface ClipReruns extends AsyncDisposable {
  readonly isBusy: boolean;
  /**
   * Runs it in a process of its own with the lowest priority. `onFrames` is told how many frames are done.
   * @throws GatewayError CLIP_RERUN_BUSY, CLIP_RERUN_ENDED, CLIP_UNREADABLE or one of the model; the signal's reason
   */
  run(request: ClipRerunRequest, onFrames: (frames: number) => void, signal: AbortSignal): Promise<ClipRerunAnswer>;
}
