/** The platform's side of UP1: who may speak, what is committed, what is acknowledged. No I/O, no clock. */
import { unpackEvents } from "./frames.ts";
import {
  authMs,
  beatSec,
  bulkWindowBytes,
  lanes,
  limits,
  maxBadFrames,
  maxBlobBytes,
  maxHalfOpen,
  protocolVersion,
  window,
} from "./limits.ts";
import { authText, type Header, type LaneKey, type Message, type WireCode } from "./messages.ts";
import { readEvent, type ReadEvent } from "./read-event.ts";

/** How far a lane is committed. An empty id means: not known (a gap, or an event put aside). */
export interface Watermark {
  readonly acked: number;
  readonly lastId: string;
}

/** One event of a batch; `event` null: unusable, to be put aside with its bytes. */
export interface BatchItem {
  readonly seq: number;
  readonly body: Uint8Array;
  readonly event: ReadEvent | null;
  readonly why: string;
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
  | { readonly kind: "health"; readonly gw: string; readonly health: NonNullable<Header<"BEAT">["health"]> };

/** What the platform knows and can do without waiting. */
export interface PlatformIdentity {
  readonly serverKey: string;
  /** Whether `gw` is enrolled and not revoked. */
  isEnrolled(gw: string): boolean;
  /** Ed25519 check with the key of `gw`. */
  verify(gw: string, text: string, signature: string): boolean;
  nonce(): string;
  random(): number;
}

interface Session {
  readonly rid: string;
  state: "new" | "challenged" | "looking" | "open";
  sinceMs: number;
  heardMs: number;
  badFrames: number;
  hello: Header<"HELLO"> | null;
  sid: string;
  nonce: string;
  readonly expected: Map<number, number>;
  msgs: number;
  bytes: number;
}

/** Every session of one receiver. */
export class PlatformSessions {
  readonly #identity: PlatformIdentity;
  readonly #wallMs: () => number;
  readonly #byRid = new Map<string, Session>();
  readonly #byBox = new Map<string, Session>();
  readonly #tickets = new Map<number, { readonly session: Session; readonly msgs: number; readonly bytes: number }>();
  #ticket = 0;
  #halfOpen = 0;
  #draining = false;

  constructor(identity: PlatformIdentity, wallMs: () => number) {
    this.#identity = identity;
    this.#wallMs = wallMs;
  }

