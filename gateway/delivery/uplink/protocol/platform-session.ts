/** One connection as the platform sees it, and what its EVT and GAP mean in the order of its lanes; pure but for the session's own counters. */
import { crc32 } from "node:zlib";
import { unpackEvents } from "./frames.ts";
import { beatSec, bulkWindowBytes, lanes, limits, maxHops, maxSackRanges, window } from "./limits.ts";
import { authText, type Header, type LaneKey, type Message, type WireCode } from "./messages.ts";
import type { Batch, BatchItem, PlatformAction, PlatformIdentity, Watermark } from "./platform-port.ts";
import { readEvent } from "./read-event.ts";

/** One connection. */
export interface Session {
  readonly rid: string;
  state: "new" | "challenged" | "looking" | "open";
  sinceMs: number;
  heardMs: number;
  badFrames: number;
  hello: Header<"HELLO"> | null;
  sid: string;
  nonce: string;
  version: number;
  /** What both sides can. */
  caps: ReadonlySet<string>;
  /** How far each lane is committed. */
  readonly acked: Map<number, number>;
  /** The number that must come next, per lane; ahead of what is committed. */
  readonly expected: Map<number, number>;
  /** Events and bytes dealt with since READY: credit counts from them. */
  msgs: number;
  bytes: number;
}

/** How far a lane is at the end of the way: everything up to `final`, and the ranges beyond it. */
export interface Receipt {
  readonly final: number;
  readonly sack: readonly (readonly [from: number, to: number])[];
}

/** Who may have made the events of a session, and the name that they must not have passed already. */
export interface WayRules {
  mayCome(origin: string): boolean;
  /** Empty: this platform is no relay. */
  readonly self: string;
}

/** What is to be committed, and how much of the credit it used. */
export interface Part {
  readonly batch: Pick<Batch, "lane" | "first" | "items" | "gap" | "via">;
  readonly msgs: number;
  readonly bytes: number;
}

/** Why a session must end. */
export interface Refusal {
  readonly code: WireCode;
  readonly detail: string;
}

export function newSession(rid: string, nowMs: number): Session {
  return {
    rid,
    state: "new",
    sinceMs: nowMs,
    heardMs: nowMs,
    badFrames: 0,
    hello: null,
    sid: "",
    nonce: "",
    version: 0,
    caps: new Set(),
    acked: new Map(),
    expected: new Map(),
    msgs: 0,
    bytes: 0,
  };
}

/** What AUTH of this session must have signed. */
export function signedText(session: Session, hello: Header<"HELLO">, serverKey: string): string {
  const { gw, epoch, sock, nonce } = hello;
  return authText({ gw, epoch, sock, serverKey, nonceBox: nonce, noncePlatform: session.nonce, sid: session.sid });
}

/** Totals since READY up to which the box may send. */
export function creditOf(session: Session): Header<"ACK">["credit"] {
  if (session.hello?.sock === "B") return { msgs: 0, bytes: bulkWindowBytes };
  return { msgs: session.msgs + window.msgs, bytes: session.bytes + window.bytes };
}

/** ACK for one lane; without a receipt it says what is committed here and nothing of the end of the way. */
export function ack(session: Session, lane: number, receipt?: Receipt): Message {
  const cum = session.acked.get(lane) ?? 0;
  const sack = (receipt?.sack ?? []).slice(0, maxSackRanges).flat();
  const said = { cum, ...(receipt ? { final: receipt.final } : {}), ...(sack.length > 0 ? { sack } : {}) };
  return { kind: "ACK", header: { lanes: { [`${lane}`]: said }, credit: creditOf(session) } };
}

/** The new events of an EVT; numbers that came before are passed over, a number too far ahead ends the session. */
export function takeEvents(
  session: Session,
  header: Header<"EVT">,
  payload: Uint8Array,
  rules: WayRules,
): Part | Refusal {
  const bodies = unpackEvents(payload, header.sizes);
  if (!bodies) return { code: "bad-frame", detail: "sizes and payload disagree" };
  const expected = session.expected.get(header.lane) ?? 1;
  if (header.first > expected) return tooFar(header.lane, expected, header.first);
  const via = header.via ?? [];
  const astray = wentAstray(via, rules.self);
  const items = bodies
    .map((body, i): BatchItem => {
      const read = readEvent(body, (origin) => rules.mayCome(origin));
      const why = "id" in read ? astray : read.why;
      return { seq: header.first + i, body, event: "id" in read && astray === "" ? read : null, why };
    })
    .filter((item) => item.seq >= expected);
  session.expected.set(header.lane, Math.max(expected, header.first + bodies.length));
  return {
    batch: { lane: header.lane, first: expected, items, gap: null, ...(via.length > 0 ? { via } : {}) },
    msgs: bodies.length,
    bytes: payload.length,
  };
}

