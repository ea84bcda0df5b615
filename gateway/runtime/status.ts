/** What the daemon says of itself: the same words on the page, in `xueliang status` and in `/metrics`. Plain data only. */
import type { ErrorCode } from "./errors.ts";
import type { Values } from "./texts/fill.ts";
import type { decoderNotes } from "./texts/say-capture.ts";

/** An error as data: each client says it in its reader's language. */
export interface SaidError {
  readonly code: ErrorCode;
  readonly values: Values;
  readonly atMs: number;
}

/** A remark as data: why the processor decodes although hardware was asked for. */
export interface SaidNote {
  readonly key: keyof typeof decoderNotes;
  readonly values: Values;
}

/** connecting: on the way; streaming: frames come; stalled: silent too long; waiting: pausing before the next try; disabled: by config. */
export type CameraState = "connecting" | "streaming" | "stalled" | "waiting" | "disabled";

/** What capture knows of one camera. Counters count since the start of the daemon. */
export interface CaptureStatus {
  readonly state: CameraState;
  readonly sinceMs: number;
  /** Who decodes, for example `software` or `rkmpp`, and why not the one asked for. */
  readonly decoder: string;
  readonly decoderNote: SaidNote | null;
  readonly widthPx: number | null;
  readonly heightPx: number | null;
  readonly framesIn: number;
  /** Frames replaced by a newer one before anybody looked. */
  readonly overwritten: number;
  readonly reconnects: number;
  readonly decoderPid: number | null;
  readonly lastFrameMs: number | null;
  readonly lastError: SaidError | null;
}

/** What a coded stream is like, by the newest of its files. */
export interface StreamFigures {
  readonly bitsPerSec: number;
  /** From key frame to key frame, ms; below two seconds it may be a part of this: files are at least a second long. */
  readonly keyFrameMs: number;
}

/** The newest seconds of a camera's evidence stream; its failure never touches the analysis. */
export interface RingStatus {
  readonly state: CameraState;
  readonly sinceMs: number;
  /** memory: lost with the power and no wear; disk: no folder in memory had room. */
  readonly place: "memory" | "disk";
  readonly heldSec: number;
  readonly heldBytes: number;
  /** What the stream is like; null until two of its files are whole. */
  readonly stream: StreamFigures | null;
  readonly reconnects: number;
  readonly pid: number | null;
  readonly lastError: SaidError | null;
}

/** One camera as a whole. */
export interface CameraStatus extends CaptureStatus {
  /** Null or absent: the camera has neither clips nor a main stream configured. */
  readonly ring?: RingStatus | null;
  readonly id: string;
  readonly name: string;
  /** Frames that the detector looked at. */
  readonly analysed: number;
  /** Frames not sent to the detector because nothing moved. */
  readonly gated: number;
  /** Frames shed because the box is hot or late. */
  readonly shed: number;
  /** Frames that should have been looked at and were not: the detector was dead, hung or slow. */
  readonly notLookedAt: number;
  /** Frames whose picture shows nothing of the scene: moved away, covered, black or frozen. */
  readonly unseen?: number;
  readonly triggers: number;
  readonly liveTracks: number;
  /** Milliseconds from a frame's arrival to its tracks, newest few hundred frames. */
  readonly analysisMsP50: number | null;
  readonly analysisMsP95: number | null;
  /** Missing while an older part of the box answers. */
  readonly diagnosis?: DiagnosisStatus;
  /** Of its staff gauge and its section. */
  readonly readings?: { readonly level: Reading | null; readonly speed: Reading | null };
}

/** The newest reading of the scene itself; in its place null before the first one and where nothing is configured. */
export interface Reading {
  /** Wall ms. */
  readonly atMs: number;
  /** A level in metres over the datum or a speed in metres a second; null: no reading, and `reason` says why. */
  readonly value: number | null;
  /** 0..1. */
  readonly confidence: number;
  readonly reason: string | null;
}

/** What is wrong with a camera's picture, and how long it was not observed. */
export interface DiagnosisStatus {
  /** Kinds of bad picture that are open, by event type of the catalogue, with the newest value of their measure. */
  readonly open: readonly { readonly id: string; readonly sinceMs: number; readonly value: number }[];
  /** Why rules do not look at the scene now: no-frame, view-moved, covered, black, frozen, detector, load; null when they do. */
  readonly blind: string | null;
  /** False until it is known how this camera usually looks. */
  readonly knowsView: boolean;
  /** The newest 24 hours, as far as the gateway ran: 在线率 and 完好率 as shares 0..1, minutes not observed by reason. */
  readonly day: {
    readonly onlineShare: number | null;
    readonly intactShare: number | null;
    readonly notObservedMin: Readonly<Record<string, number>>;
    readonly notObservedMinTotal: number;
    readonly countedMin: number;
  };
  /** The newest measures by name; null: no reading. */
  readonly measures: Readonly<Record<string, number | null>>;
}

/** The detector as a whole. */
export interface DetectorStatus {
  readonly model: string;
  readonly state: "starting" | "running" | "restarting" | "stopped";
  readonly pids: readonly number[];
  readonly runs: number;
  readonly failures: number;
  readonly restarts: number;
  readonly runMsP50: number | null;
  readonly runMsP95: number | null;
  readonly lastError: SaidError | null;
}

/** connecting; sending: rows in flight or none waiting; waiting-for-ack; offline: no session. */
export type UplinkState = "connecting" | "sending" | "waiting-for-ack" | "offline";

/** Events that will never count as delivered. */
export interface DeadLetter {
  readonly atMs: number;
  /** Given up here: full, damaged, retention, too-big; rejected: the platform put it aside and says why in `detail`. */
  readonly why: string;
  readonly detail: string;
  /** Null: a run of several. */
  readonly eventId: string | null;
  readonly events: number;
}

/** All that are known of one uplink. */
export interface DeadLetters {
  readonly events: number;
  /** The newest 20, newest first. */
  readonly newest: readonly DeadLetter[];
}

/** One uplink. */
export interface UplinkStatus {
  readonly id: string;
  readonly address: string;
  readonly state: UplinkState;
  readonly sinceMs: number;
  /** Rows not yet acknowledged and the age of the oldest, ms. */
  readonly depth: number;
  readonly oldestAgeMs: number | null;
  readonly evidenceWaiting: number;
  readonly acknowledged: number;
  readonly lastAckMs: number | null;
  /** Until it tries to connect again, ms, 0 while it does; null: connected, or nobody knows. */
  readonly retryInMs: number | null;
  /** Until nothing waits at the pace of the newest half minute, ms; null: nobody knows. */
  readonly drainMs: number | null;
  readonly deadLetters: DeadLetters;
  readonly lastError: SaidError | null;
}

/** What delivery knows. */
export interface DeliveryStatus {
  readonly recorded: number;
  readonly openOccurrences: number;
  readonly evidenceBytes: number;
  readonly databaseBytes: number;
  readonly uplinks: readonly UplinkStatus[];
  readonly lastError: SaidError | null;
}

/** Everything. */
export interface GatewayStatus {
  readonly version: string;
  readonly site: { readonly id: string; readonly name: string };
  readonly process: "starting" | "running" | "draining" | "stopped";
  readonly pid: number;
  readonly startedMs: number;
  readonly nowMs: number;
  readonly configRevision: string;
  readonly rssBytes: number;
  /** Event-loop delay of the main thread, 99th percentile, ms. */
  readonly loopDelayMsP99: number;
  readonly cameras: readonly CameraStatus[];
  readonly detectors: readonly DetectorStatus[];
  readonly delivery: DeliveryStatus;
}
