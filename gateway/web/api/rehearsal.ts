/** Rehearsal: what would have fired, why, why not, what is kept as a regression set. */
import type { Diagnostic, Problem } from "./problem.ts";
import type { RuleSet } from "./rules.ts";

/** Body of `POST /rules/preview` (viewer). A newer request of the same session for the same camera ends the older one (409). */
export interface PreviewRequest {
  readonly camera: string;
  readonly rules: RuleSet;
  readonly fromMs: number;
  readonly toMs: number;
}

/** One occurrence of a replay. */
export interface Happening {
  readonly rule: string;
  readonly zone: string;
  readonly type: string;
  readonly startMs: number;
  readonly endMs: number | null;
  readonly certainty: string;
  readonly tracks: readonly number[];
}

/** "Present rules 14 → draft 9 (−6, +1)". */
export interface PreviewAnswer {
  readonly present: number;
  readonly draft: number;
  readonly gone: readonly Happening[];
  readonly added: readonly Happening[];
  readonly kept: readonly Happening[];
  /** Occurrences per hour from `fromMs`, both series. */
  readonly hours: readonly { readonly startMs: number; readonly present: number; readonly draft: number }[];
  readonly frames: number;
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  readonly missingFrames: number;
  readonly tookMs: number;
  /** What is doubtful in the draft, as `config check` tells it. */
  readonly doubts: readonly Diagnostic[];
  /** What the answer cannot tell. log-damaged: a part of the track log could not be read. */
  readonly limits: readonly "log-damaged"[];
}

/** One step of a reasoning; `setting` is `zones/ZONE/rules/RULE/KEY`. */
export interface Step {
  readonly step: string;
  readonly passed: boolean;
  readonly value: number | string | boolean;
  readonly limit: string;
  readonly setting: string;
}

/** `GET /cameras/ID/why?at=MS&track=N` (track may be left out): every rule up to its first step not passed. */
export interface WhyAnswer {
  readonly atMs: number;
  readonly rules: readonly {
    readonly rule: string;
    readonly zone: string;
    readonly type: string;
    readonly steps: readonly Step[];
    /** Since when it fires; null: it does not. */
    readonly openSinceMs: number | null;
  }[];
  readonly tracks: readonly { readonly id: number; readonly label: string; readonly score: number }[];
  /** Where the track that was asked about went in the minute before, by its tested point; empty without one. */
  readonly path: readonly { readonly atMs: number; readonly at: readonly [number, number] }[];
}

/** `GET /cameras/ID/suppressed?from=MS&to=MS`: what nearly fired, strongest first. */
export interface SuppressedAnswer {
  readonly nearly: readonly {
    readonly rule: string;
    readonly zone: string;
    readonly zoneName: string;
    readonly type: string;
    readonly atMs: number;
    readonly track: number | null;
    /** The step that stopped it. */
    readonly step: Step;
  }[];
}

/** `GET /cameras/ID/tracks?from=MS&to=MS&limit=200`: what went through the picture; the path has at most 64 points. */
export interface TrackView {
  readonly id: number;
  readonly label: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly bestScore: number;
  /** Anchor points. */
  readonly path: readonly { readonly atMs: number; readonly at: readonly [number, number] }[];
}

/**
 * `GET /cameras/ID/tracks/N/thumbnail?at=MS` (viewer): a JPEG of at most 96 pixels of that track, as it looked when it was
 * first followed; `at` is any moment of it, because ids begin anew with the gateway. 404 when the log has none. Kept as long
 * as the track log; privacy masks are in it.
 */

/** `GET /cameras/ID/distributions?from=MS&to=MS`: what lies behind the sliders. */
export interface Distributions {
  /** Scores in 20 bins of 0.05, by label. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
  /** Seconds that tracks stayed in a zone, by zone id, at most 500 each. */
  readonly dwells: Readonly<Record<string, readonly number[]>>;
  /** Heights 0..1 of tracks in 20 bins of 0.05, by label. */
  readonly heights: Readonly<Record<string, readonly number[]>>;
  /** Half of all tracks are wider than this share of the picture; null without tracks. */
  readonly medianWidth: number | null;
  /** Events of that time that somebody marked true or false: the best score of their objects, and how long it had held. */
  readonly marked: readonly {
    readonly zone: string;
    readonly rule: string;
    readonly isTrue: boolean;
    readonly score: number | null;
    readonly heldSec: number;
  }[];
}

/** Body of `POST /rules/suggest`: answers `SuggestAnswer`: the smallest change that follows the marks; never applied by itself. */
export interface SuggestRequest {
  readonly camera: string;
  readonly zone: string;
  /** Its id, alone or as events name it, `ZONE/RULE`. */
  readonly rule: string;
}

export interface SuggestAnswer {
  /** Null when no change does it. */
  readonly rules: RuleSet | null;
  readonly change: { readonly key: string; readonly from: number; readonly to: number } | null;
  readonly trueKept: number;
  readonly falseGone: number;
}

/** A stretch of a camera's track log and what it must fire. `GET /regression`, `POST /regression` (technician), `DELETE /regression/ID`. */
export interface RegressionCase {
  readonly id: string;
  readonly name: string;
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly expected: readonly { readonly type: string; readonly zone: string; readonly count: number }[];
}

/** Body of `POST /regression`; the expectation is what fires with the present rules when `expected` is left out. */
export interface NewRegressionCase {
  readonly name: string;
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly expected?: RegressionCase["expected"];
}

/** Answer of `POST /regression/run` with `{ camera?: ID, rules?: RuleSet }`: `12/12`. */
export interface RegressionRun {
  readonly passed: number;
  readonly cases: readonly {
    readonly id: string;
    readonly name: string;
    readonly passed: boolean;
    readonly expected: RegressionCase["expected"];
    readonly found: RegressionCase["expected"];
    /** Set when the log no longer has it. */
    readonly gone: boolean;
  }[];
}

/**
 * Body of `POST /events/ID/rerun` (technician): the recorded clip of that event once more through detection and `rules`. What
 * tracks cannot tell, another model or another detection threshold, it can. Answers `ClipRerunLine`s, one a line; whoever
 * goes away ends it. One at a time on a box (503 CLIP_RERUN_BUSY).
 */
export interface ClipRerunBody {
  readonly rules: RuleSet;
  /** A package of `GET /models`; the camera's own when left out. */
  readonly model?: string;
  /** 0.05..0.95, one for every class; the model's own when left out. */
  readonly confidence?: number;
}

export type ClipRerunLine =
  | { readonly kind: "progress"; readonly frames: number; readonly of: number }
  | ({ readonly kind: "done" } & ClipRerun)
  | { readonly kind: "failed"; readonly problem: Problem };

/** What came of it. Everything begins with the clip: what needs longer than the clip lasts cannot fire in it. */
export interface ClipRerun {
  readonly happenings: readonly (Happening & { readonly steps: readonly Step[] })[];
  /** Rules that did not fire, at the moment at which they came nearest to it, up to the first step not passed. */
  readonly quiet: readonly {
    readonly rule: string;
    readonly zone: string;
    readonly type: string;
    readonly atMs: number;
    readonly steps: readonly Step[];
  }[];
  readonly frames: number;
  /** Frames that the detector did not answer. */
  readonly notLookedAt: number;
  /** Name and version. */
  readonly model: string;
  /** Wall time of the clip's first and last frame. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly tookMs: number;
}
