/** The platform's side of UP1: who may speak, what is committed, what is acknowledged. No I/O, no clock. */
import { authMs, awaySec as away, beatSec, bulkWindowBytes, maxBadFrames, maxBlobBytes } from "./limits.ts";
import { crowdedSec, maxHalfOpen, protocolVersions, silentBeats } from "./limits.ts";
import { rekeyText, type Header, type Message, type WireCode } from "./messages.ts";
import type { BatchItem, PlatformAction, PlatformIdentity, Speaker, Watermark } from "./platform-port.ts";
import {
  ack,
  beatAnswer,
  fatal,
  putAside,
  ready,
  signedText,
  takeEvents,
  takeGap,
  to,
  type Part,
  type Receipt,
  type Refusal,
  type Session,
} from "./platform-session.ts";
import { SessionTable } from "./session-table.ts";

/** Every session of one receiver. */
export class PlatformSessions {
  readonly #identity: PlatformIdentity;
  readonly #wallMs: () => number;
  readonly #table = new SessionTable();
  readonly #tickets = new Map<number, { readonly session: Session; readonly msgs: number; readonly bytes: number }>();
  #ticket = 0;
  #draining = false;

  constructor(identity: PlatformIdentity, wallMs: () => number) {
    this.#identity = identity;
    this.#wallMs = wallMs;
  }

  /** Boxes whose event socket is open. */
  get open(): readonly string[] {
    return this.#table.openEvents().map(({ hello }) => hello.gw);
  }

  /** A message from `rid`. */
  received(rid: string, message: Message, nowMs: number): readonly PlatformAction[] {
    const session = this.#table.at(rid, nowMs);
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
    const session = this.#table.at(rid, nowMs);
    // A type of a later version is no attack: it is answered, and that is all.
    if (code !== "unsupported") session.badFrames += 1;
    if (session.badFrames >= maxBadFrames) {
      this.#table.forget(session);
      return to(rid, { kind: "BYE", header: { reason: "protocol", retryAfter: away.badFrames } });
    }
    return to(rid, { kind: "ERR", header: { code, fatal: false, detail: detail.slice(0, 200) } });
  }

