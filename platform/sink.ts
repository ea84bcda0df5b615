/** Where a receiver keeps what it was given: one small interface, whatever the database behind it. */
import type { Batch, Committed, Watermark } from "../gateway/delivery/uplink/protocol/platform-port.ts";

export type { Committed };

/** A durable store. */
export interface Sink extends AsyncDisposable {
  /** How far each lane of `gw` is in `epoch`. */
  watermarks(gw: string, epoch: string): Promise<ReadonlyMap<number, Watermark>>;
  /** Rows and watermarks of all batches in one transaction. When this resolves, a power cut loses nothing of them. */
  commit(batches: readonly Batch[], nowMs: number): Promise<readonly Committed[]>;
  /** Notes evidence whose file is whole. */
  keepEvidence(evidence: KeptEvidence, nowMs: number): Promise<void>;
  /** Evidence with this digest; null when it is not here. */
  evidence(sha256: string): Promise<KeptEvidence | null>;
  /** The event with this id; null when it is not here. */
  event(id: string): Promise<StoredEvent | null>;
  /** Every event, in the order in which it was stored: for exports, checks and counts, not for a running consumer. */
  stored(): AsyncIterable<StoredEvent>;
  counts(): Promise<SinkCounts>;
}

/** A store at the end of the way, where people look for what boxes have in sight. */
export interface PlatformSink extends Sink {
  /** Every `system.cameras.v1` event, in the order in which it was stored: some hundred bytes a camera, told when it changes. */
  cameraLists(): AsyncIterable<StoredEvent>;
}

/** An event as it lies in the store. */
export interface StoredEvent {
  readonly id: string;
  readonly gw: string;
  readonly body: Uint8Array;
}

/** Rows of each kind. */
export interface SinkCounts {
  readonly events: number;
  readonly quarantined: number;
  readonly gaps: number;
  readonly evidence: number;
}

/** Evidence as the platform holds it. */
export interface KeptEvidence {
  readonly sha256: string;
  readonly sm3: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly gw: string;
  readonly eventId: string;
  readonly path: string;
}
