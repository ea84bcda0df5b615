/** The box's side of the event socket (E) of UP1: decides what to send and what an answer means. No I/O, no clock. */
import { packEvents } from "./frames.ts";
import { lanes, maxBatchEvents, maxPayloadBytes, protocolVersion, readyMs } from "./limits.ts";
import { authText, type Header, type LaneKey, type Message, type WireCode } from "./messages.ts";

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

type State = "closed" | "hello" | "auth" | "open";

/** One session after another over one event socket. */
export class BoxSession {
  readonly #identity: BoxIdentity;
  readonly #outbox: OutboxPort;
  readonly #wallMs: () => number;
  #state: State = "closed";
  #nonce = "";
  #sinceMs = 0;
  #heardMs = 0;
  #beatMs = 0;
  #ackMs = 0;
  #hbMs = 15_000;
  #credit = { msgs: 0, bytes: 0 };
  #sent = { msgs: 0, bytes: 0 };
  #slot = 0;
  readonly #next = new Map<number, number>();

  constructor(identity: BoxIdentity, outbox: OutboxPort, wallMs: () => number) {
    this.#identity = identity;
    this.#outbox = outbox;
    this.#wallMs = wallMs;
  }

  get state(): State {
    return this.#state;
  }

  /** Whether rows are on the way. */
  get waitsForAck(): boolean {
    return this.#state === "open" && lanes.some((lane) => (this.#next.get(lane) ?? 1) - 1 > this.#outbox.acked(lane));
  }

