/** The box's side of the event socket (E) of UP1: decides what to send and what an answer means. No I/O, no clock. */
import type { BoxAction, BoxIdentity, DueRow, OutboxPort } from "./box-port.ts";
import { chainAgrees } from "./chain-check.ts";
import type { ClockSample } from "./clock-offset.ts";
import { packEvents } from "./frames.ts";
import { Handshake, type SessionState } from "./handshake.ts";
import type { Health } from "./health-pace.ts";
import { answerMs, lanes } from "./limits.ts";
import { rekeyText, type Header, type LaneKey, type Message } from "./messages.ts";
import { resultMessages, type Result } from "./result.ts";

/** One session after another over one event socket. */
export class BoxSession {
  readonly #outbox: OutboxPort;
  readonly #agrees: typeof chainAgrees;
  readonly #session: Handshake;
  readonly #identity: BoxIdentity;
  #ackMs = 0;
  #credit = { msgs: 0, bytes: 0 };
  #sent = { msgs: 0, bytes: 0 };
  #slot = 0;
  /** Per lane: the number that is sent next, and how far the next hop has it on its disk. */
  readonly #next = new Map<number, number>();
  readonly #held = new Map<number, number>();

  /** @param agrees how both sides' knowledge of a lane is compared; only the simulator, which must see weaker ones fail, gives another */
  constructor(identity: BoxIdentity, outbox: OutboxPort, wallMs: () => number, agrees = chainAgrees) {
    this.#identity = identity;
    this.#outbox = outbox;
    this.#agrees = agrees;
    const heads = (): Header<"HELLO">["heads"] => {
      const all: Partial<Record<LaneKey, number>> = {};
      for (const lane of lanes) all[`${lane}`] = outbox.head(lane);
      return all;
    };
    this.#session = new Handshake({ identity, sock: "E", epoch: () => outbox.epoch(), heads, wallMs });
  }

  get state(): SessionState {
    return this.#session.state;
  }

  /** The platform's clock against this box's; null while it is not known. */
  get clock(): ClockSample | null {
    return this.#session.clock.best;
  }

  /** When the platform was last heard; null while the session is not open. */
  get heardMs(): number | null {
    return this.#session.heardMs;
  }

