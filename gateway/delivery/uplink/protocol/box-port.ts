/** What the box's machines need from outside, and what they want done. */
import type { Header, Message, WireCode } from "./messages.ts";

/** A row that waits. */
export interface DueRow {
  readonly seq: number;
  readonly body: Uint8Array;
  /** Gateways that relayed it to here, first one first; empty for an event of this box. */
  readonly via: readonly string[];
}

/** retention: acknowledged before and no longer kept; damaged: the bytes are not those that were written; full: given up when there was no room at all; too-big: over the platform's limit. */
export type GapReason = "retention" | "damaged" | "full" | "too-big";

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
  /** Everything up to `seq` is where it shall be in the end. */
  acknowledge(lane: number, seq: number): void;
  /** These ranges beyond the acknowledged ones are there too. */
  settle(lane: number, ranges: readonly (readonly [from: number, to: number])[]): void;
  /** The row at `seq` will never be sent: its place becomes a gap. */
  giveUp(lane: number, seq: number, reason: GapReason): void;
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
  /** A relay hands on what other gateways made. */
  readonly role: "box" | "relay";
  /** What this side can beside the minimum: blob, cmd, e2e, relay. */
  readonly caps: readonly string[];
  /** The platform's CURVE public key, Z85. */
  readonly serverKey: string;
  /** Ed25519 over the UTF-8 bytes, base64. */
  sign(text: string): string;
  /** Keys that shall take the place of those of this session; null: they are the newest. */
  nextKeys?(): NextKeys | null;
  /** 128 random bits, hex. */
  nonce(): string;
}

/** Keys of a box that a platform is to learn. */
export interface NextKeys {
  readonly curvePublic: string;
  /** Raw Ed25519 public key, 32 octets, base64. */
  readonly signPublic: string;
  /** As `BoxIdentity.sign`, with the new key. */
  sign(text: string): string;
}

/** What the caller must do, in order. */
export type BoxAction =
  | { readonly kind: "send"; readonly message: Message }
  /** Close the socket and come back after at least `retryAfterSec`; null: after the usual back-off. */
  | { readonly kind: "drop"; readonly why: DropReason; readonly detail: string; readonly retryAfterSec: number | null }
  /** A command came down; whether it is obeyed is not the session's business. */
  | { readonly kind: "command"; readonly header: Header<"CMD">; readonly payload: Uint8Array }
  /** The platform knows the new keys, or will not take them now. */
  | { readonly kind: "rekeyed"; readonly header: Header<"REKEYED"> }
  /** The platform will have another key; said in a session that its present key has opened. */
  | { readonly kind: "server-key"; readonly next: string }
  /** A piece of a file that was asked for. */
  | { readonly kind: "given"; readonly header: Header<"GIVE">; readonly payload: Uint8Array }
  | { readonly kind: "acknowledged"; readonly lane: number; readonly from: number; readonly to: number };

/** Why a session ended. */
export type DropReason = "no-ready" | "silent" | "no-ack" | "renumbered" | "bye" | "replaced" | WireCode;
