/** The same object over time. */
import type { Box } from "../geometry.ts";

/** tentative: seen too seldom to count; confirmed: counts; lost: not seen for a moment, position predicted; ended: gone. */
export type TrackState = "tentative" | "confirmed" | "lost" | "ended";

/** One object as of the newest frame looked at. Times are the frame's `capturedAtMs`. */
export interface Track {
  /** Unique per camera and run of the tracker, counts up from 1. */
  readonly id: number;
  readonly label: string;
  readonly state: TrackState;
  /** 0..1 of the picture; the matched detection's box when seen in this frame, the prediction when lost. */
  readonly box: Box;
  /** Score of the newest matched detection, 0..1. */
  readonly score: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Whether a detection matched in this very frame. */
  readonly seenNow: boolean;
  /** Frames in which it was matched. */
  readonly hits: number;
  /** Speed of the box centre in picture widths/heights per second. */
  readonly velocity: { readonly x: number; readonly y: number };
}
