/** Events: lists, details, marks, export, the test event. */
import type { Both } from "./problem.ts";
import type { Step } from "./rehearsal.ts";

export type Mark = "true" | "false" | "unsure";

/**
 * Query of `GET /events` and of `GET /events/export.csv`, `/events/export.json`. Lists are comma-separated. One row an
 * occurrence, newest start first.
 */
export interface EventFilter {
  readonly camera?: string;
  readonly zone?: string;
  readonly type?: string;
  readonly label?: string;
  /** `1` to `4`, comma-separated. */
  readonly severity?: string;
  readonly certainty?: "suspected" | "detected";
  readonly fromMs?: number;
  readonly toMs?: number;
  /** `none`: not yet marked. */
  readonly mark?: Mark | "none";
  /** Whether every uplink's platform has acknowledged it. */
  readonly acknowledged?: boolean;
  readonly open?: boolean;
  /** Whether it began on a test walk. */
  readonly testWalk?: boolean;
  /** Of the last answer; stays good while new events arrive. */
  readonly cursor?: string;
  /** 1..200, default 50. */
  readonly limit?: number;
}

/** `GET /events` */
export interface EventPage {
  readonly events: readonly EventRow[];
  /** Null at the end. */
  readonly next: string | null;
}

/** One occurrence. */
export interface EventRow {
  /** Of the first message of the occurrence; the address of the detail. */
  readonly id: string;
  readonly occurrence: string;
  readonly camera: string;
  readonly cameraName: string;
  readonly type: string;
  readonly name: Both;
  /** The sentence that was sent. */
  readonly title: Both;
  readonly zone: string;
  /** As the zone or line is called now; its id where there is none any more. */
  readonly zoneName: string;
  readonly rule: string;
  readonly severity: 1 | 2 | 3 | 4;
  readonly certainty: "suspected" | "detected";
  readonly startMs: number;
  /** Null while it goes on. */
  readonly endMs: number | null;
  /** Evidence address of the firing frame, `/api/v1/evidence/SHA256`; null when there is none. */
  readonly picture: string | null;
  readonly clip: string | null;
  readonly mark: Mark | null;
  readonly acknowledged: boolean;
  /** A test event. */
  readonly test: boolean;
  /** It began on a test walk, whose and since when, and is kept here; `wentOn`: it lasted longer, and is sent since. */
  readonly testWalk: { readonly user: string; readonly fromMs: number; readonly wentOn: boolean } | null;
}

/** `GET /events/ID` */
export interface EventDetail extends EventRow {
  /** Every message of the occurrence, oldest first. */
  readonly messages: readonly {
    readonly id: string;
    /** `evidence`: brings a later picture or the clip, or the word that it will not come. */
    readonly phase: "start" | "update" | "end" | "evidence";
    readonly atMs: number;
    readonly certainty: string;
    readonly severity: number;
    readonly sequence: number;
    readonly acknowledged: readonly { readonly uplink: string; readonly acknowledged: boolean }[];
  }[];
  readonly trace: readonly Step[];
  readonly traceLeftOut: number;
  readonly objects: readonly {
    readonly track: number | null;
    readonly label: string;
    readonly score: number;
    /** `[x, y, width, height]` */
    readonly box: readonly [number, number, number, number];
    readonly anchor: readonly [number, number];
    readonly owner: number | null;
  }[];
  /** Way of the objects before the trigger, from the track log; empty when it is gone. */
  readonly paths: readonly {
    readonly track: number;
    readonly points: readonly { readonly atMs: number; readonly at: readonly [number, number] }[];
  }[];
  readonly measure: Readonly<Record<string, number>>;
  readonly evidence: readonly Evidence[];
  /** Why there is no firing frame; null when there is one. */
  readonly evidenceMissing: string | null;
  /** What is still being made. */
  readonly evidenceComing: readonly LaterEvidence[];
  /** What it was to have and has not, and why: `stream-down`, `not-kept`, `unreadable`, `not-cut`, `disk-full` … */
  readonly evidenceLacking: readonly { readonly what: LaterEvidence; readonly why: string }[];
  readonly endReason: string | null;
  /** Its evidence must not be deleted: who said so, why, when; null: it goes with its time and the room. */
  readonly hold: { readonly user: string; readonly reason: string; readonly atMs: number } | null;
  readonly note: string | null;
  readonly markedBy: string | null;
  readonly markedMs: number | null;
  readonly site: { readonly id: string; readonly name: string };
  readonly provenance: {
    readonly software: string;
    readonly model: string | null;
    readonly modelSha256: string | null;
    readonly modelSm3: string | null;
    readonly configRevision: string;
    readonly configRevisionSm3: string | null;
  };
  /** The first message as it was sent, parsed. */
  readonly message: unknown;
}

/** A picture of the main stream, or a clip. */
export type LaterEvidence = "picture" | "clip";

/** One picture or clip. */
export interface Evidence {
  readonly kind: "snapshot" | "clip";
  readonly mediaType: string;
  readonly bytes: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly sha256: string;
  readonly sm3: string;
  /** Whether the file is still on the box. */
  readonly here: boolean;
  /** `/api/v1/evidence/SHA256`; clips answer range requests. */
  readonly address: string;
  /** How far a picture of the main stream lies from the firing frame, positive when later; null when it is that frame. */
  readonly differenceMs: number | null;
  /** Only of a clip: how long it is, where in it the firing moment lies, and its codec as ffprobe names it. */
  readonly clip: { readonly durationMs: number; readonly momentMs: number; readonly codec: string } | null;
}

/** Body of `PUT /events/ID/mark` (technician); null takes the mark back. Answers 204. */
export interface MarkRequest {
  readonly mark: Mark | null;
  readonly note?: string;
}

/** Body of `PUT /events/ID/hold` (technician): on hold, or let go, and why (1 to 200 characters). Answers 204. */
export interface HoldRequest {
  readonly hold: boolean;
  readonly reason: string;
}

/** `POST /events/test` with `{ camera?: ID }` (technician), then `GET /events/test/ID` (or the socket's `acknowledged`). */
export interface TestEvent {
  readonly id: string;
  readonly sentMs: number;
  /** One for each uplink; null while its platform has not acknowledged. */
  readonly uplinks: readonly { readonly id: string; readonly roundTripMs: number | null }[];
}
