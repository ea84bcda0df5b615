/** The box's side of the evidence socket (B) of UP1: one blob at a time, resumed where the platform's disk ends. No I/O. */
import { crc32 } from "node:zlib";
import { hello, type BoxAction, type BoxIdentity, type DropReason } from "./box-port.ts";
import { chunkBytes, maxBadDigests, readyMs } from "./limits.ts";
import { authText, type Header, type Message } from "./messages.ts";

/** Evidence that waits. */
export interface Offered {
  readonly sha256: string;
  readonly size: number;
  readonly type: string;
  readonly ev: string;
  readonly kind: "thumb" | "snapshot" | "clip";
}

/** The list of uploads as the protocol sees it. */
export interface UploadsPort {
  epoch(): string;
  /** The next blob to offer, or null. */
  next(): Offered | null;
  done(sha256: string): void;
  /** Not now, or never: it is passed over until the next start. */
  parked(sha256: string, why: string): void;
  /** Counts a failed digest; returns how many there were. */
  bad(sha256: string): number;
}

/** Everything of BoxAction, and: read this piece of a file and hand it to `chunk`. */
export type BulkAction =
  BoxAction | { readonly kind: "read"; readonly sha256: string; readonly off: number; readonly size: number };

/** One session after another over one evidence socket. */
export class BoxBulk {
  readonly #identity: BoxIdentity;
  readonly #uploads: UploadsPort;
  readonly #wallMs: () => number;
  /** While alarms wait, evidence does not send. */
  readonly #mayPass: () => boolean;
  #state: "closed" | "hello" | "auth" | "open" = "closed";
  #nonce = "";
  #sinceMs = 0;
  #heardMs = 0;
  #beatMs = 0;
  #hbMs = 15_000;
  #blob: { readonly offered: Offered; off: number | null; durable: number } | null = null;
  #reading = false;
  #sentBytes = 0;
  #creditBytes = 0;

  constructor(
    identity: BoxIdentity,
    uploads: UploadsPort,
    options: { readonly wallMs: () => number; readonly mayPass: () => boolean },
  ) {
    this.#identity = identity;
    this.#uploads = uploads;
    this.#wallMs = options.wallMs;
    this.#mayPass = options.mayPass;
  }

  get state(): "closed" | "hello" | "auth" | "open" {
    return this.#state;
  }

  /** Whether a blob is on the way or waits. */
  get busy(): boolean {
    return this.#state === "open" && (this.#blob !== null || this.#uploads.next() !== null);
  }

