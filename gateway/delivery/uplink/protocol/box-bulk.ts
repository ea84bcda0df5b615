/** The box's side of the evidence socket (B) of UP1: one blob at a time, resumed where the platform's disk ends. No I/O. */
import { crc32 } from "node:zlib";
import { BulkPace } from "./bulk-pace.ts";
import type { BoxAction, BoxIdentity } from "./box-port.ts";
import { Handshake, type SessionState } from "./handshake.ts";
import { maxBadDigests, quietBeats } from "./limits.ts";
import type { Header, Message } from "./messages.ts";

/** Evidence that waits. */
export interface Offered {
  readonly sha256: string;
  /** GB/T 32905 digest of the same bytes. */
  readonly sm3?: string;
  readonly size: number;
  readonly type: string;
  readonly ev: string;
  readonly kind: "thumb" | "snapshot" | "clip";
}

/** Why a blob is given up: the platform does not take it; the file is not there; its bytes are not those of its digest any more. */
export type GiveUpReason = "refused" | "gone" | "damaged";

/** The list of uploads as the protocol sees it. */
export interface UploadsPort {
  epoch(): string;
  /** The next blob to offer, or null. */
  next(): Offered | null;
  done(sha256: string): void;
  /** Refused: it is passed over until the next session. Gone or damaged: for ever. */
  parked(sha256: string, why: GiveUpReason): void;
  /** Counts a failed digest; returns how many there were. */
  bad(sha256: string): number;
  /** The file is whole here, and the platform's side spoils it again and again: it is passed over for a while. */
  spoiled(sha256: string): void;
}

/** A file that one session wants to be read as a whole and compared with its digests. */
export interface Doubted {
  readonly sha256: string;
  readonly sm3?: string;
  readonly session: number;
}

/** What a file of the box is, compared with its digests. */
export type OwnCopy = "whole" | "damaged" | "gone";

/** A piece of a file that one session asks for; another one does not want it any more. */
export interface Asked {
  readonly sha256: string;
  readonly off: number;
  readonly size: number;
  readonly session: number;
}

/** Everything of BoxAction, and: read this piece of a file and hand it to `chunk`; compare a file with its digests and tell `checked`. */
export type BulkAction = BoxAction | ({ readonly kind: "read" } & Asked) | ({ readonly kind: "check" } & Doubted);

/** One session after another over one evidence socket. */
export class BoxBulk {
  readonly #uploads: UploadsPort;
  readonly #session: Handshake;
  /** While alarms wait, evidence does not send. */
  readonly #mayPass: () => boolean;
  #pace = new BulkPace();
  #blob: { readonly offered: Offered; off: number | null } | null = null;
  #reading = false;
  /** How many sessions there were. */
  #sessions = 0;
  /** Whether a piece of a file was asked for and has not come. */
  #asked = false;
  #sentBytes = 0;
  #creditBytes = 0;

