/** What the platform's machine needs from outside, and what it wants done. */
import type { Header, Message } from "./messages.ts";
import type { ReadEvent } from "./read-event.ts";

/** How far a lane is committed. An empty id means: not known (a gap, or an event put aside). */
export interface Watermark {
  readonly acked: number;
  readonly lastId: string;
  /** Of a relay: how far the lane is on the disk of the last platform of the way. */
  readonly final?: number | undefined;
}

/** One event of a batch; `event` null: unusable, to be put aside with its bytes. */
export interface BatchItem {
  readonly seq: number;
  readonly body: Uint8Array;
  readonly event: ReadEvent | null;
  readonly why: string;
}

/** Who speaks on which session. */
export interface Speaker {
  readonly rid: string;
  readonly sid: string;
}

/** What must be committed as one: rows and watermark together. */
export interface Batch {
  readonly ticket: number;
  readonly gw: string;
  readonly epoch: string;
  readonly lane: number;
  readonly first: number;
  readonly items: readonly BatchItem[];
  /** A run that the box had to give up; then there are no items. */
  readonly gap: { readonly to: number; readonly reason: string } | null;
  /** Gateways that the events came through before `gw`, first one first; absent: none. */
  readonly via?: readonly string[];
}

/** What became of one batch. */
export interface Committed {
  readonly ticket: number;
  readonly lane: number;
  /** How far the lane is on the disk now. */
  readonly acked: number;
  /** Items that were new; the others were known by number or id. */
  readonly fresh: readonly BatchItem[];
  readonly duplicates: readonly BatchItem[];
  /** Items put aside with their bytes, because they are no events. */
  readonly quarantined: readonly BatchItem[];
}

/** What the caller must do, in order. `rid` is the transport's name of a connection. */
export type PlatformAction =
  | { readonly kind: "send"; readonly rid: string; readonly message: Message }
  | { readonly kind: "lookup"; readonly rid: string; readonly sid: string; readonly gw: string; readonly epoch: string }
  | { readonly kind: "commit"; readonly batch: Batch }
  | {
      readonly kind: "offer";
      readonly rid: string;
      readonly sid: string;
      readonly gw: string;
      readonly offer: Header<"OFFER">;
    }
  | {
      readonly kind: "append";
      readonly rid: string;
      readonly sid: string;
      readonly gw: string;
      readonly data: Header<"DATA">;
      readonly bytes: Uint8Array;
    }
  /** A box may be spoken to from now on: E is its event socket. */
  | { readonly kind: "opened"; readonly rid: string; readonly gw: string; readonly sock: "E" | "B" }
  /** A word about a command, from the box `from` (a relay speaks for its boxes). */
  | {
      readonly kind: "result";
      readonly from: string;
      readonly result: Header<"RES">;
      readonly bytes: Uint8Array;
    }
  /** A box shows keys that shall take the place of its own; its session has proven the former ones, `proof` the new. */
  | {
      readonly kind: "rekey";
      readonly rid: string;
      readonly sid: string;
      readonly gw: string;
      readonly keys: Header<"REKEY">;
    }
  /** A box wants a piece of a file that belongs to a command. */
  | {
      readonly kind: "ask";
      readonly rid: string;
      readonly sid: string;
      readonly gw: string;
      readonly ask: Header<"ASK">;
    }
  | { readonly kind: "health"; readonly gw: string; readonly health: NonNullable<Header<"BEAT">["health"]> };

/** What the platform knows and can do without waiting. */
export interface PlatformIdentity {
  readonly serverKey: string;
  /** The key that will take its place, for boxes to keep. */
  readonly nextServerKey?: string;
  /** Whether `gw` is enrolled and not revoked. */
  isEnrolled(gw: string): boolean;
  /** Ed25519 check with the key of `gw`. */
  verify(gw: string, text: string, signature: string): boolean;
  /** Whether relay `gw` may hand on events of `origin` and carry commands to it; absent: nobody relays. */
  mayRelay?(gw: string, origin: string): boolean;
  /** Whether `signPublic` has made `proof` over `text`, and `gw` may change its keys now; absent: nobody may. */
  mayRekey?(gw: string, signPublic: string, text: string, proof: string): boolean;
  /** Whether files of commands can be asked for here. */
  readonly givesFiles?: boolean;
  /** Own name among gateways, when this platform is a relay itself: events end where they begin to go round. */
  readonly gw?: string;
  /** True: an acknowledgement is not the end, a `final` follows when the last platform of the way has it. */
  readonly endToEnd?: boolean;
  nonce(): string;
  random(): number;
}