  /** The answer to `lookup`: from here the box may send. */
  watermarks(
    rid: string,
    sid: string,
    known: ReadonlyMap<number, Watermark>,
    nowMs: number,
  ): readonly PlatformAction[] {
    const session = this.#table.get(rid);
    if (!session?.hello || session.sid !== sid || session.state !== "looking") return [];
    session.state = "open";
    this.#table.halfOpen -= 1;
    session.heardMs = nowMs;
    const { gw, sock } = session.hello;
    return [...to(rid, ready(session, known, this.#wallMs(), this.#identity)), { kind: "opened", rid, gw, sock }];
  }

  /** The sink has `ticket` on its disk; `acked` is how far the lane is now. */
  committed(ticket: number, lane: number, acked: number, quarantined: readonly BatchItem[]): readonly PlatformAction[] {
    const waiting = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (!waiting) return [];
    const { session } = waiting;
    session.msgs += waiting.msgs;
    session.bytes += waiting.bytes;
    if (!this.#table.holds(session)) return [];
    const { rid } = session;
    session.acked.set(lane, acked);
    return [...to(rid, ack(session, lane)), ...quarantined.flatMap((item) => to(rid, putAside(lane, item)))];
  }

  /** Of a relay: the last platform of the way has this lane up to `final`, and the ranges beyond it. Says so to the box if it is there. */
  receipt(gw: string, epoch: string, lane: number, receipt: Receipt): readonly PlatformAction[] {
    const session = this.#table.eventsOf(gw);
    if (session?.state !== "open" || session.hello?.epoch !== epoch || !session.caps.has("e2e")) return [];
    return to(session.rid, ack(session, lane, receipt));
  }

  /** Carries a signed command to `gw` or to the relay before it; null when neither is here. */
  command(gw: string, header: Header<"CMD">, payload: Uint8Array): readonly PlatformAction[] | null {
    const direct = this.#table.eventsOf(gw);
    const carriers = this.#table.openEvents().filter((s) => s.caps.has("cmd"));
    const session =
      carriers.find((s) => s === direct) ??
      carriers.find(({ hello }) => hello.role === "relay" && this.#relays(hello, gw));
    return session ? to(session.rid, { kind: "CMD", header, payload }) : null;
  }

  /** The sink could not take `ticket`: nothing is acknowledged, the box comes back and sends it again. */
  refused(ticket: number, code: WireCode, detail: string): readonly PlatformAction[] {
    const waiting = this.#tickets.get(ticket);
    this.#tickets.delete(ticket);
    if (!waiting || !this.#table.holds(waiting.session)) return [];
    return this.#end(waiting.session, code, detail, away.internal);
  }

  /** Evidence cannot be taken on this session: the box comes back and hears where to go on. */
  evidenceFailed({ rid, sid }: Speaker, detail: string): readonly PlatformAction[] {
    const session = this.#table.speaking(rid, sid);
    return session ? this.#end(session, "internal", detail, away.internal) : [];
  }

  /** Where a blob goes on; bytes of credit count from READY. */
  wants(rid: string, sid: string, want: Omit<Header<"WANT">, "bcredit">): readonly PlatformAction[] {
    const session = this.#table.speaking(rid, sid);
    return session ? to(rid, { kind: "WANT", header: { ...want, bcredit: session.bytes + bulkWindowBytes } }) : [];
  }

  /** How far a blob is on the disk, after `bytes` more of it. */
  stored(rid: string, sid: string, bytes: number, back: Omit<Header<"BACK">, "bcredit">): readonly PlatformAction[] {
    const session = this.#table.speaking(rid, sid);
    if (!session) return [];
    session.bytes += bytes;
    return to(rid, { kind: "BACK", header: { ...back, bcredit: session.bytes + bulkWindowBytes } });
  }

  /** For whoever asked for a piece of a file, or showed new keys. */
  answers(
    rid: string,
    sid: string,
    message: Extract<Message, { kind: "GIVE" | "REKEYED" }>,
  ): readonly PlatformAction[] {
    return this.#table.speaking(rid, sid) ? to(rid, message) : [];
  }

  /** `gw` speaks with its new keys on `rid`: whatever still speaks with the former ones goes. */
  endOthers(gw: string, rid: string): readonly PlatformAction[] {
    return this.#table
      .all()
      .filter((s) => s.hello?.gw === gw && s.rid !== rid)
      .flatMap((s) => this.#end(s, "revoked", "this box has newer keys", 1));
  }

  /** Time passes: half-open sessions and silent ones go. */
  tick(nowMs: number): readonly PlatformAction[] {
    const actions: PlatformAction[] = [];
    for (const session of this.#table.all()) {
      if (session.state !== "open" && session.state !== "looking" && nowMs - session.sinceMs > authMs)
        actions.push(...this.#end(session, "unauth", "no AUTH in time"));
      else if (nowMs - session.heardMs > silentBeats[session.hello?.sock ?? "E"] * beatSec * 1_000)
        this.#table.forget(session);
    }
    return actions;
  }

  /** Whoever left or lost the right to speak is forgotten; what it sent and is not committed will come again. */
  revoke(gw: string): readonly PlatformAction[] {
    return this.#table
      .all()
      .filter((s) => s.hello?.gw === gw)
      .flatMap((s) => this.#end(s, "revoked", "this box is no longer enrolled", away.revoked));
  }

  /** The transport says that `rid` is gone. */
  gone(rid: string): void {
    const session = this.#table.get(rid);
    if (session) this.#table.forget(session);
  }

  /** A planned stop: everybody is sent away, each for another while: no more of them return in a second than `perSecond`, who can be let in. */
  drain(perSecond: number): readonly PlatformAction[] {
    this.#draining = true;
    const all = [...this.#table.all()];
    const spreadSec = Math.max(1.5, all.length / perSecond);
    return all.flatMap(({ rid }) =>
      to(rid, { kind: "BYE", header: { reason: "draining", retryAfter: 0.5 + this.#identity.random() * spreadSec } }),
    );
  }

  #hello(session: Session, header: Header<"HELLO">, nowMs: number): readonly PlatformAction[] {
    if (session.state === "open") this.#table.halfOpen += 1;
    session.state = "new";
    if (this.#draining) return this.#end(session, "draining", "this receiver is stopping", away.draining);
    if (this.#table.halfOpen > maxHalfOpen)
      return this.#end(session, "busy", "too many boxes at once", crowdedSec(this.#identity.random()));
    const version = protocolVersions.find((spoken) => header.v.includes(spoken));
    if (version === undefined)
      return this.#end(session, "unsupported", `versions here: ${protocolVersions.join(", ")}`, away.unsupported);
    session.version = version;
    // The same answer whether the name is unknown or the signature wrong: a guesser learns nothing.
    session.hello = header;
    session.state = "challenged";
    session.sinceMs = nowMs;
    session.sid = this.#identity.nonce();
    session.nonce = this.#identity.nonce();
    const { rid, sid, nonce } = session;
    return to(rid, { kind: "CHAL", header: { sid, nonce, alg: "ed25519", t: this.#wallMs() } });
  }

  #auth(session: Session, header: Header<"AUTH">): readonly PlatformAction[] {
    const { hello, sid } = session;
    if (session.state !== "challenged" || !hello) return this.#end(session, "unauth", "AUTH without CHAL");
    const text = signedText(session, hello, this.#identity.serverKey);
    if (!this.#identity.isEnrolled(hello.gw) || !this.#identity.verify(hello.gw, text, header.sig))
      return this.#end(session, "unauth", "box and key are no pair, or the box is not enrolled", away.unauth);
    const older = this.#table.place(session, hello);
    const actions = older ? to(older.rid, { kind: "BYE", header: { reason: "replaced" } }) : [];
    session.state = "looking";
    session.msgs = 0;
    session.bytes = 0;
    return [...actions, { kind: "lookup", rid: session.rid, sid, gw: hello.gw, epoch: hello.epoch }];
  }

  #spoken(session: Session, hello: Header<"HELLO">, message: Message, nowMs: number): readonly PlatformAction[] {
    const { rid, sid } = session;
    const forBulk = ["OFFER", "DATA", "ASK"].includes(message.kind);
    const forEvents = ["EVT", "GAP", "RES", "REKEY"].includes(message.kind);
    if ((forBulk && hello.sock !== "B") || (forEvents && hello.sock !== "E"))
      return this.#end(session, "bad-frame", `${message.kind} on the other socket`);
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- All that only goes down has one answer.
    switch (message.kind) {
      case "EVT":
        return this.#take(
          session,
          hello,
          takeEvents(session, message.header, message.payload ?? new Uint8Array(), {
            mayCome: (origin) => origin === hello.gw || this.#relays(hello, origin),
            self: this.#identity.gw ?? "",
          }),
        );
      case "GAP":
        return this.#take(session, hello, takeGap(session, message.header));
      case "OFFER":
        if (message.header.size > maxBlobBytes)
          return this.wants(rid, sid, { sha256: message.header.sha256, off: 0, refuse: "too-big" });
        return [{ kind: "offer", rid, sid, gw: hello.gw, offer: message.header }];
      case "DATA":
        return [
          { kind: "append", rid, sid, gw: hello.gw, data: message.header, bytes: message.payload ?? new Uint8Array() },
        ];
      case "BEAT":
        return beatAnswer(session, hello.gw, message.header, this.#wallMs());
      case "RES":
        // A box speaks for itself, a relay for the boxes behind it.
        if (message.header.gw !== hello.gw && !this.#relays(hello, message.header.gw)) return [];
        return [{ kind: "result", from: hello.gw, result: message.header, bytes: message.payload ?? new Uint8Array() }];
      case "ASK":
        return [{ kind: "ask", rid, sid, gw: hello.gw, ask: message.header }];
      case "REKEY":
        return this.#rekey(session, hello.gw, message.header);
      case "BYE":
        this.#table.forget(session);
        return [];
      default:
        return this.badFrames(rid, "unsupported", `${message.kind} does not go up`, nowMs);
    }
  }

  #rekey({ rid, sid }: Session, gw: string, keys: Header<"REKEY">): readonly PlatformAction[] {
    const { curvePublic, signPublic, proof } = keys;
    if (this.#identity.mayRekey?.(gw, signPublic, rekeyText({ gw, sid, curvePublic, signPublic }), proof))
      return [{ kind: "rekey", rid, sid, gw, keys }];
    const detail = "nobody has ordered new keys of this box here, or their proof is wrong";
    return to(rid, { kind: "REKEYED", header: { curvePublic, taken: false, detail } });
  }

  #take(session: Session, hello: Header<"HELLO">, taken: Part | Refusal): readonly PlatformAction[] {
    if ("code" in taken) return this.#end(session, taken.code, taken.detail);
    this.#ticket += 1;
    this.#tickets.set(this.#ticket, { session, msgs: taken.msgs, bytes: taken.bytes });
    return [{ kind: "commit", batch: { ticket: this.#ticket, gw: hello.gw, epoch: hello.epoch, ...taken.batch } }];
  }

  #relays(hello: Header<"HELLO">, origin: string): boolean {
    return hello.role === "relay" && (this.#identity.mayRelay?.(hello.gw, origin) ?? false);
  }

  #end(session: Session, code: WireCode, detail: string, retryAfter?: number): readonly PlatformAction[] {
    this.#table.forget(session);
    return to(session.rid, fatal(code, detail, retryAfter));
  }
}
