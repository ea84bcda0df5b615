/** The numbers of the tracker, with the published ones beside ours. */

/** How one label is tracked. Scores in 0..1, gates as cost (1 - likeness), times in seconds. */
export interface LabelOptions {
  /** A detection at or above this score takes part in the first pass. */
  readonly highScore: number;
  /** A detection between this and `highScore` may only continue a track. */
  readonly lowScore: number;
  /** A detection at or above this score may start a track. */
  readonly newScore: number;
  /** Greatest cost of a pair in the first pass, the low-score pass and the pass for unconfirmed tracks. */
  readonly firstGate: number;
  readonly lowGate: number;
  readonly tentativeGate: number;
  /** Frames in which a new track must be matched before it counts. */
  readonly confirmHits: number;
  /** How long a lost track may be found again. */
  readonly gapSec: number;
  /** How long an unconfirmed track may miss; 0: one missed frame ends it. */
  readonly tentativeSec: number;
  /** Least ratio of short to long side when boxes are compared; see `Likeness.fatten`. */
  readonly fatten: number;
  /**
   * For what stands still: a track also begins where detections below `newScore` come back to one place, when their mean
   * score over about so long, frames without one as 0, reaches `patientShare` of `newScore`; 0: never.
   */
  readonly patientSec: number;
  readonly patientShare: number;
}

/** Options of the whole tracker. */
export interface TrackerOptions {
  /** For every label that has no entry in `labels`. */
  readonly base?: Partial<LabelOptions>;
  /** What differs for one label. */
  readonly labels?: Readonly<Record<string, Partial<LabelOptions>>>;
  /** Width of the picture divided by its height; 1 when boxes are in pixels. */
  readonly aspect?: number;
  /** Whether a shake of the camera that all matched objects share is taken out before matching; true unless told otherwise. */
  readonly steady?: boolean;
}

/** ByteTrack's numbers for MOT17 (30 frames of buffer at 30 frames a second are one second). */
export const byteTrack: LabelOptions = {
  highScore: 0.6,
  lowScore: 0.1,
  newScore: 0.7,
  firstGate: 0.8,
  lowGate: 0.5,
  tentativeGate: 0.7,
  confirmHits: 2,
  gapSec: 1,
  tentativeSec: 0,
  fatten: 0,
  patientSec: 0,
  patientShare: 1,
};

/** Ours for five frames a second and small detectors, whose scores run lower than those of a large one. */
export const siteDefaults: LabelOptions = {
  highScore: 0.45,
  lowScore: 0.12,
  newScore: 0.45,
  firstGate: 0.87,
  lowGate: 0.6,
  tentativeGate: 0.85,
  confirmHits: 2,
  gapSec: 2,
  tentativeSec: 0.5,
  fatten: 0,
  patientSec: 0,
  patientShare: 1,
};

/** Thin, slanted things: a few pixels of sway leave a rod's box without overlap, and detectors score rods low; they hold still. */
export const thinDefaults: Partial<LabelOptions> = {
  fatten: 0.5,
  highScore: 0.35,
  newScore: 0.35,
  gapSec: 3,
  patientSec: 3,
  patientShare: 0.4,
};

/** Labels that are thin unless told otherwise. */
export const thinLabels: readonly string[] = ["fishing-rod", "rod", "pole"];