  /** Whether any row is not yet acknowledged. */
  get hasWork(): boolean {
    return lanes.some((lane) => this.#outbox.head(lane) > this.#outbox.acked(lane));
  }

  /** The transport is up: say who we are. */
  connected(nowMs: number): readonly BoxAction[] {
    this.#state = "hello";
    this.#sinceMs = nowMs;
    this.#heardMs = nowMs;
    this.#nonce = this.#identity.nonce();
    const heads: Partial<Record<LaneKey, number>> = {};
    for (const lane of lanes) heads[`${lane}`] = this.#outbox.head(lane);
    return [
      {
        kind: "send",
        message: {
          kind: "HELLO",
          header: hello(this.#identity, "E", this.#outbox.epoch(), this.#nonce, heads, this.#wallMs()),
        },
      },
    ];
  }

  /** The transport is gone. */
  lost(): void {
    this.#state = "closed";
  }

  /** New rows may wait. */
  wake(nowMs: number): readonly BoxAction[] {
    return this.#state === "open" ? this.#pump(nowMs) : [];
  }

  /** Time passes: beats, deadlines. Call about once a second. */
  tick(nowMs: number, health: Header<"BEAT">["health"] = {}): readonly BoxAction[] {
    if (this.#state === "closed") return [];
    if (this.#state !== "open")
      return nowMs - this.#sinceMs > readyMs ? this.#drop("no-ready", "no READY in time") : [];
    if (nowMs - this.#heardMs > 3 * this.#hbMs) return this.#drop("silent", "nothing heard for three beats");
    if (this.waitsForAck && nowMs - this.#ackMs > 3 * this.#hbMs)
      return this.#drop("no-ack", "nothing acknowledged for three beats");
    const actions = [...this.#pump(nowMs)];
    if (nowMs - this.#beatMs >= this.#hbMs) {
      this.#beatMs = nowMs;
      actions.push({ kind: "send", message: { kind: "BEAT", header: { t0: this.#wallMs(), health } } });
    }
    return actions;
  }

  /** A message from the platform. */
  received(message: Message, nowMs: number): readonly BoxAction[] {
    if (this.#state === "closed") return [];
    this.#heardMs = nowMs;
    switch (message.kind) {
      case "CHAL":
        return this.#state === "hello" ? this.#answer(message.header) : [];
      case "READY":
        return this.#state === "auth" ? this.#resume(message.header, nowMs) : [];
      case "ACK":
        return this.#state === "open" ? this.#acknowledged(message.header, nowMs) : [];
      case "NACK":
        if (message.header.code === "quarantined")
          this.#outbox.quarantined(message.header.lane, message.header.seq, message.header.detail);
        return [];
      case "ERR":
        return message.header.fatal
          ? this.#drop(message.header.code, message.header.detail, message.header.retryAfter ?? null)
          : [];
      case "BYE":
        return this.#drop("bye", message.header.reason, message.header.retryAfter ?? null);
      default:
        return [];
    }
  }

  #answer(header: Header<"CHAL">): readonly BoxAction[] {
    this.#state = "auth";
    const { gw, serverKey } = this.#identity;
    const sig = this.#identity.sign(
      authText({
        gw,
        epoch: this.#outbox.epoch(),
        sock: "E",
        nonceBox: this.#nonce,
        noncePlatform: header.nonce,
        sid: header.sid,
        serverKey,
      }),
    );
    return [{ kind: "send", message: { kind: "AUTH", header: { sig } } }];
  }

  /** Compares what both sides know of each lane, then goes on from there. */
  #resume(header: Header<"READY">, nowMs: number): readonly BoxAction[] {
    const actions: BoxAction[] = [];
    for (const lane of lanes) {
      const theirs = header.lanes[`${lane}`] ?? { acked: 0, lastId: "" };
      const id = theirs.acked === 0 ? "" : this.#outbox.idAt(lane, theirs.acked);
      // Numbers we never gave, or another event under this number: this disk was rolled back, and its numbers would pass for old ones.
      if (theirs.acked > this.#outbox.head(lane) || (id !== null && id !== theirs.lastId)) {
        this.#outbox.renumber();
        return this.#drop("renumbered", "this box was rolled back; it begins a new epoch", 0);
      }
    }
    for (const lane of lanes) {
      const acked = header.lanes[`${lane}`]?.acked ?? 0;
      const known = this.#outbox.acked(lane);
      // The platform came back from a backup: what it has forgotten is sent again.
      if (acked < known) this.#outbox.requeue(lane, acked + 1);
      else if (acked > known) {
        this.#outbox.acknowledge(lane, acked);
        actions.push({ kind: "acknowledged", lane, from: known + 1, to: acked });
      }
      this.#next.set(lane, acked + 1);
    }
    this.#state = "open";
    this.#hbMs = header.hb * 1_000;
    this.#credit = header.credit;
    this.#sent = { msgs: 0, bytes: 0 };
    this.#ackMs = nowMs;
    this.#beatMs = nowMs;
    return [...actions, ...this.#pump(nowMs)];
  }

  #acknowledged(header: Header<"ACK">, nowMs: number): readonly BoxAction[] {
    const actions: BoxAction[] = [];
    for (const lane of lanes) {
      const cum = header.lanes[`${lane}`]?.cum;
      if (cum === undefined) continue;
      const known = this.#outbox.acked(lane);
      // A word about rows that were never sent in this session is not believed.
      if (cum <= known || cum >= (this.#next.get(lane) ?? 1)) continue;
      this.#outbox.acknowledge(lane, cum);
      this.#ackMs = nowMs;
      actions.push({ kind: "acknowledged", lane, from: known + 1, to: cum });
    }
    // Totals since READY: a lost or repeated ACK changes nothing.
    this.#credit = {
      msgs: Math.max(this.#credit.msgs, header.credit.msgs),
      bytes: Math.max(this.#credit.bytes, header.credit.bytes),
    };
    return [...actions, ...this.#pump(nowMs)];
  }

  #pump(nowMs: number): readonly BoxAction[] {
    const actions: BoxAction[] = [];
    if (!this.waitsForAck) this.#ackMs = nowMs;
    while (this.#sent.msgs < this.#credit.msgs && this.#sent.bytes < this.#credit.bytes) {
      const lane = this.#nextLane();
      if (lane === null) break;
      const from = this.#next.get(lane) ?? 1;
      const gap = this.#outbox.gapAt(lane, from);
      if (gap) {
        actions.push({
          kind: "send",
          message: { kind: "GAP", header: { lane, from, to: gap.to, reason: gap.reason } },
        });
        this.#next.set(lane, gap.to + 1);
        this.#sent.msgs += 1;
        continue;
      }
      const rows = this.#outbox.due(
        lane,
        from,
        Math.min(maxBatchEvents, this.#credit.msgs - this.#sent.msgs),
        maxPayloadBytes - 2,
      );
      const last = rows.at(-1);
      if (!last) break;
      const { payload, sizes } = packEvents(rows.map((row) => row.body));
      actions.push({
        kind: "send",
        message: { kind: "EVT", header: { lane, first: from, sizes, codec: "json" }, payload },
      });
      this.#sent = { msgs: this.#sent.msgs + rows.length, bytes: this.#sent.bytes + payload.length };
      this.#next.set(lane, last.seq + 1);
    }
    return actions;
  }

  /** Lane 0 first, then 1; every eighth turn begins with the last, so that nothing starves. */
  #nextLane(): number | null {
    const waiting = lanes.filter((lane) => (this.#next.get(lane) ?? 1) <= this.#outbox.head(lane));
    this.#slot = (this.#slot + 1) % 8;
    return (this.#slot === 0 ? waiting.at(-1) : waiting[0]) ?? null;
  }

  #drop(why: DropReason, detail: string, retryAfterSec: number | null = null): readonly BoxAction[] {
    this.#state = "closed";
    return [{ kind: "drop", why, detail, retryAfterSec }];
  }
}

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
