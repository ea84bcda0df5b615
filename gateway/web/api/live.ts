/**
 * The one WebSocket, `/api/v1/live`: pictures of many cameras, status, news. The session cookie and an Origin of this box
 * open it. Text messages are JSON (`FromPage`, `ToPage`), binary ones are frames.
 *
 * A binary message: 4 bytes length of the header (unsigned, big-endian), the header (JSON, UTF-8, `FrameHeader`), then the
 * JPEG of that very frame. At most two frames are on the way unanswered: answer each with `shown`, else no more come.
 */
import type { BoxHealth } from "./box.ts";
import type { CameraView } from "./cameras.ts";
import type { ConfigState } from "./config.ts";
import type { LogLine } from "./box.ts";

/** Before the JPEG. */
export interface FrameHeader {
  readonly cam: string;
  /** Counts up for each camera. */
  readonly seq: number;
  /** Wall clock of capture, ms. */
  readonly atMs: number;
  /** Of the analysed frame, pixels. */
  readonly w: number;
  readonly h: number;
  /** Null: the detector did not look at this frame. Empty: it looked, nobody there. */
  readonly tracks: readonly LiveTrack[] | null;
  readonly fired: readonly Fired[];
}

export interface LiveTrack {
  readonly id: number;
  readonly cls: string;
  readonly conf: number;
  /** `[x, y, width, height]` */
  readonly box: readonly [number, number, number, number];
  /** Bottom centre. Zones that test another point are decided with that one. */
  readonly anchor: readonly [number, number];
  readonly state: "tentative" | "confirmed" | "lost";
  /** Zones it stands in and since how many seconds. */
  readonly zones: readonly { readonly id: string; readonly dwellSec: number }[];
}

/** A rule that spoke with this frame. */
export interface Fired {
  readonly occurrence: string;
  readonly phase: "start" | "update" | "end";
  readonly zone: string;
  readonly rule: string;
  readonly type: string;
  readonly severity: number;
  readonly certainty: "suspected" | "detected";
  readonly tracks: readonly number[];
}

export type FromPage =
  /** What is visible now; replaces what was said before. Nothing is sent for cameras that are not named. */
  | { readonly kind: "watch"; readonly cameras: readonly WatchedCamera[] }
  /** A frame arrived and was drawn (or thrown away): one more may come. */
  | { readonly kind: "shown"; readonly cam: string; readonly seq: number }
  /** This page edits the rules of a camera; null: no longer. */
  | { readonly kind: "editing"; readonly camera: string | null }
  | { readonly kind: "logs"; readonly on: boolean }
  /** Keeps the connection through proxies; answered with `pong`. */
  | { readonly kind: "ping" };

/** One visible tile. */
export interface WatchedCamera {
  readonly id: string;
  /** full: as analysed, at most 960 wide; normal: 640 wide; saving: 480 wide, at most 2 a second. */
  readonly size: "full" | "normal" | "saving";
  /** Most frames a second, 0.02..25; the analysed rate when left out. */
  readonly fps?: number;
}

export type ToPage =
  | { readonly kind: "hello"; readonly nowMs: number; readonly version: string; readonly config: ConfigState }
  /** Every second. */
  | { readonly kind: "status"; readonly nowMs: number; readonly cameras: readonly CameraView[] }
  /** Every five seconds. */
  | { readonly kind: "box"; readonly box: BoxHealth }
  /** A watched camera gives no pictures; `lastMs` is the newest one's time. */
  | { readonly kind: "stale"; readonly cam: string; readonly lastMs: number | null }
  /** An event was recorded: look at `GET /events/ID`. */
  | {
      readonly kind: "event";
      readonly id: string;
      readonly occurrence: string;
      readonly camera: string;
      readonly type: string;
      readonly phase: "start" | "update" | "end";
      readonly severity: number;
    }
  | { readonly kind: "acknowledged"; readonly id: string; readonly uplink: string; readonly atMs: number }
  /** The config changed, by whom ever, or a bad file lies on disk. */
  | { readonly kind: "config"; readonly config: ConfigState; readonly by: string | null }
  /** Who else edits, whenever that changes; without this page itself. */
  | {
      readonly kind: "editors";
      readonly editors: readonly { readonly user: string; readonly camera: string; readonly sinceMs: number }[];
    }
  | { readonly kind: "log"; readonly line: LogLine }
  | { readonly kind: "pong" }
  /** The session ended (log-out, new password, time): the socket closes with code 4401. */
  | { readonly kind: "bye" };
