/** What rules would have done on what a camera really saw, and why they did or did not: answered by a thread of its own. */
import type { ZonesConfig } from "../config/zones-schema.ts";
import type { TraceStep } from "../analysis/zones/trigger.ts";
import type { Happening } from "./track-log/difference.ts";

export type { Happening, TraceStep };
export { openRehearsals } from "./open-rehearsals.ts";
export type { RehearsalSite } from "./preview-job.ts";

/** One camera and a span of its log; wall ms, `fromMs` inclusive. */
export interface Window {
  readonly camera: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Rules beside the camera's rules in use. */
export interface PreviewRequest extends Window {
  /** The rules in use: the camera's zones file as it is. */
  readonly live: ZonesConfig;
  /** The rules being edited. */
  readonly draft: ZonesConfig;
}

/** Occurrences that began within one hour of the window. */
export interface HourCount {
  /** Start of the hour in the site's time zone, wall ms. */
  readonly atMs: number;
  readonly live: number;
  readonly draft: number;
}

/** What a draft would have changed. Exact: the rules' own code on the very values they got. */
export interface PreviewAnswer {
  /** Occurrences under the rules in use that began in the window, by their start. */
  readonly live: readonly Happening[];
  readonly draft: readonly Happening[];
  /** Would not have fired. */
  readonly gone: readonly Happening[];
  /** Would have fired besides. */
  readonly added: readonly Happening[];
  /** One for each hour of the window, without gaps. */
  readonly hours: readonly HourCount[];
  readonly frames: number;
  readonly points: number;
  /** Frames that never reached the log: there the answer may be wrong. */
  readonly missingFrames: number;
  /** Bytes of the log that are no record any more. */
  readonly damagedBytes: number;
  /** Time of the first and last entry of the window; null when there is none. */
  readonly firstMs: number | null;
  readonly lastMs: number | null;
  /** How long the answer took, ms. */
  readonly ms: number;
  /** Rules that had to be run; the others were answered from the preview before. */
  readonly rulesRun: number;
}

/** Counts between edges: `counts[i]` lies between `edges[i]` (inclusive) and `edges[i + 1]`. */
export interface Histogram {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** What stands behind the sliders; one entry a track, not a point. */
export interface Histograms {
  /** Best score of each track by label, 0..1 in fiftieths. */
  readonly scores: Readonly<Record<string, Histogram>>;
  /** Median height of each track by label, 0..1 of the picture in fiftieths. */
  readonly sizes: Readonly<Record<string, Histogram>>;
  /** Half of all tracks are wider; 0..1 of the picture, null without tracks. */
  readonly medianWidth: number | null;
  /** Seconds that each track stood in each zone, by zone id; edges 0, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600 … */
  readonly dwells: Readonly<Record<string, Histogram>>;
  readonly tracks: number;
}

/** The reasoning at one moment. */
export interface WhyRequest {
  readonly camera: string;
  readonly atMs: number;
  readonly zones: ZonesConfig;
  /** This track alone; every rule as a whole when left out. */
  readonly track?: number | undefined;
}

/** One rule's reasoning about one track (or as a whole), in order, up to the first step not passed. */
export interface RuleWhy {
  readonly ruleId: string;
  readonly zoneId: string;
  readonly eventType: string;
  /** Whether the rule has an open occurrence at that moment. */
  readonly open: boolean;
  readonly steps: readonly TraceStep[];
}

/** Every rule's reasoning at the newest frame at or before the moment. */
export interface WhyAnswer {
  readonly atMs: number;
  readonly rules: readonly RuleWhy[];
  readonly tracks: readonly {
    readonly id: number;
    readonly label: string;
    readonly score: number;
    readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  }[];
  /** Occurrences that were open then. */
  readonly open: readonly Happening[];
}

/** The way of one track: the middle of its lower edge, in 0..1 of the picture, in order. */
export interface TrackPath {
  readonly track: number;
  readonly points: readonly { readonly atMs: number; readonly at: readonly [number, number] }[];
}

/** Which ways are asked for. */
export interface PathsRequest extends Window {
  readonly tracks: readonly number[];
}

/**
 * The rehearsal of one box. Every method rejects with a GatewayError (TRACK_LOG_EMPTY when the log has nothing of that time)
 * and with the signal's reason when it is aborted. A newer `preview` of the same camera ends the one before it: that one
 * rejects with an AbortError, so a slider may call as often as it moves.
 */
export interface Rehearsals extends AsyncDisposable {
  preview(request: PreviewRequest, signal?: AbortSignal): Promise<PreviewAnswer>;
  histograms(request: Window & { readonly zones: ZonesConfig }, signal?: AbortSignal): Promise<Histograms>;
  why(request: WhyRequest, signal?: AbortSignal): Promise<WhyAnswer>;
  /** Tracks that the log does not know are left out; the newest seconds are not in the log yet. */
  paths(request: PathsRequest, signal?: AbortSignal): Promise<readonly TrackPath[]>;
}
