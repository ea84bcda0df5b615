/** What both sockets of a box have in common: who am I, are we still there, what time is it over there. No I/O, no clock. */
import type { BoxAction, BoxIdentity, DropReason } from "./box-port.ts";
import { ClockOffset } from "./clock-offset.ts";
import { HealthPace, type Health } from "./health-pace.ts";
import { answerMs, awaySec, beatSec, limits, protocolVersions, readyMs, type Limits } from "./limits.ts";
import { authText, type Header, type Message } from "./messages.ts";

/** closed: no transport; hello: HELLO is on the way; auth: AUTH is; open: READY came. */
export type SessionState = "closed" | "hello" | "auth" | "open";

/** What a message meant for the session as such. */
export type Heard =
  | { readonly kind: "ready"; readonly header: Header<"READY"> }
  | { readonly kind: "done"; readonly actions: readonly BoxAction[] }
  /** The socket's own business, and the session is open. */
  | { readonly kind: "own" };

/** What one socket says of itself in HELLO. */
export interface Introduction {
  readonly identity: BoxIdentity;
  readonly sock: "E" | "B";
  readonly epoch: () => string;
  readonly heads: () => Header<"HELLO">["heads"];
  readonly wallMs: () => number;
}

const nothing: Heard = { kind: "done", actions: [] };

/** The session of one socket, one after another. */
export class Handshake {
  readonly #by: Introduction;
  #state: SessionState = "closed";
  #nonce = "";
  #sinceMs = 0;
  #heardMs = 0;
  #beatMs = 0;
  /** Since when a beat, or something else, waits for its answer. */
  #askedMs: number | null = null;
  #hbMs = beatSec * 1_000;
  #healthPace = new HealthPace();
  #caps: ReadonlySet<string> = new Set();
  #limits: Limits = limits;
  #sid = "";
  /** The platform's clock against this box's. */
  readonly clock = new ClockOffset();

  constructor(by: Introduction) {
    this.#by = by;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** When anything was last heard, by the caller's clock; null while the session is not open. */
  get heardMs(): number | null {
    return this.#state === "open" ? this.#heardMs : null;
  }

  /** What the platform takes at most; this box's own limits bound it too. */
  get limits(): Limits {
    return this.#limits;
  }

  /** Name of this session. */
  get sid(): string {
    return this.#sid;
  }

  /** Whether both sides said that they can `capability`. */
  can(capability: string): boolean {
    return this.#state === "open" && this.#caps.has(capability);
  }

  /** The transport is up: say who we are. */
  connected(nowMs: number): readonly BoxAction[] {
    const { identity, sock, epoch, heads, wallMs } = this.#by;
    this.#state = "hello";
    this.#sinceMs = nowMs;
    this.#heardMs = nowMs;
    this.#askedMs = null;
    this.#nonce = identity.nonce();
    const header: Header<"HELLO"> = {
      v: [...protocolVersions],
      gw: identity.gw,
      role: identity.role,
      sock,
      epoch: epoch(),
      boot: identity.boot,
      nonce: this.#nonce,
      caps: [...identity.caps],
      sw: identity.software,
      heads: heads(),
      t: wallMs(),
    };
    return [{ kind: "send", message: { kind: "HELLO", header } }];
  }

  /** The transport is gone. */
  lost(): void {
    this.#state = "closed";
  }

  /** Takes what belongs to the session; `ready` and `own` are for the socket. */
  received(message: Message, nowMs: number): Heard {
    if (this.#state === "closed") return nothing;
    this.#heardMs = nowMs;
    this.#askedMs = null; // Any word shows that somebody is there.
    if (message.kind === "CHAL") return this.#state === "hello" ? done(this.#answer(message.header)) : nothing;
    if (message.kind === "READY") return this.#state === "auth" ? this.#ready(message.header, nowMs) : nothing;
    if (message.kind === "ERR") {
      const { code, detail, fatal, retryAfter } = message.header;
      return fatal ? done(this.drop(code, detail, retryAfter ?? null)) : nothing;
    }
    if (message.kind === "BYE") {
      const { reason, retryAfter } = message.header;
      return done(this.drop(reason === "replaced" ? "replaced" : "bye", reason, retryAfter ?? null));
    }
    if (message.kind === "BEAT") {
      this.clock.answered(message.header, this.#by.wallMs());
      return nothing;
    }
    return this.#state === "open" ? { kind: "own" } : nothing;
  }

  /** Time passes: a deadline may have gone by. Empty while all is well. */
  overdue(nowMs: number): readonly BoxAction[] {
    if (this.#state === "closed") return [];
    if (this.#state !== "open") return nowMs - this.#sinceMs > readyMs ? this.drop("no-ready", "no READY in time") : [];
    // A platform that wants few beats must not be given up between two of them.
    const patienceMs = Math.max(answerMs, 1.5 * this.#hbMs);
    const isSilent = this.#askedMs !== null && nowMs - this.#askedMs > patienceMs;
    return isSilent ? this.drop("silent", `no answer for ${patienceMs / 1_000} s`) : [];
  }

  /** Something that must be answered is on its way. */
  awaits(nowMs: number): void {
    this.#askedMs ??= nowMs;
  }

  /** A beat, when one is due. @param every after how many `hb`; @param health asked only when a beat is due */
  beat(nowMs: number, every: number, health?: () => Health): readonly BoxAction[] {
    if (this.#state !== "open" || nowMs - this.#beatMs < every * this.#hbMs) return [];
    this.#beatMs = nowMs;
    this.awaits(nowMs);
    const now = health?.();
    const header: Header<"BEAT"> = {
      t0: this.#by.wallMs(),
      ...(now && this.#healthPace.tells(now) ? { health: now } : {}),
    };
    return [{ kind: "send", message: { kind: "BEAT", header } }];
  }

  /** Ends the session. */
  drop(why: DropReason, detail: string, retryAfterSec: number | null = null): readonly BoxAction[] {
    this.#state = "closed";
    return [{ kind: "drop", why, detail, retryAfterSec }];
  }

  #answer(header: Header<"CHAL">): readonly BoxAction[] {
    this.#state = "auth";
    const { identity, sock, epoch } = this.#by;
    const text = authText({
      gw: identity.gw,
      epoch: epoch(),
      sock,
      nonceBox: this.#nonce,
      noncePlatform: header.nonce,
      sid: header.sid,
      serverKey: identity.serverKey,
    });
    return [{ kind: "send", message: { kind: "AUTH", header: { sig: identity.sign(text) } } }];
  }

  #ready(header: Header<"READY">, nowMs: number): Heard {
    if (!protocolVersions.includes(header.v))
      return done(this.drop("unsupported", `version ${header.v} was not offered`, awaySec.unsupported));
    this.#state = "open";
    this.#sid = header.sid;
    this.#hbMs = header.hb * 1_000;
    this.#beatMs = nowMs;
    this.#healthPace = new HealthPace();
    this.#caps = new Set(header.caps.filter((cap) => this.#by.identity.caps.includes(cap)));
    const least = (name: keyof Limits): number => Math.max(1, Math.min(limits[name], header.limits[name]));
    this.#limits = {
      maxEvent: least("maxEvent"),
      maxBatch: least("maxBatch"),
      maxBlob: least("maxBlob"),
      maxChunk: least("maxChunk"),
    };
    return { kind: "ready", header };
  }
}

function done(actions: readonly BoxAction[]): Heard {
  return { kind: "done", actions };
}