  constructor(
    identity: BoxIdentity,
    uploads: UploadsPort,
    options: { readonly wallMs: () => number; readonly mayPass: () => boolean },
  ) {
    this.#uploads = uploads;
    this.#mayPass = options.mayPass;
    const { wallMs } = options;
    this.#session = new Handshake({ identity, sock: "B", epoch: () => uploads.epoch(), heads: () => ({}), wallMs });
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** Whether a blob is on the way or waits. */
  get busy(): boolean {
    return this.state === "open" && (this.#blob !== null || this.#uploads.next() !== null);
  }

  connected(nowMs: number): readonly BulkAction[] {
    return this.#session.connected(nowMs);
  }

  lost(): void {
    this.#session.lost();
    this.#sessions += 1;
    this.#blob = null;
    this.#reading = false;
    this.#asked = false;
  }

  /** New evidence may wait. */
  wake(): readonly BulkAction[] {
    return this.state === "open" ? this.#pump() : [];
  }

  tick(nowMs: number): readonly BulkAction[] {
    const overdue = this.#session.overdue(nowMs);
    if (overdue.length > 0) this.lost();
    if (this.state !== "open") return overdue;
    const actions = this.#pump();
    // Nobody waits for an idle socket, so it asks less often whether the other side is still there.
    const isBusy = this.#blob !== null || this.#asked;
    if (isBusy) this.#session.awaits(nowMs);
    return [...actions, ...this.#session.beat(nowMs, isBusy ? 1 : quietBeats)];
  }

  received(message: Message, nowMs: number): readonly BulkAction[] {
    const heard = this.#session.received(message, nowMs);
    if (heard.kind === "ready") return this.#open(heard.header);
    if (heard.kind === "done") {
      if (this.state === "closed") this.lost();
      return heard.actions;
    }
    if (message.kind === "WANT") return this.#wanted(message.header);
    if (message.kind === "GIVE") {
      this.#asked = false;
      return [{ kind: "given", header: message.header, payload: message.payload ?? new Uint8Array() }];
    }
    return message.kind === "BACK" ? this.#stored(message.header, nowMs) : [];
  }

  /** The piece that a `read` asked for; null: the file is gone. A disk that was slower than the next session is not heard: its piece would go to the former socket, and leave a hole. */
  chunk({ sha256, off, session }: Asked, data: Uint8Array | null, nowMs: number): readonly BulkAction[] {
    if (session !== this.#sessions) return [];
    this.#reading = false;
    const blob = this.#blob;
    if (this.state !== "open" || blob?.offered.sha256 !== sha256 || blob.off !== off) return [];
    if (data === null || data.length === 0) return this.#giveUp(sha256, "gone");
    blob.off = off + data.length;
    this.#sentBytes += data.length;
    this.#pace.sent(blob.off, data.length, nowMs);
    return [
      { kind: "send", message: { kind: "DATA", header: { sha256, off, crc32: crc32(data) }, payload: data } },
      ...this.#pump(),
    ];
  }

  /** What a `check` found. Whose copy is bad is not for the platform to say. */
  checked({ sha256, session }: Doubted, copy: OwnCopy): readonly BulkAction[] {
    if (session !== this.#sessions || this.state !== "open" || this.#blob?.offered.sha256 !== sha256) return [];
    if (copy !== "whole") return this.#giveUp(sha256, copy);
    this.#uploads.spoiled(sha256);
    this.#blob = null;
    return this.#pump();
  }

  /** Asks for a piece of a file that belongs to a command; null: no session now; `none`: this platform gives no files. */
  ask(header: Header<"ASK">): readonly BulkAction[] | "none" | null {
    if (this.state !== "open") return null;
    if (!this.#session.can("files")) return "none";
    this.#asked = true;
    return [{ kind: "send", message: { kind: "ASK", header } }];
  }

  #open(header: Header<"READY">): readonly BulkAction[] {
    this.#pace = new BulkPace();
    this.#blob = null;
    this.#sentBytes = 0;
    this.#creditBytes = header.credit.bytes;
    return this.#pump();
  }

  #wanted(header: Header<"WANT">): readonly BulkAction[] {
    const blob = this.#blob;
    if (blob?.offered.sha256 !== header.sha256) return [];
    this.#creditBytes = Math.max(this.#creditBytes, header.bcredit);
    if (header.refuse) return this.#giveUp(header.sha256, "refused");
    if (header.have) return this.#finished(header.sha256);
    if (header.off >= blob.offered.size) return this.#giveUp(header.sha256, "refused");
    blob.off = header.off;
    this.#pace.restart();
    return this.#pump();
  }

  #stored(header: Header<"BACK">, nowMs: number): readonly BulkAction[] {
    const blob = this.#blob;
    if (blob?.offered.sha256 !== header.sha256) return [];
    this.#creditBytes = Math.max(this.#creditBytes, header.bcredit);
    if (header.done) return this.#finished(header.sha256);
    if (header.bad) {
      const isDoubtful = this.#uploads.bad(header.sha256) >= maxBadDigests;
      this.#blob = isDoubtful ? { offered: blob.offered, off: null } : null;
      return isDoubtful ? [{ kind: "check", ...doubted(blob.offered), session: this.#sessions }] : this.#pump();
    }
    this.#pace.stored(header.durable, nowMs);
    return this.#pump();
  }

  #pump(): readonly BulkAction[] {
    if (!this.#mayPass() || this.#reading) return [];
    if (!this.#blob) {
      const offered = this.#uploads.next();
      if (!offered) return [];
      this.#blob = { offered, off: null };
      if (offered.size > this.#session.limits.maxBlob) return this.#giveUp(offered.sha256, "refused");
      return [{ kind: "send", message: { kind: "OFFER", header: { ...offered } } }];
    }
    const { offered, off } = this.#blob;
    if (off === null || off >= offered.size || this.#sentBytes >= this.#creditBytes) return [];
    const size = Math.min(this.#pace.next(this.#session.limits.maxChunk), offered.size - off);
    if (size <= 0) return [];
    this.#reading = true;
    return [{ kind: "read", sha256: offered.sha256, off, size, session: this.#sessions }];
  }

  #finished(sha256: string): readonly BulkAction[] {
    this.#uploads.done(sha256);
    this.#blob = null;
    return this.#pump();
  }

  #giveUp(sha256: string, why: GiveUpReason): readonly BulkAction[] {
    this.#uploads.parked(sha256, why);
    this.#blob = null;
    return this.#pump();
  }
}

function doubted({ sha256, sm3 }: Offered): Pick<Doubted, "sha256" | "sm3"> {
  return sm3 === undefined ? { sha256 } : { sha256, sm3 };
}