  /** Boxes whose event socket is open. */
  get open(): readonly string[] {
    return [...this.#byBox.values()]
      .filter((s) => s.state === "open" && s.hello?.sock === "E")
      .map((s) => s.hello?.gw ?? "");
  }

  /** A message from `rid`. */
  received(rid: string, message: Message, nowMs: number): readonly PlatformAction[] {
    const session = this.#byRid.get(rid) ?? this.#admit(rid, nowMs);
    session.heardMs = nowMs;
    if (message.kind === "HELLO") return this.#hello(session, message.header, nowMs);
    if (message.kind === "AUTH") return this.#auth(session, message.header);
    if (session.state !== "open" || !session.hello) {
      // Between AUTH and READY a box has nothing to say; a stranger is told to begin anew.
      return session.state === "looking" ? [] : this.#end(session, "unauth", "say HELLO first");
    }
    return this.#spoken(session, session.hello, message, nowMs);
  }

  /** Frames that are no message. */
  badFrames(rid: string, code: WireCode, detail: string, nowMs: number): readonly PlatformAction[] {
    const session = this.#byRid.get(rid) ?? this.#admit(rid, nowMs);
    session.badFrames += 1;
    if (session.badFrames >= maxBadFrames) {
      this.#forget(session);
      return [{ kind: "send", rid, message: { kind: "BYE", header: { reason: "protocol", retryAfter: 600 } } }];
    }
    return [
      { kind: "send", rid, message: { kind: "ERR", header: { code, fatal: false, detail: detail.slice(0, 200) } } },
    ];
  }

  /** The answer to `lookup`: from here the box may send. */
  watermarks(
    rid: string,
    sid: string,
    known: ReadonlyMap<number, Watermark>,
    nowMs: number,
  ): readonly PlatformAction[] {
    const session = this.#byRid.get(rid);
    if (!session?.hello || session.sid !== sid || session.state !== "looking") return [];
    session.state = "open";
    this.#halfOpen -= 1;
    session.heardMs = nowMs;
    const said: Partial<Record<LaneKey, Watermark>> = {};
    for (const lane of lanes) {
      const mark = known.get(lane) ?? { acked: 0, lastId: "" };
      said[`${lane}`] = mark;
      session.expected.set(lane, mark.acked + 1);
    }
    return [
      {
        kind: "send",
        rid,
        message: {
          kind: "READY",
          header: {
            v: protocolVersion,
            sid,
            lanes: said,
            limits: { ...limits },
            credit: this.#credit(session),
            hb: beatSec,
            t: this.#wallMs(),
            caps: ["blob"],
          },
        },
      },
    ];
  }

  /** The sink has `ticket` on its disk; `acked` is how far the lane is now. */
  committed(ticket: number, lane: number, acked: number, quarantined: readonly BatchItem[]): readonly PlatformAction[] {
    const waiting = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (!waiting) return [];
    const { session } = waiting;
    session.msgs += waiting.msgs;
    session.bytes += waiting.bytes;
    if (this.#byRid.get(session.rid) !== session) return [];
    const { rid } = session;
    const actions: PlatformAction[] = [
      {
        kind: "send",
        rid,
        message: { kind: "ACK", header: { lanes: { [`${lane}`]: { cum: acked } }, credit: this.#credit(session) } },
      },
    ];
    for (const item of quarantined) {
      actions.push({
        kind: "send",
        rid,
        message: {
          kind: "NACK",
          header: { lane, seq: item.seq, code: "quarantined", retry: "never", detail: item.why.slice(0, 200) },
        },
      });
    }
    return actions;
  }

  /** The sink could not take `ticket`: nothing is acknowledged, the box comes back and sends it again. */
  refused(ticket: number, code: WireCode, detail: string): readonly PlatformAction[] {
    const waiting = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (!waiting || this.#byRid.get(waiting.session.rid) !== waiting.session) return [];
    return this.#end(waiting.session, code, detail, 5);
  }

  /** Where a blob goes on; bytes of credit count from READY. */
  wants(rid: string, sid: string, want: Omit<Header<"WANT">, "bcredit">): readonly PlatformAction[] {
    const session = this.#speaking(rid, sid);
    return session
      ? [
          {
            kind: "send",
            rid,
            message: { kind: "WANT", header: { ...want, bcredit: session.bytes + bulkWindowBytes } },
          },
        ]
      : [];
  }

  /** How far a blob is on the disk, after `bytes` more of it. */
  stored(rid: string, sid: string, bytes: number, back: Omit<Header<"BACK">, "bcredit">): readonly PlatformAction[] {
    const session = this.#speaking(rid, sid);
    if (!session) return [];
    session.bytes += bytes;
    return [
      { kind: "send", rid, message: { kind: "BACK", header: { ...back, bcredit: session.bytes + bulkWindowBytes } } },
    ];
  }

  /** Time passes: half-open sessions and silent ones go. */
  tick(nowMs: number): readonly PlatformAction[] {
    const actions: PlatformAction[] = [];
    for (const session of this.#byRid.values()) {
      if (session.state !== "open" && session.state !== "looking" && nowMs - session.sinceMs > authMs)
        actions.push(...this.#end(session, "unauth", "no AUTH in time"));
      else if (nowMs - session.heardMs > 6 * beatSec * 1_000) this.#forget(session);
    }
    return actions;
  }

  /** Whoever left or lost the right to speak is forgotten; what it sent and is not committed will come again. */
  revoke(gw: string): readonly PlatformAction[] {
    return [...this.#byRid.values()]
      .filter((s) => s.hello?.gw === gw)
      .flatMap((s) => this.#end(s, "revoked", "this box is no longer enrolled", 600));
  }

  /** The transport says that `rid` is gone. */
  gone(rid: string): void {
    const session = this.#byRid.get(rid);
    if (session) this.#forget(session);
  }

  /** A planned stop: everybody is sent away, each for another while, so that they do not return at once. */
  drain(): readonly PlatformAction[] {
    this.#draining = true;
    return [...this.#byRid.keys()].map((rid) => ({
      kind: "send",
      rid,
      message: { kind: "BYE", header: { reason: "draining", retryAfter: 0.5 + this.#identity.random() * 1.5 } },
    }));
  }

  #admit(rid: string, nowMs: number): Session {
    const session: Session = {
      rid,
      state: "new",
      sinceMs: nowMs,
      heardMs: nowMs,
      badFrames: 0,
      hello: null,
      sid: "",
      nonce: "",
      expected: new Map(),
      msgs: 0,
      bytes: 0,
    };
    this.#byRid.set(rid, session);
    this.#halfOpen += 1;
    return session;
  }

  #hello(session: Session, header: Header<"HELLO">, nowMs: number): readonly PlatformAction[] {
    if (session.state === "open") this.#halfOpen += 1;
    session.state = "new";
    if (this.#draining) return this.#end(session, "draining", "this receiver is stopping", 2);
    if (this.#halfOpen > maxHalfOpen)
      return this.#end(session, "busy", "too many boxes at once", 5 + this.#identity.random() * 55);
    if (!header.v.includes(protocolVersion))
      return this.#end(session, "unsupported", `this receiver speaks version ${protocolVersion}`, 600);
    // The same answer whether the name is unknown or the signature wrong: a guesser learns nothing.
    session.hello = header;
    session.state = "challenged";
    session.sinceMs = nowMs;
    session.sid = this.#identity.nonce();
    session.nonce = this.#identity.nonce();
    return [
      {
        kind: "send",
        rid: session.rid,
        message: {
          kind: "CHAL",
          header: { sid: session.sid, nonce: session.nonce, alg: "ed25519", t: this.#wallMs() },
        },
      },
    ];
  }

  #auth(session: Session, header: Header<"AUTH">): readonly PlatformAction[] {
    const { hello, sid, nonce } = session;
    if (session.state !== "challenged" || !hello) return this.#end(session, "unauth", "AUTH without CHAL");
    const text = authText({
      gw: hello.gw,
      epoch: hello.epoch,
      sock: hello.sock,
      nonceBox: hello.nonce,
      noncePlatform: nonce,
      sid,
      serverKey: this.#identity.serverKey,
    });
    if (!this.#identity.isEnrolled(hello.gw) || !this.#identity.verify(hello.gw, text, header.sig))
      return this.#end(session, "unauth", "box and key do not belong together, or the box is not enrolled", 30);
    const key = `${hello.gw}/${hello.sock}`;
    const older = this.#byBox.get(key);
    const actions: PlatformAction[] = [];
    if (older && older !== session) {
      this.#forget(older);
      actions.push({ kind: "send", rid: older.rid, message: { kind: "BYE", header: { reason: "replaced" } } });
    }
    this.#byBox.set(key, session);
    session.state = "looking";
    session.msgs = 0;
    session.bytes = 0;
    return [...actions, { kind: "lookup", rid: session.rid, sid, gw: hello.gw, epoch: hello.epoch }];
  }

  #spoken(session: Session, hello: Header<"HELLO">, message: Message, nowMs: number): readonly PlatformAction[] {
    const { rid, sid } = session;
    switch (message.kind) {
      case "EVT":
        return hello.sock === "E"
          ? this.#events(session, hello, message.header, message.payload ?? new Uint8Array())
          : [];
      case "GAP":
        return hello.sock === "E" ? this.#gap(session, hello, message.header) : [];
      case "OFFER":
        if (message.header.size > maxBlobBytes)
          return this.wants(rid, sid, { sha256: message.header.sha256, off: 0, refuse: "too-big" });
        return [{ kind: "offer", rid, sid, gw: hello.gw, offer: message.header }];
      case "DATA":
        return [
          { kind: "append", rid, sid, gw: hello.gw, data: message.header, bytes: message.payload ?? new Uint8Array() },
        ];
      case "BEAT": {
        const t = this.#wallMs();
        const beat: PlatformAction = {
          kind: "send",
          rid,
          message: { kind: "BEAT", header: { t0: message.header.t0, t1: t, t2: t } },
        };
        return message.header.health ? [beat, { kind: "health", gw: hello.gw, health: message.header.health }] : [beat];
      }
      case "BYE":
        this.#forget(session);
        return [];
      default:
        return this.badFrames(rid, "unsupported", `${message.kind} does not go up`, nowMs);
    }
  }

  #events(
    session: Session,
    hello: Header<"HELLO">,
    header: Header<"EVT">,
    payload: Uint8Array,
  ): readonly PlatformAction[] {
    const bodies = unpackEvents(payload, header.sizes);
    if (!bodies) return this.#end(session, "bad-frame", "sizes and payload disagree");
    const expected = session.expected.get(header.lane) ?? 1;
    if (header.first > expected)
      return this.#end(session, "seq-gap", `lane ${header.lane}: ${expected} was next, not ${header.first}`);
    const items = bodies
      .map((body, i): BatchItem => {
        const read = readEvent(body, hello.gw);
        return { seq: header.first + i, body, event: "id" in read ? read : null, why: "id" in read ? "" : read.why };
      })
      .filter((item) => item.seq >= expected);
    session.expected.set(header.lane, Math.max(expected, header.first + bodies.length));
    return this.#commit(
      session,
      hello,
      { lane: header.lane, first: expected, items, gap: null },
      bodies.length,
      payload.length,
    );
  }

  #gap(session: Session, hello: Header<"HELLO">, header: Header<"GAP">): readonly PlatformAction[] {
    const expected = session.expected.get(header.lane) ?? 1;
    if (header.from > expected || header.to < header.from)
      return this.#end(session, "seq-gap", `lane ${header.lane}: ${expected} was next, not a gap from ${header.from}`);
    session.expected.set(header.lane, Math.max(expected, header.to + 1));
    return this.#commit(
      session,
      hello,
      { lane: header.lane, first: expected, items: [], gap: { to: header.to, reason: header.reason } },
      1,
      0,
    );
  }

  #commit(
    session: Session,
    hello: Header<"HELLO">,
    part: Pick<Batch, "lane" | "first" | "items" | "gap">,
    msgs: number,
    bytes: number,
  ): readonly PlatformAction[] {
    this.#ticket += 1;
    this.#tickets.set(this.#ticket, { session, msgs, bytes });
    return [{ kind: "commit", batch: { ticket: this.#ticket, gw: hello.gw, epoch: hello.epoch, ...part } }];
  }

  #credit(session: Session): { readonly msgs: number; readonly bytes: number } {
    return session.hello?.sock === "B"
      ? { msgs: 0, bytes: bulkWindowBytes }
      : { msgs: session.msgs + window.msgs, bytes: session.bytes + window.bytes };
  }

  #speaking(rid: string, sid: string): Session | null {
    const session = this.#byRid.get(rid);
    return session?.sid === sid && session.state === "open" ? session : null;
  }

  #end(session: Session, code: WireCode, detail: string, retryAfter?: number): readonly PlatformAction[] {
    this.#forget(session);
    return [
      {
        kind: "send",
        rid: session.rid,
        message: {
          kind: "ERR",
          header: {
            code,
            fatal: true,
            detail: detail.slice(0, 200),
            ...(retryAfter === undefined ? {} : { retryAfter }),
          },
        },
      },
    ];
  }

  #forget(session: Session): void {
    if (this.#byRid.get(session.rid) === session) {
      this.#byRid.delete(session.rid);
      if (session.state !== "open") this.#halfOpen -= 1;
    }
    const key = session.hello ? `${session.hello.gw}/${session.hello.sock}` : "";
    if (this.#byBox.get(key) === session) this.#byBox.delete(key);
  }
}