  /** Whether rows are on the way to the next hop. */
  get waitsForAck(): boolean {
    return this.state === "open" && lanes.some((lane) => (this.#next.get(lane) ?? 1) - 1 > this.#heldUpTo(lane));
  }

  /** Whether any row is not yet on the disk of the next hop. */
  get hasWork(): boolean {
    return lanes.some((lane) => this.#outbox.head(lane) > this.#heldUpTo(lane));
  }

  /** The transport is up: say who we are. */
  connected(nowMs: number): readonly BoxAction[] {
    return this.#session.connected(nowMs);
  }

  /** The transport is gone. */
  lost(): void {
    this.#session.lost();
    this.#held.clear();
  }

  /** New rows may wait. */
  wake(nowMs: number): readonly BoxAction[] {
    return this.state === "open" ? this.#pump(nowMs) : [];
  }

  /** Time passes: beats, deadlines. Call about once a second. */
  tick(nowMs: number, health?: () => Health): readonly BoxAction[] {
    const overdue = this.#session.overdue(nowMs);
    if (overdue.length > 0 || this.state !== "open") return overdue;
    if (this.waitsForAck && nowMs - this.#ackMs > answerMs)
      return this.#session.drop("no-ack", `nothing acknowledged for ${answerMs / 1_000} s`);
    return [...this.#pump(nowMs), ...this.#session.beat(nowMs, 1, health)];
  }

  /** A message from the platform. */
  received(message: Message, nowMs: number): readonly BoxAction[] {
    const heard = this.#session.received(message, nowMs);
    if (heard.kind === "done") return heard.actions;
    if (heard.kind === "ready") {
      const { nextServerKey: next } = heard.header;
      const announced: readonly BoxAction[] = next === undefined ? [] : [{ kind: "server-key", next }];
      return [...announced, ...this.#resume(heard.header, nowMs), ...this.rekey()];
    }
    // eslint-disable-next-line @typescript-eslint/switch-exhaustiveness-check -- All that only goes up says nothing here.
    switch (message.kind) {
      case "ACK":
        return this.#acknowledged(message.header, nowMs);
      case "NACK":
        if (message.header.code === "quarantined")
          this.#outbox.quarantined(message.header.lane, message.header.seq, message.header.detail);
        return [];
      case "REKEYED":
        return [{ kind: "rekeyed", header: message.header }];
      case "CMD":
        return [{ kind: "command", header: message.header, payload: message.payload ?? new Uint8Array() }];
      default:
        return [];
    }
  }

  /** A word about a command, as far as the platform carries commands and the session is open. */
  result(result: Result): readonly BoxAction[] {
    return this.#session.can("cmd") ? resultMessages(result).map((message) => ({ kind: "send", message })) : [];
  }

  /** Whether the platform takes new keys. */
  get mayRekey(): boolean {
    return this.#session.can("rekey");
  }

  /** Tells the platform of newer keys than those of this session, if there are any. */
  rekey(): readonly BoxAction[] {
    const next = this.#identity.nextKeys?.() ?? null;
    if (!next || !this.#session.can("rekey")) return [];
    const { curvePublic, signPublic } = next;
    const text = rekeyText({ gw: this.#identity.gw, sid: this.#session.sid, curvePublic, signPublic });
    const header = { curvePublic, signPublic, proof: next.sign(text) };
    return [{ kind: "send", message: { kind: "REKEY", header } }];
  }

  #heldUpTo(lane: number): number {
    return this.#held.get(lane) ?? this.#outbox.acked(lane);
  }

  /** Compares what both sides know of each lane, then goes on from there. */
  #resume(header: Header<"READY">, nowMs: number): readonly BoxAction[] {
    const actions: BoxAction[] = [];
    for (const lane of lanes) {
      const theirs = header.lanes[`${lane}`] ?? { acked: 0, lastId: "" };
      const idThere = theirs.acked === 0 ? "" : this.#outbox.idAt(lane, theirs.acked);
      if (!this.#agrees({ head: this.#outbox.head(lane), idThere }, theirs)) {
        this.#outbox.renumber();
        return this.#session.drop("renumbered", "this box was rolled back; it begins a new epoch", 0);
      }
    }
    const toTheEnd = this.#session.can("e2e");
    for (const lane of lanes) {
      const { acked: held, final = 0 } = header.lanes[`${lane}`] ?? { acked: 0 };
      const known = this.#outbox.acked(lane);
      const there = toTheEnd ? Math.min(final, held) : held;
      // The platform came back from a backup: what it has forgotten is sent again.
      if (held < known) this.#outbox.requeue(lane, held + 1);
      else if (there > known) {
        this.#outbox.acknowledge(lane, there);
        actions.push({ kind: "acknowledged", lane, from: known + 1, to: there });
      }
      this.#next.set(lane, held + 1);
      this.#held.set(lane, held);
    }
    this.#credit = header.credit;
    this.#sent = { msgs: 0, bytes: 0 };
    this.#ackMs = nowMs;
    return [...actions, ...this.#pump(nowMs)];
  }

  #acknowledged(header: Header<"ACK">, nowMs: number): readonly BoxAction[] {
    const actions: BoxAction[] = [];
    const toTheEnd = this.#session.can("e2e");
    for (const lane of lanes) {
      const said = header.lanes[`${lane}`];
      if (said === undefined) continue;
      const sent = (this.#next.get(lane) ?? 1) - 1;
      // A word about rows that were never sent in this session is not believed.
      if (said.cum > this.#heldUpTo(lane) && said.cum <= sent) {
        this.#held.set(lane, said.cum);
        this.#ackMs = nowMs;
      }
      const known = this.#outbox.acked(lane);
      const there = toTheEnd ? (said.final ?? 0) : said.cum;
      if (there > known && there <= sent) {
        this.#outbox.acknowledge(lane, there);
        actions.push({ kind: "acknowledged", lane, from: known + 1, to: there });
      }
      const ranges = pairs(said.sack ?? []).filter(([from, to]) => from <= to && from > there && to <= sent);
      if (toTheEnd && ranges.length > 0) this.#outbox.settle(lane, ranges);
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
      const message = this.#batch(lane, from);
      if (message === null) break;
      if (message === "given up") continue;
      actions.push({ kind: "send", message });
    }
    return actions;
  }

  /** The next EVT of a lane; null when the outbox has none after all. */
  #batch(lane: number, from: number): Message | "given up" | null {
    const { maxBatch, maxEvent } = this.#session.limits;
    const most = Math.min(maxBatch, this.#credit.msgs - this.#sent.msgs);
    const rows = alike(this.#outbox.due(lane, from, most, maxEvent));
    const [first] = rows;
    if (!first) return null;
    if (first.body.length > maxEvent) {
      this.#outbox.giveUp(lane, first.seq, "too-big");
      return "given up";
    }
    const { payload, sizes } = packEvents(rows.map((row) => row.body));
    this.#sent = { msgs: this.#sent.msgs + rows.length, bytes: this.#sent.bytes + payload.length };
    this.#next.set(lane, from + rows.length);
    const header: Header<"EVT"> = { lane, first: from, sizes, codec: "json" };
    return { kind: "EVT", header: first.via.length > 0 ? { ...header, via: [...first.via] } : header, payload };
  }

  /** Lane 0 first, then 1; every eighth turn begins with the last, so that nothing starves. */
  #nextLane(): number | null {
    const waiting = lanes.filter((lane) => (this.#next.get(lane) ?? 1) <= this.#outbox.head(lane));
    this.#slot = (this.#slot + 1) % 8;
    return (this.#slot === 0 ? waiting.at(-1) : waiting[0]) ?? null;
  }
}

function pairs(flat: readonly number[]): readonly (readonly [number, number])[] {
  return flat.flatMap((from, i) => (i % 2 === 0 ? [[from, flat[i + 1] ?? 0] as const] : []));
}

/** The rows before the first that came another way: an EVT says the way of all its events at once. */
function alike(rows: readonly DueRow[]): readonly DueRow[] {
  const way = rows[0]?.via.join(" ");
  const end = rows.findIndex((row) => row.via.join(" ") !== way);
  return end === -1 ? rows : rows.slice(0, end);
}
