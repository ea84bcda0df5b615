/** The box's side of the event socket (E) of UP1: decides what to send and what an answer means. No I/O, no clock. */
import { hello, type BoxAction, type BoxIdentity, type DropReason, type OutboxPort } from "./box-port.ts";
import { chainAgrees } from "./chain-check.ts";
import { packEvents } from "./frames.ts";
import { lanes, maxBatchEvents, maxPayloadBytes, readyMs } from "./limits.ts";
import { authText, type Header, type LaneKey, type Message } from "./messages.ts";

type State = "closed" | "hello" | "auth" | "open";

/** One session after another over one event socket. */
export class BoxSession {
  readonly #identity: BoxIdentity;
  readonly #outbox: OutboxPort;
  readonly #wallMs: () => number;
  readonly #agrees: typeof chainAgrees;
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

  /** @param agrees how both sides' knowledge of a lane is compared; only the simulator, which must see weaker ones fail, gives another */
  constructor(identity: BoxIdentity, outbox: OutboxPort, wallMs: () => number, agrees = chainAgrees) {
    this.#agrees = agrees;
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
      case "HELLO":
      case "AUTH":
      case "EVT":
      case "GAP":
      case "OFFER":
      case "WANT":
      case "DATA":
      case "BACK":
      case "BEAT":
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
      const idThere = theirs.acked === 0 ? "" : this.#outbox.idAt(lane, theirs.acked);
      if (!this.#agrees({ head: this.#outbox.head(lane), idThere }, theirs)) {
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