  connected(nowMs: number): readonly BulkAction[] {
    this.#state = "hello";
    this.#sinceMs = nowMs;
    this.#heardMs = nowMs;
    this.#nonce = this.#identity.nonce();
    return [
      {
        kind: "send",
        message: {
          kind: "HELLO",
          header: hello(this.#identity, "B", this.#uploads.epoch(), this.#nonce, {}, this.#wallMs()),
        },
      },
    ];
  }

  lost(): void {
    this.#state = "closed";
    this.#blob = null;
    this.#reading = false;
  }

  /** New evidence may wait. */
  wake(): readonly BulkAction[] {
    return this.#state === "open" ? this.#pump() : [];
  }

  tick(nowMs: number): readonly BulkAction[] {
    if (this.#state === "closed") return [];
    if (this.#state !== "open")
      return nowMs - this.#sinceMs > readyMs ? this.#drop("no-ready", "no READY in time") : [];
    if (nowMs - this.#heardMs > 3 * this.#hbMs) return this.#drop("silent", "nothing heard for three beats");
    const actions = [...this.#pump()];
    if (nowMs - this.#beatMs >= this.#hbMs) {
      this.#beatMs = nowMs;
      actions.push({ kind: "send", message: { kind: "BEAT", header: { t0: this.#wallMs() } } });
    }
    return actions;
  }

  received(message: Message, nowMs: number): readonly BulkAction[] {
    if (this.#state === "closed") return [];
    this.#heardMs = nowMs;
    switch (message.kind) {
      case "CHAL":
        return this.#state === "hello" ? this.#answer(message.header) : [];
      case "READY":
        return this.#state === "auth" ? this.#open(message.header, nowMs) : [];
      case "WANT":
        return this.#wanted(message.header);
      case "BACK":
        return this.#stored(message.header);
      case "ERR":
        return message.header.fatal
          ? this.#drop(message.header.code, message.header.detail, message.header.retryAfter ?? null)
          : [];
      case "BYE":
        return this.#drop("bye", message.header.reason, message.header.retryAfter ?? null);
      case "HELLO":
      case "AUTH":
      case "EVT":
      case "ACK":
      case "NACK":
      case "GAP":
      case "OFFER":
      case "DATA":
      case "BEAT":
        return [];
    }
  }

  /** The piece that a `read` asked for; null: the file is gone. */
  chunk(sha256: string, off: number, data: Uint8Array | null): readonly BulkAction[] {
    this.#reading = false;
    const blob = this.#blob;
    if (this.#state !== "open" || blob?.offered.sha256 !== sha256 || blob.off !== off) return [];
    if (data === null || data.length === 0) return this.#giveUp(sha256, "the file is gone");
    blob.off = off + data.length;
    this.#sentBytes += data.length;
    return [
      { kind: "send", message: { kind: "DATA", header: { sha256, off, crc32: crc32(data) }, payload: data } },
      ...this.#pump(),
    ];
  }

  #answer(header: Header<"CHAL">): readonly BulkAction[] {
    this.#state = "auth";
    const { gw, serverKey } = this.#identity;
    const sig = this.#identity.sign(
      authText({
        gw,
        epoch: this.#uploads.epoch(),
        sock: "B",
        nonceBox: this.#nonce,
        noncePlatform: header.nonce,
        sid: header.sid,
        serverKey,
      }),
    );
    return [{ kind: "send", message: { kind: "AUTH", header: { sig } } }];
  }

  #open(header: Header<"READY">, nowMs: number): readonly BulkAction[] {
    this.#state = "open";
    this.#hbMs = header.hb * 1_000;
    this.#beatMs = nowMs;
    this.#blob = null;
    this.#sentBytes = 0;
    this.#creditBytes = header.credit.bytes;
    return this.#pump();
  }

  #wanted(header: Header<"WANT">): readonly BulkAction[] {
    const blob = this.#blob;
    if (blob?.offered.sha256 !== header.sha256) return [];
    this.#creditBytes = Math.max(this.#creditBytes, header.bcredit);
    if (header.refuse) return this.#giveUp(header.sha256, header.refuse);
    if (header.have) return this.#finished(header.sha256);
    if (header.off >= blob.offered.size) return this.#giveUp(header.sha256, "offset beyond the end");
    blob.off = header.off;
    blob.durable = header.off;
    return this.#pump();
  }

  #stored(header: Header<"BACK">): readonly BulkAction[] {
    const blob = this.#blob;
    if (blob?.offered.sha256 !== header.sha256) return [];
    this.#creditBytes = Math.max(this.#creditBytes, header.bcredit);
    if (header.done) return this.#finished(header.sha256);
    if (header.bad) {
      if (this.#uploads.bad(header.sha256) >= maxBadDigests)
        return this.#giveUp(header.sha256, "the digest does not match");
      this.#blob = null;
      return this.#pump();
    }
    blob.durable = header.durable;
    return this.#pump();
  }

  #pump(): readonly BulkAction[] {
    if (!this.#mayPass() || this.#reading) return [];
    if (!this.#blob) {
      const offered = this.#uploads.next();
      if (!offered) return [];
      this.#blob = { offered, off: null, durable: 0 };
      return [{ kind: "send", message: { kind: "OFFER", header: { ...offered } } }];
    }
    const { offered, off } = this.#blob;
    if (off === null || off >= offered.size || this.#sentBytes >= this.#creditBytes) return [];
    this.#reading = true;
    return [{ kind: "read", sha256: offered.sha256, off, size: Math.min(chunkBytes, offered.size - off) }];
  }

  #finished(sha256: string): readonly BulkAction[] {
    this.#uploads.done(sha256);
    this.#blob = null;
    return this.#pump();
  }

  #giveUp(sha256: string, why: string): readonly BulkAction[] {
    this.#uploads.parked(sha256, why);
    this.#blob = null;
    return this.#pump();
  }

  #drop(why: DropReason, detail: string, retryAfterSec: number | null = null): readonly BulkAction[] {
    this.lost();
    return [{ kind: "drop", why, detail, retryAfterSec }];
  }
}