/** Why events that came this way go no further; empty when they may. */
function wentAstray(via: readonly string[], self: string): string {
  if (via.includes(self)) return `loop: passed ${self} before`;
  return via.length > maxHops ? `passed more than ${maxHops} gateways` : "";
}

/** A run that the box had to give up. */
export function takeGap(session: Session, header: Header<"GAP">): Part | Refusal {
  const expected = session.expected.get(header.lane) ?? 1;
  if (header.from > expected || header.to < header.from) return tooFar(header.lane, expected, header.from);
  session.expected.set(header.lane, Math.max(expected, header.to + 1));
  const gap = { to: header.to, reason: header.reason };
  return { batch: { lane: header.lane, first: expected, items: [], gap }, msgs: 1, bytes: 0 };
}

/** `message` for one connection. */
export function to(rid: string, message: Message): readonly PlatformAction[] {
  return [{ kind: "send", rid, message }];
}

/** What a platform can, beside the minimum. */
function capsOf(identity: PlatformIdentity): readonly string[] {
  return [
    "blob",
    "cmd",
    ...(identity.endToEnd ? ["e2e"] : []),
    ...("mayRekey" in identity ? ["rekey"] : []),
    ...(identity.givesFiles ? ["files"] : []),
  ];
}

/** READY, and with it where each lane of the session goes on. */
export function ready(
  session: Session,
  known: ReadonlyMap<number, Watermark>,
  wallMs: number,
  identity: PlatformIdentity,
): Message {
  const { nextServerKey } = identity;
  const caps = capsOf(identity).filter((cap) => session.hello?.caps.includes(cap) === true);
  session.caps = new Set(caps);
  const said: Partial<Record<LaneKey, Watermark>> = {};
  for (const lane of lanes) {
    const { final, ...mark } = known.get(lane) ?? { acked: 0, lastId: "" };
    said[`${lane}`] = caps.includes("e2e") ? { ...mark, final: final ?? 0 } : mark;
    session.acked.set(lane, mark.acked);
    session.expected.set(lane, mark.acked + 1);
  }
  const { sid, version } = session;
  const credit = creditOf(session);
  const header = { v: version, sid, caps, lanes: said, limits: { ...limits }, credit, hb: beatSec, t: wallMs };
  return { kind: "READY", header: nextServerKey === undefined ? header : { ...header, nextServerKey } };
}

/** NACK for an event that is kept in quarantine: the lane goes on. */
export function putAside(lane: number, item: BatchItem): Message {
  const detail = item.why.slice(0, 200);
  return { kind: "NACK", header: { lane, seq: item.seq, code: "quarantined", retry: "never", detail } };
}

/** GIVE for a piece that was asked for; null: it is not here. */
export function give(
  { cmd, sha256, off }: Header<"ASK">,
  bytes: Uint8Array | null,
): Extract<Message, { kind: "GIVE" }> {
  const payload = bytes ?? new Uint8Array();
  const refuse = bytes ? {} : { refuse: "this platform does not have that file" };
  return { kind: "GIVE", header: { cmd, sha256, off, crc32: crc32(payload), ...refuse }, payload };
}

/** ERR that ends a session. */
export function fatal(code: WireCode, detail: string, retryAfter?: number): Message {
  const header = { code, fatal: true, detail: detail.slice(0, 200) };
  return { kind: "ERR", header: retryAfter === undefined ? header : { ...header, retryAfter } };
}

/** The answer to a beat: both times for the box's clock, its health for the platform. */
export function beatAnswer(
  session: Session,
  gw: string,
  { t0, health }: Header<"BEAT">,
  wallMs: number,
): readonly PlatformAction[] {
  const answer: PlatformAction = {
    kind: "send",
    rid: session.rid,
    message: { kind: "BEAT", header: { t0, t1: wallMs, t2: wallMs } },
  };
  return health ? [answer, { kind: "health", gw, health }] : [answer];
}

function tooFar(lane: number, expected: number, first: number): Refusal {
  return { code: "seq-gap", detail: `lane ${lane}: ${expected} was next, not ${first}` };
}
