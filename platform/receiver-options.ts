/** How a receiver is opened, and what it tells. */
import type { Language } from "../gateway/runtime/texts/fill.ts";
import type { Clock } from "../gateway/runtime/clock.ts";
import type { BatchItem } from "../gateway/delivery/uplink/protocol/platform-port.ts";
import type { Header } from "../gateway/delivery/uplink/protocol/messages.ts";
import type { Result } from "../gateway/delivery/uplink/protocol/result.ts";
import type { ReadEvent } from "../gateway/delivery/uplink/protocol/read-event.ts";
import type { SignatureState } from "./check-signature.ts";
import type { Sink } from "./sink.ts";

/** One event that is on the disk. */
export interface ReceivedEvent {
  readonly gw: string;
  readonly event: ReadEvent;
  readonly body: Uint8Array;
  /** Judged with the key that is enrolled for the gateway that made it. */
  readonly signature: SignatureState;
  /** Where its evidence lies or will lie, in the order of the event. */
  readonly evidencePaths: readonly string[];
}

/** How a receiver is opened. */
export interface ReceiverOptions {
  readonly listen: string;
  /** Holds keys, enrolled boxes, database and evidence. */
  readonly folder: string;
  readonly language: Language;
  /** Told once per event and arrival, after the commit; `duplicate`: it was known already. */
  readonly onEvent?: (event: ReceivedEvent, arrival: { readonly duplicate: boolean }) => void;
  /** A file of evidence is whole. */
  readonly onEvidence?: (sha256: string, path: string) => void;
  readonly onQuarantined?: (gw: string, item: BatchItem) => void;
  readonly clock?: Clock;
  /** Own name, when this receiver belongs to a relay: what it acknowledges is held, and receipts follow. */
  readonly relay?: string;
  /** A box is connected on its event socket: what waits for it may be sent. */
  readonly onOpened?: (gw: string) => void;
  /** A whole word about a command. */
  readonly onResult?: (result: Result) => void;
  /** A piece of a file that belongs to a command; null: it is not here; undefined: not now, ask again. Absent: this receiver gives no files. */
  readonly onAsk?: (gw: string, ask: Header<"ASK">) => Promise<Uint8Array | null | undefined>;
  /** What a box said of itself with a beat. */
  readonly onHealth?: (gw: string, health: NonNullable<Header<"BEAT">["health"]>) => void;
  /** Another store than the SQLite file in `folder`. */
  readonly sink?: Sink;
}
