/** One connection as the platform sees it, and what its EVT and GAP mean in the order of its lanes; pure but for the session's own counters. */
import { unpackEvents } from "./frames.ts";
import { beatSec, bulkWindowBytes, lanes, limits, protocolVersion, window } from "./limits.ts";
import type { Header, LaneKey, Message, WireCode } from "./messages.ts";
import type { Batch, BatchItem, PlatformAction, Watermark } from "./platform-port.ts";
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
  /** The number that must come next, per lane; ahead of what is committed. */
  readonly expected: Map<number, number>;
  /** Events and bytes dealt with since READY: credit counts from them. */
  msgs: number;
  bytes: number;
}

/** What is to be committed, and how much of the credit it used. */
export interface Part {
  readonly batch: Pick<Batch, "lane" | "first" | "items" | "gap">;
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
    expected: new Map(),
    msgs: 0,
    bytes: 0,
  };
}

/** Totals since READY up to which the box may send. */
export function creditOf(session: Session): Header<"ACK">["credit"] {
  if (session.hello?.sock === "B") return { msgs: 0, bytes: bulkWindowBytes };
  return { msgs: session.msgs + window.msgs, bytes: session.bytes + window.bytes };
}

/** The new events of an EVT; numbers that came before are passed over, a number too far ahead ends the session. */
export function takeEvents(session: Session, gw: string, header: Header<"EVT">, payload: Uint8Array): Part | Refusal {
  const bodies = unpackEvents(payload, header.sizes);
  if (!bodies) return { code: "bad-frame", detail: "sizes and payload disagree" };
  const expected = session.expected.get(header.lane) ?? 1;
  if (header.first > expected) return tooFar(header.lane, expected, header.first);
  const items = bodies
    .map((body, i): BatchItem => {
      const read = readEvent(body, gw);
      const event = "id" in read ? read : null;
      return { seq: header.first + i, body, event, why: "id" in read ? "" : read.why };
    })
    .filter((item) => item.seq >= expected);
  session.expected.set(header.lane, Math.max(expected, header.first + bodies.length));
  return {
    batch: { lane: header.lane, first: expected, items, gap: null },
    msgs: bodies.length,
    bytes: payload.length,
  };
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

/** READY, and with it where each lane of the session goes on. */
export function ready(session: Session, known: ReadonlyMap<number, Watermark>, wallMs: number): Message {
  const said: Partial<Record<LaneKey, Watermark>> = {};
  for (const lane of lanes) {
    const mark = known.get(lane) ?? { acked: 0, lastId: "" };
    said[`${lane}`] = mark;
    session.expected.set(lane, mark.acked + 1);
  }
  const { sid } = session;
  const credit = creditOf(session);
  const header = { v: protocolVersion, sid, lanes: said, limits: { ...limits }, credit, hb: beatSec, t: wallMs };
  return { kind: "READY", header: { ...header, caps: ["blob"] } };
}

/** NACK for an event that is kept in quarantine: the lane goes on. */
export function putAside(lane: number, item: BatchItem): Message {
  const detail = item.why.slice(0, 200);
  return { kind: "NACK", header: { lane, seq: item.seq, code: "quarantined", retry: "never", detail } };
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
