/** What the box's machines need from outside, and what they want done. */
import { protocolVersion } from "./limits.ts";
import type { Header, Message, WireCode } from "./messages.ts";

/** A row that waits. */
export interface DueRow {
  readonly seq: number;
  readonly body: Uint8Array;
}

/** A run of numbers that will never be sent. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

/** The outbox as the protocol sees it. Each call is one durable step. */
export interface OutboxPort {
  /** Epoch in which this uplink's numbers count. */
  epoch(): string;
  /** Highest number given and highest acknowledged. */
  head(lane: number): number;
  acked(lane: number): number;
  /** Id of the event at `seq`; null when the row is gone. */
  idAt(lane: number, seq: number): string | null;
  /** Kept rows with a number of at least `from`, in order, within the bounds; at least one if there is one. */
  due(lane: number, from: number, maxEvents: number, maxBytes: number): readonly DueRow[];
  /** The gap that covers `seq`, if the row is gone. */
  gapAt(lane: number, seq: number): Gap | null;
  acknowledge(lane: number, seq: number): void;
  /** The platform knows less than was acknowledged: everything from `seq` on waits again. */
  requeue(lane: number, seq: number): void;
  /** Numbers everything that is kept anew under a new random epoch. */
  renumber(): void;
  /** The platform put the event aside as unusable; it has the bytes. */
  quarantined(lane: number, seq: number, detail: string): void;
}

/** What a box is and has. */
export interface BoxIdentity {
  readonly gw: string;
  readonly boot: string;
  readonly software: string;
  /** The platform's CURVE public key, Z85. */
  readonly serverKey: string;
  /** Ed25519 over the UTF-8 bytes, base64. */
  sign(text: string): string;
  /** 128 random bits, hex. */
  nonce(): string;
}

/** What the caller must do, in order. */
export type BoxAction =
  | { readonly kind: "send"; readonly message: Message }
  /** Close the socket and come back after at least `retryAfterSec`; null: after the usual back-off. */
  | { readonly kind: "drop"; readonly why: DropReason; readonly detail: string; readonly retryAfterSec: number | null }
  | { readonly kind: "acknowledged"; readonly lane: number; readonly from: number; readonly to: number };

/** Why a session ended. */
export type DropReason = "no-ready" | "silent" | "no-ack" | "renumbered" | "bye" | WireCode;

/** Header of HELLO, the same for both sockets but for `sock`. */
export function hello(
  identity: BoxIdentity,
  sock: "E" | "B",
  epoch: string,
  nonce: string,
  heads: Header<"HELLO">["heads"],
  wallMs: number,
): Header<"HELLO"> {
  return {
    v: [protocolVersion],
    gw: identity.gw,
    role: "box",
    sock,
    epoch,
    boot: identity.boot,
    nonce,
    caps: ["blob"],
    sw: identity.software,
    heads,
    t: wallMs,
  };
}
